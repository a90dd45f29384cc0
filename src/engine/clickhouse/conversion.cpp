#include "engine/clickhouse/conversion.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "base/text.hpp"
#include "engine/clickhouse/lexer.hpp"
#include "engine/clickhouse/types.hpp"

namespace trueup::clickhouse {
namespace {
bool is_enum(std::string_view type) {
  return type.starts_with("Enum8(") || type.starts_with("Enum16(");
}

/// `'a' = 1` elements of an enum.
std::set<std::string> enum_values(std::string_view type) {
  std::set<std::string> out;
  const auto all = significant(type);
  if (all.size() < 4) return out;
  for (const auto& one : by_commas(std::span(all).subspan(2, all.size() - 3))) out.insert(text_of(one));
  return out;
}

/// `'a' = 1` and so on by label.
std::map<std::string, std::string> enum_numbers(std::string_view type) {
  std::map<std::string, std::string> out;
  for (const auto& value : enum_values(type)) {
    const auto all = significant(value);
    out.emplace(all[0].text, text_of(std::span(all).subspan(2)));
  }
  return out;
}

/// Labels that are gone.
std::vector<std::string> lost_labels(std::string_view from, std::string_view to) {
  std::vector<std::string> out;
  const auto kept = enum_numbers(to);
  for (const auto& [label, number] : enum_numbers(from))
    if (!kept.contains(label)) out.push_back(label);
  return out;
}

/// Bits of a whole number type, signed or not; 0 for others.
int bits(std::string_view type, std::string_view prefix) {
  if (!type.starts_with(prefix)) return 0;
  const auto digits = type.substr(prefix.size());
  for (int n : {8, 16, 32, 64, 128, 256})
    if (digits == std::to_string(n)) return n;
  return 0;
}

/// `Decimal(18, 4)`: 18 and 4; nullopt for other types.
std::optional<std::pair<int, int>> decimal(std::string_view type) {
  const auto all = significant(type);
  if (!type.starts_with("Decimal(") || all.size() != 6) return std::nullopt;
  return std::pair{std::stoi(std::string(all[2].text)), std::stoi(std::string(all[4].text))};
}

/// Digits behind the second; nullopt where it is no point in time.
std::optional<int> fraction(std::string_view type) {
  if (type == "DateTime" || type.starts_with("DateTime(")) return 0;
  const auto all = significant(type);
  if (!type.starts_with("DateTime64(") || all.size() < 4) return std::nullopt;
  return std::stoi(std::string(all[2].text));
}

/// Does every value of the one type have its like in the other?
bool widens(std::string_view from, std::string_view to) {
  if (from == to) return true;
  const int fs = bits(from, "Int"), fu = bits(from, "UInt"), ts = bits(to, "Int"), tu = bits(to, "UInt");
  if (fs > 0 && ts > 0) return ts >= fs;
  if (fu > 0 && tu > 0) return tu >= fu;
  if (fu > 0 && ts > 0) return ts > fu;
  if ((from == "Float32" && to == "Float64") || (from == "Date" && to == "Date32")) return true;
  if (const auto x = decimal(from), y = decimal(to); x && y)
    return y->second >= x->second && y->first - y->second >= x->first - x->second;
  // DateTime begins in 1970, and nine digits leave less room for years.
  if (const auto x = fraction(from), y = fraction(to); x && y)
    return base_of(from) == "DateTime" || (base_of(to) == "DateTime64" && (*x == *y || (*x < *y && *y < 9)));
  if (to == "String")
    return is_enum(from) || from.starts_with("FixedString") || fs > 0 || fu > 0 || from == "UUID" ||
           from == "Date";
  return false;
}

bool is_text(std::string_view type) {
  return type == "String" || type.starts_with("FixedString");
}

bool is_time(std::string_view type) {
  return type.starts_with("Date");  // Date32, DateTime, DateTime64
}

bool is_number(std::string_view type) {
  return bits(type, "Int") > 0 || bits(type, "UInt") > 0 || type.starts_with("Float") ||
         type.starts_with("Decimal");
}

/// Numbers or labels that an enum holds, for `IN (...)`.
std::string enum_list(std::string_view type, std::size_t token) {
  std::vector<std::string> out;
  for (const auto& value : enum_values(type)) {
    const auto all = significant(value);
    const std::span<const Token> rest(all);
    out.push_back(token == 0 ? std::string(all[0].text) : text_of(rest.subspan(2)));
  }
  return join(out, ", ");
}

/// `abs(x) >= 1e8` for Decimal(10, 2): the server stores more digits than the type says, as long as they fit
/// its bytes.
std::string beyond_decimal(const std::string& name, std::string_view to) {
  const auto d = decimal(to);
  return d ? fmt::format(" OR abs(toFloat64({})) >= 1e{}", name, d->first - d->second) : std::string();
}

/// Without zeros at the end behind the point, which a number does not keep.
std::string without_zeros(const std::string& text) {
  return fmt::format("replaceRegexpOne({}, {}, {})", text, literal("([.][0-9]*[1-9])0+$|[.]0*$"),
                     literal("\\1"));
}

/// Condition that holds for values that would not be the same in the other type. The accurate casts of the
/// server are not: they cut fractions of seconds and of decimals, times of day and what lies outside of a
/// range of dates, and read `012` as a number.
std::string changed_by_cast(const std::string& name, const std::string& from, const std::string& to) {
  // Of a FixedString even this cast fails.
  const bool fixed = from.starts_with("FixedString") && !is_text(to);
  const std::string cast =
      fmt::format("accurateCastOrNull({}, {})", fixed ? "toString(" + name + ")" : name, literal(to));
  const std::string lost = fmt::format("{} IS NOT NULL AND ({} IS NULL", name, cast);
  if (is_enum(to) && is_text(from)) return fmt::format("toString({}) NOT IN ({})", name, enum_list(to, 0));
  if (is_enum(to)) return fmt::format("{} NOT IN ({})", name, enum_list(to, 1));
  if (is_text(to)) return lost + ")";
  if (is_text(from)) {
    const std::string text = "toString(" + name + ")";
    if (is_time(to)) return lost + fmt::format(" OR NOT startsWith(toString({}), {}))", cast, text);
    if (is_number(to)) return lost + fmt::format(" OR toString({}) != {})", cast, without_zeros(text));
    return lost + ")";
  }
  // The server's own cast fails there.
  if (is_time(from) && fraction(to) == 9) return fmt::format("toYear({}) > 2261", name);
  const std::string back = is_enum(from) ? "Int16" : from;
  return lost + fmt::format(" OR CAST({}, {}) != {}{})", cast, literal("Nullable(" + back + ")"), name,
                            beyond_decimal(name, to));
}

/// Typed paths of JSON; neither its settings nor what it skips.
std::vector<TypeElement> typed_paths(std::string_view type) {
  auto out = type_elements(type);
  std::erase_if(out, [](const TypeElement& e) {
    return e.name.empty() || e.type.starts_with("=") || upper(e.name) == "SKIP";
  });
  return out;
}

/// A part of the values of one type beside the same part of another.
struct Part {
  std::string from, to;       ///< types; `from` empty: a path without a type; `to` empty: it goes
  std::string before, after;  ///< around the expression of the whole
  bool many = false;          ///< an array of them
  std::string name{};         ///< of a path
};

std::vector<Part> paths_of(const std::string& from, const std::string& to) {
  std::vector<Part> out;
  const auto before = typed_paths(from);
  for (const auto& path : typed_paths(to)) {
    const auto it = std::find_if(before.begin(), before.end(), [&](auto& e) { return e.name == path.name; });
    out.push_back({it == before.end() ? "" : it->type, path.type, "getSubcolumn(",
                   ", " + literal(path.name) + ")", false, path.name});
  }
  return out;
}

/// The server takes elements by their names where both types have them, else by their places.
std::vector<Part> tuple_parts(const std::string& from, const std::string& to) {
  const auto x = type_elements(from), y = type_elements(to);
  const auto named = [](const TypeElement& e) { return !e.name.empty(); };
  const bool by_name = std::all_of(x.begin(), x.end(), named) && std::all_of(y.begin(), y.end(), named);
  std::vector<Part> out;
  for (std::size_t i = 0; i < x.size(); ++i) {
    auto it = by_name ? std::find_if(y.begin(), y.end(), [&](auto& e) { return e.name == x[i].name; })
                      : y.begin() + static_cast<std::ptrdiff_t>(std::min(i, y.size()));
    out.push_back({x[i].type, it == y.end() ? "" : it->type, "tupleElement(", fmt::format(", {})", i + 1)});
  }
  return out;
}

/// The parts of two containers of the same sort; none where they are no such.
std::vector<Part> parts_of(const std::string& from, const std::string& to) {
  const std::string_view base = base_of(from);
  if (base != base_of(to)) return {};
  const auto x = type_elements(from), y = type_elements(to);
  if (base == "JSON") return paths_of(from, to);
  if (base == "Tuple") return tuple_parts(from, to);
  if (std::min(x.size(), y.size()) < (base == "Map" ? 2 : 1)) return {};
  if (base == "Array") return {{x[0].type, y[0].type, "", "", true}};
  if (base == "Map")
    return {{x[0].type, y[0].type, "mapKeys(", ")", true}, {x[1].type, y[1].type, "mapValues(", ")", true}};
  return {};
}

/// The type of the values of `SimpleAggregateFunction(f, T)`.
std::string stored_type(std::string_view type) {
  const auto all =
      base_of(type) == "SimpleAggregateFunction" ? type_elements(type) : std::vector<TypeElement>{};
  return all.empty() ? std::string(type) : all.back().type;
}
/// The same without Nullable.
std::string plain_type(std::string_view type) {
  return without_nullable(stored_type(type));
}

bool takes_null(std::string_view type) {
  return is_nullable(type) || base_of(type) == "Variant" || base_of(type) == "Dynamic";
}

/// Condition for text that is no value of a container or of any type of a Variant: the server's own cast
/// fails there. Empty where all text is.
std::string unreadable(const std::string& x, const std::string& to) {
  std::vector<std::string> types{to};
  if (base_of(to) == "Variant") {
    types.clear();
    for (const auto& each : type_elements(to)) types.push_back(each.type);
  }
  if (base_of(to) == "Dynamic" || std::find(types.begin(), types.end(), "String") != types.end()) return {};
  types.emplace_back("String");
  return fmt::format("variantType(CAST(toString({}), {})) = 'String'", x,
                     literal("Variant(" + join(types, ", ") + ")"));
}

/// Does the value read otherwise in the other type? For what is no simple type on both sides. The text of a
/// null in a Variant is empty.
std::string reads_otherwise(const std::string& x, const std::string& from, const std::string& to) {
  const std::string plain = without_nullable(to);
  if (const std::string why = is_text(from) && !is_simple(plain) ? unreadable(x, to) : ""; !why.empty())
    return fmt::format("({0} IS NOT NULL AND if({1}, 1, NOT (toString(CAST({0}, {2})) <=> toString({0}))))",
                       x, why, literal(to));
  if (!is_simple(plain))
    return fmt::format("({0} IS NOT NULL AND NOT (toString(CAST({0}, {1})) <=> toString({0})))", x,
                       literal(to));
  const std::string cast = fmt::format("toString(accurateCastOrNull({}, {}))", x, literal(plain));
  const std::string text = "toString(" + x + ")";
  const bool zeros = is_number(plain) || is_time(plain);
  return fmt::format("({} IS NOT NULL AND NOT ({} <=> {}))", x, zeros ? without_zeros(cast) : cast,
                     zeros ? without_zeros(text) : text);
}

std::string changed(const std::string& x, const std::string& from_type, const std::string& to_type,
                    int depth);

std::string changed_part(const std::string& x, const Part& part, int depth) {
  const std::string values = part.before + x + part.after;
  if (part.to.empty())
    return fmt::format("NOT (toString({}) <=> toString(defaultValueOfTypeName({})))", values,
                       literal(part.from));
  if (part.from.empty()) return reads_otherwise(values, part.from, plain_type(part.to));
  if (!part.many) return changed(values, part.from, part.to, depth);
  const std::string one = fmt::format("x{}", depth);
  const std::string condition = changed(one, part.from, part.to, depth + 1);
  return condition.empty() ? "" : fmt::format("arrayExists({} -> {}, {})", one, condition, values);
}

/// The same without Nullable on either side.
std::string changed_plain(const std::string& x, const std::string& from, const std::string& to, int depth) {
  if (from == to) return {};
  if (is_enum(from) && is_enum(to)) {
    const auto lost = lost_labels(from, to);
    return lost.empty() ? "" : "toString(" + x + ") IN (" + join(lost, ", ") + ")";
  }
  if (is_simple(from) && is_simple(to))
    return widens(from, to) ? "" : "(" + changed_by_cast(x, from, to) + ")";
  if (to == "String") return {};
  std::vector<std::string> broken;
  const auto parts = parts_of(from, to);
  for (const auto& part : parts)
    if (std::string one = changed_part(x, part, depth); !one.empty()) broken.push_back(std::move(one));
  const bool json = base_of(to) == "JSON";
  if (json && (base_of(from) != "JSON" || !broken.empty()))
    broken.insert(broken.begin(),
                  fmt::format("({0} IS NOT NULL AND accurateCastOrNull({0}, {1}) IS NULL)", x, literal(to)));
  if (!json && parts.empty()) broken.push_back(reads_otherwise(x, from, to));
  return join(broken, " OR ");
}

std::string changed(const std::string& x, const std::string& from_type, const std::string& to_type,
                    int depth) {
  const std::string from = stored_type(from_type), to = stored_type(to_type);
  std::vector<std::string> broken;
  if (takes_null(from) && !takes_null(to)) broken.push_back(x + " IS NULL");
  if (std::string one = changed_plain(x, without_nullable(from), without_nullable(to), depth); !one.empty())
    broken.push_back(std::move(one));
  return join(broken, " OR ");
}

/// What the first part gives of which `ask` says anything.
std::string of_parts(const std::string& from, const std::string& to,
                     std::string (*ask)(std::string_view, std::string_view)) {
  for (const auto& part : parts_of(from, to))
    if (!part.from.empty() && !part.to.empty())
      if (std::string said = ask(part.from, part.to); !said.empty()) return said;
  return {};
}

std::set<std::string> skips(std::string_view json) {
  std::set<std::string> out;
  for (const auto& e : type_elements(json))
    if (upper(e.name) == "SKIP") out.insert(e.type);
  return out;
}
}  // namespace

std::string changed_values(const std::string& name, const std::string& from, const std::string& to) {
  return changed(name, from, to, 1);
}

std::string lost_in_conversion(std::string_view from, std::string_view to) {
  const std::string x = plain_type(from), y = plain_type(to);
  if (x == y) return {};
  if (base_of(y) != "JSON") return of_parts(x, y, lost_in_conversion);
  if (is_text(x)) return "the text is read as JSON, which keeps no nulls, nor order and spelling";
  if (base_of(x) != "JSON") return "JSON keeps no nulls, and keys with points become paths";
  const auto before = skips(x);
  for (const auto& skip : skips(y))
    if (!before.contains(skip)) return "JSON that skips " + skip + " keeps no values of it";
  return of_parts(x, y, lost_in_conversion);
}

std::string filled_by_conversion(std::string_view from, std::string_view to) {
  const std::string x = plain_type(from), y = plain_type(to);
  std::vector<std::string> fresh;
  if (base_of(x) == "JSON" && base_of(y) == "JSON")
    for (const auto& path : paths_of(x, y))
      if (path.from.empty() && !takes_null(path.to)) fresh.push_back(path.name);
  if (fresh.empty()) return of_parts(x, y, filled_by_conversion);
  return "values without " + join(fresh, ", ") + " get the default of its type there";
}

std::string no_conversion(std::string_view from, std::string_view to) {
  const std::string x = plain_type(from), y = plain_type(to);
  const std::string_view a = base_of(x), b = base_of(y);
  if (x == y) return {};
  if (a == "AggregateFunction" || b == "AggregateFunction")
    return "states of an aggregation become nothing else";
  if (a == "JSON" && (b == "Map" || b == "Array" || b == "Tuple")) return "JSON becomes no " + std::string(b);
  if (b == "Map" && is_simple(x)) return "no single value becomes a Map";
  const auto dimensions = [](const std::string& type) {
    return base_of(type_elements(type).at(0).type) == "Array";
  };
  if (a == "Array" && b == "Array" && dimensions(x) != dimensions(y))
    return "an array keeps its number of dimensions";
  if (a == "Tuple" && b == "Tuple") {
    const auto m = type_elements(x), n = type_elements(y);
    if (m.size() != n.size() && !m.empty() && !n.empty() && (m.at(0).name.empty() || n.at(0).name.empty()))
      return "a tuple without names keeps its number of elements";
  }
  return of_parts(x, y, no_conversion);
}

std::string renumbered(std::string_view from, std::string_view to) {
  const std::string x = plain_type(from), y = plain_type(to);
  if (!is_enum(x) || !is_enum(y)) return base_of(x) == "JSON" ? "" : of_parts(x, y, renumbered);
  const auto after = enum_numbers(y);
  for (const auto& [label, number] : enum_numbers(x))
    if (const auto it = after.find(label); it != after.end() && it->second != number) return label;
  return {};
}

bool keeps_order(std::string_view from, std::string_view to) {
  return is_enum(from) && is_enum(to) && base_of(from) == base_of(to) && lost_labels(from, to).empty() &&
         renumbered(from, to).empty();
}

bool moves_zone_only(std::string_view from, std::string_view to) {
  const auto without_zone = [](std::string_view type) {
    std::string out;
    for (const auto& token : significant(type))
      if (token.type != Token::Type::string && !is_symbol(token, ",")) out += std::string(token.text) + " ";
    for (const std::string_view none : {"( ) "})
      if (out.ends_with(none)) out.resize(out.size() - none.size());
    return out;
  };
  return from.starts_with("DateTime") && without_zone(from) == without_zone(to);
}

}  // namespace trueup::clickhouse
