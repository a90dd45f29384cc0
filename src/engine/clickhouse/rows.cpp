#include "engine/clickhouse/rows.hpp"

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
  for (const auto& key : declared.rows) {
    const Row& wish = *desired.find<Row>(key);
    std::vector<std::string> where, wanted, names;
    for (const auto& k : declared.key)
      where.push_back(fmt::format("{} <=> {}", quote(k), value_sql(wish.values.at(k), *type(k))));
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
