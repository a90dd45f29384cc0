#include "engine/postgres/catalog_query.hpp"
#include "engine/postgres/constraint.hpp"
#include "engine/postgres/handlers.hpp"

namespace trueup {
namespace {
using namespace postgres;

constexpr std::string_view checks = R"sql(
select n.nspname, c.relname, k.conname, pg_get_expr(k.conbin, k.conrelid), not k.convalidated, k.connoinherit,
       {not_enforced}, {comment pg_constraint k.oid}
from pg_constraint k
join pg_class c on c.oid = k.conrelid
join pg_namespace n on n.oid = c.relnamespace
where {in_scope} and {modelled_table} and k.contype = 'c'
)sql";

class Handler final : public ConstraintHandler {
 public:
  void introspect(Connection& connection, const Scope& scope, Catalog& out) const override {
    std::string query(checks);
    const std::string_view slot = "{not_enforced}";
    query.replace(query.find(slot), slot.size(),
                  connection.version() >= 180000 ? "not k.conenforced" : "false");
    for (const auto& r : catalog_rows(connection, scope, query)) {
      Check k;
      k.expression = server_expr(text(r[3]));
      k.not_enforced = truth(r[6]);
      k.not_valid = truth(r[4]) && !k.not_enforced;
      k.no_inherit = truth(r[5]);
      k.comment = text(r[7]);
      out.objects.emplace(child_key(Kind::check, text(r[0]), text(r[1]), text(r[2])), std::move(k));
    }
  }

 protected:
  bool alterable(const Altered& a, const ObjectBody& from, const ObjectBody&) const override {
    return a.only({"comment", "not_valid"}) && (!a.has("not_valid") || std::get<Check>(from).not_valid);
  }
  void alter(const ObjectKey& key, const ObjectBody& from, const ObjectBody& to,
             SqlWriter& w) const override {
    if (std::get<Check>(from).not_valid == std::get<Check>(to).not_valid) return;
    w.raw("ALTER TABLE ");
    write_owner(w, key).raw(" VALIDATE CONSTRAINT ").ident(key.name);
    w.end(TxMode::inside, {{HazardKind::scans_table, "checks every row; writes go on"}});
  }
  std::vector<Hazard> add_hazards(const ObjectBody& body) const override {
    const auto& k = std::get<Check>(body);
    if (k.not_valid || k.not_enforced) return {};
    return {{HazardKind::scans_table,
             "checks every row under an exclusive lock; fails when one does not comply"}};
  }
};
}  // namespace

const KindHandler& postgres_check_handler() {
  static const Handler handler;
  return handler;
}

}  // namespace trueup
