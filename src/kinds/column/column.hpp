#pragma once
#include "model/field.hpp"

namespace trueup {

/// A column of a table.
struct Column {
  DataType type;                      ///< Type.
  bool not_null = false;              ///< Refuses null.
  std::optional<Expr> default_value;  ///< Default.
  std::optional<Expr> generated;      ///< Expression it is computed from.
  std::string generated_kind;         ///< `stored` or `virtual`.
  std::optional<Identity> identity;   ///< Values from an implicit sequence.
  std::string collation;              ///< Collation.
  std::optional<Expr> codec;          ///< Compression codec.
  std::optional<Expr> ttl;            ///< When its values are reset.
  Options options;                    ///< Engine settings (storage, compression, conflict clauses).
  std::string comment;                ///< Comment.
  std::int64_t position = 0;          ///< Place among the columns, from 1.
  std::string renamed_from;           ///< Former name; states that this is a rename.
  std::optional<Expr> convert;        ///< Expression that converts existing values when the type changes.
  static constexpr Kind kind = Kind::column;
  static constexpr auto fields() {
    return std::tuple{
        field("type", &Column::type, "Type."),
        field("not_null", &Column::not_null, "Refuses null."),
        field("default", &Column::default_value, "Default."),
        field("generated", &Column::generated, "Expression it is computed from."),
        field("generated_kind", &Column::generated_kind, "`stored` or `virtual`."),
        field("identity", &Column::identity, "Values from an implicit sequence."),
        field("collation", &Column::collation, "Collation."),
        field("codec", &Column::codec, "Compression codec."),
        field("ttl", &Column::ttl, "When its values are reset."),
        field("options", &Column::options, "Engine settings (storage, compression, conflict clauses)."),
        field("comment", &Column::comment, "Comment."),
        field("position", &Column::position, "Place among the columns, from 1.", Compare::when_ordered),
        field("renamed_from", &Column::renamed_from, "Former name; states that this is a rename.",
              Compare::never),
        field("using", &Column::convert, "Expression that converts existing values when the type changes.",
              Compare::never)};
  }
  bool operator==(const Column&) const = default;
};
static_assert(ObjectKind<Column>);

}  // namespace trueup
