#pragma once
#include <set>
#include <vector>

#include "kinds/catalog.hpp"

namespace trueup {

/// Of the objects that both lists hold, the fewest that must be moved to bring them from the one order into
/// the other.
std::set<ObjectKey> moved_members(const std::vector<ObjectKey>& from, const std::vector<ObjectKey>& to);

/// Columns of a table that both states hold which are new or moved, in the order in which they can be put
/// behind others: as in `to`, but each after the new ones that it is computed from. Empty where columns have
/// no places.
std::vector<ObjectKey> placing_order(const Catalog& from, const Catalog& to, const ObjectKey& table);

}  // namespace trueup
