// What only one of the two servers has.
#pragma once
#include "engine/engine.hpp"

namespace trueup::mysql {

/// `MySQL` or `MariaDB` with what it is that only that server accepts, `MariaDB only: type uuid of column
/// t.a`; nothing for what both know.
std::vector<Hazard> flavor_notes(const Catalog& to, const std::vector<ObjectKey>& keys);
/// The same for a plan; nothing where it is for a server that is known.
std::vector<Hazard> flavor_notes(const RenderContext&, const std::vector<ObjectKey>& keys);

}  // namespace trueup::mysql
