#include "engine/mysql/rows.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "engine/declared_rows.hpp"
#include "engine/mysql/lexer.hpp"
#include "engine/mysql/row_values.hpp"
#include "engine/mysql/show_create.hpp"
#include "kinds/row/row_name.hpp"

namespace trueup::mysql {
namespace {
class Reader {
 public:
  Reader(Connection& connection, const DeclaredRows& declared, const Catalog& desired, Catalog& from)
      : connection_(connection), declared_(declared), desired_(desired), from_(from) {
    for (const auto& name : declared.columns)
      if (column(from, name) != nullptr) columns_.push_back(name);
  }

  void read() {
    for (const auto& k : declared_.key)
      if (column(from_, k) == nullptr) return;  // a table without its key has no such rows yet
    for (const auto& [values, key] : declared_.rows) ask_for(key);
    send();
    if (declared_.remove) read_others();
  }

 private:
  const Column* column(const Catalog& catalog, const std::string& name) const {
    return catalog.find<Column>(child_key(Kind::column, declared_.table.name, name));
  }
  /// What a value becomes is asked of the column that the schema wants.
  const std::string& type(const std::string& name) const {
    const Column* c = column(desired_, name);
    return (c != nullptr ? c : column(from_, name))->type.text;
  }

  void ask_for(const ObjectKey& key) {
    constexpr std::size_t most_rows = 100, most_bytes = 500'000;
    const Row& wish = *desired_.find<Row>(key);
    std::vector<std::string> wanted;
    for (const auto& name : columns_) {
      const auto value = wish.values.find(name);
      wanted.push_back(backquoted(name));
      wanted.push_back(value == wish.values.end() ? "NULL" : shown_sql(value->second, type(name)));
    }
    sql_ +=
        fmt::format("{}(SELECT {}, {} FROM {} WHERE {} LIMIT 1)", asked_.empty() ? "" : " UNION ALL ",
                    asked_.size(), join(wanted, ", "), backquoted(declared_.table.name), key_condition(wish));
    asked_.push_back(key);
    if (asked_.size() >= most_rows || sql_.size() >= most_bytes) send();
  }

  void send() {
    if (asked_.empty()) return;
    for (const auto& cells : connection_.query(sql_))
      take(asked_.at(std::stoul(cells.at(0).value_or(""))), cells);
    sql_.clear();
    asked_.clear();
  }

  void take(const ObjectKey& key, const ResultRow& cells) {
    const Row& wish = *desired_.find<Row>(key);
    Row row;
    row.key = wish.key;
    row.on_removed = wish.on_removed;
    std::map<std::string, Cell> shown;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::string& name = columns_[i];
      const Cell &now = cells.at(2 * i + 1), &asked = cells.at(2 * i + 2);
      shown[name] = now;
      const auto value = wish.values.find(name);
      if (value == wish.values.end()) continue;
      const RowValue is = shown_value(now, type(name));
      const bool same = value->second.type == "sql" || is == kept_value(value->second, type(name)) ||
                        (asked && is == shown_value(asked, type(name)));
      row.values[name] = same ? value->second : is;
    }
    found_.insert(key_of(shown));
    from_.objects.insert_or_assign(key, std::move(row));
  }
  std::vector<Cell> key_of(const std::map<std::string, Cell>& shown) const {
    std::vector<Cell> out;
    for (const auto& k : declared_.key) out.push_back(shown.at(k));
    return out;
  }

  /// Those that nobody declares: their keys say all that is needed.
  void read_others() {
    std::vector<std::string> names;
    for (const auto& k : declared_.key) names.push_back(backquoted(k));
    for (const auto& cells : connection_.query("SELECT DISTINCT " + join(names, ", ") + " FROM " +
                                               backquoted(declared_.table.name))) {
      if (found_.contains(std::vector<Cell>(cells.begin(), cells.end()))) continue;
      Row row;
      row.key = declared_.key;
      row.on_removed = "delete";
      for (std::size_t i = 0; i < row.key.size(); ++i)
        row.values[row.key[i]] = shown_value(cells.at(i), column(from_, row.key[i])->type.text);
      ObjectKey key = child_key(Kind::row, declared_.table.name, row_name(row.key, row.values));
      from_.objects.emplace(std::move(key), std::move(row));
    }
  }

  Connection& connection_;
  const DeclaredRows& declared_;
  const Catalog& desired_;
  Catalog& from_;
  std::vector<std::string> columns_;
  std::string sql_;
  std::vector<ObjectKey> asked_;
  std::set<std::vector<Cell>> found_;
};
}  // namespace

std::string value_sql(const RowValue& value) {
  if (value.type == "null") return "NULL";
  if (value.type == "bool") return value.text == "true" ? "1" : "0";
  if (value.type == "number") return value.text;
  if (value.type == "sql") return "(" + value.text + ")";
  return literal(value.text);
}

std::string key_condition(const Row& row) {
  std::vector<std::string> out;
  for (const auto& k : row.key) {
    const auto value = row.values.find(k);
    out.push_back(backquoted(k) + " <=> " +
                  (value == row.values.end() ? std::string("NULL") : value_sql(value->second)));
  }
  return join(out, " AND ");
}

bool is_transactional(const Catalog& catalog, const ObjectKey& table) {
  const auto* body = catalog.find<Table>(table);
  if (body == nullptr) return false;
  const auto engine = body->options.find("engine");
  return engine == body->options.end() || lower(engine->second) == "innodb";
}

bool goes_with_table(const Catalog& catalog, const ObjectKey& key) {
  const auto& values = catalog.find<Row>(key)->values;
  const ObjectKey table = table_key(key.owner);
  return is_transactional(catalog, table) && catalog.children(table, Kind::trigger).empty() &&
         std::none_of(values.begin(), values.end(), [](const auto& v) { return v.second.type == "sql"; });
}

void insert_rows(std::span<const Step> rows, const Catalog& to, SqlWriter& w) {
  constexpr std::size_t most_bytes = 500'000;
  std::string head, sql;
  const auto close = [&] {
    if (!sql.empty()) w.raw(sql).end();
    sql.clear();
  };
  for (const auto& step : rows) {
    std::vector<std::string> names, values;
    for (const auto& [name, value] : to.find<Row>(step.key)->values) {
      names.push_back(backquoted(name));
      values.push_back(value_sql(value));
    }
    const std::string one =
        fmt::format("INSERT INTO {} ({}) VALUES", backquoted(step.key.owner), join(names, ", "));
    if (one != head || sql.size() > most_bytes) close();
    if (sql.empty()) w.begin_step(step);
    sql += fmt::format("{}\n({})", sql.empty() ? one : ",", join(values, ", "));
    head = one;
  }
  close();
}

void read_rows(Connection& connection, const Catalog& desired, Catalog& from) {
  for (const auto& table : declared_rows(desired, from)) Reader(connection, table, desired, from).read();
}

}  // namespace trueup::mysql
