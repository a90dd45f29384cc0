#pragma once
#include <string>
#include <string_view>

#include "engine/engine.hpp"

namespace trueup {

/// Input argument types of a routine from its declared argument list, in canonical spelling: `a int, out b
/// text` -> `integer`. What belongs in ObjectKey::signature.
std::string routine_signature(std::string_view arguments, const EngineDialect& dialect);

}  // namespace trueup
