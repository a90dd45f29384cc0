#pragma once
#include "model/field.hpp"

namespace trueup {

/// A function. The key's signature holds the input argument types.
struct Function {
  std::string arguments;              ///< Full argument list as declared.
  std::string returns;                ///< Result type.
  std::string language;               ///< Language.
  Expr body;                          ///< Body.
  bool sql_body = false;              ///< Body is parsed at definition (BEGIN ATOMIC or RETURN).
  std::string volatility;             ///< `immutable` or `stable`; volatile when absent.
  bool strict = false;                ///< Null in, null out.
  bool security_definer = false;      ///< Runs with its owner's rights.
  bool leakproof = false;             ///< Leaks nothing of its arguments.
  bool window = false;                ///< A window function.
  std::string parallel;               ///< `safe` or `restricted`; unsafe when absent.
  std::string cost;                   ///< Planner cost, where not the default.
  std::string rows;                   ///< Planner rows, where not the default.
  std::string support;                ///< Planner support function.
  std::vector<std::string> settings;  ///< Settings in force while it runs, `name=value`.
  Options options;                    ///< Engine settings.
  std::string comment;                ///< Comment.
  std::string renamed_from;           ///< Former name; states that this is a rename.
  std::vector<Ref> depends_on;        ///< Objects that must exist first, where the body does not show it.
  static constexpr Kind kind = Kind::function;
  static constexpr auto fields() {
    return std::tuple{
        field("arguments", &Function::arguments, "Full argument list as declared."),
        field("returns", &Function::returns, "Result type."),
        field("language", &Function::language, "Language."),
        field("body", &Function::body, "Body."),
        field("sql_body", &Function::sql_body, "Body is parsed at definition (BEGIN ATOMIC or RETURN)."),
        field("volatility", &Function::volatility, "`immutable` or `stable`; volatile when absent."),
        field("strict", &Function::strict, "Null in, null out."),
        field("security_definer", &Function::security_definer, "Runs with its owner's rights."),
        field("leakproof", &Function::leakproof, "Leaks nothing of its arguments."),
        field("window", &Function::window, "A window function."),
        field("parallel", &Function::parallel, "`safe` or `restricted`; unsafe when absent."),
        field("cost", &Function::cost, "Planner cost, where not the default."),
        field("rows", &Function::rows, "Planner rows, where not the default."),
        field("support", &Function::support, "Planner support function."),
        field("set", &Function::settings, "Settings in force while it runs, `name=value`."),
        field("options", &Function::options, "Engine settings."),
        field("comment", &Function::comment, "Comment."),
        field("renamed_from", &Function::renamed_from, "Former name; states that this is a rename.",
              Compare::never),
        field("depends_on", &Function::depends_on,
              "Objects that must exist first, where the body does not show it.", Compare::never)};
  }
  bool operator==(const Function&) const = default;
};
static_assert(ObjectKind<Function>);

}  // namespace trueup
