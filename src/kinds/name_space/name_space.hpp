#pragma once
#include "model/field.hpp"

namespace trueup {

/// A namespace (PostgreSQL schema).
struct Namespace {
  std::string comment;       ///< Comment.
  std::string renamed_from;  ///< Former name; states that this is a rename.
  static constexpr Kind kind = Kind::name_space;
  static constexpr auto fields() {
    return std::tuple{field("comment", &Namespace::comment, "Comment."),
                      field("renamed_from", &Namespace::renamed_from,
                            "Former name; states that this is a rename.", Compare::never)};
  }
  bool operator==(const Namespace&) const = default;
};
static_assert(ObjectKind<Namespace>);

}  // namespace trueup
