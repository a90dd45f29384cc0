#include "diff/row_values.hpp"
#include "plan/internal.hpp"

namespace trueup {
namespace {

/// A catalog that refuses what a real server would refuse.
class FakeServer {
 public:
  FakeServer(Catalog db, const Catalog& target, const Plan& plan, const EngineDialect& dialect)
      : db_(std::move(db)), target_(target), dialect_(dialect) {
    for (const auto& change : plan.changes)
      if (const auto* a = std::get_if<Altered>(&change); a != nullptr && a->has("position"))
        moved_.insert(a->key);
  }

  void run(const Step& s) {
    switch (s.verb) {
      case Verb::rename:
        return;  // replayed by the caller, before all else
      case Verb::drop:
        return drop(s);
      case Verb::alter:
        return alter(s);
      case Verb::create:
        return create(s);
      case Verb::rebuild:
        return rebuild(s);
    }
  }
  Catalog take() {
    for (const auto& [table, order] : order_)
      for (std::size_t i = 0; i < order.size(); ++i)
        std::get<Column>(db_.objects.at(order[i])).position = static_cast<std::int64_t>(i) + 1;
    return std::move(db_);
  }

 private:
  [[noreturn]] void refuse(const Step& s, const std::string& why) const {
    throw std::logic_error(fmt::format("{} {}: {}", to_string(s.verb), to_string(s.key), why));
  }
  /// Who uses what is known from the first drop or alteration on: plans that only create need not ask.
  void know_users() {
    if (std::exchange(users_known_, true)) return;
    for (const auto& [key, body] : db_.objects) remember(key);
  }
  void remember(const ObjectKey& key) {
    if (!users_known_) return;
    auto& mine = needs_[key];
    mine = planning::needs(db_, key, dialect_).hard;
    for (const auto& d : mine) users_[d].insert(key);
  }
  void forget(const ObjectKey& key) {
    if (!users_known_) return;
    for (const auto& d : needs_[key]) users_[d].erase(key);
    needs_.erase(key);
  }
  // ---- names that only one object can have
  void know_names() {
    if (std::exchange(names_known_, true)) return;
    for (const auto& [key, body] : db_.objects) holders_.take(dialect_.held_names(key, body), key);
  }
  void give_up_names(const ObjectKey& key) {
    know_names();
    if (const auto it = db_.objects.find(key); it != db_.objects.end())
      holders_.give_up(dialect_.held_names(key, it->second), key);
  }
  void take_names(const ObjectKey& key) {
    const auto names = dialect_.held_names(key, target_.objects.at(key));
    for (const auto& name : names)
      for (const auto& other : holders_.of(name))
        if (other != key && !planning::change_together(db_, target_, key, other))
          throw RefusedError(
              {{to_string(key), fmt::format("takes the name {} while {} has it", name.name, to_string(other)),
                "make the change in two migrations: first free the name, then give it to the "
                "other object"}});
    holders_.take(names, key);
  }
  void put(const ObjectKey& key) {
    give_up_names(key);
    take_names(key);
    forget(key);
    db_.objects.insert_or_assign(key, target_.objects.at(key));
    if (auto it = target_.uses.find(key); it != target_.uses.end())
      db_.uses.insert_or_assign(key, it->second);
    else
      db_.uses.erase(key);
    remember(key);
  }
  // ---- places of columns, where an engine has them
  std::vector<ObjectKey>* order_of(const ObjectKey& key) {
    if (key.kind != Kind::column || !db_.ordered_columns || !target_.ordered_columns) return nullptr;
    const ObjectKey* table = db_.relation(key.ns, key.owner);
    if (table == nullptr) return nullptr;
    const auto [it, fresh] = order_.try_emplace(*table);
    if (fresh) it->second = db_.columns(*table);
    return &it->second;
  }
  /// A server puts it behind the column that it is to follow, as far as that one is there.
  void place(const ObjectKey& key) {
    std::vector<ObjectKey>* order = order_of(key);
    if (order == nullptr) return;
    std::erase(*order, key);
    auto at = order->begin();
    for (const auto& before : target_.columns(*target_.relation(key.ns, key.owner))) {
      if (before == key) break;
      if (const auto it = std::find(order->begin(), order->end(), before); it != order->end()) at = it + 1;
    }
    order->insert(at, key);
  }
  void require_needs(const Step& s, const ObjectKey& key) const {
    for (const auto& d : planning::needs(target_, key, dialect_).hard)
      if (!db_.contains(d)) refuse(s, "needs absent " + to_string(d));
  }

