#pragma once
#include "model/field.hpp"

namespace trueup {

/// A table. Its columns, keys, indexes and triggers are objects of their own.
struct Table {
  std::string comment;       ///< Comment.
  Options options;           ///< Engine settings.
  std::string renamed_from;  ///< Former name; states that this is a rename.
  static constexpr Kind kind = Kind::table;
  static constexpr auto fields() {
    return std::tuple{field("comment", &Table::comment, "Comment."),
                      field("options", &Table::options, "Engine settings."),
                      field("renamed_from", &Table::renamed_from,
                            "Former name; states that this is a rename.", Compare::never)};
  }
  bool operator==(const Table&) const = default;
};
static_assert(ObjectKind<Table>);

}  // namespace trueup
