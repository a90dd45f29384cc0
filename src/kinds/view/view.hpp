#pragma once
#include "model/field.hpp"

namespace trueup {

/// A view.
struct View {
  Expr query;                                          ///< The query.
  std::vector<std::string> columns;                    ///< Column names, where not the query's.
  Options options;                                     ///< Engine settings (check_option, security_barrier).
  std::map<std::string, std::string> column_comments;  ///< Comments on its columns.
  std::string comment;                                 ///< Comment.
  std::string renamed_from;                            ///< Former name; states that this is a rename.
  std::vector<Ref> depends_on;  ///< Objects that must exist first, where the body does not show it.
  static constexpr Kind kind = Kind::view;
  static constexpr auto fields() {
    return std::tuple{
        field("query", &View::query, "The query."),
        field("columns", &View::columns, "Column names, where not the query's."),
        field("options", &View::options, "Engine settings (check_option, security_barrier)."),
        field("column_comments", &View::column_comments, "Comments on its columns."),
        field("comment", &View::comment, "Comment."),
        field("renamed_from", &View::renamed_from, "Former name; states that this is a rename.",
              Compare::never),
        field("depends_on", &View::depends_on,
              "Objects that must exist first, where the body does not show it.", Compare::never)};
  }
  bool operator==(const View&) const = default;
};
static_assert(ObjectKind<View>);

}  // namespace trueup
