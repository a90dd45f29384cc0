// Names that renames take from one another.
#pragma once
#include "diff/diff.hpp"

namespace trueup {

/// Renames in an order in which each finds its name given up by the others. Where some exchange their names,
/// one is left out, to be dropped and created.
std::vector<Renamed> ordered(std::vector<Renamed> all, const Catalog& to, const EngineDialect&);

/// Those whose old name a renaming `before` them has given to another object must be gone by then.
void leave_out_taken(std::vector<Renamed>& all, const std::vector<Renamed>& before, const Catalog& from,
                     const EngineDialect&);

}  // namespace trueup
