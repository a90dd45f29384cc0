#include "engine/postgres/key_constraint.hpp"

#include "base/text.hpp"
#include "engine/postgres/catalog_query.hpp"
#include "engine/postgres/clauses.hpp"

namespace trueup::postgres {
namespace {
constexpr std::string_view keys = R"sql(
select n.nspname, c.relname, k.conname,
       (select array_agg(a.attname::text order by u.place)
        from unnest(x.indkey::int2[]) with ordinality u (attnum, place)
        join pg_attribute a on a.attrelid = x.indrelid and a.attnum = u.attnum where u.place <= x.indnkeyatts),
       (select array_agg(a.attname::text order by u.place)
        from unnest(x.indkey::int2[]) with ordinality u (attnum, place)
        join pg_attribute a on a.attrelid = x.indrelid and a.attnum = u.attnum where u.place > x.indnkeyatts),
       k.condeferrable, k.condeferred, {nulls_not_distinct}, i.reloptions, s.spcname,
       obj_description(k.oid, 'pg_constraint'), x.indisclustered, x.indisreplident and c.relreplident = 'i'
from pg_constraint k
join pg_class c on c.oid = k.conrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_index x on x.indexrelid = k.conindid
join pg_class i on i.oid = x.indexrelid
left join pg_tablespace s on s.oid = i.reltablespace
where {in_scope} and {modelled_table} and k.contype = {contype}
)sql";

/// Temporal keys (WITHOUT OVERLAPS, since 18) are not modelled.
constexpr std::string_view not_temporal = " and not k.conperiod";
}  // namespace

std::vector<KeyConstraintRow> key_constraints(Connection& connection, const Scope& scope, Kind kind) {
  std::string query(keys);
  query = replace_all(query, "{contype}", kind == Kind::primary_key ? "'p'" : "'u'");
  // https://www.postgresql.org/docs/15/catalog-pg-index.html
  query = replace_all(query, "{nulls_not_distinct}",
                      connection.version() >= 150000 ? "x.indnullsnotdistinct" : "false");
  if (connection.version() >= 180000) query += not_temporal;
  std::vector<KeyConstraintRow> out;
  for (const auto& r : catalog_rows(connection, scope, query)) {
    KeyConstraintRow k;
    k.key = child_key(kind, text(r[0]), text(r[1]), text(r[2]));
    for (auto& ref : column_refs(k.key.ns, k.key.owner, strings(r[3])))
      k.on.emplace_back().column = std::move(ref);
    k.include = column_refs(k.key.ns, k.key.owner, strings(r[4]));
    k.deferrable = truth(r[5]);
    k.initially_deferred = truth(r[6]);
    k.nulls_not_distinct = truth(r[7]);
    k.options = reloptions(r[8]);
    if (r[9]) k.options["tablespace"] = *r[9];
    k.comment = text(r[10]);
    if (truth(r[11])) k.options["clustered"] = "true";
    if (truth(r[12])) k.options["replica_identity"] = "true";
    out.push_back(std::move(k));
  }
  return out;
}

void write_index_roles(SqlWriter& w, const ObjectKey& key, const Options& from, const Options& to) {
  auto table = [&]() -> SqlWriter& {
    w.raw("ALTER TABLE ");
    return write_owner(w, key);
  };
  auto gained = [&](const char* role) { return to.contains(role) && !from.contains(role); };
  auto lost = [&](const char* role) { return from.contains(role) && !to.contains(role); };
  // What another index takes over, its own statement takes away from this one: the order between them is
  // open.
  if (gained("clustered")) table().raw(" CLUSTER ON ").ident(key.name).end();
  if (lost("clustered")) table().raw(" SET WITHOUT CLUSTER").end();
  if (gained("replica_identity")) table().raw(" REPLICA IDENTITY USING INDEX ").ident(key.name).end();
  if (lost("replica_identity")) table().raw(" REPLICA IDENTITY DEFAULT").end();
}

void alter_index_options(const ObjectKey& key, const Options& from, const Options& to, const EngineDialect&,
                         SqlWriter& w) {
  const Options a = storage_parameters(from), b = storage_parameters(to);
  Options set;
  std::vector<std::string> reset;
  for (const auto& [name, value] : b)
    if (auto it = a.find(name); it == a.end() || it->second != value) set.emplace(name, value);
  for (const auto& [name, value] : a)
    if (!b.contains(name)) reset.push_back(name);
  auto index = [&]() -> SqlWriter& { return w.raw("ALTER INDEX ").relation(key.ns, key.name); };
  if (!set.empty()) index().raw(" SET (").raw(parameter_list(set)).raw(")").end();
  if (!reset.empty()) index().raw(" RESET (").raw(join(reset, ", ")).raw(")").end();
  auto tablespace = [](const Options& o) {
    auto it = o.find("tablespace");
    return it == o.end() ? std::string("pg_default") : it->second;
  };
  if (tablespace(from) != tablespace(to)) {
    index().raw(" SET TABLESPACE ").ident(tablespace(to));
    w.end(TxMode::inside, {{HazardKind::blocks_reads, "the index is copied under an exclusive lock"}});
  }
  for (const auto& [name, value] : to)
    if (auto it = from.find(name);
        name.starts_with("statistics.") && (it == from.end() || it->second != value))
      index().raw(" ALTER COLUMN ").raw(name.substr(11)).raw(" SET STATISTICS ").raw(value).end();
  for (const auto& [name, value] : from)
    if (name.starts_with("statistics.") && !to.contains(name))
      index().raw(" ALTER COLUMN ").raw(name.substr(11)).raw(" SET STATISTICS -1").end();
  write_index_roles(w, key, from, to);
}

}  // namespace trueup::postgres
