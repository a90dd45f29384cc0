#include "engine/clickhouse/rows.hpp"

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "engine/clickhouse/build.hpp"
#include "engine/clickhouse/lexer.hpp"
#include "engine/clickhouse/types.hpp"
#include "engine/row_forms.hpp"
#include "kinds/row/row_name.hpp"

namespace trueup::clickhouse {
namespace {
struct Declared {
  std::vector<std::string> key;
  std::set<std::string> columns;
  std::vector<ObjectKey> rows;
  bool remove = false;
};

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
    from.objects.insert_or_assign(child_key(Kind::row, table.name, row_name(row.key, row.values)),
                                  std::move(row));
  }
}

/// Reads the declared rows of one table, many with one query. The server is asked whether a value equals the
/// declared one, in the column's type.
class DeclaredRows {
 public:
  DeclaredRows(Connection& connection, std::string name, const Declared& declared, const Catalog& desired,
               Catalog& from)
      : connection_(connection), name_(std::move(name)), declared_(declared), desired_(desired), from_(from) {
    source_ = quote(name_);
    if (engine_name(*from.find<Table>(table_key(name_))).find("Replacing") != std::string::npos)
      source_ += " FINAL";
  }

  void read() {
    for (const auto& k : declared_.key)
      if (type(k) == nullptr) return;
    for (const auto& key : declared_.rows) ask_for(key);
    for (auto& [columns, batch] : batches_) send(columns, batch);
    if (declared_.remove) read_others(connection_, table_key(name_), source_, declared_, known_, from_);
  }

 private:
  using Names = std::vector<std::string>;
  struct Batch {
    std::string sql;
    std::vector<ObjectKey> rows;
  };

  const DataType* type(const std::string& column) const {
    const auto* c = from_.find<Column>(child_key(Kind::column, name_, column));
    return c == nullptr ? nullptr : &c->type;
  }

  /// Is the column's value the declared one? Where a change of the column's type is to come, what it will be
  /// then.
  std::string equals(const std::string& column, const RowValue& value) const {
    const DataType& t = *type(column);
    const std::string name = quote(column), plain = without_nullable(t.text);
    if (value.type == "null") return name + " IS NULL";
    if (value.type == "sql" && differs_by_moment(value.text)) return "1";  // nothing to compare
    if (plain.starts_with("Enum") && value.type == "text")
      return fmt::format("toString({}) <=> {}", name, literal(value.text));
    const bool whole = plain.starts_with("Int") || plain.starts_with("UInt");
    if (whole && value.type == "number") return fmt::format("{} <=> {}", name, value.text);
    const auto* wanted = desired_.find<Column>(child_key(Kind::column, name_, column));
    const std::string after = wanted == nullptr ? plain : without_nullable(wanted->type.text);
    const bool comparable = value.type == "text" || value.type == "number";
    if (after != plain && comparable && is_simple(plain) && is_simple(after)) {
      const bool quoted = value.type == "text" || after.starts_with("Decimal");
      return fmt::format("ifNull(accurateCastOrNull({}, {}) = accurateCastOrNull({}, {}), 0)", name,
                         literal(after), quoted ? literal(value.text) : value.text, literal(after));
    }
    const bool text = value.type == "number" && plain.starts_with("Decimal");
    return fmt::format("{} <=> CAST({}, {})", name, text ? literal(value.text) : value_sql(value, t),
                       literal(t.text));
  }

  /// Rows that declare the same columns go together: then all parts of the query give the same types.
  void ask_for(const ObjectKey& key) {
    constexpr std::size_t most_rows = 100, most_bytes = 100'000;  // below max_ast_elements and max_query_size
    const Row& wish = *desired_.find<Row>(key);
    Names names, wanted, where;
    for (const auto& k : declared_.key) where.push_back(equals(k, wish.values.at(k)));
    known_.push_back(join(where, " AND "));
    for (const auto& [column, value] : wish.values) {
      if (type(column) == nullptr) continue;
      names.push_back(column);
      wanted.push_back("toUInt8(" + equals(column, value) + ")");
      wanted.push_back(fmt::format("CAST(toString({}), 'Nullable(String)')", quote(column)));
    }
    Batch& batch = batches_[names];
    batch.sql +=
        fmt::format("{}(SELECT {}, {} FROM {} WHERE {} LIMIT 1)", batch.rows.empty() ? "" : " UNION ALL ",
                    batch.rows.size(), join(wanted, ", "), source_, join(where, " AND "));
    batch.rows.push_back(key);
    if (batch.rows.size() >= most_rows || batch.sql.size() >= most_bytes) send(names, batch);
  }

  void send(const Names& names, Batch& batch) {
    if (batch.rows.empty()) return;
    for (const auto& cells : connection_.query(batch.sql)) {
      const ObjectKey& key = batch.rows.at(std::stoul(cells.at(0).value_or("")));
      const Row& wish = *desired_.find<Row>(key);
      Row row;
      row.key = wish.key;
      row.on_removed = wish.on_removed;
      for (std::size_t i = 0; i < names.size(); ++i) {
        const Cell& text = cells.at(2 * i + 2);
        row.values[names[i]] = cells.at(2 * i + 1) == "1" ? wish.values.at(names[i])
                               : text                     ? RowValue{"text", *text}
                                                          : RowValue{"null", ""};
      }
      from_.objects.insert_or_assign(key, std::move(row));
    }
    batch = {};
  }

  Connection& connection_;
  std::string name_, source_;
  const Declared& declared_;
  const Catalog& desired_;
  Catalog& from_;
  std::map<Names, Batch> batches_;
  std::vector<std::string> known_;
};

