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

}  // namespace trueup
