// What the catalog queries of all PostgreSQL handlers share.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.hpp"

namespace trueup::postgres {

/// Runs a catalog query with these placeholders filled in (aliases are fixed):
/// `{in_scope}`: pg_namespace n is a user namespace in scope;
/// `{modelled_table}`: pg_class c is a plain table that we model: no partition, parent, child, typed or
/// temporary
///   table, no extension member, not trueup's own history;
/// `{member CLASS OID}`: the object is a member of an extension, e.g. `{member pg_proc p.oid}`.
/// `{comment CLASS OID}`: the object's comment or null.
/// `{since 150000 EXPR else EXPR}`: by the server's version.
/// $1 is the array of namespaces, or null for all.
/// Sessions run these under `search_path = pg_catalog`, so that format_type() and pg_get_*() qualify all
/// else.
std::vector<ResultRow> catalog_rows(Connection&, const Scope&, std::string_view query);

/// Cells of a catalog query.
inline std::string text(const Cell& c) {
  return c.value_or(std::string());
}
inline bool truth(const Cell& c) {
  return c && *c == "t";
}
std::int64_t number(const Cell& c);
/// Elements of an array of any type in text form: `{a,"b c",NULL}`; NULL elements as nullopt.
std::vector<Cell> array(const Cell& c);
/// The same, with NULL elements as empty strings.
std::vector<std::string> strings(const Cell& c);
/// pg_class.reloptions and the like: `name=value` elements.
Options reloptions(const Cell& c, std::string_view prefix = {});

/// A type from format_type() under `search_path = pg_catalog`: what `catalog` declares becomes a reference,
/// so enums, domains, composite types and tables must be introspected before what uses them.
DataType data_type(const Catalog& catalog, std::string_view formatted);
/// `public.x` as `x`: extension types, operator classes and the like are qualified only elsewhere.
std::string without_public(std::string_view qualified);
/// An expression as the server spells it.
inline Expr server_expr(std::string text) {
  return Expr{text, text};
}

/// The key of a relation's child.
inline ObjectKey child_key(Kind kind, std::string ns, std::string owner, std::string name) {
  return ObjectKey{kind, std::move(ns), std::move(owner), std::move(name), {}};
}
/// Column references in order.
std::vector<Ref> column_refs(const std::string& ns, const std::string& table,
                             const std::vector<std::string>& names);

/// `COMMENT ON <what> <name> IS ...` as one statement; the writer must be empty.
void write_comment(SqlWriter&, std::string_view what, const ObjectKey& name, const std::string& comment);
/// The same for what hangs on a relation: `COMMENT ON CONSTRAINT x ON app.t IS ...`.
void write_comment_on(SqlWriter&, std::string_view what, const ObjectKey& child, const std::string& comment);
/// `app.t` of the relation that owns `child`.
SqlWriter& write_owner(SqlWriter&, const ObjectKey& child);

}  // namespace trueup::postgres
