// For tables of references by what they name: cheap, and told apart again by the key itself.
#pragma once
#include <functional>
#include <string_view>

#include "model/object_key.hpp"

namespace trueup {

/// Equal for equal keys, and for some others: of name and owner only.
inline std::size_t name_hash(const ObjectKey& key) {
  constexpr std::size_t spread = 31;
  const std::hash<std::string_view> of;
  return of(key.name) + spread * of(key.owner);
}

}  // namespace trueup
