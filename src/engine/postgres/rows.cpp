// Reference rows of a live database, compared by the server itself: only it knows when two spellings are one
// value.
#include "base/text.hpp"
#include "engine/postgres/catalog_query.hpp"
#include "engine/postgres/dialect.hpp"
#include "engine/postgres/handlers.hpp"
#include "kinds/row/row_name.hpp"

namespace trueup {
namespace {
using namespace postgres;

/// Rows of one table that declare the same columns.
struct Group {
  ObjectKey table;
  std::vector<std::string> key, columns;
  std::vector<const ObjectKey*> rows;
};

std::vector<Group> groups(const Catalog& desired) {
  std::map<std::pair<ObjectKey, std::vector<std::string>>, Group> by_shape;
  for (const auto& [k, body] : desired.objects) {
    const auto* row = std::get_if<Row>(&body);
    const ObjectKey* table = row == nullptr ? nullptr : desired.relation(k.ns, k.owner);
    if (table == nullptr) continue;
    std::vector<std::string> columns;
    for (const auto& [name, v] : row->values) columns.push_back(name);
    auto& g = by_shape[{*table, columns}];
    g.table = *table;
    g.key = row->key;
    g.columns = columns;
    g.rows.push_back(&k);
  }
  std::vector<Group> out;
  for (auto& [shape, g] : by_shape) out.push_back(std::move(g));
  return out;
}

std::string type_of(const Catalog& c, const ObjectKey& table, const std::string& column) {
  const auto* definition = c.find<Column>({Kind::column, table.ns, table.name, column, ""});
  if (definition == nullptr) return {};
  const std::string type = postgres_dialect().type_sql(definition->type);
  return type == "json" ? "jsonb" : type;
}

class Reader {
 public:
  Reader(Connection& connection, const Catalog& desired, Catalog& from)
      : connection_(connection), desired_(desired), from_(from) {}

  void read(const Group& g) {
    if (!from_.contains(g.table)) return;
    for (const auto& column : g.key)
      if (type_of(from_, g.table, column).empty()) return;  // a table without its key has no such rows yet
    constexpr std::size_t batch = 500;
    for (std::size_t at = 0; at < g.rows.size(); at += batch)
      read_batch(g, std::span(g.rows).subspan(at, std::min(batch, g.rows.size() - at)));
  }

  /// Rows that nobody declares any more, of tables whose rows are to be deleted then.
  void read_rest(const ObjectKey& table, const std::vector<std::string>& key) {
    if (!from_.contains(table)) return;
    std::vector<std::string> texts;
    for (const auto& k : key) texts.push_back(as_text(table, k));
    for (const auto& r : connection_.query("select " + join(texts, ", ") + " from " + name(table) + " t")) {
      Row row;
      row.key = key;
      row.on_removed = "delete";
      if (const auto known = found_.find(table);
          known != found_.end() && known->second.contains({r.begin(), r.end()}))
        continue;
      for (std::size_t i = 0; i < key.size(); ++i)
        row.values[key[i]] = r[i] ? RowValue{"text", *r[i]} : RowValue{"null", ""};
      ObjectKey k{Kind::row, table.ns, table.name, row_name(key, row.values), ""};
      if (!desired_.contains(k)) from_.objects.emplace(std::move(k), std::move(row));
    }
  }

 private:
  std::string name(const ObjectKey& table) const { return d_.quote(table.ns) + "." + d_.quote(table.name); }
  std::string column(const std::string& c) const { return "t." + d_.quote(c); }

  std::string as_text(const ObjectKey& table, const std::string& c) const {
    return type_of(from_, table, c) == "jsonb" ? column(c) + "::jsonb::text" : column(c) + "::text";
  }
  /// The desired value, cast to the column's type and back to text: the spelling the column would show.
  std::string wanted(const ObjectKey& table, const std::string& c, const RowValue& v) const {
    const auto* definition = from_.find<Column>({Kind::column, table.ns, table.name, c, ""});
    const auto& user = definition->type.user;
    // A value that the enum has not got yet cannot be cast to it.
    if (user && definition->type.suffix.empty() && from_.find<EnumType>(user->to) != nullptr)
      return fmt::format("({})::text", d_.value(v, DataType{}));
    return fmt::format("(({})::{})::text", d_.value(v, definition->type), type_of(from_, table, c));
  }

