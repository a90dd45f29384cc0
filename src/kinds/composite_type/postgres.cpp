#include "engine/postgres/catalog_query.hpp"
#include "engine/postgres/clauses.hpp"
#include "engine/postgres/column_change.hpp"
#include "engine/postgres/handlers.hpp"
#include "engine/postgres/type_replacement.hpp"
#include "engine/postgres/types.hpp"

namespace trueup {
namespace {
using namespace postgres;

constexpr std::string_view composite_types = R"sql(
select n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
       case when a.attcollation <> t.typcollation and a.attcollation <> 0
            then case when cn.nspname = 'pg_catalog' then '' else quote_ident(cn.nspname) || '.' end
                 || quote_ident(co.collname) end,
       col_description(c.oid, a.attnum), {comment pg_type ct.oid}
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_type ct on ct.typrelid = c.oid
left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
left join pg_type t on t.oid = a.atttypid
left join pg_collation co on co.oid = a.attcollation
left join pg_namespace cn on cn.oid = co.collnamespace
where c.relkind = 'c' and {in_scope} and not {member pg_type ct.oid}
order by n.nspname, c.relname, a.attnum
)sql";

const CompositeType& of(const Catalog& c, const ObjectKey& key) {
  return std::get<CompositeType>(c.objects.at(key));
}

const Attribute* find(const CompositeType& t, const std::string& name) {
  for (const auto& a : t.attributes)
    if (a.name == name) return &a;
  return nullptr;
}
bool same_type(const Attribute& a, const Attribute& b) {
  return a.type == b.type && a.collation == b.collation;
}

/// Attributes that stay keep their order and new ones stand at the end: ALTER TYPE can do no more.
bool reachable(const CompositeType& from, const CompositeType& to) {
  std::vector<std::string> kept;
  for (const auto& a : from.attributes)
    if (find(to, a.name) != nullptr) kept.push_back(a.name);
  for (std::size_t i = 0; i < kept.size(); ++i)
    if (to.attributes[i].name != kept[i]) return false;
  return !to.attributes.empty();
}

class Handler final : public KindHandler {
 public:
  void introspect(Connection& connection, const Scope& scope, Catalog& out) const override {
    for (const auto& r : catalog_rows(connection, scope, composite_types)) {
      const ObjectKey key{Kind::composite_type, text(r[0]), "", text(r[1]), ""};
      auto& t = std::get<CompositeType>(out.objects.emplace(key, CompositeType{}).first->second);
      t.comment = text(r[6]);
      if (!r[2]) continue;
      Attribute a;
      a.name = *r[2];
      a.type.text = text(r[3]);
      a.collation = text(r[4]);
      a.comment = text(r[5]);
      t.attributes.push_back(std::move(a));
    }
    for (auto& [key, body] : out.objects) {
      if (auto* t = std::get_if<CompositeType>(&body))
        for (auto& a : t->attributes) resolve_type(out, a.type);
      if (auto* d = std::get_if<Domain>(&body); d != nullptr && !d->type.user) resolve_type(out, d->type);
    }
  }

