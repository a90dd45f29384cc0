#include "engine/postgres/routine.hpp"

#include "base/text.hpp"
#include "engine/postgres/catalog_query.hpp"
#include "engine/postgres/clauses.hpp"
#include "engine/postgres/constraint.hpp"
#include "engine/postgres/lexer.hpp"
#include "engine/postgres/type_replacement.hpp"

namespace trueup::postgres {
namespace {
// Constructors of a range type belong to the type.
constexpr std::string_view routines = R"sql(
select n.nspname, p.proname, {signature}, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid), l.lanname,
       p.prosrc, p.probin, {sql_body}, p.provolatile, p.proisstrict, p.prosecdef, p.proleakproof, p.prokind,
       p.proparallel, p.procost, p.prorows, p.proretset, nullif(p.prosupport::oid, 0)::regproc::text, p.proconfig,
       {comment pg_proc p.oid}
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
join pg_language l on l.oid = p.prolang
where {in_scope} and not {member pg_proc p.oid} and p.prokind in ({kinds})
  and p.oid not in (select i.objid from pg_depend i where i.classid = 'pg_proc'::regclass and i.deptype = 'i')
)sql";

std::string volatility(const std::string& code) {
  return code == "i" ? "immutable" : code == "s" ? "stable" : "";
}
std::string parallel(const std::string& code) {
  return code == "s" ? "safe" : code == "r" ? "restricted" : "";
}

Function read(const ResultRow& r) {
  Function f;
  f.arguments = text(r[3]);
  f.returns = text(r[4]);
  f.language = text(r[5]);
  f.sql_body = r[8].has_value();
  f.body = server_expr(f.sql_body ? *r[8] : text(r[6]));
  if (r[7]) f.options["library"] = *r[7];
  f.volatility = volatility(text(r[9]));
  f.strict = truth(r[10]);
  f.security_definer = truth(r[11]);
  f.leakproof = truth(r[12]);
  f.window = text(r[13]) == "w";
  f.parallel = parallel(text(r[14]));
  const bool native = f.language == "c" || f.language == "internal";
  if (text(r[15]) != (native ? "1" : "100")) f.cost = text(r[15]);
  if (truth(r[17]) && text(r[16]) != "1000") f.rows = text(r[16]);
  f.support = text(r[18]);
  f.settings = strings(r[19]);
  f.comment = text(r[20]);
  return f;
}

Procedure as_procedure(const Function& f) {
  Procedure p;
  p.arguments = f.arguments;
  p.language = f.language;
  p.body = f.body;
  p.sql_body = f.sql_body;
  p.security_definer = f.security_definer;
  p.settings = f.settings;
  p.options = f.options;
  p.comment = f.comment;
  return p;
}

/// `search_path` and its like hold lists whose elements are quoted one by one.
bool is_list_setting(std::string_view name) {
  return name == "search_path" || name == "temp_tablespaces" || name == "session_preload_libraries" ||
         name == "local_preload_libraries";
}
std::string setting(const std::string& pair, const EngineDialect& d) {
  const auto equals = pair.find('=');
  const std::string name = pair.substr(0, equals);
  const std::string value = equals == std::string::npos ? "" : pair.substr(equals + 1);
  std::string out = " SET " + name + " TO ";
  if (!is_list_setting(lower(name))) return out + d.literal(value);
  std::vector<std::string> elements;
  for (const auto& t : d.tokens(value))
    if (t.type == Token::Type::word || t.type == Token::Type::quoted_identifier ||
        t.type == Token::Type::string)
      elements.push_back(t.type == Token::Type::string ? std::string(t.text)
                         : t.text == "\"\""            ? "''"  // an empty path is one element without a name
                                                       : d.literal(t.value()));
  return out + (elements.empty() ? "''" : join(elements, ", "));
}
}  // namespace

