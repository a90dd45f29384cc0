#include "source/scratch.hpp"

#include "base/text.hpp"
#include "kinds/walk.hpp"
#include "plan/plan.hpp"
#include "render/render.hpp"

namespace trueup {
namespace {

std::vector<Expr*> expressions(ObjectBody& body) {
  std::vector<Expr*> out;
  for_each_expr(body, [&](Expr& e) { out.push_back(&e); });
  return out;
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
  if (a.size() == b.size()) {
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (*a[i] == *b[i]) continue;
      const bool echo = a[i]->text == b[i]->text;
      if (!echo && verbatim(known)) continue;
      if (echo || dialect.lexical_form(a[i]->comparable()) == dialect.lexical_form(b[i]->comparable()) ||
          dialect.lexical_form(a[i]->text) == dialect.lexical_form(b[i]->text))
        b[i]->canonical = a[i]->comparable();
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
  bool any = false;
  for_each_expr(body, [&](const Expr& e) { any = any || !e.empty(); });
  return any;
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

/// The server's body with the author's texts and hints kept beside it.
ObjectBody merged(const ObjectBody& authored, const ObjectBody& read) {
  ObjectBody out = read;
  ObjectBody copy = authored;
  const auto server = expressions(out);
  const auto author = expressions(copy);
  if (server.size() != author.size()) return authored;
  for (std::size_t i = 0; i < server.size(); ++i) {
    server[i]->canonical = server[i]->comparable();
    server[i]->text = author[i]->text;
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
  for (auto& [key, body] : to.objects) {
    auto it = from.objects.find(key);
    if (it != from.objects.end() && settle_from(it->second, body, dialect)) continue;
    bool known = true;  // every expression already carries its canonical form
    for_each_expr(std::as_const(body),
                  [&](const Expr& e) { known = known && (e.empty() || !e.canonical.empty()); });
    if (respelled(body) && !known) unsettled.insert(key);
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
