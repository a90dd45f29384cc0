#include "kinds/order.hpp"
#include "plan/internal.hpp"
#include "plan/row_demands.hpp"

namespace trueup::planning {
namespace {

class Builder {
 public:
  Builder(const Catalog& from, const Catalog& to, const Resolution& r, const EngineDialect& dialect)
      : from_(from), to_(to), r_(r), dialect_(dialect), demands_(from, to, dialect) {}

  Graph run() {
    collect();
    for (std::size_t i = 0; i < g_.steps.size(); ++i) universal_edges(i);
    competing_names();
    handed_names();
    stepping_aside();
    placed_columns();
    demands_on_rows();
    unique_values();
    taste();
    break_cycles();
    return std::move(g_);
  }

 private:
  void collect() {
    auto because = [&](const ObjectKey& k) -> std::optional<ObjectKey> {
      auto it = r_.because.find(k);
      return it == r_.because.end() ? std::nullopt : std::optional(it->second);
    };
    for (const auto& k : r_.dropped) g_.steps.push_back({Verb::drop, k, {}, because(k), false});
    for (const auto& [k, a] : r_.altered) g_.steps.push_back({Verb::alter, k, {}, {}, false});
    for (const auto& k : r_.rebuilt) g_.steps.push_back({Verb::rebuild, k, {}, {}, false});
    for (const auto& k : r_.created) g_.steps.push_back({Verb::create, k, {}, because(k), false});
    std::sort(g_.steps.begin(), g_.steps.end(),
              [](const Step& a, const Step& b) { return std::tie(a.verb, a.key) < std::tie(b.verb, b.key); });
    for (std::size_t i = 0; i < g_.steps.size(); ++i) g_.at[{g_.steps[i].verb, g_.steps[i].key}] = i;
    g_.after.resize(g_.steps.size());
    g_.before.resize(g_.steps.size());
    for (const auto& table : r_.rebuilt) {
      const std::size_t i = g_.at.at({Verb::rebuild, table});
      for (const auto* c : {&from_, &to_})
        for (const auto& child : c->children(table))
          if (child.kind != Kind::row) absorbed_.emplace(child, i);
      absorbed_.emplace(table, i);
    }
  }

  std::optional<std::size_t> find(Verb verb, const ObjectKey& key) const {
    if (auto it = g_.at.find({verb, key}); it != g_.at.end()) return it->second;
    if (auto it = absorbed_.find(key); it != absorbed_.end()) return it->second;
    return std::nullopt;
  }
  void edge(std::optional<std::size_t> a, std::optional<std::size_t> b, Strength s) {  // a before b
    if (!a || !b || *a == *b) return;
    auto [it, fresh] = g_.after[*a].emplace(*b, s);
    if (!fresh) it->second = std::min(it->second, s);
    g_.before[*b][*a] = it->second;
  }

  template <class F>
  void each_need(const Catalog& catalog, const ObjectKey& key, F&& f) {
    const auto d = needs(catalog, key, dialect_);
    for (const auto& k : d.hard) f(k, Strength::hard);
    for (const auto& k : d.soft) f(k, Strength::soft);
  }

  /// What changes of a table beside its children may be about the new ones, or about those that go (a TTL):
  /// then the reference decides.
  static bool owns(const ObjectKey& relation, const ObjectKey& child) {
    return info(child.kind).owned && info(relation.kind).relation && child.ns == relation.ns &&
           child.owner == relation.name;
  }