  Means means(const Altered& a, const Catalog& from, const Catalog& to) const override {
    const auto& x = of(from, a.key);
    const auto& y = of(to, a.key);
    if (!a.has("attributes")) return InPlace{};
    return reachable(x, y) ? Means{InPlace{}} : Means{Recreate{}};
  }
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
    for (const auto& attribute : of(from, a.key).attributes) {
      const auto* now = find(of(to, a.key), attribute.name);
      if (now == nullptr) return "drops the attribute " + attribute.name;
      if (same_type(attribute, *now) || !must_replace(a, from, to)) continue;
      const auto change = type_change(base_type(attribute.type, from), base_type(now->type, to));
      if (!change.loses.empty()) return fmt::format("attribute {}: {}", attribute.name, change.loses);
    }
    return {};
  }

  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    switch (step.verb) {
      case Verb::rename:
        write_rename(w, "TYPE", step, context);
        return;
      case Verb::drop:
        drop_type("TYPE", step.key, context, w);
        return;
      case Verb::create:
        return create(step.key, of(context.to, step.key), context.dialect, w);
      case Verb::alter:
        return alter(step.key, context, w);
      case Verb::rebuild:
        break;
    }
    throw std::logic_error("a type is never rebuilt");
  }

 private:
  static void definition(const Attribute& a, const EngineDialect& d, SqlWriter& w) {
    w.ident(a.name).raw(" ").raw(d.type_sql(a.type));
    if (!a.collation.empty()) w.raw(" COLLATE ").raw(a.collation);
  }
  static void comment(const ObjectKey& key, const Attribute& a, SqlWriter& w) {
    w.raw("COMMENT ON COLUMN ").name(key).raw(".").ident(a.name).raw(" IS ");
    if (a.comment.empty())
      w.raw("NULL").end();
    else
      w.literal(a.comment).end();
  }
  static void create(const ObjectKey& key, const CompositeType& t, const EngineDialect& d, SqlWriter& w) {
    w.raw("CREATE TYPE ").name(key).raw(" AS (");
    for (std::size_t i = 0; i < t.attributes.size(); ++i) {
      w.raw(i > 0 ? ",\n  " : "\n  ");
      definition(t.attributes[i], d, w);
    }
    w.raw(t.attributes.empty() ? ")" : "\n)").end();
    if (!t.comment.empty()) write_comment(w, "TYPE", key, t.comment);
    for (const auto& a : t.attributes)
      if (!a.comment.empty()) comment(key, a, w);
  }
  /// No attribute changes its type while a column holds values of it, or of a type built on it. `type`: of an
  /// attribute, through a type that is replaced itself.
  static bool must_replace(const Altered& a, const Catalog& from, const Catalog& to) {
    if (a.has("type")) return true;
    return a.has("attributes") && retyped(of(from, a.key), of(to, a.key)) &&
           !replaced_with(a.key, from, to).empty();
  }
  static bool retyped(const CompositeType& from, const CompositeType& to) {
    return std::any_of(to.attributes.begin(), to.attributes.end(), [&](const Attribute& now) {
      const auto* old = find(from, now.name);
      return old != nullptr && !same_type(*old, now);
    });
  }

  static void alter(const ObjectKey& key, const RenderContext& context, SqlWriter& w) {
    const auto &from = of(context.from, key), &to = of(context.to, key);
    if (!must_replace({key, {"attributes"}}, context.from, context.to))
      return alter(key, from, to, context.dialect, w);
    CompositeType kept = to;  // what values can pass by their text: the same attributes as before
    for (auto& a : kept.attributes)
      if (const auto* old = find(from, a.name))
        a = *old;
      else
        a.comment.clear();
    kept.comment = from.comment;
    alter(key, from, kept, context.dialect, w);
    w.raw("ALTER TYPE ").name(key).raw(" RENAME TO ").ident(replaced(key).name).end();
    create(key, to, context.dialect, w);
    finish_replacement(key, "text", context, w);
  }
  static void alter(const ObjectKey& key, const CompositeType& from, const CompositeType& to,
                    const EngineDialect& d, SqlWriter& w) {
    for (const auto& a : from.attributes)
      if (find(to, a.name) == nullptr)
        w.raw("ALTER TYPE ").name(key).raw(" DROP ATTRIBUTE ").ident(a.name).end();
    for (const auto& a : to.attributes) {
      const auto* old = find(from, a.name);
      if (old == nullptr) {
        w.raw("ALTER TYPE ").name(key).raw(" ADD ATTRIBUTE ");
        definition(a, d, w);
        w.end();
      } else if (!same_type(*old, a)) {
        w.raw("ALTER TYPE ")
            .name(key)
            .raw(" ALTER ATTRIBUTE ")
            .ident(a.name)
            .raw(" TYPE ")
            .raw(d.type_sql(a.type));
        if (!a.collation.empty()) w.raw(" COLLATE ").raw(a.collation);
        w.end();
      }
      if ((old == nullptr ? "" : old->comment) != a.comment) comment(key, a, w);
    }
    if (from.comment != to.comment) write_comment(w, "TYPE", key, to.comment);
  }
};
}  // namespace

const KindHandler& postgres_composite_type_handler() {
  static const Handler handler;
  return handler;
}

}  // namespace trueup
