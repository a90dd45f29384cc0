#pragma once
#include "model/field.hpp"

namespace trueup {

/// A check constraint.
struct Check {
  Expr expression;            ///< The condition.
  bool not_valid = false;     ///< Existing rows are not checked.
  bool no_inherit = false;    ///< Children do not inherit it.
  bool not_enforced = false;  ///< Declared, never checked.
  Options options;            ///< Engine settings.
  std::string comment;        ///< Comment.
  std::string renamed_from;   ///< Former name; states that this is a rename.
  static constexpr Kind kind = Kind::check;
  static constexpr auto fields() {
    return std::tuple{field("expression", &Check::expression, "The condition."),
                      field("not_valid", &Check::not_valid, "Existing rows are not checked."),
                      field("no_inherit", &Check::no_inherit, "Children do not inherit it."),
                      field("not_enforced", &Check::not_enforced, "Declared, never checked."),
                      field("options", &Check::options, "Engine settings."),
                      field("comment", &Check::comment, "Comment."),
                      field("renamed_from", &Check::renamed_from,
                            "Former name; states that this is a rename.", Compare::never)};
  }
  bool operator==(const Check&) const = default;
};
static_assert(ObjectKind<Check>);

}  // namespace trueup