  void universal_edges(std::size_t i) {
    const Step& s = g_.steps[i];
    if (s.verb == Verb::rebuild) {
      rebuild_edges(i);
      return;
    }
    if (s.verb == Verb::create || s.verb == Verb::alter) {  // R1 what it needs exists first
      each_need(to_, s.key, [&](const ObjectKey& d, Strength w) {
        for (const Verb verb : {Verb::create, Verb::alter}) {
          const auto step = find(verb, d);
          if (step && demands_.asks_first(s, g_.steps[*step]))
            edge(i, step, Strength::soft);
          else
            edge(step, i, verb == Verb::alter && owns(d, s.key) ? Strength::taste : w);
        }
      });
    }
    if (s.verb == Verb::create && s.because) {  // it comes back on what it went for, text or not
      edge(find(Verb::create, *s.because), i, Strength::soft);
      edge(find(Verb::alter, *s.because), i, Strength::soft);
      edge(find(Verb::drop, *s.because), i, Strength::soft);
    }
    if (s.verb == Verb::drop || s.verb == Verb::alter) {  // R2 users let go first
      std::set<ObjectKey> kept;                           // of what is rebuilt
      if (s.verb == Verb::alter)
        each_need(to_, s.key, [&](const ObjectKey& d, Strength) {
          if (absorbed_.contains(d)) kept.insert(d);
        });
      each_need(from_, s.key, [&](const ObjectKey& d, Strength w) {
        if (kept.contains(d) || (s.verb == Verb::alter && lets_go(d, s.key))) return;
        edge(i, find(Verb::drop, d), absorbed_.contains(d) && s.verb == Verb::alter ? Strength::soft : w);
      });
    }
    if (s.verb == Verb::drop) {
      edge(i, find(Verb::create, s.key), Strength::hard);            // R3 recreate
      each_need(from_, s.key, [&](const ObjectKey& d, Strength w) {  // R4
        edge(i, find(Verb::alter, d), owns(d, s.key) ? Strength::taste : w);
      });
    }
  }

  /// A rebuild stands for its table and all children. References to other rebuilt relations give way: both
  /// exist.
  void rebuild_edges(std::size_t i) {
    const ObjectKey& table = g_.steps[i].key;
    auto with_children = [&](const Catalog& c) {
      auto all = c.children(table);
      all.push_back(table);
      return all;
    };
    for (const auto& k : with_children(to_)) {
      if (k.kind == Kind::row) continue;
      each_need(to_, k, [&](const ObjectKey& d, Strength w) {
        if (absorbed_.contains(d)) w = Strength::soft;
        edge(find(Verb::create, d), i, w);
        edge(find(Verb::alter, d), i, w);
      });
    }
    for (const auto& k : with_children(from_)) {
      if (k.kind == Kind::row) continue;
      each_need(from_, k, [&](const ObjectKey& d, Strength w) {
        edge(i, find(Verb::drop, d), absorbed_.contains(d) ? Strength::soft : w);
      });
    }
  }

  /// R5: within a namespace a name is better given after the object that had it is gone.
  void competing_names() {
    std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> by_name;
    auto competes = [](const ObjectKey& k) {
      return k.kind != Kind::column && k.kind != Kind::row && k.kind != Kind::sequence_owner;
    };
    for (std::size_t i = 0; i < g_.steps.size(); ++i)
      if (g_.steps[i].verb == Verb::drop && competes(g_.steps[i].key))
        by_name[{g_.steps[i].key.ns, g_.steps[i].key.name}].push_back(i);
    for (std::size_t i = 0; i < g_.steps.size(); ++i) {
      const Step& s = g_.steps[i];
      if (s.verb != Verb::create || !competes(s.key)) continue;
      auto it = by_name.find({s.key.ns, s.key.name});
      if (it == by_name.end()) continue;
      for (auto d : it->second) edge(d, i, Strength::soft);
    }
  }