void introspect_routines(Connection& connection, const Scope& scope, std::string_view kinds, Catalog& out) {
  std::string query = replace_all(std::string(routines), "{signature}", routine_signature);
  query = replace_all(query, "{kinds}", kinds);
  query = replace_all(query, "{sql_body}",
                      connection.version() >= 140000 ? "pg_get_function_sqlbody(p.oid)" : "null::text");
  for (const auto& r : catalog_rows(connection, scope, query)) {
    const bool procedure = text(r[13]) == "p";
    ObjectKey key{procedure ? Kind::procedure : Kind::function, text(r[0]), "", text(r[1]), text(r[2])};
    Function f = read(r);
    if (procedure)
      out.objects.emplace(std::move(key), as_procedure(f));
    else
      out.objects.emplace(std::move(key), std::move(f));
  }
}

Function as_function(const Procedure& p) {
  Function f;
  f.arguments = p.arguments;
  f.language = p.language;
  f.body = p.body;
  f.sql_body = p.sql_body;
  f.security_definer = p.security_definer;
  f.settings = p.settings;
  f.options = p.options;
  f.comment = p.comment;
  return f;
}

std::string dollar_quoted(std::string_view text) {
  std::string tag;
  for (int n = 0; text.find("$" + tag) != std::string_view::npos || text.ends_with("$"); ++n) {
    tag = n == 0 ? "body" : "body" + std::to_string(n);
    if (text.find("$" + tag) == std::string_view::npos) break;
  }
  return fmt::format("${0}${1}${0}$", tag, text);
}

SqlWriter& write_routine(SqlWriter& w, const ObjectKey& key) {
  return w.relation(key.ns, key.name).raw("(").raw(key.signature).raw(")");
}

namespace {
std::string attributes(const Function& f, const EngineDialect& d) {
  std::string out;
  if (f.window) out += " WINDOW";
  if (!f.volatility.empty()) out += f.volatility == "immutable" ? " IMMUTABLE" : " STABLE";
  if (f.strict) out += " STRICT";
  if (f.security_definer) out += " SECURITY DEFINER";
  if (f.leakproof) out += " LEAKPROOF";
  if (!f.parallel.empty()) out += f.parallel == "safe" ? " PARALLEL SAFE" : " PARALLEL RESTRICTED";
  if (!f.cost.empty()) out += " COST " + f.cost;
  if (!f.rows.empty()) out += " ROWS " + f.rows;
  if (!f.support.empty()) out += " SUPPORT " + f.support;
  for (const auto& s : f.settings) out += setting(s, d);
  return out;
}
}  // namespace

std::string create_routine(const ObjectKey& key, const Function& f, const EngineDialect& d) {
  const bool procedure = key.kind == Kind::procedure;
  std::string out = procedure ? "CREATE OR REPLACE PROCEDURE " : "CREATE OR REPLACE FUNCTION ";
  if (!key.ns.empty()) out += d.quote(key.ns) + ".";
  out += d.quote(key.name) + "(" + f.arguments + ")";
  // OUT arguments alone say the result as well; RETURNS may stand beside them.
  if (!procedure && !f.returns.empty()) out += "\nRETURNS " + f.returns;
  out += "\nLANGUAGE " + d.quote(f.language) + attributes(f, d) + "\n";
  const std::string& body = f.body.canonical.empty() ? f.body.text : f.body.canonical;
  if (f.sql_body) return out + body;
  if (auto it = f.options.find("library"); it != f.options.end())
    return out + "AS " + d.literal(it->second) + ", " + d.literal(body);
  return out + "AS " + dollar_quoted(body);
}

