#pragma once
#include "model/field.hpp"

namespace trueup {

/// A projection: rows of a table kept in another order or aggregated, by the engine itself.
struct Projection {
  Expr query;                ///< The query, without FROM.
  std::string renamed_from;  ///< Former name; states that this is a rename.
  static constexpr Kind kind = Kind::projection;
  static constexpr auto fields() {
    return std::tuple{field("query", &Projection::query, "The query, without FROM."),
                      field("renamed_from", &Projection::renamed_from,
                            "Former name; states that this is a rename.", Compare::never)};
  }
  bool operator==(const Projection&) const = default;
};
static_assert(ObjectKind<Projection>);

}  // namespace trueup