  /// What the engine lets one object have only is free after the step that takes it from another.
  void handed_names() {
    std::map<HeldName, std::vector<std::size_t>> given_up;
    for (std::size_t i = 0; i < g_.steps.size(); ++i) {
      if (g_.steps[i].verb == Verb::create) continue;
      const auto kept = g_.steps[i].verb == Verb::drop ? std::set<HeldName>() : held(to_, g_.steps[i]);
      for (const auto& name : held(from_, g_.steps[i]))
        if (!kept.contains(name)) given_up[name].push_back(i);
    }
    if (given_up.empty()) return;
    for (std::size_t i = 0; i < g_.steps.size(); ++i) {
      if (g_.steps[i].verb == Verb::drop) continue;
      const auto had = g_.steps[i].verb == Verb::create ? std::set<HeldName>() : held(from_, g_.steps[i]);
      for (const auto& name : held(to_, g_.steps[i]))
        if (const auto it = given_up.find(name); it != given_up.end() && !had.contains(name))
          for (const auto giver : it->second) hand_over(giver, i, name.name);
    }
  }
  /// Names that the objects of a step have.
  std::set<HeldName> held(const Catalog& catalog, const Step& s) const {
    std::set<HeldName> out;
    const auto add = [&](const ObjectKey& key) {
      if (const auto it = catalog.objects.find(key); it != catalog.objects.end())
        for (auto& name : dialect_.held_names(key, it->second)) out.insert(std::move(name));
    };
    add(s.key);
    if (s.verb != Verb::rebuild) return out;
    for (const auto& child : catalog.children(s.key))
      if (child.kind != Kind::row) add(child);
    return out;
  }
  /// A part's relation had better go as a whole before the other's relation comes as a whole.
  void hand_over(std::size_t giver, std::size_t taker, const std::string& name) {
    const auto &gives = g_.steps[giver].key, &takes = g_.steps[taker].key;
    if (giver == taker || change_together(from_, to_, gives, takes)) return;
    edge(giver, taker, Strength::hard);
    edge(g_.owner_step(giver, from_).value_or(giver), g_.owner_step(taker, to_).value_or(taker),
         Strength::firm);
    if (gives != takes) g_.passed_names.emplace(std::pair(giver, taker), name);
    takers_.insert(taker);
  }

  bool lets_go(const ObjectKey& dropped, const ObjectKey& dependent) const {
    const KindHandler* h = g_.at.contains({Verb::drop, dropped}) && to_.contains(dependent)
                               ? dialect_.handler(dropped.kind)
                               : nullptr;
    return h != nullptr && h->lets_go(dropped, dependent, from_, to_);
  }
  /// R8: what steps aside for a drop comes back with what it needs then, which is not there before the drop.
  void stepping_aside() {
    if (std::none_of(g_.steps.begin(), g_.steps.end(), [](const Step& s) {
          return s.verb == Verb::drop && !info(s.key.kind).owned && !info(s.key.kind).relation;
        }))
      return;
    for (const auto& [key, uses] : from_.uses)
      for (const auto& gone : uses.hard) {
        if (!lets_go(gone, key)) continue;
        const std::size_t drop = g_.at.at({Verb::drop, gone});
        edge(drop, find(Verb::alter, key), Strength::hard);
        for (const auto& needed : needs(to_, key, dialect_).hard)
          edge(drop, find(Verb::create, needed), Strength::hard);
      }
  }

  /// R6: where columns have places, each is put behind the one before it, which therefore comes first.
  void placed_columns() {
    if (!from_.ordered_columns || !to_.ordered_columns) return;
    std::map<ObjectKey, int> tables;
    for (const auto& s : g_.steps)
      if (s.key.kind == Kind::column && s.verb != Verb::drop)
        ++tables[ObjectKey{Kind::table, s.key.ns, "", s.key.owner, ""}];
    for (const auto& entry : tables) {
      if (entry.second < 2 || !from_.contains(entry.first)) continue;
      std::optional<std::size_t> before;
      for (const auto& column : placing_order(from_, to_, entry.first)) {
        auto step = find(Verb::create, column);
        if (!step) step = find(Verb::alter, column);
        if (step) edge(before, step, Strength::soft);
        if (step) before = step;
      }
    }
  }

  /// R7: what rows are to be is there before a new constraint judges them, and after one that goes.
  void demands_on_rows() {
    std::map<ObjectKey, std::vector<std::size_t>> rows;  // by table
    for (std::size_t i = 0; i < g_.steps.size(); ++i)
      if (const auto& key = g_.steps[i].key; key.kind == Kind::row)
        rows[ObjectKey{Kind::table, key.ns, {}, key.owner, {}}].push_back(i);
    if (rows.empty()) return;
    for (std::size_t c = 0; c < g_.steps.size(); ++c) {
      const Step& s = g_.steps[c];
      const ObjectKey table{Kind::table, s.key.ns, {}, s.key.owner, {}};
      if (!RowDemands::judges(s.key) || !from_.contains(table) || !to_.contains(table)) continue;
      for (const auto i : rows[table]) {
        const Verb verb = g_.steps[i].verb;
        if (s.verb == Verb::drop && verb != Verb::drop) edge(c, i, Strength::taste);
        if (s.verb == Verb::create && verb != Verb::create) edge(i, c, Strength::taste);
      }
      const auto* reference = s.verb == Verb::create ? to_.find<ForeignKey>(s.key) : nullptr;
      if (reference == nullptr) continue;
      for (const auto i : rows[reference->ref_table.to])
        if (g_.steps[i].verb != Verb::drop) edge(i, c, Strength::taste);
    }
    for (const auto& [table, steps] : rows)
      for (const auto i : steps)
        if (g_.steps[i].verb == Verb::drop)
          gone_before_values(i);
        else
          demands_on_row(i);
  }

