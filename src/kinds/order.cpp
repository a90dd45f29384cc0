#include "kinds/order.hpp"

#include <algorithm>
#include <functional>

namespace trueup {

std::set<ObjectKey> moved_members(const std::vector<ObjectKey>& from, const std::vector<ObjectKey>& to) {
  std::map<ObjectKey, std::size_t> place;
  for (std::size_t i = 0; i < from.size(); ++i) place.emplace(from[i], i);
  std::vector<const ObjectKey*> both;
  for (const auto& key : to)
    if (place.contains(key)) both.push_back(&key);
  // The longest subsequence that already stands in order stays where it is.
  constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::vector<std::size_t> ends, previous(both.size(), none);
  for (std::size_t i = 0; i < both.size(); ++i) {
    const std::size_t at = place.at(*both[i]);
    const auto it = std::lower_bound(ends.begin(), ends.end(), at,
                                     [&](std::size_t e, std::size_t p) { return place.at(*both[e]) < p; });
    if (it != ends.begin()) previous[i] = *std::prev(it);
    if (it == ends.end())
      ends.push_back(i);
    else
      *it = i;
  }
  std::set<ObjectKey> moved;
  for (const auto* key : both) moved.insert(*key);
  for (std::size_t i = ends.empty() ? none : ends.back(); i != none; i = previous[i]) moved.erase(*both[i]);
  return moved;
}

std::vector<ObjectKey> placing_order(const Catalog& from, const Catalog& to, const ObjectKey& table) {
  if (!from.ordered_columns || !to.ordered_columns || !from.contains(table)) return {};
  const auto columns = to.columns(table);
  std::set<ObjectKey> open = moved_members(from.columns(table), columns);
  for (const auto& column : columns)
    if (!from.contains(column)) open.insert(column);
  std::vector<ObjectKey> out;
  const std::function<void(const ObjectKey&)> place = [&](const ObjectKey& column) {
    if (open.erase(column) == 0) return;
    if (const auto uses = to.uses.find(column); uses != to.uses.end())
      for (const auto& needed : uses->second.hard) place(needed);
    out.push_back(column);
  };
  for (const auto& column : columns) place(column);
  return out;
}

}  // namespace trueup
