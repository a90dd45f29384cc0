#include "base/text.hpp"
#include "engine/postgres/catalog_query.hpp"
#include "engine/postgres/constraint.hpp"
#include "engine/postgres/handlers.hpp"

namespace trueup {
namespace {
using namespace postgres;

constexpr std::string_view exclusions = R"sql(
select n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid), {comment pg_constraint k.oid}
from pg_constraint k
join pg_class c on c.oid = k.conrelid
join pg_namespace n on n.oid = c.relnamespace
where {in_scope} and {modelled_table} and k.contype = 'x'
)sql";

class Handler final : public ConstraintHandler {
 public:
  void introspect(Connection& connection, const Scope& scope, Catalog& out) const override {
    for (const auto& r : catalog_rows(connection, scope, exclusions)) {
      Exclusion k;
      k.definition = server_expr(text(r[3]));
      k.comment = text(r[4]);
      out.objects.emplace(child_key(Kind::exclusion, text(r[0]), text(r[1]), text(r[2])), std::move(k));
    }
  }

  /// The word in front of it may be left out.
  void normalize(const ObjectKey& key, ObjectBody& body, const Catalog& catalog,
                 std::vector<Diagnostic>& found) const override {
    ConstraintHandler::normalize(key, body, catalog, found);
    auto& text = std::get<Exclusion>(body).definition.text;
    if (!starts_with_nocase(trim(text), "exclude")) text = "EXCLUDE " + text;
  }

 protected:
  std::vector<Hazard> add_hazards(const ObjectBody&) const override {
    return {{HazardKind::builds_index, "builds an index; fails when rows exclude each other"},
            {HazardKind::blocks_reads, "exclusive lock on the table while the index is built"}};
  }
};
}  // namespace

const KindHandler& postgres_exclusion_handler() {
  static const Handler handler;
  return handler;
}

}  // namespace trueup
