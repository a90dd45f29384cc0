#include "source/scratch.hpp"

#include "base/text.hpp"
#include "engine/shared_text.hpp"
#include "kinds/walk.hpp"
#include "plan/plan.hpp"
#include "render/render.hpp"

namespace trueup {
namespace {

/// Expressions of the compared fields, field by field.
std::vector<std::vector<Expr*>> expressions(ObjectBody& body) {
  std::vector<std::vector<Expr*>> out;
  std::visit(
      [&]<class T>(T& b) {
        for_each_field<T>([&](const auto& f) {
          auto& found = out.emplace_back();
          if (f.compare != Compare::never)
            detail::walk<Expr>(b.*f.member, [&](Expr& e) { found.push_back(&e); });
        });
      },
      body);
  return out;
}

bool any_expression(const ObjectBody& body, bool (*test)(const Expr&)) {
  bool any = false;
  std::visit(
      [&]<class T>(const T& b) {
        for_each_field<T>([&](const auto& f) {
          if (f.compare != Compare::never)
            detail::walk<Expr>(b.*f.member, [&](const Expr& e) { any = any || test(e); });
        });
      },
      body);
  return any;
}

/// A function that is nothing but an expression, which the server reads and spells in its own way.
bool is_expression(const Function& f) {
  return f.arguments.empty() && f.returns.empty() && f.language.empty();
}

/// Bodies that the server keeps byte for byte, blanks and comments included: only the same text is equal.
bool verbatim(const ObjectBody& body) {
  if (const auto* f = std::get_if<Function>(&body)) return !f->sql_body && !is_expression(*f);
  if (const auto* p = std::get_if<Procedure>(&body)) return !p->sql_body;
  return std::holds_alternative<Event>(body);
}

/// Echo and lexical form. True when the bodies are equal afterwards.
bool settle_from(const ObjectBody& known, ObjectBody& wanted, const EngineDialect& dialect) {
  ObjectBody copy = known;
  const auto a = expressions(copy);
  const auto b = expressions(wanted);
  for (std::size_t field = 0; field < a.size(); ++field) {
    if (a[field].size() != b[field].size()) continue;
    for (std::size_t i = 0; i < a[field].size(); ++i) {
      const Expr& old = *a[field][i];
      Expr& now = *b[field][i];
      if (old == now) continue;
      const bool echo = old.text == now.text;
      if (!echo && verbatim(known)) continue;
      const bool same = echo ||
                        dialect.lexical_form(old.comparable()) == dialect.lexical_form(now.comparable()) ||
                        dialect.lexical_form(old.text) == dialect.lexical_form(now.text);
      if (same && old.canonical.empty())
        now = old;  // how the server spells it is as unknown as before: no author's text is that
      else if (same)
        now.canonical = old.canonical;
    }
  }
  return changed_fields(known, wanted).empty();
}

/// Bodies that the server keeps byte for byte have nothing to settle.
bool respelled(const ObjectBody& body) {
  if (const auto* f = std::get_if<Function>(&body))
    return f->sql_body || !f->arguments.empty() || is_expression(*f);
  if (const auto* p = std::get_if<Procedure>(&body)) return p->sql_body || !p->arguments.empty();
  if (std::holds_alternative<Raw>(body) || std::holds_alternative<Row>(body)) return false;
  if (std::holds_alternative<Trigger>(body)) return true;
  if (std::holds_alternative<Event>(body)) return false;  // the server would run it
  return any_expression(body, [](const Expr& e) { return !e.empty(); });
}

/// The objects to try out, with everything they stand on; tables come with all their columns and keys,
/// because views may use `*`, functional dependence on a key, or ON CONFLICT.
Catalog with_foundations(const Catalog& to, const std::set<ObjectKey>& wanted) {
  Catalog out;
  std::vector<ObjectKey> work(wanted.begin(), wanted.end());
  auto take = [&](const ObjectKey& key) {
    if (!out.contains(key) && to.contains(key)) work.push_back(key);
  };
  while (!work.empty()) {
    const ObjectKey key = work.back();
    work.pop_back();
    if (!out.objects.emplace(key, to.objects.at(key)).second) continue;
    if (auto it = to.uses.find(key); it != to.uses.end()) out.uses.insert(*it);
    const auto d = dependencies(to, key);
    for (const auto& k : d.hard) take(k);
    for (const auto& k : d.soft) take(k);
    if (key.kind == Kind::table)
      for (const auto& child : to.children(key))
        if (child.kind == Kind::column || child.kind == Kind::primary_key || child.kind == Kind::unique)
          take(child);
  }
  return out;
}

/// Does the state remember a server's spelling of what an author wrote?
bool remembers_spelling(const ObjectBody& body) {
  return any_expression(
      body, [](const Expr& e) { return !e.text.empty() && !e.canonical.empty() && e.text != e.canonical; });
}

/// The server's body with the author's texts and hints kept beside it.
ObjectBody merged(const ObjectBody& authored, const ObjectBody& read) {
  ObjectBody out = read;
  ObjectBody copy = authored;
  const auto server = expressions(out);
  const auto author = expressions(copy);
  for (std::size_t field = 0; field < server.size(); ++field) {
    if (server[field].size() != author[field].size()) return authored;
    for (std::size_t i = 0; i < server[field].size(); ++i) {
      server[field][i]->canonical = server[field][i]->comparable();
      server[field][i]->text = author[field][i]->text;
    }
  }
  std::visit(
      [&]<class T>(T& b) {
        const T& original = std::get<T>(authored);
        for_each_field<T>([&](const auto& f) {
          if (f.compare != Compare::always) b.*f.member = original.*f.member;
          if constexpr (std::is_same_v<std::remove_cvref_t<decltype(b.*f.member)>, Options>)
            b.*f.member = original.*f.member;
        });
        // The server writes a column list into the query; the author's text alone would name the columns
        // otherwise.
        if constexpr (requires { b.query.canonical, b.columns; })
          if (b.columns != original.columns) b.query.text = b.query.canonical;
      },
      out);
  return out;
}

void try_out(Connection& scratch, Catalog& to, std::set<ObjectKey>& unsettled, const EngineDialect& dialect,
             std::vector<std::string>* notices) {
  auto place = dialect.scratch_beside(scratch);
  if (!place) return;
  Connection& c = place->connection();
  const Catalog part = with_foundations(to, unsettled);
  Scope scope;
  Catalog empty = dialect.introspect(c, scope);
  const Plan plan = make_plan(empty, part, dialect);
  for (const auto& s : render(plan, dialect)) {
    try {
      c.execute(s.sql);
    } catch (const WorldError& e) {
      if (notices != nullptr)
        notices->push_back(fmt::format("scratch: {}: {}", to_string(s.source), e.what()));
    }
  }
  const Catalog read = dialect.introspect(c, scope);
  for (auto it = unsettled.begin(); it != unsettled.end();) {
    auto found = read.objects.find(*it);
    if (found == read.objects.end()) {
      ++it;
      continue;
    }
    to.objects.at(*it) = merged(to.objects.at(*it), found->second);
    if (auto uses = read.uses.find(*it); uses != read.uses.end()) to.uses.insert_or_assign(*it, uses->second);
    it = unsettled.erase(it);
  }
}
}  // namespace

std::vector<ObjectKey> settle_expressions(const Catalog& from, Catalog& to, const EngineDialect& dialect,
                                          Connection* scratch, std::vector<std::string>* notices) {
  std::set<ObjectKey> unsettled;
  std::optional<std::set<ObjectKey>> anew;
  const bool after_functions = dialect.capabilities().inlines_functions;
  for (auto& [key, body] : to.objects) {
    if (!anew && (!after_functions || key.kind > Kind::function)) anew = spelled_anew(from, to, dialect);
    auto it = from.objects.find(key);
    // The text that the states share means another thing, or is spelled otherwise by now.
    const bool echoes = !anew || !anew->contains(key);
    if (echoes && it != from.objects.end() && settle_from(it->second, body, dialect)) continue;
    // Where an engine has several vendors, the spelling may be another one's.
    const bool other_server = !to.server.empty() && to.server != from.server;
    const bool foreign =
        !from.server.empty() && it != from.objects.end() && (other_server || remembers_spelling(body));
    if (respelled(body) &&
        (foreign || any_expression(body, [](const Expr& e) { return !e.empty() && e.canonical.empty(); })))
      unsettled.insert(key);
  }
  if (!dialect.capabilities().respells) return {};
  if (!unsettled.empty() && scratch != nullptr) {
    try {
      try_out(*scratch, to, unsettled, dialect, notices);
    } catch (const WorldError& e) {
      if (notices != nullptr) notices->push_back(fmt::format("no scratch database: {}", e.what()));
    }
  }
  return {unsettled.begin(), unsettled.end()};
}

}  // namespace trueup
