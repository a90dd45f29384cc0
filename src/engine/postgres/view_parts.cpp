#include "engine/postgres/view_parts.hpp"

#include "base/text.hpp"
#include "engine/postgres/catalog_query.hpp"

namespace trueup::postgres {
namespace {
constexpr std::string_view views = R"sql(
select n.nspname, c.relname, pg_get_viewdef(c.oid), c.reloptions, {comment pg_class c.oid},
       k.names, k.comments, m.amname, s.spcname, c.relispopulated
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
left join pg_am m on m.oid = c.relam
left join pg_tablespace s on s.oid = c.reltablespace
left join (select d.objoid, array_agg(a.attname::text order by a.attnum) as names,
                  array_agg(d.description order by a.attnum) as comments
           from pg_description d
           join pg_attribute a on a.attrelid = d.objoid and a.attnum = d.objsubid
           where d.classoid = 'pg_class'::regclass and d.objsubid > 0 group by d.objoid) k on k.objoid = c.oid
where c.relkind = '{relkind}' and c.relpersistence <> 't' and {in_scope} and not {member pg_class c.oid}
)sql";

bool own_clause(const std::string& name) {
  return name == "tablespace" || name == "method";
}
}  // namespace

std::vector<ResultRow> view_rows(Connection& connection, const Scope& scope, std::string_view relkind) {
  return catalog_rows(connection, scope, replace_all(std::string(views), "{relkind}", relkind));
}

std::string view_query(const Cell& c) {
  auto s = trim(*c);
  while (s.ends_with(';')) s = trim(s.substr(0, s.size() - 1));
  return std::string(s);
}

std::map<std::string, std::string> column_comments(const Cell& names, const Cell& comments) {
  std::map<std::string, std::string> out;
  const auto a = strings(names), b = strings(comments);
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) out.emplace(a[i], b[i]);
  return out;
}

void alter_options(SqlWriter& w, std::string_view what, const ObjectKey& key, const Options& from,
                   const Options& to) {
  std::vector<std::string> set, reset;
  for (const auto& [name, value] : to)
    if (auto it = from.find(name); !own_clause(name) && (it == from.end() || it->second != value))
      set.push_back(name + "=" + value);
  for (const auto& [name, value] : from)
    if (!own_clause(name) && !to.contains(name)) reset.push_back(name);
  if (!set.empty())
    w.raw("ALTER ").raw(what).raw(" ").name(key).raw(" SET (").raw(join(set, ", ")).raw(")").end();
  if (!reset.empty())
    w.raw("ALTER ").raw(what).raw(" ").name(key).raw(" RESET (").raw(join(reset, ", ")).raw(")").end();
}

void comment_columns(SqlWriter& w, const ObjectKey& key, const std::map<std::string, std::string>& from,
                     const std::map<std::string, std::string>& to) {
  for (const auto& [column, comment] : to)
    if (auto it = from.find(column); it == from.end() || it->second != comment)
      w.raw("COMMENT ON COLUMN ").name(key).raw(".").ident(column).raw(" IS ").literal(comment).end();
  for (const auto& [column, comment] : from)
    if (!to.contains(column))
      w.raw("COMMENT ON COLUMN ").name(key).raw(".").ident(column).raw(" IS NULL").end();
}

void write_columns(SqlWriter& w, const std::vector<std::string>& names) {
  if (names.empty()) return;
  w.raw(" (");
  for (std::size_t i = 0; i < names.size(); ++i) w.raw(i > 0 ? ", " : "").ident(names[i]);
  w.raw(")");
}

void write_options(SqlWriter& w, const Options& options) {
  std::vector<std::string> with;
  for (const auto& [name, value] : options)
    if (!own_clause(name)) with.push_back(name + "=" + value);
  if (!with.empty()) w.raw(" WITH (").raw(join(with, ", ")).raw(")");
}

}  // namespace trueup::postgres