using Tokens = std::span<const Token>;

/// One value out of JSON.
RowValue scalar(Tokens json) {
  const std::string text = text_of(json);
  if (text == "null") return {"null", ""};
  if (text == "true" || text == "false") return {"bool", text};
  if (!text.starts_with('"')) return {"number", text};
  return {"text", nlohmann::json::parse(text).get<std::string>()};
}

/// `['x', 'y']`, `map('k', 1)`, `tuple(1, 'x')` of JSON; its text where it is of another shape than the type.
std::string container_sql(Tokens json, const std::string& type) {
  const std::string plain = without_nullable(type);
  const std::string_view base = base_of(plain);
  const bool list = !json.empty() && is_symbol(json[0], "["),
             mapping = !json.empty() && is_symbol(json[0], "{");
  if (!list && !mapping) return typed_sql(scalar(json), {type, {}, {}});
  if (base == "JSON") return typed_sql({"json", text_of(json)}, {type, {}, {}});
  const auto types = type_elements(plain);
  if (types.size() < (base == "Map" ? 2 : 1)) return literal(text_of(json));
  const auto all = by_commas(json.subspan(1, json.size() - 2));
  std::vector<std::string> out;
  if (list && base == "Array") {
    for (const auto& one : all) out.push_back(container_sql(one, types.at(0).type));
    return "[" + join(out, ", ") + "]";
  }
  if (mapping && base == "Map") {
    for (const auto& one : all) {
      out.push_back(typed_sql(scalar(one.first(1)), {types.at(0).type, {}, {}}));
      out.push_back(container_sql(one.subspan(2), types.at(1).type));
    }
    return "map(" + join(out, ", ") + ")";
  }
  if (base != "Tuple" || all.size() != types.size()) return literal(text_of(json));
  for (std::size_t i = 0; i < types.size(); ++i) {
    const auto it = list ? all.begin() + static_cast<std::ptrdiff_t>(i)
                         : std::find_if(all.begin(), all.end(), [&](const Tokens& one) {
                             return scalar(one.first(1)).text == types[i].name;
                           });
    if (it == all.end()) return literal(text_of(json));
    out.push_back(container_sql(list ? *it : it->subspan(2), types[i].type));
  }
  return "tuple(" + join(out, ", ") + ")";
}
}  // namespace

std::string value_sql(const RowValue& value, const DataType& type) {
  const std::string plain = without_nullable(type.text);
  const std::string_view base = base_of(plain);
  if (value.type == "json" && (base == "Array" || base == "Map" || base == "Tuple"))
    if (const auto json = significant(value.text); json.size() > 1)
      return "CAST(" + container_sql(json, type.text) + ", " + literal(type.text) + ")";
  if (value.type == "null") return "NULL";
  if (value.type == "bool" || value.type == "number") return value.text;
  if (value.type == "sql") return "(" + value.text + ")";
  return literal(value.text);
}

RowValue one_spelling(const RowValue& value, const DataType& type) {
  if (value.type == "null" || value.type == "sql" || value.type == "json") return value;
  const std::string plain = without_nullable(type.text), base(base_of(plain));
  const bool is_bool = value.type == "bool", is_true = value.text == "true" || value.text == "1";
  if (base == "String" || base == "FixedString") return {"text", value.text};
  if (base == "Bool")
    return is_true || value.text == "false" || value.text == "0"
               ? RowValue{"bool", is_true ? "true" : "false"}
               : value;
  const auto number = [&](const std::optional<std::string>& text) {
    return text ? RowValue{"number", *text} : value;
  };
  const bool real = base == "Float32" || base == "Float64";
  const bool whole = base.starts_with("Int") || base.starts_with("UInt");
  if (is_bool) return whole || real || base == "Decimal" ? RowValue{"number", is_true ? "1" : "0"} : value;
  if (whole || base == "Decimal") return number(plain_number(value.text));
  if (real) return number(base == "Float32" ? shortest_float(value.text) : shortest_double(value.text));
  if (value.type != "text") return value;  // seconds
  if (base == "UUID") return {"text", lower(value.text)};
  if (base == "Date" || base == "Date32") return {"text", full_day(value.text).value_or(value.text)};
  if (base == "DateTime") return {"text", short_moment(value.text, 0).value_or(value.text)};
  if (base == "DateTime64")
    return {"text", short_moment(value.text, type_digits(plain)).value_or(value.text)};
  return value;
}

std::string typed_sql(const RowValue& value, const DataType& type) {
  const std::string plain = without_nullable(type.text);
  const bool decimal = value.type == "number" && (plain.starts_with("Decimal") || plain == "Float32");
  const std::string_view base = base_of(plain);
  const bool container = base == "Array" || base == "Map" || base == "Tuple";
  const bool text = value.type == "text" || (value.type == "json" && !container);
  if (decimal || (text && !type.text.empty() && type.text != "String"))
    return "CAST(" + literal(value.text) + ", " + literal(type.text) + ")";
  return value_sql(value, type);
}

bool differs_by_moment(const std::string& sql) {
  constexpr std::array<std::string_view, 15> beginnings{
      "now",    "today",  "yesterday", "rand",    "generate", "current",  "host",   "uptime",
      "server", "select", "dict",      "joinget", "getmacro", "timezone", "version"};
  for (const auto& token : significant(sql))
    if (const std::string word = lower(token.value()); is_name(token))
      if (std::any_of(beginnings.begin(), beginnings.end(), [&](auto b) { return word.starts_with(b); }))
        return true;
  return false;
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
  for (const auto& [table, declared] : tables)
    DeclaredRows(connection, table, declared, desired, from).read();
}

}  // namespace trueup::clickhouse
