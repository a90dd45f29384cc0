#include "base/text.hpp"
#include "engine/postgres/catalog_names.hpp"
#include "engine/postgres/constraint.hpp"
#include "engine/postgres/handlers.hpp"

namespace trueup {
namespace {
using namespace postgres;

constexpr std::string_view foreign_keys = R"sql(
select k.oid, k.conrelid, k.conname, k.confrelid, k.conkey, k.confkey, k.confdeltype, k.confupdtype, k.confmatchtype,
       k.condeferrable, k.condeferred, not k.convalidated, {since 150000 k.confdelsetcols else null},
       {since 180000 not k.conenforced else false}, d.description
from pg_constraint k
join pg_namespace n on n.oid = k.connamespace
left join pg_description d on d.objoid = k.oid and d.classoid = 'pg_constraint'::regclass and d.objsubid = 0
where {in_scope} and k.contype = 'f' and k.conparentid = 0
)sql";

constexpr std::string_view definitions =
    "select k.oid, pg_get_constraintdef(k.oid) from pg_constraint k where k.oid = any ($1::oid[])";

std::string action(const Cell& c) {
  const std::string code = text(c);
  if (code == "r") return "restrict";
  if (code == "c") return "cascade";
  if (code == "n") return "set null";
  if (code == "d") return "set default";
  return {};
}

ForeignKey foreign_key_from(const CatalogNames& known, const ResultRow& r) {
  ForeignKey f;
  const Oid table = number(r[1]), referenced = number(r[3]);
  f.ref_table.to = known.relation(referenced)->key;
  f.ref_table.to.kind = Kind::table;
  f.columns = known.column_refs(table, numbers(r[4]));
  f.ref_columns = known.column_refs(referenced, numbers(r[5]));
  f.on_delete = action(text(r[6]));
  f.on_update = action(text(r[7]));
  if (text(r[8]) == "f") f.match = "full";
  f.deferrable = truth(r[9]);
  f.initially_deferred = truth(r[10]);
  f.on_delete_columns = known.column_refs(table, numbers(r[12]));
  f.not_enforced = truth(r[13]);
  f.not_valid = truth(r[11]) && !f.not_enforced;
  f.comment = text(r[14]);
  return f;
}

/// Keys that point to what no kind covers.
void add_unmodelled(Connection& connection, const std::map<Oid, ObjectKey>& keys, Catalog& out) {
  if (keys.empty()) return;
  std::set<Oid> oids;
  for (const auto& [oid, key] : keys) oids.insert(oid);
  const std::array<Cell, 1> args{oid_array(oids)};
  for (const auto& r : connection.query(definitions, args)) {
    const std::string name = to_string(keys.at(number(r[0]))), digest = sha256(text(r[1]));
    out.unmodelled.emplace(name, digest);
    out.inventory.push_back({name, Standing::unmodelled, digest});
  }
}

class Handler final : public ConstraintHandler {
 public:
  void introspect(Connection& connection, const Scope& scope, Catalog& out) const override {
    auto rows = catalog_rows(connection, scope, foreign_keys);
    CatalogNames& known = names(scope);
    std::erase_if(rows, [&](const ResultRow& r) { return known.modelled_table(r[1]) == nullptr; });
    std::set<Oid> referenced;
    for (const auto& r : rows) referenced.insert(number(r[3]));
    known.need_columns(connection, std::move(referenced));
    std::map<Oid, ObjectKey> to_unmodelled;
    for (const auto& r : rows) {
      const ObjectKey& table = *known.modelled_table(r[1]);
      ObjectKey key = child_key(Kind::foreign_key, table.ns, table.name, text(r[2]));
      const auto* target = known.relation(number(r[3]));
      if (target == nullptr) continue;  // dropped meanwhile
      const bool in_scope = scope.namespaces.empty() || scope.namespaces.contains(target->key.ns);
      if (in_scope && !out.contains({Kind::table, target->key.ns, "", target->key.name, ""}))
        to_unmodelled.emplace(number(r[0]), std::move(key));
      else
        out.objects.emplace(std::move(key), foreign_key_from(known, r));
    }
    add_unmodelled(connection, to_unmodelled, out);
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
      for (const auto& child : catalog.children(f.ref_table.to, Kind::primary_key))
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
