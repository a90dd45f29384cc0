#pragma once
#include "engine/engine.hpp"

namespace trueup {

/// Do views, triggers and dictionaries go on meaning a table or column that is renamed?
bool bodies_follow_renames(const EngineDialect& dialect);

}  // namespace trueup
