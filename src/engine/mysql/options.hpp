#pragma once
#include <span>

#include "engine/engine.hpp"

namespace trueup::mysql {
std::span<const OptionSpec> option_table();
}  // namespace trueup::mysql
