#include "diff/diff.hpp"

#include "kinds/order.hpp"

namespace trueup {

const ObjectKey& key_of(const Change& c) {
  return std::visit(
      [](const auto& x) -> const ObjectKey& {
        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(x)>, Renamed>)
          return x.to;
        else
          return x.key;
      },
      c);
}

namespace {
/// Columns that must be moved, the fewest a table; the others only count differently.
void add_moves(const Catalog& from, const Catalog& to, std::vector<Change>& changes) {
  std::map<ObjectKey, Altered*> known;
  for (auto& c : changes)
    if (auto* a = std::get_if<Altered>(&c)) known.emplace(a->key, a);
  std::vector<Altered> moves;
  for (const auto& [key, body] : to.objects) {
    if (key.kind != Kind::table || !from.contains(key)) continue;
    for (const auto& column : moved_members(from.columns(key), to.columns(key))) {
      if (const auto it = known.find(column); it != known.end())
        it->second->fields.emplace_back("position");
      else
        moves.push_back({column, {"position"}});
    }
  }
  for (auto& move : moves) changes.emplace_back(std::move(move));
}
}  // namespace

std::vector<Change> diff(const Catalog& from, const Catalog& to) {
  std::vector<Change> out;
  auto a = from.objects.begin();
  auto b = to.objects.begin();
  while (a != from.objects.end() || b != to.objects.end()) {
    if (b == to.objects.end() || (a != from.objects.end() && a->first < b->first)) {
      out.emplace_back(Dropped{(a++)->first});
    } else if (a == from.objects.end() || b->first < a->first) {
      out.emplace_back(Created{(b++)->first});
    } else {
      if (auto fields = changed_fields(a->second, b->second); !fields.empty())
        out.emplace_back(Altered{a->first, std::move(fields)});
      ++a, ++b;
    }
  }
  if (to.ordered_columns && from.ordered_columns) add_moves(from, to, out);
  return out;
}

namespace {
/// Share of the smaller table's columns that both hold with the same type.
bool tables_alike(const Catalog& from, const ObjectKey& dropped, const Catalog& to,
                  const ObjectKey& created) {
  const auto a = from.columns(dropped);
  const auto b = to.columns(created);
  if (a.empty() || b.empty()) return false;
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
}  // namespace

std::vector<RenameSuspicion> suspect_renames(const Catalog& from, const Catalog& to,
                                             const std::vector<Change>& changes) {
  std::vector<RenameSuspicion> out;
  std::map<std::tuple<Kind, std::string, std::string>, std::vector<ObjectKey>> created;
  for (const auto& c : changes)
    if (const auto* k = std::get_if<Created>(&c); k != nullptr && info(k->key.kind).holds_data)
      created[{k->key.kind, k->key.ns, k->key.owner}].push_back(k->key);
  for (const auto& c : changes) {
    const auto* d = std::get_if<Dropped>(&c);
    if (d == nullptr) continue;
    auto it = created.find({d->key.kind, d->key.ns, d->key.owner});
    if (it == created.end()) continue;
    for (const auto& k : it->second) {
      bool alike = false;
      if (d->key.kind == Kind::table) alike = tables_alike(from, d->key, to, k);
      if (const auto* x = from.find<Column>(d->key))
        if (const auto* y = to.find<Column>(k))
          alike = to.relation(k.ns, k.owner) != nullptr && from.relation(k.ns, k.owner) != nullptr &&
                  x->type == y->type && !x->generated && !y->generated;
      if (alike) out.push_back({d->key, k});
    }
  }
  return out;
}

}  // namespace trueup
