#include "plan/internal.hpp"

namespace trueup::planning {

std::vector<std::size_t> order(const Graph& g, const TieBreak& pick) {
  std::vector<std::size_t> waits(g.steps.size());
  for (std::size_t i = 0; i < g.steps.size(); ++i) waits[i] = g.before[i].size();
  std::set<std::size_t> ready;
  for (std::size_t i = 0; i < g.steps.size(); ++i)
    if (waits[i] == 0) ready.insert(i);
  std::vector<std::size_t> out;
  while (!ready.empty()) {
    auto it = ready.begin();
    if (pick) std::advance(it, static_cast<std::ptrdiff_t>(pick(ready.size())));
    const std::size_t i = *it;
    ready.erase(it);
    out.push_back(i);
    for (const auto& [j, s] : g.after[i])
      if (--waits[j] == 0) ready.insert(j);
  }
  if (out.size() == g.steps.size()) return out;
  std::vector<const Step*> left;
  for (std::size_t i = 0; i < g.steps.size(); ++i)
    if (waits[i] > 0) left.push_back(&g.steps[i]);
  // Nothing but unique values keeps rows from each other.
  const bool rows =
      std::all_of(left.begin(), left.end(), [](const Step* s) { return s->key.kind == Kind::row; });
  std::map<const Step*, std::string> names;
  for (const auto& [steps, name] : g.passed_names)
    if (waits[steps.first] > 0 && waits[steps.second] > 0)
      names.emplace(&g.steps[steps.second], fmt::format("takes the name {} that {} gives up only after it",
                                                        name, to_string(g.steps[steps.first].key)));
  std::vector<RefusedError::Reason> members;
  for (const Step* s : left)
    if (names.empty() || names.contains(s))
      members.push_back({to_string(s->key),
                         rows ? "takes a unique value that another row gives up only after it"
                         : names.contains(s)
                             ? names.at(s)
                             : fmt::format("its {} is part of a dependency cycle", to_string(s->verb)),
                         ""});
  members.back().remedy =
      rows ? "give one of the rows another value in a migration before"
      : names.empty()
          ? "make the change in two migrations, so that the objects need not change at the same time"
          : "make the change in two migrations: first free the name, then give it to the other object";
  throw RefusedError(std::move(members));
}

namespace {
/// May step `c` be rendered at the position of `owner`? Creates move up, drops move down.
bool free_to_move(const Graph& g, std::size_t c, std::size_t owner, const std::vector<std::size_t>& position,
                  const std::map<std::size_t, std::size_t>& folded_into, const EngineDialect& dialect) {
  const bool up = g.steps[c].verb == Verb::create;
  // Where references are not checked, tables that refer to each other still hold them in their CREATE.
  const bool loose =
      g.steps[c].key.kind == Kind::foreign_key && dialect.capabilities().unchecked_foreign_keys;
  for (const auto& [p, strength] : up ? g.before[c] : g.after[c]) {
    if (p == owner || strength == Strength::taste || (loose && strength == Strength::soft)) continue;
    const auto it = folded_into.find(p);
    if (it != folded_into.end() && it->second == owner) continue;
    const std::size_t place = position[it == folded_into.end() ? p : it->second];
    if (up ? place > position[owner] : place < position[owner]) return false;
  }
  return true;
}
}  // namespace

std::vector<Step> fold(const Graph& g, const std::vector<std::size_t>& ordered, const Catalog& from,
                       const Catalog& to, const EngineDialect& dialect) {
  std::vector<std::size_t> position(g.steps.size());
  for (std::size_t n = 0; n < ordered.size(); ++n) position[ordered[n]] = n;
  std::map<std::size_t, std::vector<std::size_t>> children;
  std::map<std::size_t, std::size_t> folded_into;
  auto consider = [&](std::size_t c, Verb verb) {
    if (g.steps[c].verb != verb) return;
    const Catalog& catalog = verb == Verb::create ? to : from;
    const auto owner = g.owner_step(c, catalog);
    if (!owner) return;
    const auto* handler = dialect.handler(g.steps[*owner].key.kind);
    if (handler == nullptr || !handler->folds(verb, g.steps[c].key, catalog)) return;
    if (!free_to_move(g, c, *owner, position, folded_into, dialect)) return;
    folded_into.emplace(c, *owner);
    children[*owner].push_back(c);
  };
  for (auto it = ordered.begin(); it != ordered.end(); ++it) consider(*it, Verb::create);
  for (auto it = ordered.rbegin(); it != ordered.rend(); ++it) consider(*it, Verb::drop);
  std::vector<Step> out;
  for (auto i : ordered) {
    if (folded_into.contains(i)) continue;
    out.push_back(g.steps[i]);
    auto it = children.find(i);
    if (it == children.end()) continue;
    if (g.steps[i].verb == Verb::drop) std::reverse(it->second.begin(), it->second.end());
    for (auto c : it->second) {
      out.push_back(g.steps[c]);
      out.back().folded = true;
    }
  }
  return out;
}

}  // namespace trueup::planning
