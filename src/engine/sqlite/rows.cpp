#include "engine/sqlite/rows.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "base/text.hpp"
#include "engine/declared_rows.hpp"
#include "engine/sqlite/build.hpp"
#include "engine/sqlite/lexer.hpp"
#include "engine/sqlite/types.hpp"

namespace trueup::sqlite {
namespace {

/// The number that is written, without its sign; nullopt when it is none.
std::optional<std::string_view> number_in(std::string_view written, bool& negative) {
  std::string_view s = trim(written);
  if (s.empty()) return std::nullopt;
  negative = s.front() == '-';
  if (s.front() == '-' || s.front() == '+') s.remove_prefix(1);
  const auto all = tokens(s);
  if (all.size() != 1 || all[0].type != Token::Type::number || s.starts_with("0x") || s.starts_with("0X"))
    return std::nullopt;
  return s;
}

bool whole(std::string_view s) {
  return s.find_first_not_of("0123456789") == std::string_view::npos;
}

/// A whole number without plus sign and leading zeros, a real in its shortest form; nullopt when it is no
/// number. `real`: as a column keeps it that has nothing but reals.
std::optional<std::string> canonical_number(std::string_view written, bool real = false) {
  bool negative = false;
  auto number = number_in(written, negative);
  if (!number) return std::nullopt;
  std::string_view s = *number;
  const auto signed_text = [&](const std::string& text) {
    return (negative && text != "0" ? "-" : "") + text;
  };
  if (!real && whole(s)) {
    while (s.size() > 1 && s.front() == '0') s.remove_prefix(1);
    return signed_text(std::string(s));
  }
  double value = 0;
  const auto result = std::from_chars(s.data(), s.data() + s.size(), value);
  if (result.ec != std::errc{} || result.ptr != s.data() + s.size()) return std::nullopt;
  constexpr double beyond = 9223372036854775808.0;  // SQLite takes such reals for integers where it can
  return signed_text(std::floor(value) == value && value < beyond
                         ? fmt::format("{}", static_cast<std::int64_t>(value))
                         : fmt::format("{}", value));
}

bool is_blob(std::string_view sql) {
  const auto all = significant(sql);
  return all.size() == 1 && all[0].type == Token::Type::string && !sql.starts_with('\'');
}

/// One value as read: `type` is what typeof() says.
RowValue read_value(const Cell& type, const Cell& cell) {
  const std::string kind = type.value_or("null");
  const std::string text = cell.value_or(std::string());
  if (kind == "null") return {"null", ""};
  if (kind == "blob") return {"sql", lower(text)};
  if (kind == "integer" || kind == "real") return {"number", canonical_number(text).value_or(text)};
  return {"text", text};
}

void read_table(Connection& connection, const DeclaredRows& declared, const Catalog& desired, Catalog& from) {
  std::vector<std::string> columns, wanted;
  for (const auto& c : declared.columns) {
    if (find_column(from, declared.table, c) == nullptr) continue;
    columns.push_back(c);
    wanted.push_back(fmt::format("typeof({0}), {0}", quote(c)));
  }
  for (const auto& k : declared.key)
    if (find_column(from, declared.table, k) == nullptr) return;
  for (const auto& cells :
       connection.query("select " + join(wanted, ", ") + " from " + quote(declared.table.name))) {
    RowValues values;
    for (std::size_t i = 0; i < columns.size(); ++i)
      values[columns[i]] = read_value(cells.at(2 * i), cells.at(2 * i + 1));
    add_read_row(declared, std::move(values), desired, from,
                 [](const RowValue& value) { return value.type == "sql" && !is_blob(value.text); });
  }
}
}  // namespace

std::string value_sql(const RowValue& value) {
  if (value.type == "null") return "null";
  if (value.type == "bool") return value.text == "true" ? "1" : "0";
  if (value.type == "number") return value.text;
  if (value.type == "sql") return is_blob(value.text) ? value.text : "(" + value.text + ")";
  const std::string text = literal(value.text);
  if (value.text.find('\r') == std::string::npos) return text;
  // Editors and checkouts of a migration change the ends of lines.
  return "(" + replace_all(text, "\r", "' || char(13) || '") + ")";
}

RowValue stored_value(const RowValue& value, const DataType& type) {
  if (value.type == "null") return {"null", ""};
  if (value.type == "sql") return is_blob(value.text) ? RowValue{"sql", lower(value.text)} : value;
  const Affinity a = affinity(type.text);
  const bool real = a == Affinity::real;
  if (value.type == "bool" || value.type == "number") {
    const std::string text = value.type == "bool" ? (value.text == "true" ? "1" : "0") : value.text;
    if (a == Affinity::text) return {"text", text};  // as it is written: `1.10` is no number there
    return {"number", canonical_number(text, real).value_or(text)};
  }
  const bool numeric = a == Affinity::integer || a == Affinity::numeric || real;
  if (numeric)
    if (auto number = canonical_number(value.text, real)) return {"number", *number};
  return {"text", value.text};
}

bool becomes_number(const RowValue& value, const DataType& type) {
  const Affinity a = affinity(type.text);
  if (value.type == "text") return a != Affinity::text && a != Affinity::blob;
  return value.type == "number" && a != Affinity::text;
}

bool too_large(const RowValue& value, const DataType& type) {
  bool negative = false;
  const auto number = value.type == "number" ? number_in(value.text, negative) : std::nullopt;
  if (!number || !whole(*number) || affinity(type.text) == Affinity::real) return false;
  std::int64_t out = 0;
  const std::string text = (negative ? "-" : "") + std::string(*number);
  return std::from_chars(text.data(), text.data() + text.size(), out).ec != std::errc{};
}

void read_rows(Connection& connection, const Catalog& desired, Catalog& from) {
  for (const auto& table : declared_rows(desired, from)) read_table(connection, table, desired, from);
}

}  // namespace trueup::sqlite
