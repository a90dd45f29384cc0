#pragma once
#include "model/field.hpp"

namespace trueup {

/// A procedure. The key's signature holds the input argument types.
struct Procedure {
  std::string arguments;              ///< Full argument list as declared.
  std::string language;               ///< Language.
  Expr body;                          ///< Body.
  bool sql_body = false;              ///< Body is parsed at definition (BEGIN ATOMIC or RETURN).
  bool security_definer = false;      ///< Runs with its owner's rights.
  std::vector<std::string> settings;  ///< Settings in force while it runs, `name=value`.
  Options options;                    ///< Engine settings.
  std::string comment;                ///< Comment.
  std::string renamed_from;           ///< Former name; states that this is a rename.
  std::vector<Ref> depends_on;        ///< Objects that must exist first, where the body does not show it.
  static constexpr Kind kind = Kind::procedure;
  static constexpr auto fields() {
    return std::tuple{
        field("arguments", &Procedure::arguments, "Full argument list as declared."),
        field("language", &Procedure::language, "Language."),
        field("body", &Procedure::body, "Body."),
        field("sql_body", &Procedure::sql_body, "Body is parsed at definition (BEGIN ATOMIC or RETURN)."),
        field("security_definer", &Procedure::security_definer, "Runs with its owner's rights."),
        field("set", &Procedure::settings, "Settings in force while it runs, `name=value`."),
        field("options", &Procedure::options, "Engine settings."),
        field("comment", &Procedure::comment, "Comment."),
        field("renamed_from", &Procedure::renamed_from, "Former name; states that this is a rename.",
              Compare::never),
        field("depends_on", &Procedure::depends_on,
              "Objects that must exist first, where the body does not show it.", Compare::never)};
  }
  bool operator==(const Procedure&) const = default;
};
static_assert(ObjectKind<Procedure>);

}  // namespace trueup