namespace {
/// Does the expression call a routine of that name?
bool calls(const Expr& e, const std::string& name) {
  const auto tokens = significant(e.comparable());
  return std::any_of(tokens.begin(), tokens.end(), [&](const Token& t) { return t.value() == name; });
}
bool is_called(const Catalog& c, const ObjectKey& routine, const ObjectKey& by) {
  const auto uses = c.uses.find(by);
  return uses != c.uses.end() && uses->second.hard.contains(routine);
}
/// Does it come back in another form, or in its place one of the same name that the dependent calls then?
bool comes_back(const ObjectKey& routine, const ObjectKey& dependent, const Catalog& from,
                const Catalog& to) {
  if (to.contains(routine)) return true;
  const auto uses = to.uses.find(dependent);
  return uses != to.uses.end() &&
         std::any_of(uses->second.hard.begin(), uses->second.hard.end(), [&](const ObjectKey& k) {
           return k.kind == routine.kind && k.ns == routine.ns && k.name == routine.name && !from.contains(k);
         });
}
bool checked_by(const ObjectKey& routine, const Domain& d) {
  return std::any_of(d.checks.begin(), d.checks.end(),
                     [&](const DomainCheck& c) { return calls(c.expression, routine.name); });
}
/// Does it go as it is, whatever it stands on?
bool goes(const ObjectKey& routine, const Catalog& from, const Catalog& to) {
  const auto *before = from.find<Function>(routine), *after = to.find<Function>(routine);
  return before != nullptr && (after == nullptr || !replaceable(*before, *after));
}
/// The server looks at the values of a new check, which it cannot where they stand inside of others. A domain
/// that changes itself must know what steps aside.
bool domain_steps_aside(const ObjectKey& domain, const ObjectKey& routine, const Catalog& from,
                        const Catalog& to) {
  const auto *before = from.find<Domain>(domain), *after = to.find<Domain>(domain);
  if (before == nullptr || after == nullptr) return false;
  const Altered change{domain, changed_fields(*before, *after)};
  if (!change.fields.empty() &&
      (!change.only({"checks", "default", "not_null", "comment"}) || !goes(routine, from, to)))
    return false;
  const bool called =
      checked_by(routine, *after) || (after->default_value && calls(*after->default_value, routine.name));
  if (called && !comes_back(routine, domain, from, to)) return false;
  return !checked_by(routine, *before) || !inside_columns(domain, from, to);
}
}  // namespace

bool steps_aside(const ObjectKey& routine, const ObjectKey& dependent, const Catalog& from,
                 const Catalog& to) {
  if (!is_called(from, routine, dependent)) return false;
  if (dependent.kind == Kind::domain) return domain_steps_aside(dependent, routine, from, to);
  if (!comes_back(routine, dependent, from, to)) return false;
  const auto* before = from.find<Column>(dependent);
  return before != nullptr && to.find<Column>(dependent) != nullptr && before->default_value &&
         !before->generated;
}

namespace {
SqlWriter& alter_default(SqlWriter& w, const ObjectKey& column) {
  w.raw("ALTER TABLE ");
  return write_owner(w, column).raw(" ALTER COLUMN ").ident(column.name);
}
SqlWriter& alter_domain(SqlWriter& w, const ObjectKey& domain) {
  return w.raw("ALTER DOMAIN ").name(domain);
}
/// What calls a function that comes back in another form is taken off before it goes,
void take_off(const ObjectKey& routine, const RenderContext& context, SqlWriter& w) {
  for (const auto& [key, uses] : context.from.uses) {
    if (!uses.hard.contains(routine) || !steps_aside(routine, key, context.from, context.to)) continue;
    const auto* domain = context.from.find<Domain>(key);
    if (domain == nullptr) {
      alter_default(w, key).raw(" DROP DEFAULT").end();
      continue;
    }
    if (domain->default_value && calls(*domain->default_value, routine.name))
      alter_domain(w, key).raw(" DROP DEFAULT").end();
    for (const auto& check : domain->checks)
      if (calls(check.expression, routine.name))
        alter_domain(w, key).raw(" DROP CONSTRAINT ").ident(check.name).end();
  }
}
bool same(const DomainCheck& a, const DomainCheck& b) {
  return a.name == b.name && a.expression == b.expression && a.not_valid == b.not_valid;
}
bool holds(const Domain& d, const DomainCheck& check) {
  return std::any_of(d.checks.begin(), d.checks.end(), [&](const DomainCheck& c) { return same(c, check); });
}
/// How it is written in a session that looks for bare names in `public`.
const std::string& settled_sql(const Expr& e, const ObjectKey& owner) {
  return owner.ns == "public" || e.canonical.empty() ? sql_of(e) : e.canonical;
}
/// and put back once it is there again: by the last of the functions that it calls, as arrange() sees to.
void put_back(const ObjectKey& routine, const ObjectKey& key, const RenderContext& context, SqlWriter& w) {
  if (const auto* domain = context.to.find<Domain>(key)) {  // what changes is set by its own step
    const Domain& before = *context.from.find<Domain>(key);
    if (domain->default_value && domain->default_value == before.default_value &&
        calls(*domain->default_value, routine.name))
      alter_domain(w, key).raw(" SET DEFAULT ").raw(settled_sql(*domain->default_value, key)).end();
    for (DomainCheck check : domain->checks) {
      if (!calls(check.expression, routine.name) || !holds(before, check)) continue;
      check.expression = {settled_sql(check.expression, key), {}};
      add_domain_check(key, check, w);
    }
    return;
  }
  const auto &before = *context.from.find<Column>(key), &column = *context.to.find<Column>(key);
  // Else its own step sets it.
  if (column.default_value && column.type == before.type && column.default_value == before.default_value)
    alter_default(w, key).raw(" SET DEFAULT ").raw(settled_sql(*column.default_value, key)).end();
}
void put_back(const ObjectKey& routine, const RenderContext& context, SqlWriter& w) {
  const auto serves = [&](const ObjectKey& former, const ObjectKey& key) {
    const bool another = former.kind == routine.kind && former.ns == routine.ns &&
                         former.name == routine.name && !context.to.contains(former) &&
                         is_called(context.to, routine, key);
    return (former == routine || another) && steps_aside(former, key, context.from, context.to);
  };
  for (const auto& [key, uses] : context.from.uses) {
    const ObjectKey& user = key;  // clang 14: no structured bindings in lambdas
    if (std::any_of(uses.hard.begin(), uses.hard.end(), [&](const ObjectKey& k) { return serves(k, user); }))
      put_back(routine, key, context, w);
  }
}
}  // namespace

