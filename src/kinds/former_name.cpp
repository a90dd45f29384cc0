#include "kinds/former_name.hpp"

#include <optional>

namespace trueup {

std::string rename_hint(const ObjectBody& body) {
  return std::visit(
      [](const auto& b) -> std::string {
        if constexpr (requires { b.renamed_from; })
          return b.renamed_from;
        else
          return {};
      },
      body);
}

namespace {
/// The parts of `app.users` or `"odd.name".users`.
std::vector<std::string> parts_of(const std::string& name) {
  std::vector<std::string> out{{}};
  bool quoted = false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool quote = name[i] == '"';
    if (quote && quoted && i + 1 < name.size() && name[i + 1] == '"')
      out.back() += name[++i];
    else if (quote)
      quoted = !quoted;
    else if (name[i] == '.' && !quoted)
      out.emplace_back();
    else
      out.back() += name[i];
  }
  return out;
}

/// The key with another namespace and name, when the hint says both.
std::optional<ObjectKey> elsewhere(const ObjectKey& key, const std::string& hint) {
  if (key.ns.empty() || info(key.kind).owned) return std::nullopt;
  auto parts = parts_of(hint);
  if (parts.size() != 2 || parts[0].empty() || parts[1].empty()) return std::nullopt;
  ObjectKey out = key;
  out.ns = std::move(parts[0]);
  out.name = std::move(parts[1]);
  return out;
}
}  // namespace

ObjectKey former_key(const ObjectKey& key, const std::string& hint, const Catalog& from) {
  ObjectKey plain = key;
  plain.name = hint;
  if (from.contains(plain)) return plain;
  return elsewhere(key, hint).value_or(plain);
}

std::string former_name(const ObjectKey& before, const ObjectKey& now) {
  if (before.ns == now.ns) return before.name;
  return display_name({Kind::table, before.ns, {}, before.name, {}});
}

std::set<ObjectKey> moved_in(const Catalog& from, const Catalog& desired,
                             const std::set<std::string>& namespaces) {
  std::set<ObjectKey> out;
  desired.for_each_whole([&](const ObjectKey& key, const ObjectBody& body) {
    if (rename_hint(body).empty()) return;
    const ObjectKey before = former_key(key, rename_hint(body), from);
    if (before.ns == key.ns || namespaces.contains(before.ns) || !from.contains(before)) return;
    out.insert(before);
    if (!info(key.kind).relation) return;
    for (const auto& child : from.children(before)) out.insert(child);
    for (const auto& [owner, tie] : from.of_kind(Kind::sequence_owner))
      if (const auto& column = std::get<SequenceOwner>(tie).column.to;
          column.ns == before.ns && column.owner == before.name)
        out.insert({owner, std::get<SequenceOwner>(tie).sequence.to});
  });
  return out;
}

std::set<std::string> former_namespaces(const Catalog& desired) {
  std::set<std::string> out;
  desired.for_each_whole([&](const ObjectKey& key, const ObjectBody& body) {
    if (const auto before = elsewhere(key, rename_hint(body))) out.insert(before->ns);
  });
  return out;
}

}  // namespace trueup
