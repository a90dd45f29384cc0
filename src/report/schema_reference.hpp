#pragma once
#include <string>

namespace trueup {

/// docs/schema.md: how schema files are written, with every field of every kind as the field tables have it
/// and every setting of every engine as the option tables have it.
std::string schema_reference();

}  // namespace trueup
