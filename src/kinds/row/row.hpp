#pragma once
#include "model/field.hpp"

namespace trueup {

/// A reference row. Its key is the values of the key columns.
struct Row {
  std::vector<std::string> key;  ///< Key columns.
  RowValues values;              ///< Column: value.
  std::string on_removed;        ///< `keep` or `delete` when it leaves the schema file.
  static constexpr Kind kind = Kind::row;
  static constexpr auto fields() {
    return std::tuple{field("key", &Row::key, "Key columns."),
                      field("values", &Row::values, "Column: value."),
                      field("on_removed", &Row::on_removed,
                            "`keep` or `delete` when it leaves the schema file.", Compare::never)};
  }
  bool operator==(const Row&) const = default;
};
static_assert(ObjectKind<Row>);

}  // namespace trueup
