#include "kinds/catalog.hpp"

#include "kinds/walk.hpp"

namespace trueup {

std::string_view to_string(Standing s) {
  switch (s) {
    case Standing::managed:
      return "managed";
    case Standing::extension_member:
      return "owned by an extension";
    case Standing::ignored:
      return "ignored";
    case Standing::unmodelled:
      return "unmodelled";
  }
  return "";
}

const ObjectKey* Catalog::relation(std::string_view ns, std::string_view name) const {
  for (std::size_t i = 0; i < kind_count; ++i) {
    const auto kind = static_cast<Kind>(i);
    if (!info(kind).relation) continue;
    auto it = objects.find(ObjectKey{kind, std::string(ns), "", std::string(name), ""});
    if (it != objects.end()) return &it->first;
  }
  return nullptr;
}

std::vector<ObjectKey> Catalog::children(const ObjectKey& relation) const {
  std::vector<ObjectKey> out;
  for (std::size_t i = 0; i < kind_count; ++i) {
    const auto kind = static_cast<Kind>(i);
    if (!info(kind).owned) continue;
    auto these = children(relation, kind);
    out.insert(out.end(), std::make_move_iterator(these.begin()), std::make_move_iterator(these.end()));
  }
  return out;
}

std::vector<ObjectKey> Catalog::children(const ObjectKey& relation, Kind kind) const {
  std::vector<ObjectKey> out;
  for (auto it = objects.lower_bound(ObjectKey{kind, relation.ns, relation.name, "", ""});
       it != objects.end() && it->first.kind == kind && it->first.ns == relation.ns &&
       it->first.owner == relation.name;
       ++it)
    out.push_back(it->first);
  return out;
}

std::vector<ObjectKey> Catalog::columns(const ObjectKey& relation) const {
  std::vector<std::pair<std::int64_t, ObjectKey>> found;
  for (auto it = objects.lower_bound(ObjectKey{Kind::column, relation.ns, relation.name, "", ""});
       it != objects.end() && it->first.kind == Kind::column && it->first.ns == relation.ns &&
       it->first.owner == relation.name;
       ++it)
    found.emplace_back(std::get<Column>(it->second).position, it->first);
  std::sort(found.begin(), found.end());
  std::vector<ObjectKey> out;
  out.reserve(found.size());
  for (auto& [position, key] : found) out.push_back(std::move(key));
  return out;
}

void for_each_ref(const ObjectBody& body, const std::function<void(const Ref&)>& f) {
  std::visit([&](const auto& b) { detail::walk<Ref>(b, f); }, body);
}
void for_each_ref(ObjectBody& body, const std::function<void(Ref&)>& f) {
  std::visit([&](auto& b) { detail::walk<Ref>(b, f); }, body);
}
void for_each_expr(ObjectBody& body, const std::function<void(Expr&)>& f) {
  std::visit([&](auto& b) { detail::walk<Expr>(b, f); }, body);
}
void for_each_expr(const ObjectBody& body, const std::function<void(const Expr&)>& f) {
  std::visit([&](const auto& b) { detail::walk<Expr>(b, f); }, body);
}

Dependencies dependencies(const Catalog& catalog, const ObjectKey& key) {
  Dependencies out;
  auto add = [&](const ObjectKey& k) {
    if (k != key && catalog.contains(k)) out.hard.insert(k);
  };
  if (info(key.kind).owned)
    if (const ObjectKey* owner = catalog.relation(key.ns, key.owner)) add(*owner);
  add(key.ns.empty() ? database_key() : ObjectKey{Kind::name_space, "", "", key.ns, ""});
  if (auto it = catalog.objects.find(key); it != catalog.objects.end())
    for_each_ref(it->second, [&](const Ref& r) { add(r.to); });
  if (auto it = catalog.uses.find(key); it != catalog.uses.end()) {
    for (const auto& k : it->second.hard) add(k);
    for (const auto& k : it->second.soft)
      if (k != key && catalog.contains(k) && !out.hard.contains(k)) out.soft.insert(k);
  }
  return out;
}

std::vector<std::string> changed_fields(const ObjectBody& a, const ObjectBody& b) {
  std::vector<std::string> out;
  std::visit(
      [&]<class T>(const T& x) {
        const T& y = std::get<T>(b);
        for_each_field<T>([&](const auto& f) {
          if (f.compare == Compare::always && !(x.*f.member == y.*f.member)) out.emplace_back(f.name);
        });
      },
      a);
  return out;
}

namespace {
template <std::size_t... I>
ObjectBody make_at(std::size_t index, std::index_sequence<I...>) {
  ObjectBody out;
  ((index == I ? (out = std::variant_alternative_t<I, ObjectBody>{}, 0) : 0), ...);
  return out;
}
}  // namespace

ObjectBody make_body(Kind kind) {
  return make_at(static_cast<std::size_t>(kind), std::make_index_sequence<kind_count>{});
}

}  // namespace trueup
