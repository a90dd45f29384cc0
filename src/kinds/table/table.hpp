#pragma once
#include "model/field.hpp"

namespace trueup {

/// A table. Its columns, keys, indexes and triggers are objects of their own.
struct Table {
  std::string comment;               ///< Comment.
  std::optional<Expr> engine;        ///< Table engine with its arguments.
  std::optional<Expr> order_by;      ///< Sorting key.
  std::optional<Expr> partition_by;  ///< Partitioning key.
  std::optional<Expr> sample_by;     ///< Sampling key.
  std::optional<Expr> ttl;           ///< What becomes of rows that grow old.
  bool rebuild = false;              ///< May be copied into a new table where it cannot change in place.
  Options options;                   ///< Engine settings.
  std::string renamed_from;          ///< Former name; states that this is a rename.
  static constexpr Kind kind = Kind::table;
  static constexpr auto fields() {
    return std::tuple{
        field("comment", &Table::comment, "Comment."),
        field("engine", &Table::engine, "Table engine with its arguments."),
        field("order_by", &Table::order_by, "Sorting key."),
        field("partition_by", &Table::partition_by, "Partitioning key."),
        field("sample_by", &Table::sample_by, "Sampling key."),
        field("ttl", &Table::ttl, "What becomes of rows that grow old."),
        field("rebuild", &Table::rebuild, "May be copied into a new table where it cannot change in place.",
              Compare::never),
        field("options", &Table::options, "Engine settings."),
        field("renamed_from", &Table::renamed_from, "Former name; states that this is a rename.",
              Compare::never)};
  }
  bool operator==(const Table&) const = default;
};
static_assert(ObjectKind<Table>);

}  // namespace trueup
