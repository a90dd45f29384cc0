#pragma once
#include "model/field.hpp"

namespace trueup {

/// An exclusion constraint, by the engine's own definition.
struct Exclusion {
  Expr definition;           ///< From EXCLUDE on.
  std::string comment;       ///< Comment.
  std::string renamed_from;  ///< Former name; states that this is a rename.
  static constexpr Kind kind = Kind::exclusion;
  static constexpr auto fields() {
    return std::tuple{field("definition", &Exclusion::definition, "From EXCLUDE on."),
                      field("comment", &Exclusion::comment, "Comment."),
                      field("renamed_from", &Exclusion::renamed_from,
                            "Former name; states that this is a rename.", Compare::never)};
  }
  bool operator==(const Exclusion&) const = default;
};
static_assert(ObjectKind<Exclusion>);

}  // namespace trueup
