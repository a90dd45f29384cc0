// What engines do alike when they bring a desired state to canonical form.
#pragma once
#include <functional>

#include "engine/engine.hpp"

namespace trueup {

/// The settings of a body; null where its kind has none.
Options* options_of(ObjectBody& body);

/// Refuses settings that the engine's table does not list for the kind, and drops those that say what is the
/// default anyway. `spelled` gives the canonical value of a setting.
using SpellOption = std::function<std::string(const OptionSpec&, const std::string& value)>;
void check_options(const ObjectKey& key, ObjectBody& body, const Catalog& catalog,
                   const EngineDialect& dialect, std::string_view engine, const SpellOption& spelled,
                   std::vector<Diagnostic>& found);

}  // namespace trueup
