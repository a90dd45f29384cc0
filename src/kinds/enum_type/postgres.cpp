#include "base/text.hpp"
#include "engine/postgres/catalog_query.hpp"
#include "engine/postgres/clauses.hpp"
#include "engine/postgres/dialect.hpp"
#include "engine/postgres/handlers.hpp"
#include "engine/postgres/type_replacement.hpp"

namespace trueup {
namespace {
using namespace postgres;

constexpr std::string_view enums = R"sql(
select n.nspname, t.typname,
       (select array_agg(e.enumlabel::text order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid),
       {comment pg_type t.oid}
from pg_type t
join pg_namespace n on n.oid = t.typnamespace
where t.typtype = 'e' and {in_scope} and not {member pg_type t.oid}
)sql";

/// The current values under their new names, as `renamed_values` of the desired state says.
std::vector<std::string> renamed(std::vector<std::string> values, const EnumType& to) {
  for (const auto& [name, former] : to.renamed_values) {
    auto it = std::find(values.begin(), values.end(), former);
    if (it != values.end() && std::find(values.begin(), values.end(), name) == values.end()) *it = name;
  }
  return values;
}

bool is_subsequence(const std::vector<std::string>& part, const std::vector<std::string>& whole) {
  auto at = part.begin();
  for (const auto& v : whole)
    if (at != part.end() && *at == v) ++at;
  return at == part.end();
}

const EnumType& of(const Catalog& c, const ObjectKey& key) {
  return std::get<EnumType>(c.objects.at(key));
}

bool must_replace(const EnumType& from, const EnumType& to) {
  return !is_subsequence(renamed(from.values, to), to.values);
}

/// Does anything new in the desired state mention the value? Then it must be committed before it is used.
bool used_at_once(const std::string& value, const RenderContext& context) {
  // In a default of an array the value has no quotes of its own: '{draft,done}'.
  const auto named_in = [&](const Expr& e) {
    const auto tokens = context.dialect.tokens(sql_of(e));
    return std::any_of(tokens.begin(), tokens.end(), [&](const Token& t) {
      return t.type == Token::Type::string && t.text.starts_with("'{") &&
             t.text.find(value) != std::string_view::npos;
    });
  };
  const std::string quoted = context.dialect.literal(value);
  for (const auto& [key, body] : context.to.objects) {
    auto it = context.from.objects.find(key);
    if (it != context.from.objects.end() && changed_fields(it->second, body).empty()) continue;
    bool found = false;
    for_each_expr(body, [&](const Expr& e) {
      found = found || e.text.find(quoted) != std::string::npos || named_in(e);
    });
    if (const auto* row = std::get_if<Row>(&body))
      for (const auto& [column, v] : row->values) found = found || v.text == value;
    if (found) return true;
  }
  return false;
}

class Handler final : public KindHandler {
 public:
  void introspect(Connection& connection, const Scope& scope, Catalog& out) const override {
    for (const auto& r : catalog_rows(connection, scope, enums)) {
      EnumType e;
      e.values = strings(r[2]);
      e.comment = text(r[3]);
      out.objects.emplace(ObjectKey{Kind::enum_type, text(r[0]), "", text(r[1]), ""}, std::move(e));
    }
  }
  void normalize(const ObjectKey& key, ObjectBody& body, const Catalog&,
                 std::vector<Diagnostic>& found) const override {
    std::set<std::string> seen;
    for (const auto& v : std::get<EnumType>(body).values) {
      if (!seen.insert(v).second)
        found.push_back(
            {{}, fmt::format("{}: value '{}' is given twice", to_string(key), v), "remove one", {}});
      if (v.size() > 63)
        found.push_back(
            {{}, fmt::format("{}: value '{}' is longer than 63 bytes", to_string(key), v), "shorten it", {}});
    }
  }
  Means means(const Altered&, const Catalog&, const Catalog&) const override { return InPlace{}; }
  /// When the type is replaced, whatever is not a plain column must let go of the old one.
  bool blocks(const Altered& a, const ObjectKey& dependent, const Catalog& from,
              const Catalog& to) const override {
    if (!a.has("values") || !must_replace(of(from, a.key), of(to, a.key))) return false;
    return blocks_replacement(a.key, dependent, from, to);
  }
  std::vector<ObjectKey> also_alters(const Altered& a, const Catalog& from,
                                     const Catalog& to) const override {
    if (!a.has("values") || !must_replace(of(from, a.key), of(to, a.key))) return {};
    return replaced_with(a.key, from, to);
  }
  bool lets_go(const ObjectKey& key, const ObjectKey& dependent, const Catalog& from,
               const Catalog& to) const override {
    return goes_over(key, dependent, from, to);
  }
  std::string loses_data(const Altered& a, const Catalog& from, const Catalog& to) const override {
    std::vector<std::string> gone;
    const auto& now = of(to, a.key).values;
    for (const auto& v : renamed(of(from, a.key).values, of(to, a.key)))
      if (std::find(now.begin(), now.end(), v) == now.end()) gone.push_back("'" + v + "'");
    if (gone.empty()) return {};
    return "loses the value " + join(gone, ", ") + ": rows that hold it stop the migration";
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
      case Verb::create: {
        create(step.key, of(context.to, step.key).values, w);
        if (const auto& c = of(context.to, step.key).comment; !c.empty())
          write_comment(w, "TYPE", step.key, c);
        return;
      }
      case Verb::alter:
        return alter(step.key, context, w);
      case Verb::rebuild:
        break;
    }
    throw std::logic_error("a type is never rebuilt");
  }

