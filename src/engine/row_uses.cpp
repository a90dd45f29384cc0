#include "engine/row_uses.hpp"

namespace trueup {
namespace {
std::set<ObjectKey> columns_of(const std::vector<IndexPart>& parts) {
  std::set<ObjectKey> out;
  for (const auto& p : parts)
    if (p.column) out.insert(p.column->to);
  return out;
}

/// Names of the columns that the foreign key refers to; without any it means the primary key.
std::vector<std::string> referenced_columns(const Catalog& catalog, const ForeignKey& f) {
  std::vector<std::string> out;
  for (const auto& c : f.ref_columns) out.push_back(c.to.name);
  if (!out.empty()) return out;
  for (const auto& child : catalog.children(f.ref_table.to, Kind::primary_key))
    for (const auto& p : catalog.find<PrimaryKey>(child)->on)
      if (p.column) out.push_back(p.column->to.name);
  return out;
}

/// The values of those columns as one text; nothing when the row leaves one out.
std::optional<std::string> values_of(const Row& row, const std::vector<std::string>& columns) {
  std::string out;
  for (const auto& column : columns) {
    const auto value = row.values.find(column);
    if (value == row.values.end()) return std::nullopt;
    out += std::to_string(value->second.text.size());
    out += ':';
    out += value->second.text;
  }
  return out;
}
}  // namespace

const RowUses::ByValue& RowUses::rows_by(const ObjectKey& table, const std::vector<std::string>& columns) {
  const auto [found, is_new] = rows_.try_emplace({table, columns});
  if (!is_new) return found->second;
  for (auto it = catalog_.objects.lower_bound(ObjectKey{Kind::row, table.ns, table.name, {}, {}});
       it != catalog_.objects.end() && it->first.kind == Kind::row && it->first.ns == table.ns &&
       it->first.owner == table.name;
       ++it)
    if (const auto values = values_of(std::get<Row>(it->second), columns))
      found->second[*values].push_back(&it->first);
  return found->second;
}

void RowUses::referenced_rows(const Row& row, const ForeignKey& f, std::set<ObjectKey>& out) {
  const auto columns = referenced_columns(catalog_, f);
  if (f.columns.size() != columns.size()) return;
  std::vector<std::string> own;
  for (const auto& c : f.columns) own.push_back(c.to.name);
  const auto values = values_of(row, own);
  if (!values) return;
  const auto& parents = rows_by(f.ref_table.to, columns);
  const auto found = parents.find(*values);
  if (found == parents.end()) return;
  for (const auto* key : found->second) out.insert(*key);
}

Catalog::Uses RowUses::of(const ObjectKey& key, const Row& row) {
  Catalog::Uses out;
  for (const auto& [column, value] : row.values) {
    const ObjectKey k{Kind::column, key.ns, key.owner, column, {}};
    if (catalog_.contains(k)) out.hard.insert(k);
  }
  std::set<ObjectKey> wanted;
  for (const auto& name : row.key) wanted.insert({Kind::column, key.ns, key.owner, name, {}});
  const ObjectKey table{Kind::table, key.ns, {}, key.owner, {}};
  // A row that is there needs no key, and one that comes takes any.
  for (const auto& child : catalog_.children(table, Kind::primary_key))
    if (columns_of(catalog_.find<PrimaryKey>(child)->on) == wanted) out.soft.insert(child);
  for (const auto& child : catalog_.children(table, Kind::unique))
    if (columns_of(catalog_.find<Unique>(child)->on) == wanted) out.soft.insert(child);
  for (const auto& child : catalog_.children(table, Kind::foreign_key))
    referenced_rows(row, *catalog_.find<ForeignKey>(child), out.soft);
  out.soft.erase(key);
  return out;
}

}  // namespace trueup
