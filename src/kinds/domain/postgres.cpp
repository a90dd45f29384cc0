#include "base/text.hpp"
#include "engine/postgres/catalog_query.hpp"
#include "engine/postgres/clauses.hpp"
#include "engine/postgres/column_change.hpp"
#include "engine/postgres/constraint.hpp"
#include "engine/postgres/dialect.hpp"
#include "engine/postgres/handlers.hpp"
#include "engine/postgres/routine.hpp"
#include "engine/postgres/type_replacement.hpp"
#include "engine/postgres/types.hpp"

namespace trueup {
namespace {
using namespace postgres;

constexpr std::string_view domains = R"sql(
select n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod), t.typnotnull,
       coalesce(pg_get_expr(t.typdefaultbin, 0), quote_literal(t.typdefault)),
       case when t.typcollation <> b.typcollation
            then quote_ident(cn.nspname) || '.' || quote_ident(co.collname) end,
       {comment pg_type t.oid}, k.names, k.definitions, k.valid, k.comments
from pg_type t
join pg_namespace n on n.oid = t.typnamespace
join pg_type b on b.oid = t.typbasetype
left join pg_collation co on co.oid = t.typcollation
left join pg_namespace cn on cn.oid = co.collnamespace
left join (select c.contypid, array_agg(c.conname::text order by c.conname) as names,
                  array_agg(pg_get_constraintdef(c.oid) order by c.conname) as definitions,
                  array_agg(c.convalidated order by c.conname) as valid,
                  array_agg(coalesce(obj_description(c.oid, 'pg_constraint'), '') order by c.conname) as comments
           from pg_constraint c where c.contype = 'c' and c.contypid <> 0 group by c.contypid) k on k.contypid = t.oid
where t.typtype = 'd' and {in_scope} and not {member pg_type t.oid}
)sql";

/// `VALUE > 0` out of `CHECK ((VALUE > 0)) NOT VALID`.
std::string condition(std::string_view definition) {
  constexpr std::string_view head = "CHECK (", tail = " NOT VALID";
  if (definition.ends_with(tail)) definition.remove_suffix(tail.size());
  if (definition.starts_with(head) && definition.ends_with(")"))
    definition = definition.substr(head.size(), definition.size() - head.size() - 1);
  return std::string(definition);
}

class Handler final : public KindHandler {
 public:
  void introspect(Connection& connection, const Scope& scope, Catalog& out) const override {
    for (const auto& r : catalog_rows(connection, scope, domains)) {
      Domain d;
      d.type.text = text(r[2]);
      d.not_null = truth(r[3]);
      if (r[4]) d.default_value = server_expr(*r[4]);
      d.collation = text(r[5]);
      if (d.collation.starts_with("pg_catalog.")) d.collation = d.collation.substr(11);
      d.comment = text(r[6]);
      const auto names = strings(r[7]), definitions = strings(r[8]), valid = strings(r[9]),
                 comments = strings(r[10]);
      for (std::size_t i = 0; i < names.size(); ++i)
        d.checks.push_back({names[i], server_expr(condition(definitions[i])), valid[i] == "f", comments[i]});
      out.objects.emplace(ObjectKey{Kind::domain, text(r[0]), "", text(r[1]), ""}, std::move(d));
    }
    for (auto& [key, body] : out.objects)  // now that a domain over a domain can be told
      if (auto* d = std::get_if<Domain>(&body)) resolve_type(out, d->type);
  }
  void normalize(const ObjectKey&, ObjectBody& body, const Catalog&,
                 std::vector<Diagnostic>&) const override {
    auto& d = std::get<Domain>(body);
    if (d.default_value && lower(trim(d.default_value->text)) == "null") d.default_value.reset();
    std::sort(d.checks.begin(), d.checks.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  }
  Means means(const Altered&, const Catalog&, const Catalog&) const override { return InPlace{}; }
  /// When the type is replaced, whatever is not a plain column must let go of the old one.
  bool blocks(const Altered& a, const ObjectKey& dependent, const Catalog& from,
              const Catalog& to) const override {
    return must_replace(a, from, to) && blocks_replacement(a.key, dependent, from, to);
  }
  std::vector<ObjectKey> also_alters(const Altered& a, const Catalog& from,
                                     const Catalog& to) const override {
    return must_replace(a, from, to) ? replaced_with(a.key, from, to) : std::vector<ObjectKey>{};
  }
  bool lets_go(const ObjectKey& key, const ObjectKey& dependent, const Catalog& from,
               const Catalog& to) const override {
    return goes_over(key, dependent, from, to);
  }
  std::string loses_data(const Altered& a, const Catalog& from, const Catalog& to) const override {
    if (!must_replace(a, from, to) || replaced_with(a.key, from, to).empty()) return {};
    const auto &before = *from.find<Domain>(a.key), &after = *to.find<Domain>(a.key);
    const auto change = type_change(base_type(before.type, from), base_type(after.type, to));
    if (change.loses.empty()) return {};
    return fmt::format("{} to {}: {}", display_type(before.type), display_type(after.type), change.loses);
  }

  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    switch (step.verb) {
      case Verb::rename:
        write_rename(w, "DOMAIN", step, context);
        return;
      case Verb::drop:
        drop_type("DOMAIN", step.key, context, w);
        return;
      case Verb::create:
        return create(step.key, std::get<Domain>(context.to.objects.at(step.key)), context.dialect, w);
      case Verb::alter:
        return alter(step.key, context, w);
      case Verb::rebuild:
        break;
    }
    throw std::logic_error("a domain is never rebuilt");
  }

