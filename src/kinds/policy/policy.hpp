#pragma once
#include "model/field.hpp"

namespace trueup {

/// A row-level security policy of a table. That the table heeds its policies at all is the table's option
/// `row_security`.
struct Policy {
  bool restrictive = false;        ///< All restrictive policies must hold beside one permissive one.
  std::string command;             ///< `select`, `insert`, `update` or `delete`; absent: all of them.
  std::vector<std::string> roles;  ///< Roles it is for; absent: everybody.
  std::optional<Expr> using_rows;  ///< Which rows can be seen and changed.
  std::optional<Expr> with_check;  ///< Which rows may result.
  std::string comment;             ///< Comment.
  std::string renamed_from;        ///< Former name; states that this is a rename.
  std::vector<Ref> depends_on;     ///< Objects that must exist first, where the conditions do not show it.
  static constexpr Kind kind = Kind::policy;
  static constexpr auto fields() {
    return std::tuple{
        field("restrictive", &Policy::restrictive,
              "All restrictive policies must hold beside one permissive one."),
        field("command", &Policy::command, "`select`, `insert`, `update` or `delete`; absent: all of them."),
        field("roles", &Policy::roles, "Roles it is for; absent: everybody."),
        field("using", &Policy::using_rows, "Which rows can be seen and changed."),
        field("with_check", &Policy::with_check, "Which rows may result."),
        field("comment", &Policy::comment, "Comment."),
        field("renamed_from", &Policy::renamed_from, "Former name; states that this is a rename.",
              Compare::never),
        field("depends_on", &Policy::depends_on,
              "Objects that must exist first, where the conditions do not show it.", Compare::never)};
  }
  bool operator==(const Policy&) const = default;
};
static_assert(ObjectKind<Policy>);

}  // namespace trueup
