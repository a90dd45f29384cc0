#include "plan/internal.hpp"

namespace trueup::planning {

Dependencies needs(const Catalog& catalog, const ObjectKey& key, const EngineDialect& dialect) {
  Dependencies d = dependencies(catalog, key);
  if (key.kind != Kind::foreign_key || !dialect.capabilities().unchecked_foreign_keys) return d;
  for (auto it = d.hard.begin(); it != d.hard.end();) {
    const bool own = it->ns == key.ns && (it->owner == key.owner || it->name == key.owner);
    if (own || it->kind == Kind::name_space) {
      ++it;
    } else {
      d.soft.insert(*it);
      it = d.hard.erase(it);
    }
  }
  return d;
}

bool derived(const Catalog& catalog, const ObjectKey& key) {
  const auto* column = catalog.find<Column>(key);
  return column != nullptr && column->generated.has_value();
}

bool change_together(const Catalog& from, const Catalog& to, const ObjectKey& a, const ObjectKey& b) {
  const bool first = a.kind == Kind::column;
  const ObjectKey &column = first ? a : b, &sequence = first ? b : a;
  if (column.kind != Kind::column || sequence.kind != Kind::sequence) return false;
  const auto counts_with = [&](const Catalog& c) {
    const auto uses = c.uses.find(column);
    return uses != c.uses.end() && uses->second.hard.contains(sequence);
  };
  const auto* tie = to.find<SequenceOwner>({Kind::sequence_owner, sequence.ns, {}, sequence.name, {}});
  return from.contains(column) && to.contains(column) &&
         (counts_with(from) || (counts_with(to) && tie != nullptr && tie->column.to == column));
}

namespace {
class Resolver {
 public:
  Resolver(const Catalog& from, const Catalog& to, const EngineDialect& dialect)
      : from_(from), to_(to), dialect_(dialect) {}

  Resolution run(const std::vector<Change>& changes) {
    const bool only_new = std::all_of(changes.begin(), changes.end(),
                                      [](const Change& c) { return std::holds_alternative<Created>(c); });
    if (!only_new) find_dependents();
    for (const auto& c : changes) find_rebuild(c);
    for (const auto& c : changes) take(c);
    close();
    refuse_outsiders();
    if (!reasons_.empty()) throw RefusedError(std::move(reasons_));
    return std::move(r_);
  }

 private:
  void find_dependents() {
    for (const auto& [key, body] : from_.objects)
      for (const auto& d : needs(from_, key, dialect_).hard) dependents_[d].insert(key);
  }
  static const ObjectKey* key_if_both(const Catalog& from, const Catalog& to, const ObjectKey& child) {
    const ObjectKey* owner = from.relation(child.ns, child.owner);
    return owner != nullptr && to.contains(*owner) ? owner : nullptr;
  }
  const KindHandler* handler(const ObjectKey& key) {
    const KindHandler* h = dialect_.handler(key.kind);
    if (h == nullptr)
      refuse(key, fmt::format("{} has no {}", dialect_.name(), info(key.kind).name),
             "limit the object to the engines that have it with `engines:`");
    return h;
  }
  void refuse(const ObjectKey& key, std::string why, std::string remedy) {
    reasons_.push_back({to_string(key), std::move(why), std::move(remedy)});
  }
  /// The relation whose rebuild absorbs changes to `key`.
  const ObjectKey* rebuilt_owner(const ObjectKey& key) const {
    if (r_.rebuilt.contains(key)) return &*r_.rebuilt.find(key);
    if (!info(key.kind).owned || key.kind == Kind::row) return nullptr;
    const ObjectKey* owner = from_.relation(key.ns, key.owner);
    return owner != nullptr && r_.rebuilt.contains(*owner) ? owner : nullptr;
  }

  void find_rebuild(const Change& c) {
    const ObjectKey& key = key_of(c);
    const KindHandler* h = handler(key);
    if (h == nullptr) return;
    const bool self = info(key.kind).relation;
    const ObjectKey* owner = self ? (from_.contains(key) && to_.contains(key) ? &key : nullptr)
                                  : (info(key.kind).owned ? key_if_both(from_, to_, key) : nullptr);
    if (const auto* a = std::get_if<Altered>(&c)) {
      means_.emplace(key, h->means(*a, from_, to_));
      if (std::holds_alternative<Rebuild>(means_.at(key)) && owner != nullptr) r_.rebuilt.insert(*owner);
    } else if (owner != nullptr && !self) {
      const Verb verb = std::holds_alternative<Created>(c) ? Verb::create : Verb::drop;
      if (h->needs_rebuild(verb, key, from_, to_)) r_.rebuilt.insert(*owner);
    }
  }

  void take(const Change& c) {
    const ObjectKey& key = key_of(c);
    if (rebuilt_owner(key) != nullptr) return;  // absorbed
    if (std::holds_alternative<Created>(c)) {
      r_.created.insert(key);
    } else if (std::holds_alternative<Dropped>(c)) {
      recreate(key, std::nullopt);
    } else if (const auto* a = std::get_if<Altered>(&c); a != nullptr && means_.contains(key)) {
      const Means& m = means_.at(key);
      if (const auto* u = std::get_if<Unsupported>(&m))
        refuse(key, u->why, u->remedy);
      else if (std::holds_alternative<InPlace>(m))
        alter(*a);
      else
        recreate(key, std::nullopt);
    }
  }

