#include "base/version.hpp"

#ifndef TRUEUP_VERSION
#define TRUEUP_VERSION "0.1.0"
#endif

namespace trueup {

std::string_view version() {
  return TRUEUP_VERSION;
}

}  // namespace trueup
