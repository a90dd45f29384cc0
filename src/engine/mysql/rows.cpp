#include "engine/mysql/rows.hpp"

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "engine/declared_rows.hpp"
#include "engine/mysql/lexer.hpp"
#include "engine/mysql/show_create.hpp"
#include "engine/mysql/types.hpp"

namespace trueup::mysql {
namespace {
void read_table(Connection& connection, const DeclaredRows& declared, const Catalog& desired, Catalog& from) {
  const std::string& table = declared.table.name;
  const auto column = [&](const std::string& name) {
    return from.find<Column>(child_key(Kind::column, table, name));
  };
  std::vector<std::string> columns, quoted_columns;
  for (const auto& name : declared.columns) {
    if (column(name) == nullptr) continue;
    columns.push_back(name);
    quoted_columns.push_back(backquoted(name));
  }
  for (const auto& k : declared.key)
    if (std::find(columns.begin(), columns.end(), k) == columns.end()) return;
  for (const auto& cells :
       connection.query("select " + join(quoted_columns, ", ") + " from " + backquoted(table))) {
    RowValues values;
    for (std::size_t i = 0; i < columns.size(); ++i)
      values[columns[i]] =
          cells[i] ? stored_value({"text", *cells[i]}, column(columns[i])->type) : RowValue{"null", ""};
    add_read_row(declared, std::move(values), desired, from,
                 [](const RowValue& value) { return value.type == "sql"; });
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
  for (const auto& table : declared_rows(desired, from)) read_table(connection, table, desired, from);
}

}  // namespace trueup::mysql