  /// 1.50 is 1.5, whatever it shows as.
  std::string same_value(const ObjectKey& table, const std::string& c, const RowValue& v) const {
    const std::string type = type_of(from_, table, c);
    if (type.starts_with("numeric") && !type.ends_with("]") && v.type != "sql")
      return fmt::format("{} is not distinct from ({})::numeric", column(c),
                         d_.value(v, DataType{type, {}, {}}));
    return fmt::format("{} is not distinct from {}", as_text(table, c), wanted(table, c, v));
  }

  void read_batch(const Group& g, std::span<const ObjectKey* const> keys) {
    std::string sql;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const auto& row = std::get<Row>(desired_.objects.at(*keys[i]));
      std::vector<std::string> outputs{std::to_string(i)}, where;
      for (const auto& c : g.columns) {
        const auto& v = row.values.at(c);
        const bool known = !type_of(from_, g.table, c).empty();
        if (!known)
          outputs.insert(outputs.end(), {"false", "null::text"});
        else if (v.type == "sql")
          outputs.insert(outputs.end(), {"true", "null::text"});
        else
          outputs.insert(outputs.end(), {fmt::format("{} is not distinct from {}", as_text(g.table, c),
                                                     wanted(g.table, c, v)),
                                         as_text(g.table, c)});
      }
      for (const auto& c : g.key) {
        auto it = row.values.find(c);
        where.push_back(it == row.values.end() ? column(c) + " is null" : same_value(g.table, c, it->second));
      }
      if (i > 0) sql += " union all ";
      sql += fmt::format("select {} from {} t where {}", join(outputs, ", "), name(g.table),
                         join(where, " and "));
    }
    for (const auto& r : connection_.query(sql)) take(g, *keys[static_cast<std::size_t>(number(r[0]))], r);
  }

  void take(const Group& g, const ObjectKey& key, const ResultRow& r) {
    const auto& wanted_row = std::get<Row>(desired_.objects.at(key));
    Row row = wanted_row;
    std::vector<Cell> shown;
    for (const auto& c : g.key)
      if (const auto at = std::find(g.columns.begin(), g.columns.end(), c); at != g.columns.end())
        shown.push_back(r[2 + 2 * static_cast<std::size_t>(at - g.columns.begin())]);
    found_[g.table].insert(std::move(shown));
    for (std::size_t i = 0; i < g.columns.size(); ++i) {
      if (truth(r[1 + 2 * i])) continue;
      const Cell& actual = r[2 + 2 * i];
      row.values[g.columns[i]] = actual ? RowValue{"text", *actual} : RowValue{"null", ""};
      if (row.values[g.columns[i]] == wanted_row.values.at(g.columns[i])) row.values.erase(g.columns[i]);
    }
    from_.objects.insert_or_assign(key, std::move(row));
  }

  Connection& connection_;
  const Catalog& desired_;
  Catalog& from_;
  std::map<ObjectKey, std::set<std::vector<Cell>>> found_;  ///< keys, as shown, of the rows that are declared
  const EngineDialect& d_ = postgres_dialect();
};
}  // namespace

void postgres_read_rows(Connection& connection, const Catalog& desired, Catalog& from) {
  Reader reader(connection, desired, from);
  std::map<ObjectKey, std::vector<std::string>> deleting;
  for (const auto& g : groups(desired)) {
    reader.read(g);
    for (const auto* k : g.rows)
      if (std::get<Row>(desired.objects.at(*k)).on_removed == "delete") deleting[g.table] = g.key;
  }
  for (const auto& [table, key] : deleting) reader.read_rest(table, key);
}

}  // namespace trueup
