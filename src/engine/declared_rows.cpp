#include "engine/declared_rows.hpp"

#include "kinds/row/row_name.hpp"

namespace trueup {
namespace {
std::vector<std::string> key_of(const std::vector<std::string>& key, const RowValues& values) {
  std::vector<std::string> out;
  for (const auto& column : key) {
    const auto it = values.find(column);
    out.push_back(it == values.end() ? std::string() : it->second.type + " " + it->second.text);
  }
  return out;
}
}  // namespace

std::vector<DeclaredRows> declared_rows(const Catalog& desired, const Catalog& from) {
  std::map<std::string, DeclaredRows> tables;
  for (const auto& [key, body] : desired.objects) {
    const auto* row = std::get_if<Row>(&body);
    if (row == nullptr) continue;
    const ObjectKey table{Kind::table, {}, {}, key.owner, {}};
    if (!from.contains(table)) continue;
    auto& t = tables[key.owner];
    t.table = table;
    t.key = row->key;
    t.remove = t.remove || row->on_removed == "delete";
    for (const auto& [name, value] : row->values) t.columns.insert(name);
    t.rows.emplace(key_of(row->key, row->values), key);
  }
  std::vector<DeclaredRows> out;
  for (auto& [name, table] : tables) out.push_back(std::move(table));
  return out;
}

void add_read_row(const DeclaredRows& declared, RowValues values, const Catalog& desired, Catalog& from,
                  const IsComputed& computed) {
  Row row;
  row.key = declared.key;
  row.values = std::move(values);
  const auto known = declared.rows.find(key_of(row.key, row.values));
  if (known == declared.rows.end()) {
    if (!declared.remove) return;
    row.on_removed = "delete";
    ObjectKey key{Kind::row, {}, declared.table.name, row_name(row.key, row.values), {}};
    from.objects.insert_or_assign(std::move(key), std::move(row));
    return;
  }
  const Row& wish = *desired.find<Row>(known->second);
  std::erase_if(row.values, [&](const auto& v) { return !wish.values.contains(v.first); });
  for (const auto& [name, value] : wish.values)
    if (computed(value) && row.values.contains(name)) row.values[name] = value;
  row.on_removed = wish.on_removed;
  from.objects.insert_or_assign(known->second, std::move(row));
}

}  // namespace trueup
