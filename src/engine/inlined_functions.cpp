#include "engine/inlined_functions.hpp"

namespace trueup {
namespace {
bool uses_any(const Catalog& catalog, const ObjectKey& key, const std::set<ObjectKey>& wanted) {
  const auto it = catalog.uses.find(key);
  if (it == catalog.uses.end()) return false;
  const auto is_wanted = [&](const ObjectKey& k) { return wanted.contains(k); };
  return std::any_of(it->second.hard.begin(), it->second.hard.end(), is_wanted) ||
         std::any_of(it->second.soft.begin(), it->second.soft.end(), is_wanted);
}

/// Those that changed, and those that call them.
std::set<ObjectKey> changed_functions(const Catalog& from, const Catalog& to) {
  std::set<ObjectKey> out;
  for (const auto& [key, body] : to.of_kind(Kind::function))
    if (const auto other = from.objects.find(key);
        other != from.objects.end() && !changed_fields(other->second, body).empty())
      out.insert(key);
  for (bool again = !out.empty(); again;) {
    again = false;
    for (const auto& [key, body] : to.of_kind(Kind::function))
      if (!out.contains(key) && uses_any(to, key, out)) again = out.insert(key).second;
  }
  return out;
}
}  // namespace

std::set<ObjectKey> callers_of_changed_functions(const Catalog& from, const Catalog& to) {
  std::set<ObjectKey> out;
  const auto changed = changed_functions(from, to);
  if (changed.empty()) return out;
  for (const auto& [key, uses] : to.uses)
    if (key.kind != Kind::function && from.contains(key) && to.contains(key) && uses_any(to, key, changed))
      out.insert(key);
  return out;
}

void differ_with_functions(Catalog& from, const Catalog& to) {
  std::set<std::string> names;
  for (const auto& key : changed_functions(from, to)) names.insert(key.name);
  if (names.empty()) return;
  for (const auto& key : callers_of_changed_functions(from, to)) {
    ObjectBody& before = from.objects.at(key);
    std::vector<const Expr*> wanted;
    for_each_expr(to.objects.at(key), [&](const Expr& e) { wanted.push_back(&e); });
    std::size_t i = 0;
    for_each_expr(before, [&](Expr& e) {
      const Expr* now = i < wanted.size() ? wanted[i] : nullptr;
      ++i;
      const auto calls = [&](const std::string& name) {
        return e.text.find(name + "(") != std::string::npos;
      };
      if (now != nullptr && now->canonical.empty() && e == *now &&
          std::any_of(names.begin(), names.end(), calls))
        e.canonical = "with the former functions: " + e.comparable();
    });
  }
}

}  // namespace trueup
