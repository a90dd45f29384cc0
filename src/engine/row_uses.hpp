#pragma once
#include "kinds/catalog.hpp"

namespace trueup {

/// What a reference row needs, on every engine: its columns and its key for certain, the rows it refers to
/// before it where that can be.
Catalog::Uses row_uses(const Catalog& catalog, const ObjectKey& key, const Row& row);

}  // namespace trueup
