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
  for (const auto& child : catalog.children(f.ref_table.to))
    if (const auto* pk = catalog.find<PrimaryKey>(child))
      for (const auto& p : pk->on)
        if (p.column) out.push_back(p.column->to.name);
  return out;
}

bool refers(const Row& row, const ForeignKey& f, const Row& other, const std::vector<std::string>& columns) {
  if (f.columns.size() != columns.size()) return false;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto a = row.values.find(f.columns[i].to.name);
    const auto b = other.values.find(columns[i]);
    if (a == row.values.end() || b == other.values.end() || a->second.text != b->second.text) return false;
  }
  return true;
}

void referenced_rows(const Catalog& catalog, const Row& row, const ForeignKey& f, std::set<ObjectKey>& out) {
  const ObjectKey& parent = f.ref_table.to;
  auto it = catalog.objects.lower_bound(ObjectKey{Kind::row, parent.ns, parent.name, {}, {}});
  const auto own = [&] {
    return it != catalog.objects.end() && it->first.kind == Kind::row && it->first.ns == parent.ns &&
           it->first.owner == parent.name;
  };
  if (!own()) return;
  const auto columns = referenced_columns(catalog, f);
  for (; own(); ++it)
    if (refers(row, f, std::get<Row>(it->second), columns)) out.insert(it->first);
}
}  // namespace

Catalog::Uses row_uses(const Catalog& catalog, const ObjectKey& key, const Row& row) {
  Catalog::Uses out;
  for (const auto& [column, value] : row.values) {
    const ObjectKey k{Kind::column, key.ns, key.owner, column, {}};
    if (catalog.contains(k)) out.hard.insert(k);
  }
  std::set<ObjectKey> wanted;
  for (const auto& name : row.key) wanted.insert({Kind::column, key.ns, key.owner, name, {}});
  for (const auto& child : catalog.children({Kind::table, key.ns, {}, key.owner, {}})) {
    const auto* pk = catalog.find<PrimaryKey>(child);
    const auto* unique = catalog.find<Unique>(child);
    if ((pk != nullptr && columns_of(pk->on) == wanted) ||
        (unique != nullptr && columns_of(unique->on) == wanted))
      out.hard.insert(child);
    if (const auto* f = catalog.find<ForeignKey>(child)) referenced_rows(catalog, row, *f, out.soft);
  }
  out.soft.erase(key);
  return out;
}

}  // namespace trueup
