#include "base/text.hpp"
#include "engine/postgres/catalog_query.hpp"
#include "engine/postgres/clauses.hpp"
#include "engine/postgres/handlers.hpp"
#include "engine/postgres/routine.hpp"

namespace trueup {
namespace {
using namespace postgres;

/// The definition is put together by the server from pg_aggregate, in one fixed order.
constexpr std::string_view aggregates = R"sql(
select n.nspname, p.proname, {signature}, pg_get_function_arguments(p.oid),
       concat_ws(', ',
         'SFUNC = ' || a.aggtransfn::regproc::text,
         'STYPE = ' || format_type(a.aggtranstype, null),
         case when a.aggtransspace <> 0 then 'SSPACE = ' || a.aggtransspace end,
         case when a.aggfinalfn <> 0 then 'FINALFUNC = ' || a.aggfinalfn::regproc::text end,
         case when a.aggfinalextra then 'FINALFUNC_EXTRA' end,
         case when a.aggfinalfn <> 0 and a.aggfinalmodify <> case when a.aggkind = 'n' then 'r' else 'w' end
              then 'FINALFUNC_MODIFY = '
                   || case a.aggfinalmodify when 'r' then 'READ_ONLY' when 's' then 'SHAREABLE' else 'READ_WRITE' end end,
         case when a.aggcombinefn <> 0 then 'COMBINEFUNC = ' || a.aggcombinefn::regproc::text end,
         case when a.aggserialfn <> 0 then 'SERIALFUNC = ' || a.aggserialfn::regproc::text end,
         case when a.aggdeserialfn <> 0 then 'DESERIALFUNC = ' || a.aggdeserialfn::regproc::text end,
         case when a.agginitval is not null then 'INITCOND = ' || quote_literal(a.agginitval) end,
         case when a.aggmtransfn <> 0 then 'MSFUNC = ' || a.aggmtransfn::regproc::text end,
         case when a.aggminvtransfn <> 0 then 'MINVFUNC = ' || a.aggminvtransfn::regproc::text end,
         case when a.aggmtranstype <> 0 then 'MSTYPE = ' || format_type(a.aggmtranstype, null) end,
         case when a.aggmtransspace <> 0 then 'MSSPACE = ' || a.aggmtransspace end,
         case when a.aggmfinalfn <> 0 then 'MFINALFUNC = ' || a.aggmfinalfn::regproc::text end,
         case when a.aggmfinalextra then 'MFINALFUNC_EXTRA' end,
         case when a.aggmfinalfn <> 0 and a.aggmfinalmodify <> case when a.aggkind = 'n' then 'r' else 'w' end
              then 'MFINALFUNC_MODIFY = '
                   || case a.aggmfinalmodify when 'r' then 'READ_ONLY' when 's' then 'SHAREABLE' else 'READ_WRITE' end end,
         case when a.aggminitval is not null
              then 'MINITCOND = ' || quote_literal(a.aggminitval) end,
         case when a.aggsortop <> 0
              then (select 'SORTOP = OPERATOR(' || quote_ident(sn.nspname) || '.' || o.oprname || ')'
                    from pg_operator o join pg_namespace sn on sn.oid = o.oprnamespace where o.oid = a.aggsortop) end,
         case p.proparallel when 's' then 'PARALLEL = SAFE' when 'r' then 'PARALLEL = RESTRICTED' end,
         case when a.aggkind = 'h' then 'HYPOTHETICAL' end),
       {comment pg_proc p.oid}
from pg_aggregate a
join pg_proc p on p.oid = a.aggfnoid
join pg_namespace n on n.oid = p.pronamespace
where {in_scope} and not {member pg_proc p.oid}
)sql";

class Handler final : public KindHandler {
 public:
  void introspect(Connection& connection, const Scope& scope, Catalog& out) const override {
    const std::string query = replace_all(std::string(aggregates), "{signature}", routine_signature);
    for (const auto& r : catalog_rows(connection, scope, query)) {
      Aggregate a;
      a.arguments = text(r[3]);
      a.definition = server_expr(text(r[4]));
      a.comment = text(r[5]);
      out.objects.emplace(ObjectKey{Kind::aggregate, text(r[0]), "", text(r[1]), text(r[2])}, std::move(a));
    }
  }
  void normalize(const ObjectKey& key, ObjectBody& body, const Catalog& catalog,
                 std::vector<Diagnostic>&) const override {
    auto& a = std::get<Aggregate>(body);
    a.arguments = canonical_arguments(catalog, key.ns, a.arguments);
  }
  Means means(const Altered& a, const Catalog&, const Catalog&) const override {
    if (a.only({"comment"})) return InPlace{};
    return Recreate{};
  }
  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    auto named = [&](const ObjectKey& key, const Catalog& c) -> SqlWriter& {
      const auto& arguments = std::get<Aggregate>(c.objects.at(key)).arguments;
      return w.relation(key.ns, key.name).raw("(").raw(arguments.empty() ? "*" : arguments).raw(")");
    };
    if (step.verb == Verb::rename) {
      const auto& arguments = std::get<Aggregate>(context.from.objects.at(step.key)).arguments;
      return write_rename(w, "AGGREGATE", step, context, "(" + (arguments.empty() ? "*" : arguments) + ")");
    }
    if (step.verb == Verb::drop) {
      w.raw("DROP AGGREGATE ");
      named(step.key, context.from).end();
      return;
    }
    const auto& a = std::get<Aggregate>(context.to.objects.at(step.key));
    if (step.verb == Verb::create) {
      w.raw("CREATE AGGREGATE ");
      named(step.key, context.to).raw(" (").raw(a.definition.comparable()).raw(")").end();
    }
    if (step.verb == Verb::create && a.comment.empty()) return;
    w.raw("COMMENT ON AGGREGATE ");
    named(step.key, context.to).raw(" IS ");
    if (a.comment.empty())
      w.raw("NULL").end();
    else
      w.literal(a.comment).end();
  }
};
}  // namespace

const KindHandler& postgres_aggregate_handler() {
  static const Handler handler;
  return handler;
}

}  // namespace trueup
