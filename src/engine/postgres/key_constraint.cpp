#include "engine/postgres/key_constraint.hpp"

#include "base/text.hpp"
#include "engine/postgres/catalog_names.hpp"
#include "engine/postgres/clauses.hpp"
#include "engine/postgres/lexer.hpp"

namespace trueup::postgres {
namespace {
constexpr std::string_view keys = R"sql(
select k.conrelid, k.conname, x.indkey, x.indnkeyatts, k.condeferrable, k.condeferred,
       {since 150000 x.indnullsnotdistinct else false}, i.reloptions, s.spcname, d.description,
       x.indisclustered, x.indisreplident and c.relreplident = 'i', {comment pg_class x.indexrelid}
from pg_constraint k
join pg_class c on c.oid = k.conrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_index x on x.indexrelid = k.conindid
join pg_class i on i.oid = x.indexrelid
left join pg_tablespace s on s.oid = i.reltablespace
left join pg_description d on d.objoid = k.oid and d.classoid = 'pg_constraint'::regclass and d.objsubid = 0
where {in_scope} and c.relkind = 'r' and k.contype = {contype} {since 180000 and not k.conperiod else }
)sql";
}  // namespace

std::vector<KeyConstraintRow> key_constraints(Connection& connection, const Scope& scope, Kind kind) {
  const auto query = replace_all(std::string(keys), "{contype}", kind == Kind::primary_key ? "'p'" : "'u'");
  const CatalogNames& known = names(scope);
  std::vector<KeyConstraintRow> out;
  for (const auto& r : catalog_rows(connection, scope, query)) {
    const ObjectKey* table = known.modelled_table(r[0]);
    if (table == nullptr) continue;
    KeyConstraintRow k;
    k.key = child_key(kind, table->ns, table->name, text(r[1]));
    auto refs = known.column_refs(number(r[0]), numbers(r[2]));
    const auto first_included = refs.begin() + number(r[3]);
    for (auto ref = refs.begin(); ref != first_included; ++ref) k.on.emplace_back().column = std::move(*ref);
    k.include.assign(first_included, refs.end());
    k.deferrable = truth(r[4]);
    k.initially_deferred = truth(r[5]);
    k.nulls_not_distinct = truth(r[6]);
    k.options = reloptions(r[7]);
    if (r[8]) k.options["tablespace"] = *r[8];
    k.comment = text(r[9]);
    if (truth(r[10])) k.options["clustered"] = "true";
    if (truth(r[11])) k.options["replica_identity"] = "true";
    if (r[12]) k.options["index_comment"] = *r[12];
    out.push_back(std::move(k));
  }
  return out;
}

namespace {
/// What the server compares of a key: its columns, and when and how it is enforced.
struct Shape {
  std::vector<Ref> on, include;
  bool nulls_not_distinct = false, deferrable = false, initially_deferred = false;
  bool operator==(const Shape&) const = default;
};
template <class K>
Shape shape(const K& key) {
  Shape out;
  for (const auto& part : key.on)
    if (part.column) out.on.push_back(*part.column);
  out.include = key.include;
  if constexpr (requires { key.nulls_not_distinct; }) out.nulls_not_distinct = key.nulls_not_distinct;
  out.deferrable = key.deferrable;
  out.initially_deferred = key.initially_deferred;
  return out;
}
std::optional<Shape> shape_of(const ObjectBody& body) {
  if (const auto* p = std::get_if<PrimaryKey>(&body)) return shape(*p);
  if (const auto* u = std::get_if<Unique>(&body)) return shape(*u);
  return std::nullopt;
}
}  // namespace

bool merged_in_create(const ObjectKey& constraint, const Catalog& catalog) {
  const ObjectBody& body = catalog.objects.at(constraint);
  const auto* exclusion = std::get_if<Exclusion>(&body);
  const auto own = shape_of(body);
  const auto children = catalog.children({Kind::table, constraint.ns, {}, constraint.owner, {}});
  return std::any_of(children.begin(), children.end(), [&](const ObjectKey& key) {
    if (!(key < constraint)) return false;
    const ObjectBody& other = catalog.objects.at(key);
    if (const auto* e = std::get_if<Exclusion>(&other); e != nullptr && exclusion != nullptr)
      return lexical_form(e->definition.comparable()) == lexical_form(exclusion->definition.comparable());
    return own && shape_of(other) == own;
  });
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
  const auto a = from.find("index_comment"), b = to.find("index_comment");
  if (b != to.end() && (a == from.end() || a->second != b->second))
    w.raw("COMMENT ON INDEX ").relation(key.ns, key.name).raw(" IS ").literal(b->second).end();
  else if (b == to.end() && a != from.end())
    w.raw("COMMENT ON INDEX ").relation(key.ns, key.name).raw(" IS NULL").end();
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
