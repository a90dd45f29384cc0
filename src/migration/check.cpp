#include "migration/check.hpp"

#include "base/text.hpp"
#include "migration/allowed.hpp"
#include "migration/history.hpp"
#include "migration/runner.hpp"
#include "migration/verify.hpp"

namespace trueup {
namespace {
[[noreturn]] void refuse_own_work(std::string_view engine, const std::string& why) {
  throw RefusedError(
      {{std::string(engine), "the generated migration does not lead to the desired state: " + why,
        "nothing was written; please report this, with the schema"}});
}

/// Collects what one catalog must hold so that a set of objects can exist.
class Closure {
 public:
  explicit Closure(const Catalog& catalog) : catalog_(catalog) {}

  /// The object with everything that belongs to it.
  void whole(const ObjectKey& key) {
    if (info(key.kind).owned)
      if (const ObjectKey* owner = catalog_.relation(key.ns, key.owner)) {
        whole(*owner);
        return;
      }
    part(key);
    if (!info(key.kind).relation || !catalog_.contains(key)) return;
    for (const auto& child : catalog_.children(key)) part(child);
  }

  /// The object and what it needs; of a relation only what others can refer to.
  void part(const ObjectKey& key) {
    std::vector<ObjectKey> work{key};
    while (!work.empty()) {
      const ObjectKey k = std::move(work.back());
      work.pop_back();
      if (!catalog_.contains(k) || !keys_.insert(k).second) continue;
      const Dependencies needs = dependencies(catalog_, k);
      work.insert(work.end(), needs.hard.begin(), needs.hard.end());
      work.insert(work.end(), needs.soft.begin(), needs.soft.end());
      if (!info(k.kind).relation) continue;
      for (const auto& child : catalog_.children(k))
        if (shapes_relation(child.kind)) work.push_back(child);
    }
  }

  /// Objects elsewhere that refer to what has been collected as touched.
  void dependents(const std::set<ObjectKey>& touched) {
    std::vector<ObjectKey> found;
    for (const auto& [key, body] : catalog_.objects) {
      bool refers = false;
      for_each_ref(body, [&](const Ref& r) { refers = refers || touched.contains(r.to); });
      if (auto it = catalog_.uses.find(key); !refers && it != catalog_.uses.end())
        for (const auto* set : {&it->second.hard, &it->second.soft})
          refers = refers ||
                   std::any_of(set->begin(), set->end(), [&](const auto& k) { return touched.contains(k); });
      if (refers) found.push_back(key);
    }
    for (const auto& key : found) part(key);
  }
  const std::set<ObjectKey>& keys() const { return keys_; }

  Catalog take() const {
    Catalog out;
    out.namespaces = catalog_.namespaces;
    out.ordered_columns = catalog_.ordered_columns;
    out.unmodelled = catalog_.unmodelled;
    for (const auto& key : keys_) {
      out.objects.emplace(key, catalog_.objects.at(key));
      if (auto it = catalog_.uses.find(key); it != catalog_.uses.end()) out.uses.emplace(key, it->second);
    }
    return out;
  }

 private:
  static bool shapes_relation(Kind kind) {
    return kind == Kind::column || kind == Kind::primary_key || kind == Kind::unique || kind == Kind::check ||
           kind == Kind::exclusion;
  }
  const Catalog& catalog_;
  std::set<ObjectKey> keys_;
};
}  // namespace

Neighbourhood neighbourhood(const Plan& plan, const Catalog& from, std::size_t small) {
  if (!plan.renames.empty() || from.objects.size() + plan.to.objects.size() <= 2 * small)
    return {from, plan.to};
  Closure before(from), after(plan.to);
  std::set<ObjectKey> touched;
  for (const auto& step : plan.steps) touched.insert(step.key);
  for (const auto& change : plan.changes) touched.insert(key_of(change));
  for (auto* c : {&before, &after}) {
    for (const auto& key : touched) c->whole(key);
    c->dependents(touched);
  }
  // What one side needs the other must hold too, or a new reference would point nowhere.
  for (std::size_t size = 0; size != before.keys().size() + after.keys().size();) {
    size = before.keys().size() + after.keys().size();
    for (const auto& key : std::set<ObjectKey>(after.keys())) before.part(key);
    for (const auto& key : std::set<ObjectKey>(before.keys())) after.part(key);
  }
  return {before.take(), after.take()};
}

void check_plan(const Comparison& c, const Catalog& from, const EngineDialect& dialect) {
  try {
    const auto left = diff(simulate(c.plan, from, dialect), c.plan.to);
    if (!left.empty()) refuse_own_work(dialect.name(), "left over: " + describe(left.front()));
  } catch (const std::logic_error& e) {
    refuse_own_work(dialect.name(), e.what());
  }
}

std::string try_on_scratch(Connection& db, const Comparison& c, const Catalog& from,
                           const std::vector<Statement>& down, const EngineDialect& dialect) {
  const Neighbourhood part = neighbourhood(c.plan, from);
  Catalog nothing;
  nothing.namespaces = from.namespaces;
  nothing.ordered_columns = from.ordered_columns;
  nothing.unmodelled = from.unmodelled;
  try {
    run_statements(db, render(make_plan(nothing, part.from, dialect), dialect), dialect);
  } catch (const std::exception& e) {
    return "no (the state before it cannot be built here: " + one_line(e.what()) + ")";
  }
  const auto expect = [&](const Catalog& state, std::string_view what) {
    Catalog wanted = state;
    wanted.unmodelled.clear();  // what has no kind cannot be built
    const auto v = verify_state(db, std::move(wanted), dialect, HistoryTable{}, nullptr);
    if (!v.matches())
      refuse_own_work(dialect.name(),
                      fmt::format("{} on a scratch database: {}", what, join(v.differences, "; ")));
  };
  try {
    run_statements(db, c.statements, dialect);
    expect(part.to, "tried");
    if (!down.empty()) {
      run_statements(db, down, dialect);
      expect(part.from, "the way back tried");
    }
  } catch (const WorldError& e) {
    refuse_own_work(dialect.name(), fmt::format("a scratch database refuses it: {}", e.what()));
  }
  return apply_support(dialect).server_name(db) + ", scratch database";
}

}  // namespace trueup