 private:
  static SqlWriter& domain(SqlWriter& w, const ObjectKey& key) { return w.raw("ALTER DOMAIN ").name(key); }

  static void create(const ObjectKey& key, const Domain& d, const EngineDialect& dialect, SqlWriter& w) {
    w.raw("CREATE DOMAIN ").name(key).raw(" AS ").raw(dialect.type_sql(d.type));
    if (!d.collation.empty()) w.raw(" COLLATE ").raw(d.collation);
    if (d.default_value) w.raw(default_clause(*d.default_value));
    if (d.not_null) w.raw(" NOT NULL");
    for (const auto& c : d.checks)
      if (!c.not_valid)
        w.raw("\n  CONSTRAINT ").ident(c.name).raw(" CHECK (").raw(sql_of(c.expression)).raw(")");
    w.end();
    for (const auto& c : d.checks)
      if (c.not_valid) add_domain_check(key, c, w);
    for (const auto& c : d.checks)
      if (!c.not_valid && !c.comment.empty()) comment_on_domain_check(key, c, w);
    if (!d.comment.empty()) write_comment(w, "DOMAIN", key, d.comment);
  }

  static bool must_replace(const Altered& a, const Catalog& from, const Catalog& to) {
    if (a.has("type") || a.has("collation")) return true;
    const auto *before = from.find<Domain>(a.key), *after = to.find<Domain>(a.key);
    return before != nullptr && after != nullptr && checks_values(*before, *after) &&
           inside_columns(a.key, from, to);
  }
  /// Does the server look at all values? It cannot where they stand in arrays or composite values.
  static bool checks_values(const Domain& a, const Domain& b) {
    return (b.not_null && !a.not_null) ||
           std::any_of(b.checks.begin(), b.checks.end(), [&](const DomainCheck& c) {
             return !c.not_valid && std::none_of(a.checks.begin(), a.checks.end(), [&](const DomainCheck& x) {
               return !x.not_valid && x.name == c.name && x.expression == c.expression;
             });
           });
  }

  static void alter(const ObjectKey& key, const RenderContext& context, SqlWriter& w) {
    const auto &a = *context.from.find<Domain>(key), &b = *context.to.find<Domain>(key);
    if (replaced_by_another(key, context)) return write_comment(w, "DOMAIN", key, b.comment);  // nothing left
    const Altered change{key, changed_fields(context.from.objects.at(key), context.to.objects.at(key))};
    if (!must_replace(change, context.from, context.to)) return alter(key, without_aside(key, context), b, w);
    const ObjectKey old = replaced(key);
    domain(w, key).raw(" RENAME TO ").ident(old.name).end();
    create(key, b, context.dialect, w);
    const DataType from = base_type(a.type, context.from), to = base_type(b.type, context.to);
    finish_replacement(key, type_change(from, to).assignable || explicit_cast(from, to) ? "" : "text",
                       context, w);
  }
  static void alter(const ObjectKey& key, const Domain& a, const Domain& b, SqlWriter& w) {
    const std::size_t before = w.count();
    auto same = [](const DomainCheck& x, const DomainCheck& y) {
      return x.name == y.name && x.expression == y.expression;
    };
    auto in = [&](const DomainCheck& c, const std::vector<DomainCheck>& list) {
      return std::find_if(list.begin(), list.end(), [&](const auto& x) { return same(x, c); });
    };
    for (const auto& c : a.checks)
      if (auto it = in(c, b.checks); it == b.checks.end() || (it->not_valid && !c.not_valid))
        domain(w, key).raw(" DROP CONSTRAINT ").ident(c.name).end();
    if (!(a.default_value == b.default_value)) {
      domain(w, key);
      if (b.default_value)
        w.raw(" SET DEFAULT ").raw(sql_of(*b.default_value)).end();
      else
        w.raw(" DROP DEFAULT").end();
    }
    if (a.not_null != b.not_null)
      domain(w, key)
          .raw(b.not_null ? " SET NOT NULL" : " DROP NOT NULL")
          .end(TxMode::inside, b.not_null ? std::vector<Hazard>{{HazardKind::scans_table,
                                                                 "checks every table that uses the domain"}}
                                          : std::vector<Hazard>{});
    for (const auto& c : b.checks) {
      const auto it = in(c, a.checks);
      if (it == a.checks.end() || (c.not_valid && !it->not_valid)) {
        add_domain_check(key, c, w);
        continue;
      }
      if (it->not_valid && !c.not_valid) domain(w, key).raw(" VALIDATE CONSTRAINT ").ident(c.name).end();
      if (it->comment != c.comment) comment_on_domain_check(key, c, w);
    }
    // Nothing else is left where all that went has stepped aside for a function.
    if (a.comment != b.comment || w.count() == before) write_comment(w, "DOMAIN", key, b.comment);
  }
};
}  // namespace

const KindHandler& postgres_domain_handler() {
  static const Handler handler;
  return handler;
}

}  // namespace trueup
