#pragma once
#include "model/field.hpp"

namespace trueup {

/// A materialized view.
struct MaterializedView {
  Expr query;                        ///< The query.
  std::optional<Expr> to;            ///< Table that its rows go to, where it has none of its own.
  std::optional<Expr> storage;       ///< Engine and keys of its own table.
  std::optional<Expr> refresh;       ///< When it is computed anew; absent: as rows arrive, or on demand.
  std::vector<std::string> columns;  ///< Column names, where not the query's.
  Options options;                   ///< Engine settings (storage parameters, method, tablespace).
  bool no_data = false;              ///< Created without being filled.
  std::map<std::string, std::string> column_comments;  ///< Comments on its columns.
  std::string comment;                                 ///< Comment.
  std::string renamed_from;                            ///< Former name; states that this is a rename.
  std::vector<Ref> depends_on;  ///< Objects that must exist first, where the body does not show it.
  static constexpr Kind kind = Kind::materialized_view;
  static constexpr auto fields() {
    return std::tuple{
        field("query", &MaterializedView::query, "The query."),
        field("to", &MaterializedView::to, "Table that its rows go to, where it has none of its own."),
        field("storage", &MaterializedView::storage, "Engine and keys of its own table."),
        field("refresh", &MaterializedView::refresh,
              "When it is computed anew; absent: as rows arrive, or on demand."),
        field("columns", &MaterializedView::columns, "Column names, where not the query's."),
        field("options", &MaterializedView::options,
              "Engine settings (storage parameters, method, tablespace)."),
        field("no_data", &MaterializedView::no_data, "Created without being filled.", Compare::never),
        field("column_comments", &MaterializedView::column_comments, "Comments on its columns."),
        field("comment", &MaterializedView::comment, "Comment."),
        field("renamed_from", &MaterializedView::renamed_from, "Former name; states that this is a rename.",
              Compare::never),
        field("depends_on", &MaterializedView::depends_on,
              "Objects that must exist first, where the body does not show it.", Compare::never)};
  }
  bool operator==(const MaterializedView&) const = default;
};
static_assert(ObjectKind<MaterializedView>);

}  // namespace trueup
