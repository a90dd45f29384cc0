#include "base/text.hpp"
#include "engine/postgres/catalog_query.hpp"
#include "engine/postgres/clauses.hpp"
#include "engine/postgres/handlers.hpp"

namespace trueup {
namespace {
using namespace postgres;

/// Role 0 is PUBLIC, and then the only one.
constexpr std::string_view policies = R"sql(
select n.nspname, c.relname, p.polname, p.polpermissive, p.polcmd,
       (select array_agg(r.rolname::text order by r.rolname) from pg_roles r where r.oid = any (p.polroles)),
       pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid), obj_description(p.oid, 'pg_policy')
from pg_policy p
join pg_class c on c.oid = p.polrelid
join pg_namespace n on n.oid = c.relnamespace
where {in_scope} and {modelled_table}
)sql";

std::string command_of(const std::string& code) {
  return code == "r"   ? "select"
         : code == "a" ? "insert"
         : code == "w" ? "update"
         : code == "d" ? "delete"
                       : "";
}

std::optional<Expr> condition(const Cell& c) {
  if (!c) return std::nullopt;
  return server_expr(*c);
}

class Handler final : public KindHandler {
 public:
  void introspect(Connection& connection, const Scope& scope, Catalog& out) const override {
    for (const auto& r : catalog_rows(connection, scope, policies)) {
      Policy p;
      p.restrictive = !truth(r[3]);
      p.command = command_of(text(r[4]));
      p.roles = strings(r[5]);
      p.using_rows = condition(r[6]);
      p.with_check = condition(r[7]);
      p.comment = text(r[8]);
      out.objects.emplace(child_key(Kind::policy, text(r[0]), text(r[1]), text(r[2])), std::move(p));
    }
  }

  void normalize(const ObjectKey& key, ObjectBody& body, const Catalog&,
                 std::vector<Diagnostic>& found) const override {
    auto& p = std::get<Policy>(body);
    p.command = lower(p.command);
    if (p.command == "all") p.command.clear();
    if (!p.command.empty() && p.command != "select" && p.command != "insert" && p.command != "update" &&
        p.command != "delete")
      found.push_back({{},
                       to_string(key) + ": unknown command '" + p.command + "'",
                       "write select, insert, update, delete or all",
                       {}});
    std::sort(p.roles.begin(), p.roles.end());
    p.roles.erase(std::unique(p.roles.begin(), p.roles.end()), p.roles.end());
    if (p.roles == std::vector<std::string>{"public"}) p.roles.clear();
  }

  Means means(const Altered& a, const Catalog& from, const Catalog& to) const override {
    if (a.has("restrictive") || a.has("command")) return Recreate{};
    const auto& x = *from.find<Policy>(a.key);
    const auto& y = *to.find<Policy>(a.key);
    // ALTER POLICY sets a condition, it cannot take one away.
    const bool loses = (x.using_rows && !y.using_rows) || (x.with_check && !y.with_check);
    return loses ? Means{Recreate{}} : Means{InPlace{}};
  }

  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    switch (step.verb) {
      case Verb::rename:
        w.raw("ALTER POLICY ").ident(step.old_key->name).raw(" ON ");
        write_owner(w, step.key).raw(" RENAME TO ").ident(step.key.name).end();
        return;
      case Verb::drop:
        w.raw("DROP POLICY ").ident(step.key.name).raw(" ON ");
        write_owner(w, step.key);
        w.end(TxMode::inside, {{HazardKind::other, "who sees which rows changes"}});
        return;
      case Verb::create:
        create(step.key, *context.to.find<Policy>(step.key), w);
        return;
      case Verb::alter:
        alter(step.key, *context.from.find<Policy>(step.key), *context.to.find<Policy>(step.key), w);
        return;
      case Verb::rebuild:
        break;
    }
    throw std::logic_error("a policy is never rebuilt");
  }

 private:
  static void write_roles(const Policy& p, SqlWriter& w) {
    w.raw(" TO ");
    if (p.roles.empty()) w.raw("PUBLIC");
    for (std::size_t i = 0; i < p.roles.size(); ++i) w.raw(i > 0 ? ", " : "").ident(p.roles[i]);
  }
  static void create(const ObjectKey& key, const Policy& p, SqlWriter& w) {
    w.raw("CREATE POLICY ").ident(key.name).raw(" ON ");
    write_owner(w, key);
    if (p.restrictive) w.raw(" AS RESTRICTIVE");
    if (!p.command.empty()) w.raw(" FOR ").raw(upper(p.command));
    if (!p.roles.empty()) write_roles(p, w);
    if (p.using_rows) w.raw("\n  USING (").raw(sql_of(*p.using_rows)).raw(")");
    if (p.with_check) w.raw("\n  WITH CHECK (").raw(sql_of(*p.with_check)).raw(")");
    w.end(TxMode::inside, {{HazardKind::other, "who sees which rows changes"}});
    if (!p.comment.empty()) write_comment_on(w, "POLICY", key, p.comment);
  }
  static void alter(const ObjectKey& key, const Policy& from, const Policy& to, SqlWriter& w) {
    if (from.roles != to.roles || from.using_rows != to.using_rows || from.with_check != to.with_check) {
      w.raw("ALTER POLICY ").ident(key.name).raw(" ON ");
      write_owner(w, key);
      if (from.roles != to.roles) write_roles(to, w);
      if (from.using_rows != to.using_rows) w.raw("\n  USING (").raw(sql_of(*to.using_rows)).raw(")");
      if (from.with_check != to.with_check) w.raw("\n  WITH CHECK (").raw(sql_of(*to.with_check)).raw(")");
      w.end(TxMode::inside, {{HazardKind::other, "who sees which rows changes"}});
    }
    if (from.comment != to.comment) write_comment_on(w, "POLICY", key, to.comment);
  }
};
}  // namespace

const KindHandler& postgres_policy_handler() {
  static const Handler handler;
  return handler;
}

}  // namespace trueup
