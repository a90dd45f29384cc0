#pragma once
#include <span>

#include "engine/engine.hpp"

namespace trueup::postgres {

std::span<const OptionSpec> option_table();
/// Drops options that hold their default, lower-cases words, and reports unknown ones with the nearest known
/// name.
void normalize_options(const ObjectKey& key, ObjectBody& body, const Catalog& catalog,
                       std::vector<Diagnostic>& found);

}  // namespace trueup::postgres
