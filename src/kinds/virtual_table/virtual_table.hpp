#pragma once
#include "model/field.hpp"

namespace trueup {

/// A virtual table, opaque: its definition is compared as text, the tables behind it are left alone.
struct VirtualTable {
  Expr definition;           ///< From USING on.
  std::string renamed_from;  ///< Former name; states that this is a rename.
  static constexpr Kind kind = Kind::virtual_table;
  static constexpr auto fields() {
    return std::tuple{field("definition", &VirtualTable::definition, "From USING on."),
                      field("renamed_from", &VirtualTable::renamed_from,
                            "Former name; states that this is a rename.", Compare::never)};
  }
  bool operator==(const VirtualTable&) const = default;
};
static_assert(ObjectKind<VirtualTable>);

}  // namespace trueup
