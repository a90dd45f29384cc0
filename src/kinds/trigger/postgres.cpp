#include "base/text.hpp"
#include "engine/postgres/catalog_query.hpp"
#include "engine/postgres/dialect.hpp"
#include "engine/postgres/handlers.hpp"

namespace trueup {
namespace {
using namespace postgres;

constexpr std::string_view triggers = R"sql(
select n.nspname, c.relname, t.tgname, t.tgtype, t.tgenabled, t.tgconstraint <> 0, t.tgdeferrable, t.tginitdeferred,
       (select array_agg(a.attname::text order by u.place) from unnest(t.tgattr::int2[]) with ordinality u (attnum, place)
        join pg_attribute a on a.attrelid = t.tgrelid and a.attnum = u.attnum),
       t.tgoldtable, t.tgnewtable, rn.nspname, r.relname, pg_get_triggerdef(t.oid), {comment pg_trigger t.oid}
from pg_trigger t
join pg_class c on c.oid = t.tgrelid
join pg_namespace n on n.oid = c.relnamespace
left join pg_class r on r.oid = t.tgconstrrelid
left join pg_namespace rn on rn.oid = r.relnamespace
where not t.tgisinternal and {in_scope}
  and ((c.relkind = 'v' and not {member pg_class c.oid}) or {modelled_table})
)sql";

/// Condition and function call: only the definition has them, since pg_get_expr() cannot show OLD and NEW.
void read_definition(std::string_view definition, Trigger& t) {
  const auto tokens = postgres_dialect().tokens(definition);
  auto is = [&](std::size_t i, std::string_view word) {
    return i < tokens.size() && tokens[i].type == Token::Type::word && tokens[i].text == word;
  };
  std::size_t when = 0, execute = 0;
  int depth = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].text == "(") ++depth;
    if (tokens[i].text == ")") --depth;
    if (depth == 0 && is(i, "WHEN")) when = i;
    if (depth == 0 && is(i, "EXECUTE")) execute = i;
  }
  auto text_between = [&](std::size_t a, std::size_t b) {
    std::string out;
    for (std::size_t i = a; i < b; ++i) out += tokens[i].text;
    return std::string(trim(out));
  };
  t.execute = text_between(execute + 3, tokens.size());  // EXECUTE, blank, FUNCTION
  if (when == 0) return;
  std::string condition = text_between(when + 1, execute);
  if (condition.starts_with("(") && condition.ends_with(")"))
    condition = condition.substr(1, condition.size() - 2);
  t.when = server_expr(std::move(condition));
}

std::string enabled(const std::string& code) {
  return code == "D" ? "disabled" : code == "R" ? "replica" : code == "A" ? "always" : "";
}

class Handler final : public KindHandler {
 public:
  void introspect(Connection& connection, const Scope& scope, Catalog& out) const override {
    for (const auto& r : catalog_rows(connection, scope, triggers)) {
      Trigger t;
      const ObjectKey key = child_key(Kind::trigger, text(r[0]), text(r[1]), text(r[2]));
      // https://www.postgresql.org/docs/current/catalog-pg-trigger.html; bits of
      // src/include/catalog/pg_trigger.h
      const auto bits = static_cast<unsigned>(number(r[3]));
      t.level = (bits & 1U) != 0 ? "row" : "statement";
      t.timing = (bits & 2U) != 0 ? "before" : (bits & 64U) != 0 ? "instead of" : "after";
      if ((bits & 4U) != 0) t.events.emplace_back("insert");
      if ((bits & 16U) != 0) t.events.emplace_back("update");
      if ((bits & 8U) != 0) t.events.emplace_back("delete");
      if ((bits & 32U) != 0) t.events.emplace_back("truncate");
      t.enabled = enabled(text(r[4]));
      t.constraint = truth(r[5]);
      t.deferrable = truth(r[6]);
      t.initially_deferred = truth(r[7]);
      t.update_of = column_refs(key.ns, key.owner, strings(r[8]));
      t.old_table = text(r[9]);
      t.new_table = text(r[10]);
      if (r[11]) t.from_table = Ref{{Kind::table, *r[11], "", text(r[12]), ""}};
      read_definition(text(r[13]), t);
      t.comment = text(r[14]);
      out.objects.emplace(key, std::move(t));
    }
  }

  void normalize(const ObjectKey& key, ObjectBody& body, const Catalog& catalog,
                 std::vector<Diagnostic>& found) const override {
    auto& t = std::get<Trigger>(body);
    for (auto* s : {&t.timing, &t.level, &t.enabled}) *s = lower(*s);
    if (t.level.empty()) t.level = "statement";
    if (t.initially_deferred) t.deferrable = true;
    order_events(t);
    t.execute = canonical_call(t.execute, key, catalog);
    if (t.execute.empty())
      found.push_back(
          {{}, to_string(key) + ": no function to execute", "add `execute: function_name()`", {}});
  }