 private:
  static void create(const ObjectKey& key, const std::vector<std::string>& values, SqlWriter& w) {
    w.raw("CREATE TYPE ").name(key).raw(" AS ENUM (");
    for (std::size_t i = 0; i < values.size(); ++i) w.raw(i > 0 ? ", " : "").literal(values[i]);
    w.raw(")").end();
  }

  static void alter(const ObjectKey& key, const RenderContext& context, SqlWriter& w) {
    const auto& a = of(context.from, key);
    const auto& b = of(context.to, key);
    if (must_replace(a, b)) {
      replace(key, b, context, w);
    } else {
      rename_values(key, a, b, w);
      add_values(key, renamed(a.values, b), b.values, context, w);
    }
    if (a.comment != b.comment || (must_replace(a, b) && !b.comment.empty()))
      write_comment(w, "TYPE", key, b.comment);
  }
  static void rename_values(const ObjectKey& key, const EnumType& a, const EnumType& b, SqlWriter& w) {
    const auto now = renamed(a.values, b);
    for (std::size_t i = 0; i < now.size(); ++i)
      if (now[i] != a.values[i])
        w.raw("ALTER TYPE ")
            .name(key)
            .raw(" RENAME VALUE ")
            .literal(a.values[i])
            .raw(" TO ")
            .literal(now[i])
            .end();
  }
  static void add_values(const ObjectKey& key, std::vector<std::string> have,
                         const std::vector<std::string>& want, const RenderContext& context, SqlWriter& w) {
    for (std::size_t i = 0; i < want.size(); ++i) {
      if (i < have.size() && have[i] == want[i]) continue;
      w.raw("ALTER TYPE ").name(key).raw(" ADD VALUE ").literal(want[i]);
      if (i < have.size()) w.raw(" BEFORE ").literal(have[i]);
      have.insert(have.begin() + static_cast<std::ptrdiff_t>(std::min(i, have.size())), want[i]);
      // A value may not be used in the transaction that adds it, and adding one cannot be undone.
      w.end(used_at_once(want[i], context) ? TxMode::outside : TxMode::inside,
            {{HazardKind::cannot_rollback,
              "an enum value cannot be removed again without replacing the type"}});
    }
  }

  /// A new type takes the name; columns move over by their text.
  static void replace(const ObjectKey& key, const EnumType& to, const RenderContext& context, SqlWriter& w) {
    const ObjectKey old = replaced(key);
    rename_values(key, of(context.from, key), to, w);
    w.raw("ALTER TYPE ").name(key).raw(" RENAME TO ").ident(old.name).end();
    create(key, to.values, w);
    finish_replacement(key, "text", context, w);
  }
};
}  // namespace

const KindHandler& postgres_enum_type_handler() {
  static const Handler handler;
  return handler;
}

}  // namespace trueup
