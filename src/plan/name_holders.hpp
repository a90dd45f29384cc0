// Who has which name, as the engine shares them among kinds.
#pragma once
#include <map>
#include <set>
#include <vector>

#include "engine/engine.hpp"

namespace trueup::planning {

class NameHolders {
 public:
  void take(const std::vector<HeldName>& names, const ObjectKey& holder) {
    for (const auto& name : names) holders_[name].insert(holder);
  }
  void give_up(const std::vector<HeldName>& names, const ObjectKey& holder) {
    for (const auto& name : names)
      if (const auto it = holders_.find(name); it != holders_.end()) it->second.erase(holder);
  }
  const std::set<ObjectKey>& of(const HeldName& name) const {
    static const std::set<ObjectKey> nobody;
    const auto it = holders_.find(name);
    return it == holders_.end() ? nobody : it->second;
  }

 private:
  std::map<HeldName, std::set<ObjectKey>> holders_;
};

}  // namespace trueup::planning
