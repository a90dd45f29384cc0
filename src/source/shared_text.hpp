// Texts that two states share and that a server spells anew all the same.
#pragma once
#include "engine/engine.hpp"

namespace trueup {

/// Objects of both states whose text may have another canonical form in `to`, though it is the same: the
/// server writes the types of what an expression reads into it, and all columns for a `*`, and these changed;
/// or it writes functions into what calls them.
std::set<ObjectKey> spelled_anew(const Catalog& from, const Catalog& to, const EngineDialect& dialect);

}  // namespace trueup