  /// A row that goes is known by the former values of its types, and holds them.
  void gone_before_values(std::size_t i) {
    const ObjectKey& key = g_.steps[i].key;
    for (const auto& [name, value] : from_.find<Row>(key)->values)
      if (const auto* column = from_.find<Column>({Kind::column, key.ns, key.owner, name, {}});
          column != nullptr && column->type.user)
        edge(i, find(Verb::alter, column->type.user->to), Strength::soft);
  }

  void demands_on_row(std::size_t i) {
    const ObjectKey& key = g_.steps[i].key;
    for (const auto& [name, value] : to_.find<Row>(key)->values) {
      const ObjectKey column{Kind::column, key.ns, key.owner, name, {}};
      const auto altered = find(Verb::alter, column);
      if (altered && demands_.asks_first(g_.steps[i], g_.steps[*altered])) edge(i, altered, Strength::soft);
      const auto* body = to_.find<Column>(column);
      if (body == nullptr || !body->type.user) continue;
      const auto type = find(Verb::alter, body->type.user->to);
      if (type && demands_.asks_first(g_.steps[i], g_.steps[*type]))
        edge(i, type, Strength::soft);
      else
        edge(type, i, Strength::soft);
    }
  }

  /// R8: a row gives up a unique value before another takes it. Two that swap theirs are a cycle.
  void unique_values() {
    std::set<ObjectKey> tables;
    for (const auto& s : g_.steps)
      if (s.key.kind == Kind::row) tables.insert(ObjectKey{Kind::table, s.key.ns, {}, s.key.owner, {}});
    const auto step = [&](const ObjectKey& key, std::initializer_list<Verb> verbs) {
      std::optional<std::size_t> out;
      for (const Verb verb : verbs)
        if (const auto it = g_.at.find({verb, key}); it != g_.at.end()) out = it->second;
      return out;
    };
    for (const auto& table : tables)
      for (const auto& [giver, taker] : handed_over(from_, to_, table))
        edge(step(giver, {Verb::drop, Verb::alter}), step(taker, {Verb::create, Verb::alter}),
             Strength::hard);
  }

  /// What a table's own children wait for had better come before the table, so that they fold into its
  /// CREATE; what waits for the drop of its children had better come after its DROP.
  void taste() {
    for (std::size_t c = 0; c < g_.steps.size(); ++c) {
      const Verb verb = g_.steps[c].verb;
      if (verb != Verb::create && verb != Verb::drop) continue;
      const Catalog& catalog = verb == Verb::create ? to_ : from_;
      const auto owner = g_.owner_step(c, catalog);
      if (!owner) continue;
      const auto others = verb == Verb::create ? g_.before[c] : g_.after[c];
      for (const auto& [p, strength] : others) {
        if (p == *owner || strength == Strength::taste || g_.owner_step(p, catalog) == owner) continue;
        if (verb == Verb::create)
          edge(p, owner, Strength::taste);
        else
          edge(owner, p, Strength::taste);
      }
    }
  }

  // ---- cycles: tasteful, then soft edges give way, inside strongly connected components only
  // --------------------------
  void break_cycles() {
    const auto takes_name = [&](std::size_t i) { return takers_.contains(i); };
    const auto unenforced = [&](std::size_t, std::size_t b, Strength s) {
      return s == Strength::soft && g_.steps[b].verb == Verb::drop;
    };
    for (const auto& component : components())  // what only mentions an object need not go before its name
      if (component.size() > 1 && std::any_of(component.begin(), component.end(), takes_name))
        relax(component, unenforced);
    for (const Strength weakest : {Strength::taste, Strength::soft, Strength::firm})
      for (const auto& component : components())
        if (component.size() > 1)
          relax(component, [&](std::size_t, std::size_t, Strength s) { return s == weakest; });
  }

