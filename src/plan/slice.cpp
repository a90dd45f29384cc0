#include "plan/slice.hpp"

#include <unordered_set>

#include "model/key_hash.hpp"

namespace trueup {
namespace {
const ObjectKey& key_in(const ObjectKey& key) {
  return key;
}
const ObjectKey& key_in(const std::pair<const ObjectKey, ObjectBody>& entry) {
  return entry.first;
}

/// The part of a catalog that `keys` (a set of keys, or the objects of another one) name.
template <class Keys>
Catalog taken(const Catalog& catalog, const Keys& keys) {
  Catalog out;
  out.namespaces = catalog.namespaces;
  out.ordered_columns = catalog.ordered_columns;
  out.unmodelled = catalog.unmodelled;
  out.server = catalog.server;
  for (const auto& each : keys) {
    const ObjectKey& key = key_in(each);
    out.objects.emplace_hint(out.objects.end(), key, catalog.objects.at(key));
    if (auto it = catalog.uses.find(key); it != catalog.uses.end()) out.uses.emplace(key, it->second);
    if (auto it = catalog.places.find(key); it != catalog.places.end()) out.places.emplace(key, it->second);
  }
  for (const auto& entry : catalog.outsiders)
    if (std::any_of(entry.second.needs.begin(), entry.second.needs.end(),
                    [&](const ObjectKey& k) { return out.contains(k); }))
      out.outsiders.insert(entry);
  return out;
}

/// Who may refer to an object: a look at every other, once for all steps.
class References {
 public:
  /// Its objects stay where they are as long as this lives.
  void add(const Catalog& catalog) {
    for (const auto& [key, body] : catalog.objects)
      for_each_ref(body, [this, from = &key](const Ref& r) { note(r.to, from); });
    for (const auto& [key, uses] : catalog.uses)
      for (const auto* set : {&uses.hard, &uses.soft})
        for (const auto& used : *set) note(used, &key);
  }
  /// Every object that may refer to one of `keys`.
  std::set<ObjectKey> to(const std::set<ObjectKey>& keys) const {
    std::unordered_set<std::size_t> names;
    for (const auto& key : keys) names.insert(name_hash(key));
    std::set<ObjectKey> out;
    for (const auto& r : all_)
      if (names.contains(r.to)) out.insert(*r.from);
    return out;
  }

 private:
  struct Reference {
    std::size_t to;
    const ObjectKey* from;
  };
  void note(const ObjectKey& to, const ObjectKey* from) { all_.push_back({name_hash(to), from}); }
  std::vector<Reference> all_;
};

/// Collects what one catalog must hold so that a set of objects can exist.
class Closure {
 public:
  Closure(const Catalog& catalog, const References& references)
      : catalog_(catalog), references_(references) {}