  void drop(const Step& s) {
    if (!db_.contains(s.key)) refuse(s, "is absent");
    know_users();
    // Children that were folded into this drop follow right after it; a server takes them along.
    const auto* h = dialect_.handler(s.key.kind);
    for (const auto& u : users_[s.key])
      if (!owned_by(u, s.key) && !h->lets_go(s.key, u, db_, target_))
        refuse(s, "is still used by " + to_string(u));
    forget(s.key);
    if (auto* order = order_of(s.key)) std::erase(*order, s.key);
    order_.erase(s.key);
    give_up_names(s.key);
    db_.objects.erase(s.key);
    db_.uses.erase(s.key);
  }
  static bool owned_by(const ObjectKey& child, const ObjectKey& relation) {
    return info(child.kind).owned && info(relation.kind).relation && child.ns == relation.ns &&
           child.owner == relation.name;
  }
  void create(const Step& s) {
    if (db_.contains(s.key)) refuse(s, "is already there");
    require_needs(s, s.key);
    put(s.key);
    place(s.key);
  }
  void alter(const Step& s) {
    if (!db_.contains(s.key)) refuse(s, "is absent");
    require_needs(s, s.key);
    const Altered change{s.key, changed_fields(db_.objects.at(s.key), target_.objects.at(s.key))};
    const auto* h = dialect_.handler(s.key.kind);
    know_users();
    for (const auto& u : users_[s.key])
      if (h->blocks(change, u, db_, target_)) refuse(s, "is altered under " + to_string(u));
    order_of(s.key);  // as it was: the new body says the place that the column has in the end
    put(s.key);
    if (moved_.contains(s.key)) place(s.key);
  }
  void rebuild(const Step& s) {
    if (!db_.contains(s.key)) refuse(s, "is absent");
    order_.erase(s.key);  // all are put in their places
    for (const auto& child : db_.children(s.key)) {
      if (child.kind == Kind::row) continue;
      forget(child);
      give_up_names(child);
      db_.objects.erase(child);
      db_.uses.erase(child);
    }
    put(s.key);
    for (const auto& child : target_.children(s.key))
      if (child.kind != Kind::row) db_.objects.emplace(child, target_.objects.at(child));
    for (const auto& child : target_.children(s.key))
      if (child.kind != Kind::row) require_needs(s, child), put(child);
  }

  Catalog db_;
  const Catalog& target_;
  const EngineDialect& dialect_;
  std::set<ObjectKey> moved_;
  std::map<ObjectKey, std::vector<ObjectKey>> order_;  ///< of the columns of tables whose columns change
  std::map<ObjectKey, std::set<ObjectKey>> needs_, users_;
  bool users_known_ = false;
  planning::NameHolders holders_;
  bool names_known_ = false;
};
}  // namespace

Catalog simulate(const Plan& plan, Catalog from, const EngineDialect& dialect) {
  return simulate(plan, std::move(from), plan.to, dialect);
}

Catalog simulate(const Plan& plan, Catalog from, const Catalog& to, const EngineDialect& dialect) {
  Catalog completed = to;
  dialect.complete(from, completed);
  rename_all(from, plan.renames, dialect);
  rename_row_values(from, to, dialect);
  std::erase_if(from.objects,
                [&](const auto& e) { return e.first.kind == Kind::row && !plan.from.contains(e.first); });
  FakeServer server(std::move(from), to, plan, dialect);
  for (const auto& s : plan.steps) server.run(s);
  return server.take();
}

}  // namespace trueup
