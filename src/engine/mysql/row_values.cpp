#include "engine/mysql/row_values.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "engine/mysql/lexer.hpp"
#include "engine/mysql/rows.hpp"
#include "engine/mysql/types.hpp"
#include "engine/row_forms.hpp"

namespace trueup::mysql {
namespace {
const RowValue null_value{"null", ""};

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t out = 0;
  const auto r = std::from_chars(text.data(), text.data() + text.size(), out);
  if (text.empty() || r.ec != std::errc{} || r.ptr != text.data() + text.size()) return std::nullopt;
  return out;
}

/// Floats are shown in six digits.
std::string shown_float(const std::string& text) {
  char* end = nullptr;
  const float value = std::strtof(text.c_str(), &end);
  return end == text.c_str() + text.size() && !text.empty() ? fmt::format("{:.6g}", value) : text;
}

/// The number 0 and four digits are the year 0, one or two digits one of this century or the last.
std::string year(const RowValue& written) {
  constexpr std::uint64_t short_form = 100, turn = 70;
  const auto value = whole_number(written.text);
  const bool number = written.type == "number";
  if (value && *value == 0 && (number || written.text.size() > 2)) return "0000";
  if (!value || *value >= short_form || (!number && written.text.size() > 2)) return written.text;
  return std::to_string(*value + (*value < turn ? 2000U : 1900U));
}

/// The members of an enum or a set, as the type names them.
std::vector<std::string> members(const std::string& type) {
  std::vector<std::string> out;
  for (const auto& t : significant(type))
    if (t.type == Token::Type::string) out.push_back(string_value(t.text));
  return out;
}

std::string enum_member(const RowValue& value, const std::string& type) {
  const auto all = members(type);
  for (const auto& m : all)
    if (m == value.text) return m;
  for (const auto& m : all)
    if (lower(m) == lower(value.text)) return m;
  const auto index = value.type == "text" ? std::nullopt : whole_number(value.text);
  return index && *index >= 1 && *index <= all.size() ? all[*index - 1] : value.text;
}

/// Members in the order of the type.
std::string set_members(const RowValue& value, const std::string& type) {
  const auto all = members(type);
  std::vector<bool> has(all.size());
  if (const auto mask = value.type == "text" ? std::nullopt : whole_number(value.text)) {
    for (std::size_t i = 0; i < all.size(); ++i) has[i] = ((*mask >> i) & 1U) != 0;
  } else {
    std::string_view rest = value.text;
    for (bool more = !rest.empty(); more;) {
      const auto comma = rest.find(',');
      more = comma != std::string_view::npos;
      const std::string one = lower(rest.substr(0, comma));
      const auto at = std::find_if(all.begin(), all.end(), [&](const auto& m) { return lower(m) == one; });
      if (at == all.end()) return value.text;
      has[static_cast<std::size_t>(at - all.begin())] = true;
      if (more) rest.remove_prefix(comma + 1);
    }
  }
  std::vector<std::string> out;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (has[i]) out.push_back(all[i]);
  return join(out, ",");
}

std::string bits(const std::string& bytes) {
  std::uint64_t out = 0;
  for (const char c : bytes) out = (out << 8U) | static_cast<unsigned char>(c);
  return std::to_string(out);
}

std::string padded(std::string text, const std::string& type) {
  const auto open = type.find('(');
  const auto length = open == std::string::npos ? 0 : std::strtoul(type.c_str() + open + 1, nullptr, 10);
  if (text.size() < length) text.append(length - text.size(), '\0');
  return text;
}
std::string hexadecimal(const std::string& bytes) {
  std::string out = "x'";
  for (const char c : bytes) out += fmt::format("{:02X}", static_cast<unsigned char>(c));
  return out + "'";
}
bool is_binary(std::string_view base) {
  return base == "binary" || base == "varbinary" || base.ends_with("blob");
}
RowValue bytes(const std::string& text) {
  return is_utf8(text) ? RowValue{"text", text} : RowValue{"sql", hexadecimal(text)};
}
std::string without_blanks(std::string text) {
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

/// A date or time in full, where it is written with the usual separators.
std::string moment(const std::string& text, const std::string& base, const std::string& type) {
  if (base == "date") return full_day(text).value_or(text);
  if (base == "time") return full_time(text, type_digits(type)).value_or(text);
  return full_moment(text, type_digits(type)).value_or(text);
}
bool is_moment(std::string_view base) {
  return base == "date" || base == "time" || base == "datetime" || base == "timestamp";
}

/// Of what both sides know as text.
RowValue kept(const RowValue& value, const std::string& type) {
  const std::string base = base_type(type);
  const std::string& text = value.text;
  if (base == "json") {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    return json.is_discarded() ? RowValue{"text", text} : RowValue{"json", json.dump()};
  }
  if (base == "float") return {"number", shown_float(text)};
  if (is_numeric(base)) {
    const auto number = plain_number(text);
    return number ? RowValue{"number", *number} : RowValue{"text", text};
  }
  if (is_moment(base)) return {"text", moment(text, base, type)};
  if (base == "year") return {"text", year(value)};
  if (base == "enum") return {"text", enum_member(value, type)};
  if (base == "set") return {"text", set_members(value, type)};
  if (base == "char") return {"text", without_blanks(text)};
  if (base == "binary") return bytes(padded(text, type));
  if (is_binary(base)) return bytes(text);
  return {"text", text};
}
}  // namespace

RowValue kept_value(const RowValue& value, const std::string& type) {
  if (value.type == "null" || value.type == "sql") return value;
  if (value.type == "bool") return kept_value({"number", value.text == "true" ? "1" : "0"}, type);
  if (base_type(type) == "bit") return {"number", value.type == "number" ? value.text : bits(value.text)};
  return kept(value, type);
}

RowValue one_spelling(const RowValue& value, const std::string& type) {
  const std::string base = base_type(type);
  if (value.type == "null" || value.type == "sql" || value.type == "json") return value;
  if (base == "double" && value.type != "bool") {
    const auto number = shortest_double(value.text);
    return number ? RowValue{"number", *number} : value;
  }
  if (base == "uuid") return {"text", lower(value.text)};
  const bool counted = (is_integer(base) || base == "decimal") &&
                       (value.type == "bool" || plain_number(value.text).has_value());
  if (base == "datetime" || base == "timestamp")
    return {value.type, short_moment(value.text, type_digits(type)).value_or(value.text)};
  const bool listed = base == "enum" || base == "set" || base == "date";
  return counted || listed ? kept_value(value, type) : value;
}

RowValue shown_value(const Cell& cell, const std::string& type) {
  if (!cell) return null_value;
  if (base_type(type) == "bit") return {"number", bits(*cell)};
  return kept({"text", *cell}, type);
}

std::string shown_sql(const RowValue& value, const std::string& type) {
  if (value.type == "null" || value.type == "sql") return "NULL";
  const std::string base = base_type(type), sql = value_sql(value);
  if (is_moment(base)) {
    const auto precision =
        base == "date" ? std::string() : type.substr(std::min(type.find('('), type.size()));
    return "CAST(" + sql + " AS " + (base == "timestamp" ? "datetime" : base) + precision + ")";
  }
  const bool other = base == "uuid" || base == "inet4" || base == "inet6";
  if (other) return "CAST(" + sql + " AS " + base + ")";
  if (is_integer(base)) return "CAST(" + sql + " AS DECIMAL(65,0))";
  if (base == "decimal")
    return "CAST(" + sql + " AS decimal" + type.substr(type.find('('), type.find(')') - type.find('(') + 1) +
           ")";
  if (base == "double") return sql + " + 0e0";
  if (has_charset(base) && base != "enum" && base != "set" && value.type == "number")
    return "CAST(" + sql + " AS CHAR)";
  return "NULL";
}

}  // namespace trueup::mysql
