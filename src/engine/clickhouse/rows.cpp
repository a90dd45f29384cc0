#include "engine/clickhouse/rows.hpp"

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "engine/clickhouse/build.hpp"
#include "engine/clickhouse/lexer.hpp"
#include "engine/clickhouse/types.hpp"

namespace trueup::clickhouse {
namespace {
struct Declared {
  std::vector<std::string> key;
  std::set<std::string> columns;
  std::vector<ObjectKey> rows;
  bool remove = false;
};

std::string key_name(const Row& row) {
  auto out = nlohmann::json::array();
  for (const auto& column : row.key) {
    const auto& v = row.values.at(column);
    if (v.type == "null")
      out.push_back(nullptr);
    else if (v.type == "number")
      out.push_back(nlohmann::json::parse(v.text, nullptr, false));
    else
      out.push_back(v.text);
  }
  return out.dump();
}

/// Rows that nobody declares and that are to go: their keys say all that is needed.
void read_others(Connection& connection, const ObjectKey& table, const std::string& source,
                 const Declared& declared, const std::vector<std::string>& known, Catalog& from) {
  std::vector<std::string> names, conditions{"1"};
  for (const auto& k : declared.key) names.push_back("toString(" + quote(k) + ")");
  for (const auto& one : known) conditions.push_back("NOT (" + one + ")");
  for (const auto& cells : connection.query(fmt::format(
           "SELECT DISTINCT {} FROM {} WHERE {}", join(names, ", "), source, join(conditions, " AND ")))) {
    Row row;
    row.key = declared.key;
    row.on_removed = "delete";
    for (std::size_t i = 0; i < declared.key.size(); ++i) {
      const auto* column = from.find<Column>(child_key(Kind::column, table.name, declared.key[i]));
      const std::string type = without_nullable(column->type.text);
      const bool number = type.starts_with("Int") || type.starts_with("UInt");
      const Cell& cell = cells.at(i);
      row.values[declared.key[i]] = cell ? RowValue{number ? "number" : "text", *cell} : RowValue{"null", ""};
    }
    from.objects.insert_or_assign(child_key(Kind::row, table.name, key_name(row)), std::move(row));
  }
}

/// Reads the rows of one table. The server is asked whether a value equals the declared one, in the column's
/// type.
void read_table(Connection& connection, const std::string& name, const Declared& declared,
                const Catalog& desired, Catalog& from) {
  const ObjectKey table = table_key(name);
  auto type = [&](const std::string& column) -> const DataType* {
    const auto* c = from.find<Column>(child_key(Kind::column, name, column));
    return c == nullptr ? nullptr : &c->type;
  };
  for (const auto& k : declared.key)
    if (type(k) == nullptr) return;
  const std::string final_word =
      engine_name(*from.find<Table>(table)).find("Replacing") != std::string::npos ? " FINAL" : "";
  std::vector<std::string> known;
  for (const auto& key : declared.rows) {
    const Row& wish = *desired.find<Row>(key);
    std::vector<std::string> where, wanted, names;
    for (const auto& k : declared.key)
      where.push_back(fmt::format("{} <=> {}", quote(k), value_sql(wish.values.at(k), *type(k))));
    known.push_back(join(where, " AND "));
    for (const auto& [column, value] : wish.values) {
      if (type(column) == nullptr) continue;
      names.push_back(column);
      wanted.push_back(fmt::format("{} <=> CAST({}, {})", quote(column), value_sql(value, *type(column)),
                                   literal(type(column)->text)));
      wanted.push_back(fmt::format("toString({})", quote(column)));
    }
    const auto rows = connection.query(fmt::format("SELECT {} FROM {}{} WHERE {} LIMIT 2", join(wanted, ", "),
                                                   quote(name), final_word, join(where, " AND ")));
    if (rows.empty()) continue;
    Row row;
    row.key = wish.key;
    row.on_removed = wish.on_removed;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const bool equal = rows[0].at(2 * i) == "1" || rows[0].at(2 * i) == "true";
      const Cell& text = rows[0].at(2 * i + 1);
      row.values[names[i]] = equal  ? wish.values.at(names[i])
                             : text ? RowValue{"text", *text}
                                    : RowValue{"null", ""};
    }
    from.objects.insert_or_assign(key, std::move(row));
  }
  if (declared.remove) read_others(connection, table, quote(name) + final_word, declared, known, from);
}
}  // namespace

std::string value_sql(const RowValue& value, const DataType&) {
  if (value.type == "null") return "NULL";
  if (value.type == "bool" || value.type == "number") return value.text;
  if (value.type == "sql") return "(" + value.text + ")";
  return literal(value.text);
}

void read_rows(Connection& connection, const Catalog& desired, Catalog& from) {
  std::map<std::string, Declared> tables;
  for (const auto& [key, body] : desired.objects) {
    const auto* row = std::get_if<Row>(&body);
    if (row == nullptr || !from.contains(table_key(key.owner))) continue;
    auto& t = tables[key.owner];
    t.key = row->key;
    t.remove = t.remove || row->on_removed == "delete";
    t.rows.push_back(key);
  }
  for (const auto& [table, declared] : tables) read_table(connection, table, declared, desired, from);
}

}  // namespace trueup::clickhouse
