#pragma once
#include "model/field.hpp"

namespace trueup {

/// One attribute of a dictionary.
struct DictionaryColumn {
  std::string name;
  Expr definition;  ///< type and clauses: `String default 'x'`
  static constexpr auto fields() {
    return std::tuple{field("name", &DictionaryColumn::name, "Name."),
                      field("definition", &DictionaryColumn::definition, "Type, default and other clauses.")};
  }
  bool operator==(const DictionaryColumn&) const = default;
};
static_assert(std::tuple_size_v<decltype(DictionaryColumn::fields())> == arity<DictionaryColumn>());

/// A dictionary: key and attributes read from a source and kept in memory.
struct Dictionary {
  std::vector<DictionaryColumn> columns;  ///< Key and attributes, in order.
  std::vector<std::string> primary_key;   ///< Names of the key columns.
  Expr source;                            ///< Where it reads from.
  Expr layout;                            ///< How it is kept in memory.
  std::optional<Expr> lifetime;           ///< Seconds between updates.
  std::optional<Expr> range;              ///< Columns of the range.
  Options options;                        ///< Settings.
  std::string comment;                    ///< Comment.
  std::string renamed_from;               ///< Former name; states that this is a rename.
  std::vector<Ref> depends_on;            ///< Objects that must exist first, where the body does not show it.
  static constexpr Kind kind = Kind::dictionary;
  static constexpr auto fields() {
    return std::tuple{
        field("columns", &Dictionary::columns, "Key and attributes, in order."),
        field("primary_key", &Dictionary::primary_key, "Names of the key columns."),
        field("source", &Dictionary::source, "Where it reads from."),
        field("layout", &Dictionary::layout, "How it is kept in memory."),
        field("lifetime", &Dictionary::lifetime, "Seconds between updates."),
        field("range", &Dictionary::range, "Columns of the range."),
        field("options", &Dictionary::options, "Settings."),
        field("comment", &Dictionary::comment, "Comment."),
        field("renamed_from", &Dictionary::renamed_from, "Former name; states that this is a rename.",
              Compare::never),
        field("depends_on", &Dictionary::depends_on,
              "Objects that must exist first, where the body does not show it.", Compare::never)};
  }
  bool operator==(const Dictionary&) const = default;
};
static_assert(ObjectKind<Dictionary>);

}  // namespace trueup
