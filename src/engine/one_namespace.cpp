#include "engine/one_namespace.hpp"

namespace trueup {
namespace {
ObjectKey bare(ObjectKey key) {
  key.ns.clear();
  return key;
}
}  // namespace

std::vector<ObjectKey> drop_namespaces(Catalog& c) {
  std::vector<ObjectKey> lost;
  bool any = false;
  for (const auto& [key, body] : c.objects) any = any || !key.ns.empty() || key.kind == Kind::name_space;
  if (!any) return lost;
  std::map<ObjectKey, ObjectBody> objects;
  for (auto& [key, body] : c.objects) {
    if (key.kind == Kind::name_space) continue;
    for_each_ref(body, [](Ref& r) { r.to = bare(r.to); });
    if (!objects.emplace(bare(key), std::move(body)).second) lost.push_back(key);
  }
  c.objects = std::move(objects);
  std::map<ObjectKey, Place> places;
  for (auto& [key, place] : c.places) places.emplace(bare(key), place);
  c.places = std::move(places);
  std::map<ObjectKey, Catalog::Uses> uses;
  for (auto& [key, u] : c.uses) {
    Catalog::Uses moved;
    for (const auto& k : u.hard) moved.hard.insert(bare(k));
    for (const auto& k : u.soft) moved.soft.insert(bare(k));
    uses.emplace(bare(key), std::move(moved));
  }
  c.uses = std::move(uses);
  return lost;
}

}  // namespace trueup
