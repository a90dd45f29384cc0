// SQL of whole objects, from the catalog.
#pragma once
#include <set>
#include <string>

#include "engine/engine.hpp"

namespace trueup::clickhouse {

inline ObjectKey table_key(std::string name) {
  return {Kind::table, "", "", std::move(name), ""};
}
inline ObjectKey child_key(Kind kind, std::string owner, std::string name) {
  return {kind, "", std::move(owner), std::move(name), ""};
}
/// The author's text, or the server's where there is no author.
inline const std::string& sql_of(const Expr& e) {
  return e.text.empty() ? e.canonical : e.text;
}

/// `name = value, ...` of settings; numbers bare, all else quoted.
std::string settings_sql(const Options& options);
/// Options of a column that are settings, not clauses of their own.
Options column_settings(const Column& column);
/// `name Type DEFAULT ... COMMENT ... CODEC(...) ...`
std::string column_definition(const std::string& name, const Column& column);
/// The same with a place (` AFTER x`, ` FIRST`) behind it, which a bare EPHEMERAL would take for its
/// expression.
std::string placed_definition(const std::string& name, const Column& column, const std::string& place);
std::string default_clause(const Column& column);
/// Granularity of a data skipping index that says none.
std::string_view usual_granularity(std::string_view method);
std::string index_definition(const std::string& name, const Index& index);
std::string projection_definition(const std::string& name, const Projection& projection);
std::string check_definition(const std::string& name, const Check& check);
/// `(a, b)` or `a`.
std::string parts_sql(const std::vector<IndexPart>& parts);

/// Elements of a key (`(a, b)`, `tuple()`, `a`), a column in one spelling whatever it is written in.
std::vector<std::string> elements_of(const std::string& key);

/// CREATE TABLE with those children of the table that `with` holds, under another name if one is given.
std::string create_table(const ObjectKey& table, const Catalog& catalog, const std::set<ObjectKey>& with,
                         const std::string& name = {});
std::string create_view(const std::string& name, const View& view);
std::string create_materialized_view(const std::string& name, const MaterializedView& view);
/// `verb` is CREATE or CREATE OR REPLACE.
std::string create_dictionary(std::string_view verb, const std::string& name, const Dictionary& dictionary);

/// `DEFINER = x SQL SECURITY y` of a view, with `separator` before each.
std::string security_clauses(const Options& options, std::string_view separator);

/// Is the engine one of the MergeTree family?
bool is_merge_tree(const Table& table);
std::string engine_name(const Table& table);
/// Does the engine take ALTER TABLE ... COLUMN?
bool is_alterable(const Table& table);
/// Does the engine take ALTER TABLE ... RENAME COLUMN?
bool renames_columns(const Table& table);
/// Does it read messages or files once, so that it answers no query and takes no ALTER?
bool is_stream(const Table& table);
/// Is the table only a way to others, so that there is nothing to copy? (A Buffer writes what it has before
/// it goes.)
bool holds_nothing(const Table& table);
/// May it be made anew unasked? A stream goes on where it was only where another server keeps the place.
bool is_replaceable(const Table& table);

}  // namespace trueup::clickhouse
