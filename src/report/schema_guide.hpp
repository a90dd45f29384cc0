#pragma once
#include <string_view>

namespace trueup {

/// The hand-written part of docs/schema.md. Its examples are loaded by the tests.
std::string_view schema_guide();

}  // namespace trueup