  /// The touched objects, their relations, and what stands on any of it.
  void around(const std::set<ObjectKey>& touched) {
    std::set<ObjectKey> next;
    for (const auto& key : touched) reach(key, next);
    if (touched.contains(database_key()))  // all stands on it
      for (const auto& [key, body] : catalog_.objects) part(key);
    while (!next.empty()) next = dependents(next);
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
  const std::set<ObjectKey>& keys() const { return keys_; }

  Catalog take() const { return taken(catalog_, keys_); }

 private:
  static bool shapes_relation(Kind kind) {
    return kind == Kind::column || kind == Kind::primary_key || kind == Kind::unique || kind == Kind::check ||
           kind == Kind::exclusion;
  }
  /// Takes the object with the whole relation that it belongs to or is; what stands on them comes `next`.
  void reach(const ObjectKey& key, std::set<ObjectKey>& next) {
    next.insert(key);
    part(key);
    const ObjectKey* relation = info(key.kind).relation ? &key
                                : info(key.kind).owned  ? catalog_.relation(key.ns, key.owner)
                                                        : nullptr;
    if (relation == nullptr || !whole_.insert(*relation).second) return;
    next.insert(*relation);
    part(*relation);
    for (const auto& child : catalog_.children(*relation)) {
      part(child);
      if (child.kind != Kind::row) next.insert(child);
    }
  }
  /// One step further: objects elsewhere that refer to one of `reached`.
  std::set<ObjectKey> dependents(const std::set<ObjectKey>& reached) {
    const auto is_reached = [&](const ObjectKey& key) { return reached.contains(key); };
    std::set<ObjectKey> next;
    for (const auto& key : references_.to(reached)) {
      const auto object = catalog_.objects.find(key);
      if (object == catalog_.objects.end() || followed_.contains(key)) continue;
      bool refers = false;
      for_each_ref(object->second, [&](const Ref& r) { refers = refers || is_reached(r.to); });
      if (const auto uses = catalog_.uses.find(key); !refers && uses != catalog_.uses.end())
        refers = std::any_of(uses->second.hard.begin(), uses->second.hard.end(), is_reached) ||
                 std::any_of(uses->second.soft.begin(), uses->second.soft.end(), is_reached);
      if (!refers) continue;
      followed_.insert(key);
      if (!reached.contains(key)) stands_on(key, next);
    }
    return next;
  }
  /// A part of another relation comes with all of it, but only what stands on the part itself is followed.
  void stands_on(const ObjectKey& key, std::set<ObjectKey>& next) {
    if (info(key.kind).relation) return reach(key, next);
    part(key);
    next.insert(key);
    if (!info(key.kind).owned) return;
    if (const ObjectKey* relation = catalog_.relation(key.ns, key.owner))
      for (const auto& child : catalog_.children(*relation)) part(child);
  }

  const Catalog& catalog_;
  const References& references_;
  std::set<ObjectKey> keys_, whole_, followed_;
};

/// `from` and `to` give the two catalogs, which may be one that shows the one or the other: what one call
/// gave is not used after the other.
template <class From, class To>
Slice slice_between(From from, To to, const References& of_from, const References& of_to,
                    const std::set<ObjectKey>& touched) {
  Closure before(from(), of_from);
  before.around(touched);
  Closure after(to(), of_to);
  after.around(touched);
  // What one side needs the other must hold too, or a new reference would point nowhere.
  for (std::size_t size = 0; size != before.keys().size() + after.keys().size();) {
    size = before.keys().size() + after.keys().size();
    (void)from();
    for (const auto& key : std::set<ObjectKey>(after.keys())) before.part(key);
    (void)to();
    for (const auto& key : std::set<ObjectKey>(before.keys())) after.part(key);
  }
  (void)from();
  Catalog first = before.take();
  (void)to();
  return {std::move(first), after.take()};
}

/// Changes the node of `key` in one map for that in the other.
template <class Map>
void swap_node(Map& a, Map& b, const ObjectKey& key) {
  auto of_a = a.extract(key), of_b = b.extract(key);
  if (of_a) b.insert(std::move(of_a));
  if (of_b) a.insert(std::move(of_b));
}
}  // namespace

Slice slice(const Catalog& from, const Catalog& to, const std::set<ObjectKey>& touched) {
  References of_from, of_to;
  of_from.add(from);
  of_to.add(to);
  return slice_between([&]() -> const Catalog& { return from; }, [&]() -> const Catalog& { return to; },
                       of_from, of_to, touched);
}

TwinCatalog::TwinCatalog(Catalog& shared, Catalog& from, const std::set<ObjectKey>& keys)
    : shared_(shared), other_(from), keys_(keys) {}

TwinCatalog::~TwinCatalog() {
  (void)show(Side::to);
}

const Catalog& TwinCatalog::show(Side side) {
  if (std::exchange(shown_, side) == side) return shared_;
  for (const auto& key : keys_) {
    swap_node(shared_.objects, other_.objects, key);
    swap_node(shared_.uses, other_.uses, key);
  }
  std::swap(shared_.namespaces, other_.namespaces);
  std::swap(shared_.unmodelled, other_.unmodelled);
  std::swap(shared_.outsiders, other_.outsiders);
  std::swap(shared_.server, other_.server);
  std::swap(shared_.ordered_columns, other_.ordered_columns);
  return shared_;
}

Slice TwinCatalog::slice() {
  References of_both;
  for (const Catalog* c : {&shared_, &other_}) of_both.add(*c);
  Slice out = slice_between([this]() -> const Catalog& { return show(Side::from); },
                            [this]() -> const Catalog& { return show(Side::to); }, of_both, of_both, keys_);
  out.from.places.clear();
  return out;
}

bool worth_slicing(const Catalog& from, const Catalog& to, std::size_t changes) {
  constexpr std::size_t small = 4000, most = 8;
  const std::size_t size = from.objects.size() + to.objects.size();
  return size > small && changes <= size / most;
}

std::optional<Slice> slice(const Plan& plan, const Catalog& from) {
  if (!plan.renames.empty() || !worth_slicing(from, plan.to, plan.changes.size())) return std::nullopt;
  const auto known = [&](const auto& entry) { return from.contains(entry.first); };
  if (plan.part &&
      plan.from.objects.size() == from.objects.size() &&  // the same objects, in their first form
      std::all_of(plan.part->from.objects.begin(), plan.part->from.objects.end(), known))
    return Slice{taken(from, plan.part->from.objects), plan.part->to};
  std::set<ObjectKey> touched;
  for (const auto& step : plan.steps) touched.insert(step.key);
  for (const auto& change : plan.changes) touched.insert(key_of(change));
  for (const auto& [key, body] : from.objects)  // what the plan forgets
    if (!plan.from.contains(key)) touched.insert(key);
  return slice(from, plan.to, touched);
}

}  // namespace trueup
