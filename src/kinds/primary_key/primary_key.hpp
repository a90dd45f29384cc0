#pragma once
#include "model/field.hpp"

namespace trueup {

/// The primary key of a table.
struct PrimaryKey {
  std::vector<IndexPart> on;        ///< Columns in order.
  std::vector<Ref> include;         ///< Columns carried but not part of the key.
  bool deferrable = false;          ///< Check may wait for the end of the transaction.
  bool initially_deferred = false;  ///< It waits by default.
  Options options;                  ///< Engine settings (storage parameters, conflict clause).
  std::string comment;              ///< Comment.
  std::string renamed_from;         ///< Former name; states that this is a rename.
  static constexpr Kind kind = Kind::primary_key;
  static constexpr auto fields() {
    return std::tuple{
        field("on", &PrimaryKey::on, "Columns in order."),
        field("include", &PrimaryKey::include, "Columns carried but not part of the key."),
        field("deferrable", &PrimaryKey::deferrable, "Check may wait for the end of the transaction."),
        field("initially_deferred", &PrimaryKey::initially_deferred, "It waits by default."),
        field("options", &PrimaryKey::options, "Engine settings (storage parameters, conflict clause)."),
        field("comment", &PrimaryKey::comment, "Comment."),
        field("renamed_from", &PrimaryKey::renamed_from, "Former name; states that this is a rename.",
              Compare::never)};
  }
  bool operator==(const PrimaryKey&) const = default;
};
static_assert(ObjectKind<PrimaryKey>);

}  // namespace trueup
