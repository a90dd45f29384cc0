#pragma once
#include <string_view>

namespace trueup {

/// Version of this library, recorded in history.
std::string_view version();

}  // namespace trueup
