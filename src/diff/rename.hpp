// Giving objects new keys everywhere in a catalog, at the cost of what refers to them.
#pragma once
#include "diff/diff.hpp"

namespace trueup {

/// rename_as_server() for each in turn.
void rename_all(Catalog& catalog, const std::vector<Renamed>& renames, const EngineDialect& dialect);

}  // namespace trueup
