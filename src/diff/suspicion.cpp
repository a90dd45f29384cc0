#include <unordered_map>

#include "diff/diff.hpp"

namespace trueup {
namespace {
/// More is no question that an author can answer.
constexpr std::size_t most_candidates = 8;

/// Do more than half of the columns of the larger one have their like in the other?
bool tables_alike(const Catalog& from, const ObjectKey& dropped, const Catalog& to,
                  const ObjectKey& created) {
  const auto a = from.columns(dropped);
  const auto b = to.columns(created);
  std::size_t same = 0;
  for (const auto& k : a) {
    ObjectKey other = k;
    other.ns = created.ns;
    other.owner = created.name;
    const auto* x = from.find<Column>(k);
    const auto* y = to.find<Column>(other);
    if (x != nullptr && y != nullptr && x->type == y->type) ++same;
  }
  return same * 2 > std::max(a.size(), b.size());
}

/// Tables by their columns, so that not each is compared with each: two that share more than half of their
/// columns share one of any half of them, the rarest half too.
class TablesByColumn {
 public:
  TablesByColumn(const Catalog& to, const std::vector<ObjectKey>& tables) : to_(to) {
    for (const auto& table : tables)
      for (const auto& column : to.columns(table)) tables_[column.name].push_back(&table);
  }
  /// At most `most_candidates`.
  std::vector<ObjectKey> like(const Catalog& from, const ObjectKey& dropped) const {
    std::vector<const std::vector<const ObjectKey*>*> lists;
    const auto columns = from.columns(dropped);
    for (const auto& column : columns)
      if (const auto it = tables_.find(column.name); it != tables_.end()) lists.push_back(&it->second);
    const std::size_t absent = columns.size() - lists.size();
    std::sort(lists.begin(), lists.end(), [](const auto* a, const auto* b) { return a->size() < b->size(); });
    const std::size_t half = (columns.size() + 1) / 2;
    lists.resize(half > absent ? std::min(half - absent, lists.size()) : 0);
    std::set<ObjectKey> seen, out;
    for (const auto* list : lists)
      for (const ObjectKey* table : *list)
        if (out.size() < most_candidates && seen.insert(*table).second &&
            tables_alike(from, dropped, to_, *table))
          out.insert(*table);
    return {out.begin(), out.end()};
  }

 private:
  const Catalog& to_;
  std::unordered_map<std::string, std::vector<const ObjectKey*>> tables_;
};

bool columns_alike(const Catalog& from, const ObjectKey& dropped, const Catalog& to,
                   const ObjectKey& created) {
  const auto* x = from.find<Column>(dropped);
  const auto* y = to.find<Column>(created);
  return x != nullptr && y != nullptr && to.relation(created.ns, created.owner) != nullptr &&
         from.relation(created.ns, created.owner) != nullptr && x->type == y->type && !x->generated &&
         !y->generated;
}
}  // namespace

std::vector<RenameSuspicion> suspect_renames(const Catalog& from, const Catalog& to,
                                             const std::vector<Change>& changes) {
  std::vector<RenameSuspicion> out;
  std::map<std::tuple<Kind, std::string, std::string>, std::vector<ObjectKey>> created;
  for (const auto& c : changes)
    if (const auto* k = std::get_if<Created>(&c); k != nullptr && info(k->key.kind).holds_data)
      created[{k->key.kind, k->key.ns, k->key.owner}].push_back(k->key);
  std::map<std::string, TablesByColumn> tables;  // by namespace
  for (const auto& c : changes) {
    const auto* d = std::get_if<Dropped>(&c);
    if (d == nullptr) continue;
    const auto it = created.find({d->key.kind, d->key.ns, d->key.owner});
    if (it == created.end()) continue;
    if (d->key.kind == Kind::table) {
      const auto& known = tables.try_emplace(d->key.ns, to, it->second).first->second;
      for (const auto& k : known.like(from, d->key)) out.push_back({d->key, k});
      continue;
    }
    std::size_t found = 0;
    for (const auto& k : it->second)
      if (found < most_candidates && columns_alike(from, d->key, to, k)) {
        out.push_back({d->key, k});
        ++found;
      }
  }
  return out;
}

}  // namespace trueup
