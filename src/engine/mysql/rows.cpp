#include "engine/mysql/rows.hpp"

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "engine/mysql/lexer.hpp"
#include "engine/mysql/show_create.hpp"
#include "engine/mysql/types.hpp"
#include "kinds/row/row_name.hpp"

namespace trueup::mysql {
namespace {
/// Declared rows of one table.
struct Declared {
  std::vector<std::string> key;
  std::set<std::string> columns;
  std::map<std::vector<std::string>, ObjectKey> rows;  ///< key values, as text -> object
  bool remove = false;
};

std::vector<std::string> key_of(const Row& row) {
  std::vector<std::string> out;
  for (const auto& column : row.key) {
    const auto it = row.values.find(column);
    out.push_back(it == row.values.end() ? std::string() : it->second.type + " " + it->second.text);
  }
  return out;
}

void read_table(Connection& connection, const std::string& table, const Declared& declared,
                const Catalog& desired, Catalog& from) {
  std::vector<std::string> columns, quoted_columns;
  for (const auto& name : declared.columns) {
    if (from.find<Column>(child_key(Kind::column, table, name)) == nullptr) continue;
    columns.push_back(name);
    quoted_columns.push_back(backquoted(name));
  }
  for (const auto& k : declared.key)
    if (std::find(columns.begin(), columns.end(), k) == columns.end()) return;
  for (const auto& cells :
       connection.query("select " + join(quoted_columns, ", ") + " from " + backquoted(table))) {
    Row row;
    row.key = declared.key;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const auto* column = from.find<Column>(child_key(Kind::column, table, columns[i]));
      row.values[columns[i]] =
          cells[i] ? stored_value({"text", *cells[i]}, column->type) : RowValue{"null", ""};
    }
    const auto known = declared.rows.find(key_of(row));
    if (known == declared.rows.end()) {
      if (!declared.remove) continue;
      row.on_removed = "delete";
      from.objects.insert_or_assign(child_key(Kind::row, table, row_name(row.key, row.values)),
                                    std::move(row));
      continue;
    }
    const Row& wish = *desired.find<Row>(known->second);
    std::erase_if(row.values, [&](const auto& v) { return !wish.values.contains(v.first); });
    for (const auto& [name, value] : wish.values)  // an expression has no value to compare
      if (value.type == "sql" && row.values.contains(name)) row.values[name] = value;
    row.on_removed = wish.on_removed;
    from.objects.insert_or_assign(known->second, std::move(row));
  }
}
}  // namespace

std::string value_sql(const RowValue& value) {
  if (value.type == "null") return "NULL";
  if (value.type == "bool") return value.text == "true" ? "1" : "0";
  if (value.type == "number") return value.text;
  if (value.type == "sql") return "(" + value.text + ")";
  return literal(value.text);
}

RowValue stored_value(const RowValue& value, const DataType& type) {
  if (value.type == "null") return {"null", ""};
  if (value.type == "sql") return value;
  const std::string base = base_type(type.text);
  const std::string text = value.type == "bool" ? (value.text == "true" ? "1" : "0") : value.text;
  if (base == "json") {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    return {"json", json.is_discarded() ? text : json.dump()};
  }
  if (!is_numeric(base)) return {"text", text};
  std::string number = text;
  if (number.find('.') != std::string::npos) {  // 1.50 and 1.5 are the same
    while (number.ends_with('0')) number.pop_back();
    if (number.ends_with('.')) number.pop_back();
  }
  return {"number", number};
}

void read_rows(Connection& connection, const Catalog& desired, Catalog& from) {
  std::map<std::string, Declared> tables;
  for (const auto& [key, body] : desired.objects) {
    const auto* row = std::get_if<Row>(&body);
    if (row == nullptr || !from.contains(table_key(key.owner))) continue;
    auto& t = tables[key.owner];
    t.key = row->key;
    t.remove = t.remove || row->on_removed == "delete";
    for (const auto& [name, value] : row->values) t.columns.insert(name);
    t.rows.emplace(key_of(*row), key);
  }
  for (const auto& [table, declared] : tables) read_table(connection, table, declared, desired, from);
}

}  // namespace trueup::mysql
