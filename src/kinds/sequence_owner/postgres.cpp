#include "engine/postgres/catalog_query.hpp"
#include "engine/postgres/handlers.hpp"

namespace trueup {
namespace {
using namespace postgres;

constexpr std::string_view owners_query = R"sql(
select n.nspname, s.relname, tn.nspname, c.relname, a.attname
from pg_depend o
join pg_class s on s.oid = o.objid and s.relkind = 'S'
join pg_namespace n on n.oid = s.relnamespace
join pg_class c on c.oid = o.refobjid
join pg_namespace tn on tn.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum = o.refobjsubid
where o.classid = 'pg_class'::regclass and o.refclassid = 'pg_class'::regclass and o.deptype = 'a' and o.refobjsubid > 0
  and {in_scope} and s.relpersistence <> 't' and not {member pg_class s.oid} and {modelled_table}
)sql";

class Handler final : public KindHandler {
 public:
  void introspect(Connection& c, const Scope& scope, Catalog& out) const override {
    for (const auto& r : catalog_rows(c, scope, owners_query)) {
      SequenceOwner o{Ref{{Kind::sequence, text(r[0]), {}, text(r[1]), {}}},
                      Ref{child_key(Kind::column, text(r[2]), text(r[3]), text(r[4]))}};
      out.objects.emplace(ObjectKey{Kind::sequence_owner, text(r[0]), {}, text(r[1]), {}}, std::move(o));
    }
  }
  Means means(const Altered&, const Catalog&, const Catalog&) const override { return InPlace{}; }

  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    const bool gone = step.verb == Verb::drop;
    const auto& owner = *(gone ? context.from : context.to).find<SequenceOwner>(step.key);
    w.raw("ALTER SEQUENCE ").name(owner.sequence.to).raw(" OWNED BY ");
    if (gone)
      w.raw("NONE");
    else
      write_owner(w, owner.column.to).raw(".").ident(owner.column.to.name);
    w.end();
  }
  RenameMeans rename_means(const ObjectKey&, const ObjectKey&, const Catalog&) const override {
    return RenameMeans::unsupported;
  }
};
}  // namespace

const KindHandler& postgres_sequence_owner_handler() {
  static const Handler handler;
  return handler;
}

}  // namespace trueup
