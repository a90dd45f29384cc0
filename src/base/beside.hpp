#pragma once
#include <future>
#include <thread>

namespace trueup {

/// For std::async: beside the caller's own work where there is a processor for it, else when it is asked for.
inline std::launch beside() {
  return std::thread::hardware_concurrency() > 1 ? std::launch::async : std::launch::deferred;
}

}  // namespace trueup
