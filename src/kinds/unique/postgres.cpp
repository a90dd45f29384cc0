#include "engine/postgres/dialect.hpp"
#include "engine/postgres/handlers.hpp"
#include "engine/postgres/key_constraint.hpp"

namespace trueup {
namespace {
using namespace postgres;

class Handler final : public ConstraintHandler {
 public:
  void introspect(Connection& connection, const Scope& scope, Catalog& out) const override {
    for (auto& row : key_constraints(connection, scope, Kind::unique)) {
      Unique k;
      k.on = std::move(row.on);
      k.include = std::move(row.include);
      k.nulls_not_distinct = row.nulls_not_distinct;
      k.deferrable = row.deferrable;
      k.initially_deferred = row.initially_deferred;
      k.options = std::move(row.options);
      k.comment = std::move(row.comment);
      out.objects.emplace(std::move(row.key), std::move(k));
    }
  }
  void normalize(const ObjectKey&, ObjectBody& body, const Catalog&,
                 std::vector<Diagnostic>&) const override {
    auto& k = std::get<Unique>(body);
    if (k.initially_deferred) k.deferrable = true;
    for (auto& part : k.on)
      part.order.clear(), part.nulls.clear(), part.opclass.clear(), part.collation.clear();
  }

 protected:
  bool alterable(const Altered& a, const ObjectBody&, const ObjectBody&) const override {
    return a.only({"comment", "options"});
  }
  void alter(const ObjectKey& key, const ObjectBody& from, const ObjectBody& to,
             SqlWriter& w) const override {
    const auto& a = std::get<Unique>(from).options;
    const auto& b = std::get<Unique>(to).options;
    if (a != b) alter_index_options(key, a, b, postgres_dialect(), w);
  }
  std::vector<Hazard> add_hazards(const ObjectBody&) const override {
    return {{HazardKind::builds_index, "builds an index"},
            {HazardKind::blocks_reads, "exclusive lock on the table while the index is built"}};
  }
};
}  // namespace

const KindHandler& postgres_unique_handler() {
  static const Handler handler;
  return handler;
}

}  // namespace trueup
