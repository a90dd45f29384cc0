#include "diff/row_values.hpp"

#include "kinds/row/row_name.hpp"

namespace trueup {
namespace {
/// By enum: what a value is called, and what it is to be called.
using NewNames = std::map<ObjectKey, std::map<std::string, std::string>>;

bool has(const EnumType& type, const std::string& value) {
  return std::find(type.values.begin(), type.values.end(), value) != type.values.end();
}

/// The hints of `to` that say something about the values in `from`: former value, value.
NewNames hinted(const Catalog& from, const Catalog& to) {
  NewNames out;
  for (const auto& [key, body] : to.of_kind(Kind::enum_type)) {
    const auto* before = from.find<EnumType>(key);
    if (before == nullptr) continue;
    for (const auto& [name, former] : std::get<EnumType>(body).renamed_values)
      if (has(*before, former) && !has(*before, name)) out[key].emplace(former, name);
  }
  return out;
}

/// True when a value of the row has another name.
bool rename_values(const ObjectKey& key, Row& row, const Catalog& catalog, const NewNames& names) {
  bool renamed = false;
  for (auto& [name, value] : row.values) {
    const auto* column = catalog.find<Column>(ObjectKey{Kind::column, key.ns, key.owner, name, {}});
    if (column == nullptr || !column->type.user || !column->type.suffix.empty() || value.type == "sql")
      continue;
    const auto type = names.find(column->type.user->to);
    if (type == names.end()) continue;
    const auto now = type->second.find(value.text);
    if (now == type->second.end()) continue;
    value.text = now->second;
    renamed = true;
  }
  return renamed;
}

/// `wanted` says which rows, by their new keys.
template <class Wanted>
void rename_rows(Catalog& catalog, const NewNames& names, const EngineDialect& dialect, Wanted wanted) {
  if (names.empty()) return;
  std::vector<Renamed> renames;
  for (auto& [key, body] : catalog.of_kind(Kind::row)) {
    Row row = std::get<Row>(body);
    if (!rename_values(key, row, catalog, names)) continue;
    ObjectKey now = key;
    now.name = row_name(row.key, row.values);
    if (!wanted(now) || (now != key && catalog.contains(now))) continue;
    body = std::move(row);
    if (now != key) renames.push_back({key, std::move(now)});
  }
  rename_all(catalog, renames, dialect);
}
}  // namespace

void rename_row_values(Catalog& from, const Catalog& to, const EngineDialect& dialect) {
  rename_rows(from, hinted(from, to), dialect, [&](const ObjectKey& key) { return to.contains(key); });
}

void former_row_values(Catalog& asked, const Catalog& from, const EngineDialect& dialect) {
  NewNames back;
  for (const auto& [type, names] : hinted(from, asked))
    for (const auto& [former, name] : names) back[type].emplace(name, former);
  rename_rows(asked, back, dialect, [](const ObjectKey&) { return true; });
}

bool renames_values(const Catalog& to) {
  const auto enums = to.of_kind(Kind::enum_type);
  return std::any_of(enums.begin(), enums.end(),
                     [](const auto& e) { return !std::get<EnumType>(e.second).renamed_values.empty(); });
}

}  // namespace trueup
