#pragma once
#include "model/field.hpp"

namespace trueup {

/// A unique constraint.
struct Unique {
  std::vector<IndexPart> on;        ///< Columns in order.
  std::vector<Ref> include;         ///< Columns carried but not part of the key.
  bool nulls_not_distinct = false;  ///< Nulls equal each other.
  bool deferrable = false;          ///< Check may wait for the end of the transaction.
  bool initially_deferred = false;  ///< It waits by default.
  Options options;                  ///< Engine settings (storage parameters, conflict clause).
  std::string comment;              ///< Comment.
  std::string renamed_from;         ///< Former name; states that this is a rename.
  static constexpr Kind kind = Kind::unique;
  static constexpr auto fields() {
    return std::tuple{
        field("on", &Unique::on, "Columns in order."),
        field("include", &Unique::include, "Columns carried but not part of the key."),
        field("nulls_not_distinct", &Unique::nulls_not_distinct, "Nulls equal each other."),
        field("deferrable", &Unique::deferrable, "Check may wait for the end of the transaction."),
        field("initially_deferred", &Unique::initially_deferred, "It waits by default."),
        field("options", &Unique::options, "Engine settings (storage parameters, conflict clause)."),
        field("comment", &Unique::comment, "Comment."),
        field("renamed_from", &Unique::renamed_from, "Former name; states that this is a rename.",
              Compare::never)};
  }
  bool operator==(const Unique&) const = default;
};
static_assert(ObjectKind<Unique>);

}  // namespace trueup