  Means means(const Altered& a, const Catalog&, const Catalog&) const override {
    if (a.only({"comment", "enabled"})) return InPlace{};
    return Recreate{};
  }

  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    switch (step.verb) {
      case Verb::rename:
        w.raw("ALTER TRIGGER ").ident(step.old_key->name).raw(" ON ");
        write_owner(w, step.key).raw(" RENAME TO ").ident(step.key.name).end();
        return;
      case Verb::drop:
        w.raw("DROP TRIGGER ").ident(step.key.name).raw(" ON ");
        write_owner(w, step.key);
        w.end(TxMode::inside, {{HazardKind::blocks_reads, "short exclusive lock on the table"}});
        return;
      case Verb::create: {
        const auto& t = std::get<Trigger>(context.to.objects.at(step.key));
        create(step.key, t, w);
        if (!t.enabled.empty()) enable(step.key, t, w);
        if (!t.comment.empty()) write_comment_on(w, "TRIGGER", step.key, t.comment);
        return;
      }
      case Verb::alter: {
        const auto& a = std::get<Trigger>(context.from.objects.at(step.key));
        const auto& b = std::get<Trigger>(context.to.objects.at(step.key));
        if (a.enabled != b.enabled) enable(step.key, b, w);
        if (a.comment != b.comment) write_comment_on(w, "TRIGGER", step.key, b.comment);
        return;
      }
      case Verb::rebuild:
        break;
    }
    throw std::logic_error("a trigger is never rebuilt");
  }

 private:
  static void order_events(Trigger& t) {
    std::vector<std::string> ordered;
    for (auto& e : t.events) e = lower(e);
    for (const std::string_view e : {"insert", "update", "delete", "truncate"})
      if (std::find(t.events.begin(), t.events.end(), e) != t.events.end()) ordered.emplace_back(e);
    for (const auto& e : t.events)  // what is no event stays, for the server to refuse
      if (std::find(ordered.begin(), ordered.end(), e) == ordered.end()) ordered.push_back(e);
    t.events = std::move(ordered);
  }

  /// `touch( 'a','b' )` as `app.touch('a', 'b')`, where the catalog declares the function.
  static std::string canonical_call(const std::string& written, const ObjectKey& key,
                                    const Catalog& catalog) {
    std::vector<std::string> names, arguments;
    int depth = 0;
    for (const auto& t : postgres_dialect().tokens(written)) {
      if (t.text == "(") ++depth;
      const bool word = t.type == Token::Type::word || t.type == Token::Type::quoted_identifier;
      if (depth == 0 && word) names.push_back(t.value());
      if (depth > 0 && (word || t.type == Token::Type::string || t.type == Token::Type::number))
        arguments.push_back(t.type == Token::Type::string ? std::string(t.text)
                                                          : postgres_dialect().literal(t.text));
    }
    if (names.empty()) return written;
    if (names.size() == 1) {
      for (const std::string& ns : {key.ns, std::string("public")})
        if (names.size() == 1 && catalog.contains({Kind::function, ns, "", names[0], ""}))
          names.insert(names.begin(), ns);
    }
    std::vector<std::string> quoted;
    for (const auto& n : names) quoted.push_back(postgres_dialect().quote(n));
    return join(quoted, ".") + "(" + join(arguments, ", ") + ")";
  }

  static void enable(const ObjectKey& key, const Trigger& t, SqlWriter& w) {
    w.raw("ALTER TABLE ");
    write_owner(w, key);
    w.raw(t.enabled == "disabled"  ? " DISABLE TRIGGER "
          : t.enabled == "replica" ? " ENABLE REPLICA TRIGGER "
          : t.enabled == "always"  ? " ENABLE ALWAYS TRIGGER "
                                   : " ENABLE TRIGGER ");
    w.ident(key.name).end();
  }

  static void create(const ObjectKey& key, const Trigger& t, SqlWriter& w) {
    w.raw(t.constraint ? "CREATE CONSTRAINT TRIGGER " : "CREATE TRIGGER ").ident(key.name);
    w.raw("\n  ").raw(upper(t.timing)).raw(" ");
    for (std::size_t i = 0; i < t.events.size(); ++i) {
      w.raw(i > 0 ? " OR " : "").raw(upper(t.events[i]));
      if (t.events[i] == "update" && !t.update_of.empty()) w.raw(" OF ").idents(t.update_of);
    }
    w.raw(" ON ");
    write_owner(w, key);
    if (t.from_table) w.raw("\n  FROM ").name(t.from_table->to);
    if (t.deferrable) w.raw(t.initially_deferred ? "\n  DEFERRABLE INITIALLY DEFERRED" : "\n  DEFERRABLE");
    if (!t.old_table.empty() || !t.new_table.empty()) {
      w.raw("\n  REFERENCING");
      if (!t.old_table.empty()) w.raw(" OLD TABLE AS ").ident(t.old_table);
      if (!t.new_table.empty()) w.raw(" NEW TABLE AS ").ident(t.new_table);
    }
    w.raw(t.level == "row" ? "\n  FOR EACH ROW" : "\n  FOR EACH STATEMENT");
    if (t.when)
      w.raw("\n  WHEN (").raw(t.when->canonical.empty() ? t.when->text : t.when->canonical).raw(")");
    w.raw("\n  EXECUTE FUNCTION ").raw(t.execute);
    w.end(TxMode::inside, {{HazardKind::blocks_writes, "short lock against writes on the table"}});
  }
};
}  // namespace

const KindHandler& postgres_trigger_handler() {
  static const Handler handler;
  return handler;
}

}  // namespace trueup
