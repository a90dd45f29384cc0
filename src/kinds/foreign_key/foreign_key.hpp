#pragma once
#include "model/field.hpp"

namespace trueup {

/// A foreign key.
struct ForeignKey {
  std::vector<Ref> columns;            ///< Referencing columns.
  Ref ref_table;                       ///< Referenced table.
  std::vector<Ref> ref_columns;        ///< Referenced columns.
  std::string on_delete;               ///< Action; absent: no action.
  std::vector<Ref> on_delete_columns;  ///< Columns that set null or set default touches.
  std::string on_update;               ///< Action; absent: no action.
  std::string match;                   ///< `full`; absent: simple.
  bool deferrable = false;             ///< Check may wait for the end of the transaction.
  bool initially_deferred = false;     ///< It waits by default.
  bool not_valid = false;              ///< Existing rows are not checked.
  bool not_enforced = false;           ///< Declared, never checked.
  std::string comment;                 ///< Comment.
  std::string renamed_from;            ///< Former name; states that this is a rename.
  static constexpr Kind kind = Kind::foreign_key;
  static constexpr auto fields() {
    return std::tuple{
        field("columns", &ForeignKey::columns, "Referencing columns."),
        field("ref_table", &ForeignKey::ref_table, "Referenced table."),
        field("ref_columns", &ForeignKey::ref_columns, "Referenced columns."),
        field("on_delete", &ForeignKey::on_delete, "Action; absent: no action."),
        field("on_delete_columns", &ForeignKey::on_delete_columns,
              "Columns that set null or set default touches."),
        field("on_update", &ForeignKey::on_update, "Action; absent: no action."),
        field("match", &ForeignKey::match, "`full`; absent: simple."),
        field("deferrable", &ForeignKey::deferrable, "Check may wait for the end of the transaction."),
        field("initially_deferred", &ForeignKey::initially_deferred, "It waits by default."),
        field("not_valid", &ForeignKey::not_valid, "Existing rows are not checked."),
        field("not_enforced", &ForeignKey::not_enforced, "Declared, never checked."),
        field("comment", &ForeignKey::comment, "Comment."),
        field("renamed_from", &ForeignKey::renamed_from, "Former name; states that this is a rename.",
              Compare::never)};
  }
  bool operator==(const ForeignKey&) const = default;
};
static_assert(ObjectKind<ForeignKey>);

}  // namespace trueup
