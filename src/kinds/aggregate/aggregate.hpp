#pragma once
#include "model/field.hpp"

namespace trueup {

/// An aggregate function, by the engine's own definition.
struct Aggregate {
  std::string arguments;        ///< Full argument list as declared.
  Expr definition;              ///< What stands between the parentheses of CREATE AGGREGATE.
  std::string comment;          ///< Comment.
  std::string renamed_from;     ///< Former name; states that this is a rename.
  std::vector<Ref> depends_on;  ///< Objects that must exist first, where the body does not show it.
  static constexpr Kind kind = Kind::aggregate;
  static constexpr auto fields() {
    return std::tuple{
        field("arguments", &Aggregate::arguments, "Full argument list as declared."),
        field("definition", &Aggregate::definition,
              "What stands between the parentheses of CREATE AGGREGATE."),
        field("comment", &Aggregate::comment, "Comment."),
        field("renamed_from", &Aggregate::renamed_from, "Former name; states that this is a rename.",
              Compare::never),
        field("depends_on", &Aggregate::depends_on,
              "Objects that must exist first, where the body does not show it.", Compare::never)};
  }
  bool operator==(const Aggregate&) const = default;
};
static_assert(ObjectKind<Aggregate>);

}  // namespace trueup