Domain without_aside(const ObjectKey& key, const RenderContext& context) {
  Domain out = *context.from.find<Domain>(key);
  const Domain& after = *context.to.find<Domain>(key);
  const auto uses = context.from.uses.find(key);
  if (uses == context.from.uses.end()) return out;
  for (const auto& routine : uses->second.hard) {
    if (!goes(routine, context.from, context.to) || !steps_aside(routine, key, context.from, context.to))
      continue;
    if (out.default_value && !(out.default_value == after.default_value) &&
        calls(*out.default_value, routine.name))
      out.default_value.reset();
    std::erase_if(out.checks, [&](const DomainCheck& c) {
      return calls(c.expression, routine.name) && !holds(after, c);
    });
  }
  return out;
}

void render_routine(const Step& step, std::string_view word, const Function* from, const Function* to,
                    const RenderContext& context, SqlWriter& w) {
  switch (step.verb) {
    case Verb::rename:
      return write_rename(w, word, step, context, "(" + step.old_key->signature + ")");
    case Verb::drop:
      take_off(step.key, context, w);
      w.raw("DROP ").raw(word).raw(" ");
      write_routine(w, step.key);
      w.end(TxMode::inside,
            context.to.contains(step.key)
                ? std::vector<Hazard>{{HazardKind::other, "privileges granted on it are lost"}}
                : std::vector<Hazard>{});
      return;
    case Verb::create:
    case Verb::alter: {
      Function without_comment = *to;
      if (from != nullptr && step.verb == Verb::alter) without_comment.comment = from->comment;
      if (step.verb == Verb::create || !changed_fields(*from, without_comment).empty())
        w.raw(create_routine(step.key, *to, context.dialect)).end();
      if (step.verb == Verb::create) put_back(step.key, context, w);
      const std::string before = step.verb == Verb::alter ? from->comment : std::string();
      if (before == to->comment) return;
      w.raw("COMMENT ON ").raw(word).raw(" ");
      write_routine(w, step.key).raw(" IS ");
      if (to->comment.empty())
        w.raw("NULL").end();
      else
        w.literal(to->comment).end();
      return;
    }
    case Verb::rebuild:
      break;
  }
  throw std::logic_error("a routine is never rebuilt");
}

}  // namespace trueup::postgres
