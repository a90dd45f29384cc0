// The second opinion on a table's definition: the PRAGMAs.
#include <fmt/format.h>

#include "base/text.hpp"
#include "engine/sqlite/inventory.hpp"
#include "engine/sqlite/lexer.hpp"
#include "engine/sqlite/types.hpp"

namespace trueup::sqlite {
namespace {
// Virtual tables have no root page; their modules may be absent.
constexpr std::string_view columns_query = R"(
select m.name, x.name, x.type, x."notnull", x.dflt_value, x.pk, x.hidden
from sqlite_schema m join pragma_table_xinfo(m.name) x
where m.type = 'table' and m.rootpage > 0
order by m.name, x.cid)";

constexpr std::string_view foreign_keys_query = R"(
select m.name, f.id, f."table", f."from", f."to", f.on_update, f.on_delete
from sqlite_schema m join pragma_foreign_key_list(m.name) f
where m.type = 'table' and m.rootpage > 0
order by m.name, f.id, f.seq)";

constexpr std::string_view uniques_query = R"(
select m.name, count(*)
from sqlite_schema m join pragma_index_list(m.name) i
where m.type = 'table' and m.rootpage > 0 and i.origin = 'u'
group by m.name)";

std::string text(const Cell& cell) {
  return cell.value_or(std::string());
}

std::string action(const std::string& name) {
  return name == "NO ACTION" ? std::string() : lower(name);
}

/// One line a foreign key; columns in order.
std::string line(std::string_view table, std::string_view columns, std::string_view on_delete,
                 std::string_view on_update) {
  return fmt::format("{} {} delete {} update {}", lower(table), lower(columns), on_delete, on_update);
}

std::vector<std::string> lines(const std::vector<ParsedForeignKey>& keys) {
  std::vector<std::string> out;
  for (const auto& fk : keys) {
    std::string columns;
    for (std::size_t i = 0; i < fk.columns.size(); ++i)
      columns += fk.columns[i] + ">" + (i < fk.ref_columns.size() ? fk.ref_columns[i] : std::string()) + ",";
    out.push_back(line(fk.table, columns, fk.on_delete, fk.on_update));
  }
  std::sort(out.begin(), out.end());
  return out;
}

void read_foreign_keys(Connection& connection, std::map<std::string, TableFacts>& out) {
  std::string name, id, columns;
  ResultRow last;
  auto flush = [&] {
    if (!last.empty())
      out[name].foreign_keys.push_back(
          line(text(last.at(2)), columns, action(text(last.at(6))), action(text(last.at(5)))));
    columns.clear();
  };
  for (auto& row : connection.query(foreign_keys_query)) {
    if (text(row.at(0)) != name || text(row.at(1)) != id) flush();
    name = text(row.at(0));
    id = text(row.at(1));
    columns += text(row.at(3)) + ">" + text(row.at(4)) + ",";
    last = std::move(row);
  }
  flush();
  for (auto& [table, facts] : out) std::sort(facts.foreign_keys.begin(), facts.foreign_keys.end());
}
}  // namespace

std::map<std::string, TableFacts> table_facts(Connection& connection) {
  std::map<std::string, TableFacts> out;
  for (const auto& row : connection.query(columns_query)) {
    TableFacts::ColumnFacts c;
    c.name = text(row.at(1));
    c.type = text(row.at(2));
    c.not_null = text(row.at(3)) == "1";
    c.has_default = row.at(4).has_value();
    c.default_value = text(row.at(4));
    c.key = std::stoi(text(row.at(5)));
    c.hidden = std::stoi(text(row.at(6)));
    out[text(row.at(0))].columns.push_back(std::move(c));
  }
  read_foreign_keys(connection, out);
  for (const auto& row : connection.query(uniques_query))
    out[text(row.at(0))].unique_constraints = static_cast<std::size_t>(std::stoul(text(row.at(1))));
  return out;
}

std::string disagreement(const ParsedTable& parsed, const TableFacts& facts) {
  if (parsed.columns.size() != facts.columns.size()) return "its columns could not be read from its text";
  for (std::size_t i = 0; i < parsed.columns.size(); ++i) {
    const auto& a = parsed.columns[i];
    const auto& b = facts.columns[i];
    auto differs = [&](std::string_view what) {
      return fmt::format("the {} of column {} could not be read from its text", what, b.name);
    };
    if (a.name != b.name) return differs("name");
    if (type_key(a.type) != type_key(b.type)) return differs("type");
    if (a.default_value.has_value() != b.has_default && !a.generated) return differs("default");
    if (a.default_value && lexical_form(*a.default_value) != lexical_form(b.default_value))
      return differs("default");
    int key = 0;
    if (parsed.primary_key)
      for (std::size_t k = 0; k < parsed.primary_key->on.size(); ++k)
        if (key == 0 && same_name(parsed.primary_key->on[k].column, a.name)) key = static_cast<int>(k) + 1;
    if (key != b.key) return differs("key");
    // Keys of strict tables and of those without rowid are not null by themselves.
    if (a.not_null != b.not_null && !((parsed.without_rowid || parsed.strict) && key > 0))
      return differs("nullability");
    const int hidden = !a.generated ? 0 : a.stored ? 3 : 2;
    if (hidden != b.hidden) return differs("expression");
  }
  if (lines(parsed.foreign_keys) != facts.foreign_keys)
    return "its foreign keys could not be read from its text";
  if (facts.unique_constraints > parsed.uniques.size())
    return "its unique constraints could not be read from its text";
  return {};
}

}  // namespace trueup::sqlite
