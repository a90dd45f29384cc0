#pragma once
#include <set>
#include <vector>

#include "kinds/catalog.hpp"

namespace trueup {

/// Of the objects that both lists hold, the fewest that must be moved to bring them from the one order into
/// the other.
std::set<ObjectKey> moved_members(const std::vector<ObjectKey>& from, const std::vector<ObjectKey>& to);

}  // namespace trueup
