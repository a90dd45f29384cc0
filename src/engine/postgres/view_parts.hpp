// What views and materialized views share.
#pragma once
#include "engine/engine.hpp"

namespace trueup::postgres {

/// Rows of all views (relkind `v`) or materialized views (`m`) in scope: namespace, name, query, options,
/// comment, column names with comments (two arrays), access method, tablespace, populated.
std::vector<ResultRow> view_rows(Connection&, const Scope&, std::string_view relkind);
/// pg_get_viewdef() without blanks around and the semicolon.
std::string view_query(const Cell& c);
std::map<std::string, std::string> column_comments(const Cell& names, const Cell& comments);

/// `SET (...)` and `RESET (...)` statements that bring storage options over; settings with clauses of their
/// own (tablespace, method) are left to the caller.
void alter_options(SqlWriter& w, std::string_view what, const ObjectKey& key, const Options& from,
                   const Options& to);
/// Comments on columns that differ.
void comment_columns(SqlWriter& w, const ObjectKey& key, const std::map<std::string, std::string>& from,
                     const std::map<std::string, std::string>& to);
/// ` (a, b)`; nothing when there are none.
void write_columns(SqlWriter& w, const std::vector<std::string>& names);
/// ` WITH (a=1)` without settings that have clauses of their own; nothing when there are none.
void write_options(SqlWriter& w, const Options& options);

}  // namespace trueup::postgres
