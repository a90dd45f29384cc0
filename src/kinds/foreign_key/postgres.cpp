#include "base/text.hpp"
#include "engine/postgres/catalog_query.hpp"
#include "engine/postgres/constraint.hpp"
#include "engine/postgres/handlers.hpp"

namespace trueup {
namespace {
using namespace postgres;

constexpr std::string_view foreign_keys = R"sql(
select n.nspname, c.relname, k.conname, rn.nspname, r.relname,
       (select array_agg(a.attname::text order by u.place) from unnest(k.conkey) with ordinality u (attnum, place)
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.attnum),
       (select array_agg(a.attname::text order by u.place) from unnest(k.confkey) with ordinality u (attnum, place)
        join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.attnum),
       k.confdeltype, k.confupdtype, k.confmatchtype, k.condeferrable, k.condeferred, not k.convalidated,
       {set_columns}, {not_enforced}, obj_description(k.oid, 'pg_constraint'), pg_get_constraintdef(k.oid)
from pg_constraint k
join pg_class c on c.oid = k.conrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_class r on r.oid = k.confrelid
join pg_namespace rn on rn.oid = r.relnamespace
where {in_scope} and {modelled_table} and k.contype = 'f' and k.conparentid = 0
)sql";

/// pg_constraint.confdelsetcols, since 15.
constexpr std::string_view set_columns = R"sql(
(select array_agg(a.attname::text order by u.place) from unnest(k.confdelsetcols) with ordinality u (attnum, place)
 join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.attnum)
)sql";

std::string action(const Cell& c) {
  const std::string code = text(c);
  if (code == "r") return "restrict";
  if (code == "c") return "cascade";
  if (code == "n") return "set null";
  if (code == "d") return "set default";
  return {};
}

class Handler final : public ConstraintHandler {
 public:
  void introspect(Connection& connection, const Scope& scope, Catalog& out) const override {
    std::string query = replace_all(std::string(foreign_keys), "{set_columns}",
                                    connection.version() >= 150000 ? set_columns : "null::text[]");
    query =
        replace_all(query, "{not_enforced}", connection.version() >= 180000 ? "not k.conenforced" : "false");
    for (const auto& r : catalog_rows(connection, scope, query)) {
      ForeignKey f;
      const ObjectKey key = child_key(Kind::foreign_key, text(r[0]), text(r[1]), text(r[2]));
      f.ref_table.to = {Kind::table, text(r[3]), "", text(r[4]), ""};
      const bool in_scope = scope.namespaces.empty() || scope.namespaces.contains(f.ref_table.to.ns);
      if (in_scope && !out.contains(f.ref_table.to)) {
        const std::string digest = sha256(text(r[16]));
        out.unmodelled.emplace(to_string(key), digest);
        out.inventory.push_back({to_string(key), Standing::unmodelled, digest});
        continue;
      }
      f.columns = column_refs(key.ns, key.owner, strings(r[5]));
      f.ref_columns = column_refs(f.ref_table.to.ns, f.ref_table.to.name, strings(r[6]));
      f.on_delete = action(r[7]);
      f.on_update = action(r[8]);
      if (text(r[9]) == "f") f.match = "full";
      f.deferrable = truth(r[10]);
      f.initially_deferred = truth(r[11]);
      f.on_delete_columns = column_refs(key.ns, key.owner, strings(r[13]));
      f.not_enforced = truth(r[14]);
      f.not_valid = truth(r[12]) && !f.not_enforced;
      f.comment = text(r[15]);
      out.objects.emplace(key, std::move(f));
    }
  }
  void normalize(const ObjectKey&, ObjectBody& body, const Catalog& catalog,
                 std::vector<Diagnostic>&) const override {
    auto& f = std::get<ForeignKey>(body);
    for (auto* a : {&f.on_delete, &f.on_update}) {
      *a = lower(*a);
      if (*a == "no action") a->clear();
    }
    f.match = lower(f.match);
    if (f.match == "simple") f.match.clear();
    if (f.initially_deferred) f.deferrable = true;
    if (f.ref_columns.empty())  // REFERENCES t: its primary key
      for (const auto& child : catalog.children(f.ref_table.to))
        if (const auto* pk = catalog.find<PrimaryKey>(child))
          for (const auto& part : pk->on)
            if (part.column) f.ref_columns.push_back(*part.column);
  }

 protected:
  bool alterable(const Altered& a, const ObjectBody& from, const ObjectBody&) const override {
    return a.only({"comment", "not_valid", "deferrable", "initially_deferred"}) &&
           (!a.has("not_valid") || std::get<ForeignKey>(from).not_valid);
  }
  void alter(const ObjectKey& key, const ObjectBody& from, const ObjectBody& to,
             SqlWriter& w) const override {
    const auto& a = std::get<ForeignKey>(from);
    const auto& b = std::get<ForeignKey>(to);
    if (a.deferrable != b.deferrable || a.initially_deferred != b.initially_deferred) {
      w.raw("ALTER TABLE ");
      write_owner(w, key).raw(" ALTER CONSTRAINT ").ident(key.name);
      w.raw(!b.deferrable          ? " NOT DEFERRABLE"
            : b.initially_deferred ? " DEFERRABLE INITIALLY DEFERRED"
                                   : " DEFERRABLE INITIALLY IMMEDIATE");
      w.end();
    }
    if (a.not_valid == b.not_valid) return;
    w.raw("ALTER TABLE ");
    write_owner(w, key).raw(" VALIDATE CONSTRAINT ").ident(key.name);
    w.end(TxMode::inside, {{HazardKind::scans_table, "checks every row; writes go on"}});
  }
  std::vector<Hazard> add_hazards(const ObjectBody& body) const override {
    const auto& f = std::get<ForeignKey>(body);
    const Hazard locks{HazardKind::blocks_writes, "locks both tables against writes"};
    if (f.not_valid || f.not_enforced) return {locks};
    return {locks, {HazardKind::scans_table, "checks every row; fails when one refers to nothing"}};
  }
};
}  // namespace

const KindHandler& postgres_foreign_key_handler() {
  static const Handler handler;
  return handler;
}

}  // namespace trueup
