#pragma once
#include "model/field.hpp"

namespace trueup {

/// An index.
struct Index {
  std::vector<IndexPart> on;        ///< Columns and expressions in order.
  bool unique = false;              ///< Refuses duplicates.
  std::string method;               ///< Access method; absent: the engine's default.
  std::optional<Expr> where;        ///< Predicate of a partial index.
  std::vector<Ref> include;         ///< Columns carried but not part of the key.
  bool nulls_not_distinct = false;  ///< Nulls equal each other.
  Options options;                  ///< Storage parameters and engine settings.
  std::string comment;              ///< Comment.
  std::string renamed_from;         ///< Former name; states that this is a rename.
  static constexpr Kind kind = Kind::index;
  static constexpr auto fields() {
    return std::tuple{field("on", &Index::on, "Columns and expressions in order."),
                      field("unique", &Index::unique, "Refuses duplicates."),
                      field("using", &Index::method, "Access method; absent: the engine's default."),
                      field("where", &Index::where, "Predicate of a partial index."),
                      field("include", &Index::include, "Columns carried but not part of the key."),
                      field("nulls_not_distinct", &Index::nulls_not_distinct, "Nulls equal each other."),
                      field("with", &Index::options, "Storage parameters and engine settings."),
                      field("comment", &Index::comment, "Comment."),
                      field("renamed_from", &Index::renamed_from,
                            "Former name; states that this is a rename.", Compare::never)};
  }
  bool operator==(const Index&) const = default;
};
static_assert(ObjectKind<Index>);

}  // namespace trueup
