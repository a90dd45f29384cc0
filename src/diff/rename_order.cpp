#include "diff/rename_order.hpp"

namespace trueup {
namespace {
class RenameOrder {
 public:
  RenameOrder(std::vector<Renamed> all, const Catalog& to, const EngineDialect& dialect)
      : all_(std::move(all)), waits_(all_.size()), frees_(all_.size()) {
    std::map<HeldName, std::size_t> given_up;
    const auto names = [&](std::size_t i, const ObjectKey& key) {
      return dialect.held_names(key, to.objects.at(all_[i].to));
    };
    for (std::size_t i = 0; i < all_.size(); ++i)
      for (const auto& name : names(i, all_[i].from)) given_up.emplace(name, i);
    for (std::size_t i = 0; i < all_.size(); ++i)
      for (const auto& name : names(i, all_[i].to))
        if (const auto it = given_up.find(name); it != given_up.end() && it->second != i) {
          waits_[i].insert(it->second);
          frees_[it->second].insert(i);
        }
    for (std::size_t i = 0; i < all_.size(); ++i) {
      left_.insert(i);
      if (waits_[i].empty()) ready_.insert(i);
    }
  }

  std::vector<Renamed> run() {
    std::vector<Renamed> out;
    while (!left_.empty()) {
      const std::size_t i = ready_.empty() ? one_of_circle() : *ready_.begin();
      if (!ready_.empty()) out.push_back(all_[i]);
      left_.erase(i);
      ready_.erase(i);
      for (const auto j : frees_[i])
        if (waits_[j].erase(i) > 0 && waits_[j].empty() && left_.contains(j)) ready_.insert(j);
    }
    return out;
  }

 private:
  /// Indexes rather than keys, which others may refer to.
  std::size_t one_of_circle() const {
    std::vector<std::size_t> path;
    std::size_t at = *left_.begin();
    for (; std::find(path.begin(), path.end(), at) == path.end(); at = *waits_[at].begin())
      path.push_back(at);
    return *std::max_element(std::find(path.begin(), path.end(), at), path.end(),
                             [&](auto a, auto b) { return all_[a].from.kind < all_[b].from.kind; });
  }

  std::vector<Renamed> all_;
  std::vector<std::set<std::size_t>> waits_, frees_;
  std::set<std::size_t> left_, ready_;
};
}  // namespace

std::vector<Renamed> ordered(std::vector<Renamed> all, const Catalog& to, const EngineDialect& dialect) {
  if (all.size() < 2) return all;
  return RenameOrder(std::move(all), to, dialect).run();
}

void leave_out_taken(std::vector<Renamed>& all, const std::vector<Renamed>& before, const Catalog& from,
                     const EngineDialect& dialect) {
  std::map<HeldName, ObjectKey> taken;
  for (const auto& r : before)
    if (const auto it = from.objects.find(r.to); it != from.objects.end())
      for (auto& name : dialect.held_names(r.to, it->second)) taken.emplace(std::move(name), r.to);
  std::erase_if(all, [&](const Renamed& r) {
    const auto names = dialect.held_names(r.from, from.objects.at(r.from));
    return std::any_of(names.begin(), names.end(), [&](const HeldName& n) {
      const auto it = taken.find(n);
      return it != taken.end() && it->second != r.from;
    });
  });
}

}  // namespace trueup
