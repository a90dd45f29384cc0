#include "engine/postgres/catalog_query.hpp"
#include "engine/postgres/handlers.hpp"

namespace trueup {
namespace {
using namespace postgres;

/// `public` is there by itself and never created or dropped; it is an object only for a comment of the
/// author's own.
constexpr std::string_view born_comment = "standard public schema";
constexpr std::string_view namespaces = R"sql(
select n.nspname, d.description
from pg_namespace n
left join pg_description d on d.objoid = n.oid and d.classoid = 'pg_namespace'::regclass
where {in_scope} and not {member pg_namespace n.oid}
  and (n.nspname <> 'public' or d.description <> 'standard public schema')
)sql";

class Handler final : public KindHandler {
 public:
  void introspect(Connection& connection, const Scope& scope, Catalog& out) const override {
    for (const auto& r : catalog_rows(connection, scope, namespaces)) {
      Namespace n;
      n.comment = text(r[1]);
      out.objects.emplace(ObjectKey{Kind::name_space, "", "", text(r[0]), ""}, std::move(n));
    }
  }
  Means means(const Altered&, const Catalog&, const Catalog&) const override { return InPlace{}; }
  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    if (step.verb == Verb::rename) {
      w.raw("ALTER SCHEMA ").ident(step.old_key->name).raw(" RENAME TO ").ident(step.key.name).end();
      return;
    }
    if (step.verb == Verb::drop) {
      w.raw("DROP SCHEMA ").ident(step.key.name).end();
      return;
    }
    const auto& n = std::get<Namespace>(context.to.objects.at(step.key));
    if (step.key.name == "public") {
      write_comment(w, "SCHEMA", step.key, n.comment.empty() ? std::string(born_comment) : n.comment);
      return;
    }
    if (step.verb == Verb::create) w.raw("CREATE SCHEMA ").ident(step.key.name).end();
    if (step.verb == Verb::alter || !n.comment.empty()) write_comment(w, "SCHEMA", step.key, n.comment);
  }
};
}  // namespace

const KindHandler& postgres_name_space_handler() {
  static const Handler handler;
  return handler;
}

}  // namespace trueup
