#pragma once
#include <span>

#include "engine/engine.hpp"

namespace trueup::sqlite {
/// Every engine setting that objects of SQLite have.
std::span<const OptionSpec> option_table();
}  // namespace trueup::sqlite
