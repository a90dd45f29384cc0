#pragma once
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

/// What libFuzzer calls, and what replay.cpp calls for every file of the target's corpus. An escaping
/// exception or a crash is a finding; InputError is how hostile input is meant to end.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace trueup::fuzz {

inline std::string text_of(const std::uint8_t* data, std::size_t size) {
  return {data, data + size};
}

/// A property that holds for every input.
inline void require(bool holds, const std::string& what) {
  if (!holds) throw std::logic_error(what);
}

}  // namespace trueup::fuzz