  void alter(const Altered& a) {
    if (r_.dropped.contains(a.key)) return;  // it comes back in its new form
    r_.altered.emplace(a.key, a);
    const KindHandler* h = dialect_.handler(a.key.kind);
    for (const auto& d : dependents_[a.key])
      if (h->blocks(a, d, from_, to_)) recreate(d, a.key);
    for (const auto& also : h->also_alters(a, from_, to_)) {
      const Altered as_type{also, {"type"}};
      const KindHandler* other = dialect_.handler(also.kind);
      for (const auto& d : dependents_[also])
        if (other != nullptr && d != a.key && other->blocks(as_type, d, from_, to_)) recreate(d, a.key);
    }
  }

  void recreate(const ObjectKey& key, const std::optional<ObjectKey>& why) {
    if (rebuilt_owner(key) != nullptr) return;  // comes back with the rebuild
    if (!r_.dropped.insert(key).second) return;
    const bool stays = to_.contains(key);
    if (stays) {
      r_.created.insert(key);
      refuse_attached(key);
      if (why && info(key.kind).holds_data && !(derived(from_, key) && derived(to_, key))) {
        refuse(
            key,
            fmt::format("would have to be dropped and created again because of {}, which would lose its data",
                        to_string(*why)),
            "make the change in two migrations: first free it from the dependency, then change the other "
            "object");
      }
    }
    r_.altered.erase(key);
    if (why) r_.because.emplace(key, *why);
    work_.push_back(key);
  }

  /// What no kind covers and hangs on the object (a rule on a view) would go with it and not come back.
  void refuse_attached(const ObjectKey& key) {
    if (from_.unmodelled.empty()) return;
    const std::string part = " " + display_name(key) + ".";
    for (const auto& [name, digest] : from_.unmodelled)
      if (name.find(part) != std::string::npos)
        refuse(key, "would have to be dropped and created again, which would lose " + name,
               "drop " + name + " by hand first, and create it again afterwards");
  }

  /// What others need cannot go, and what they are is not known well enough to take them along.
  void refuse_outsiders() {
    const auto dropped = [&](const ObjectKey& k) { return r_.dropped.contains(k); };
    for (const auto& [name, outsider] : from_.outsiders) {
      if (std::any_of(outsider.within.begin(), outsider.within.end(), dropped)) continue;
      for (const auto& key : outsider.needs)
        if (dropped(key))
          refuse(key,
                 fmt::format(
                     "has to be dropped, but cannot be: {} stands on it, which trueup does not manage", name),
                 fmt::format("drop {} by hand first, or keep the object", name));
    }
  }

  void close() {
    while (!work_.empty()) {
      const ObjectKey key = work_.back();
      work_.pop_back();
      for (const auto& d : dependents_[key])
        if (!r_.dropped.contains(d)) follow(key, d);
    }
  }
  /// `dependent` stands on `key`, which is dropped.
  void follow(const ObjectKey& key, const ObjectKey& dependent) {
    const KindHandler* h = dialect_.handler(key.kind);
    if (to_.contains(dependent) && h != nullptr && h->lets_go(key, dependent, from_, to_)) return;
    // A row or column whose own new definition no longer needs the object is altered before the drop: edge
    // R2. So is what leaves a namespace (an extension).
    if ((info(dependent.kind).holds_data || key.kind == Kind::name_space) && to_.contains(dependent)) {
      const auto wanted = needs(to_, dependent, dialect_).hard;
      if (dependent.kind == Kind::row) return;
      if (!wanted.contains(key) && !has_successor(key, wanted) && r_.altered.contains(dependent)) return;
    }
    recreate(dependent, key);
  }
  /// Does one of its name come in place of what goes, so that what needs that one waits for the drop?
  bool has_successor(const ObjectKey& gone, const std::set<ObjectKey>& wanted) const {
    const auto names = [&](const Catalog& catalog, const ObjectKey& key) {
      const auto it = catalog.objects.find(key);
      return it == catalog.objects.end() ? std::vector<HeldName>() : dialect_.held_names(key, it->second);
    };
    const auto given_up = names(from_, gone);
    return std::any_of(wanted.begin(), wanted.end(), [&](const ObjectKey& k) {
      if (info(k.kind).owned || from_.contains(k)) return false;
      if (k.kind == gone.kind && k.ns == gone.ns && k.name == gone.name) return true;  // an overload
      const auto taken = names(to_, k);
      return std::find_first_of(taken.begin(), taken.end(), given_up.begin(), given_up.end()) != taken.end();
    });
  }

  const Catalog& from_;
  const Catalog& to_;
  const EngineDialect& dialect_;
  std::map<ObjectKey, std::set<ObjectKey>> dependents_;
  std::map<ObjectKey, Means> means_;
  Resolution r_;
  std::vector<ObjectKey> work_;
  std::vector<RefusedError::Reason> reasons_;
};
}  // namespace

Resolution resolve(const Catalog& from, const Catalog& to, const std::vector<Change>& changes,
                   const EngineDialect& dialect) {
  return Resolver(from, to, dialect).run(changes);
}

}  // namespace trueup::planning