  void erase(std::size_t a, std::size_t b) {
    g_.after[a].erase(b);
    g_.before[b].erase(a);
  }

  /// Takes edges that may give way out of the component, then puts back those that close no cycle.
  template <class F>
  void relax(const std::vector<std::size_t>& component, F&& gives_way) {
    const std::set<std::size_t> members(component.begin(), component.end());
    std::vector<std::tuple<std::size_t, std::size_t, Strength>> taken;
    for (auto a : component)
      for (const auto& [b, s] : g_.after[a])
        if (members.contains(b) && gives_way(a, b, s)) taken.emplace_back(a, b, s);
    for (const auto& [a, b, s] : taken) erase(a, b);
    constexpr std::size_t patience = 2000;  // a search an edge: only worth it in small components
    if (taken.size() > patience) return;
    for (const auto& [a, b, s] : taken)
      if (!reaches(b, a, members)) edge(a, b, s);
  }

  bool reaches(std::size_t a, std::size_t b, const std::set<std::size_t>& members) const {
    std::vector<std::size_t> todo{a};
    std::set<std::size_t> seen;
    while (!todo.empty()) {
      const std::size_t n = todo.back();
      todo.pop_back();
      if (n == b) return true;
      if (!seen.insert(n).second) continue;
      for (const auto& [next, s] : g_.after[n])
        if (members.contains(next)) todo.push_back(next);
    }
    return false;
  }

  /// Tarjan's algorithm without recursion: a chain of 10,000 views must not end the stack.
  std::vector<std::vector<std::size_t>> components() const {
    const std::size_t n = g_.steps.size(), none = n;
    std::vector<std::size_t> index(n, none), low(n, 0), stack;
    std::vector<char> on_stack(n, 0);
    std::vector<std::vector<std::size_t>> out;
    std::size_t counter = 0;
    struct Frame {
      std::size_t node;
      std::map<std::size_t, Strength>::const_iterator next;
    };
    for (std::size_t root = 0; root < n; ++root) {
      if (index[root] != none) continue;
      std::vector<Frame> frames;
      auto enter = [&](std::size_t v) {
        index[v] = low[v] = counter++;
        stack.push_back(v);
        on_stack[v] = 1;
        frames.push_back({v, g_.after[v].begin()});
      };
      enter(root);
      while (!frames.empty()) {
        const std::size_t v = frames.back().node;
        if (frames.back().next != g_.after[v].end()) {
          const std::size_t w = (frames.back().next++)->first;
          if (index[w] == none)
            enter(w);
          else if (on_stack[w] != 0)
            low[v] = std::min(low[v], index[w]);
          continue;
        }
        frames.pop_back();
        if (!frames.empty()) low[frames.back().node] = std::min(low[frames.back().node], low[v]);
        if (low[v] != index[v]) continue;
        auto& component = out.emplace_back();
        std::size_t w = none;
        do {
          w = stack.back();
          stack.pop_back();
          on_stack[w] = 0;
          component.push_back(w);
        } while (w != v);
      }
    }
    return out;
  }

  const Catalog& from_;
  const Catalog& to_;
  const Resolution& r_;
  const EngineDialect& dialect_;
  RowDemands demands_;
  Graph g_;
  std::map<ObjectKey, std::size_t> absorbed_;
  std::set<std::size_t> takers_;  ///< steps that give an object a name which another one had
};
}  // namespace

std::optional<std::size_t> Graph::owner_step(std::size_t i, const Catalog& catalog) const {
  const Step& s = steps[i];
  if (!info(s.key.kind).owned) return std::nullopt;
  const ObjectKey* owner = catalog.relation(s.key.ns, s.key.owner);
  if (owner == nullptr) return std::nullopt;
  auto it = at.find({s.verb, *owner});
  return it == at.end() ? std::nullopt : std::optional(it->second);
}

Graph build_graph(const Catalog& from, const Catalog& to, const Resolution& r, const EngineDialect& dialect) {
  return Builder(from, to, r, dialect).run();
}

}  // namespace trueup::planning
