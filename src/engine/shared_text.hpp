// Texts that two states share and that a server spells anew all the same.
#pragma once
#include "engine/engine.hpp"

namespace trueup {

/// Objects of both states whose text may have another canonical form in `to`, though it is the same: the
/// server writes the types of what an expression reads into it, and all columns for a `*`, and these changed;
/// or it writes functions into what calls them.
std::set<ObjectKey> spelled_anew(const Catalog& from, const Catalog& to, const EngineDialect& dialect);

/// Where neither state knows the server's form of a view that reads all columns (`*`) of what gets or loses
/// some, the text alone would pass for equal: it is made to differ in `from`.
void differ_with_columns(Catalog& from, const Catalog& to, const EngineDialect& dialect);

}  // namespace trueup
