// What looks like a rename, by what would be lost.
#pragma once
#include <map>

#include "base/text.hpp"
#include "plan/plan.hpp"

namespace trueup {

/// The names of what is created alike for each dropped object.
inline std::map<ObjectKey, std::vector<std::string>> suspicions_by_dropped(const Plan& plan) {
  std::map<ObjectKey, std::vector<std::string>> out;
  for (const auto& s : plan.suspicions) out[s.dropped].push_back(display_name(s.created));
  return out;
}
/// `a, b, c and others`
inline std::string some_of(std::vector<std::string> names) {
  constexpr std::size_t most = 3;
  const bool others = names.size() > most + 1;
  if (others) names.resize(most);
  return join(names, ", ") + (others ? " and others" : "");
}

}  // namespace trueup
