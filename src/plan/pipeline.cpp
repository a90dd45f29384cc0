#include "plan/pipeline.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "diff/row_values.hpp"
#include "engine/finding.hpp"
#include "engine/raw_objects.hpp"
#include "kinds/former_name.hpp"

namespace trueup {
namespace {
const std::string star = "*";

bool in_scope(const ObjectKey& key, const ObjectBody& body, const std::set<std::string>& namespaces,
              const Catalog& keep) {
  if (const auto* extension = std::get_if<Extension>(&body))
    return keep.contains(key) || extension->installed_in.empty() ||
           namespaces.contains(extension->installed_in);
  if (key.kind == Kind::name_space) return namespaces.contains(key.name);
  return key.ns.empty() || namespaces.contains(key.ns) || keep.contains(key);
}

void add_namespaces(const Catalog& catalog, std::set<std::string>& out) {
  out.insert(catalog.namespaces.begin(), catalog.namespaces.end());
  catalog.for_each_whole([&](const ObjectKey& key, const ObjectBody&) {
    if (key.kind == Kind::name_space)
      out.insert(key.name);
    else if (!key.ns.empty())
      out.insert(key.ns);
  });
}

bool has_rows(const Catalog& catalog) {
  const auto rows = catalog.of_kind(Kind::row);
  return rows.begin() != rows.end();
}

/// Does the object speak of one that only the desired state has? Then it is no other spelling of what is
/// there.
bool speaks_of_new(const ObjectKey& key, const Catalog& from, const Catalog& to) {
  const auto uses = to.uses.find(key);
  if (uses == to.uses.end()) return false;
  const auto is_new = [&](const ObjectKey& used) { return to.contains(used) && !from.contains(used); };
  return std::any_of(uses->second.hard.begin(), uses->second.hard.end(), is_new) ||
         std::any_of(uses->second.soft.begin(), uses->second.soft.end(), is_new);
}

/// The hints of a recorded state speak of the past: where the new name is there, the old one is another
/// object's.
void forget_done_hints(const Catalog& from, Catalog& to) {
  for (auto& [key, body] : to.objects)
    if (!rename_hint(body).empty() && from.contains(key))
      std::visit(
          [](auto& b) {
            if constexpr (requires { b.renamed_from; }) b.renamed_from.clear();
          },
          body);
}

/// A database does not tell which of its rows the schema ever declared: those that go may be anybody's.
void count_rows_found(Plan& plan) {
  std::map<ObjectKey, std::size_t> counted;
  for (std::size_t i = 0; i < plan.losses.size(); ++i) counted.emplace(plan.losses[i].key, i);
  for (const auto& change : plan.changes) {
    const auto* gone = std::get_if<Dropped>(&change);
    if (gone == nullptr || gone->key.kind != Kind::row) continue;
    if (plan.to.relation(gone->key.ns, gone->key.owner) == nullptr) continue;  // its table goes
    const std::string why = "is in the database, and the schema does not declare it";
    if (const auto known = counted.find(gone->key); known != counted.end())
      plan.losses[known->second].why = why + "; " + plan.losses[known->second].why;
    else
      plan.losses.push_back({gone->key, why});
  }
}

/// Objects that are new are created either way; only for those that both states hold the question matters.
void mark_unsettled(Comparison& comparison) {
  const Catalog& from = comparison.plan.from;
  std::erase_if(comparison.unsettled, [&](const ObjectKey& key) {
    return !from.contains(key) || speaks_of_new(key, from, comparison.plan.to);
  });
  const std::set<ObjectKey> keys(comparison.unsettled.begin(), comparison.unsettled.end());
  const Hazard unsettled{HazardKind::unsettled, "perhaps only spelled differently"};
  for (auto& statement : comparison.statements) {
    const bool other_cause = statement.verb == to_string(Verb::drop) || !statement.because.empty();
    if (!keys.contains(statement.source) || other_cause) continue;
    statement.hazards.push_back(unsettled);
  }
}
}  // namespace

std::set<std::string> every_namespace() {
  return {star};
}

void normalize(State& state, const EngineDialect& dialect) {
  if (state.normalized) return;
  std::vector<Diagnostic> found;
  dialect.normalize(state.catalog, found);
  if (!found.empty()) throw InputError(std::move(found));
  state.normalized = true;
}

void prepare(State& state, const EngineDialect& dialect) {
  if (state.prepared) return;
  normalize(state, dialect);
  if (state.origin == Origin::authored) dialect.infer_uses(state.catalog);
  state.prepared = true;
}

void precheck(const Catalog& desired, const EngineDialect& dialect) {
  std::vector<Diagnostic> found;
  dialect.precheck(desired, found);
  for (const auto& [key, body] : desired.objects) {
    const auto* raw = std::get_if<Raw>(&body);
    const std::string why = raw == nullptr ? std::string() : bad_question(*raw, dialect);
    if (!why.empty()) found.push_back(finding(desired, key, why, "give a query that changes nothing"));
  }
  if (!found.empty()) throw InputError(std::move(found));
}

std::set<std::string> managed_namespaces(const Catalog& from, const Catalog& to,
                                         const CompareOptions& options) {
  if (!options.namespaces.empty() && !options.namespaces.contains(star)) return options.namespaces;
  std::set<std::string> out;
  add_namespaces(to, out);
  if (options.namespaces.contains(star) || out.empty()) {
    add_namespaces(from, out);
    // Where nothing but an extension lives, no other object names the namespace.
    for (const auto& [key, body] : from.of_kind(Kind::extension))
      if (const auto& extension = std::get<Extension>(body); !extension.installed_in.empty())
        out.insert(extension.installed_in);
  }
  return out;
}

void restrict_to(Catalog& catalog, const std::set<std::string>& namespaces, const Catalog& keep) {
  for (const auto& [key, body] : catalog.objects)
    if (!in_scope(key, body, namespaces, keep))
      for (const auto& needed : dependencies(catalog, key).hard)
        if (const auto it = catalog.objects.find(needed);
            it != catalog.objects.end() && in_scope(needed, it->second, namespaces, keep))
          catalog.outsiders[to_string(key)].needs.insert(needed);
  std::erase_if(catalog.objects,
                [&](const auto& entry) { return !in_scope(entry.first, entry.second, namespaces, keep); });
  std::erase_if(catalog.uses, [&](const auto& entry) { return !catalog.contains(entry.first); });
  catalog.namespaces = namespaces;
}

Comparison compare(State from, State to, const EngineDialect& dialect, const CompareOptions& options) {
  prepare(from, dialect);
  prepare(to, dialect);
  if (to.origin == Origin::recorded) forget_done_hints(from.catalog, to.catalog);
  precheck(to.catalog, dialect);
  if (dialect.capabilities().namespaces) {
    const auto namespaces = managed_namespaces(from.catalog, to.catalog, options);
    Catalog keep;
    for (const auto& [key, body] : to.catalog.of_kind(Kind::extension)) keep.objects.emplace(key, body);
    for (const auto& key : moved_in(from.catalog, to.catalog, namespaces))
      if (const auto it = from.catalog.objects.find(key); it != from.catalog.objects.end())
        keep.objects.insert(*it);
    restrict_to(from.catalog, namespaces, keep);
    restrict_to(to.catalog, namespaces, keep);
  }
  if (from.connection != nullptr && has_rows(to.catalog)) {
    const auto former = former_names(from.catalog, to.catalog);
    if (former.empty() && !renames_values(to.catalog)) {
      dialect.read_rows(*from.connection, to.catalog, from.catalog);
    } else {
      Catalog asked = to.catalog;
      rename_all(asked, former, dialect);
      former_row_values(asked, from.catalog, dialect);
      dialect.read_rows(*from.connection, asked, from.catalog);
    }
  }
  std::vector<std::string> notices;
  if (from.connection != nullptr)
    see_raw_objects(*from.connection, to.catalog, from.catalog, dialect, notices);
  if (to.connection != nullptr) see_raw_objects(*to.connection, from.catalog, to.catalog, dialect, notices);

  Connection* scratch = options.scratch;
  // The server that a state is on, too, where the other one is of another vendor and spells otherwise.
  Connection* own = from.connection != nullptr ? from.connection : to.connection;
  if (scratch == nullptr || (own != nullptr && own->vendor() != scratch->vendor())) scratch = own;
  // An authored from-state is brought to the spelling of the desired one first, or a live desired state would
  // differ from the very text it was made from.
  if (from.origin == Origin::authored && to.origin != Origin::authored)
    settle_expressions(to.catalog, from.catalog, dialect, scratch);
  Comparison out;
  out.unsettled = settle_expressions(from.catalog, to.catalog, dialect, scratch, &notices);
  // What is not there yet is created as it is written, however the server will spell it.
  std::erase_if(out.unsettled, [&](const ObjectKey& key) { return !from.catalog.contains(key); });
  out.plan = make_plan(std::move(from.catalog), std::move(to.catalog), dialect);
  if (from.connection != nullptr) count_rows_found(out.plan);
  out.plan.notices.insert(out.plan.notices.end(), notices.begin(), notices.end());
  out.plan.cluster = options.cluster;
  out.statements = render(out.plan, dialect);
  mark_unsettled(out);
  return out;
}

}  // namespace trueup
