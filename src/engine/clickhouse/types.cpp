#include "engine/clickhouse/types.hpp"

#include <charconv>
#include <map>

#include "base/text.hpp"
#include "engine/clickhouse/lexer.hpp"

namespace trueup::clickhouse {
namespace {
struct Alias {
  std::string_view name, means;
};
// system.data_type_families, and what a schema for several engines writes.
constexpr std::array<Alias, 84> aliases{{
    {"bigint", "Int64"},
    {"bigint signed", "Int64"},
    {"bigint unsigned", "UInt64"},
    {"binary", "FixedString"},
    {"binary large object", "String"},
    {"binary varying", "String"},
    {"bit", "UInt64"},
    {"blob", "String"},
    {"bool", "Bool"},
    {"boolean", "Bool"},
    {"bytea", "String"},
    {"byte", "Int8"},
    {"char", "String"},
    {"char large object", "String"},
    {"char varying", "String"},
    {"character", "String"},
    {"character large object", "String"},
    {"character varying", "String"},
    {"clob", "String"},
    {"date", "Date"},
    {"date32", "Date32"},
    {"datetime", "DateTime"},
    {"datetime32", "DateTime"},
    {"datetime64", "DateTime64"},
    {"dec", "Decimal"},
    {"decimal", "Decimal"},
    {"decimal32", "Decimal32"},
    {"decimal64", "Decimal64"},
    {"decimal128", "Decimal128"},
    {"decimal256", "Decimal256"},
    {"double", "Float64"},
    {"double precision", "Float64"},
    {"enum", "Enum"},
    {"enum8", "Enum8"},
    {"enum16", "Enum16"},
    {"fixed", "Decimal"},
    {"float", "Float32"},
    {"geometry", "Geometry"},
    {"inet4", "IPv4"},
    {"inet6", "IPv6"},
    {"ipv4", "IPv4"},
    {"ipv6", "IPv6"},
    {"int", "Int32"},
    {"int signed", "Int32"},
    {"int unsigned", "UInt32"},
    {"int1", "Int8"},
    {"int1 signed", "Int8"},
    {"int1 unsigned", "UInt8"},
    {"integer", "Int32"},
    {"integer signed", "Int32"},
    {"integer unsigned", "UInt32"},
    {"json", "JSON"},
    {"jsonb", "JSON"},
    {"longblob", "String"},
    {"longtext", "String"},
    {"mediumblob", "String"},
    {"mediumint", "Int32"},
    {"mediumint signed", "Int32"},
    {"mediumint unsigned", "UInt32"},
    {"mediumtext", "String"},
    {"nchar", "String"},
    {"nchar varying", "String"},
    {"numeric", "Decimal"},
    {"nvarchar", "String"},
    {"real", "Float32"},
    {"set", "UInt64"},
    {"signed", "Int64"},
    {"single", "Float32"},
    {"smallint", "Int16"},
    {"smallint signed", "Int16"},
    {"smallint unsigned", "UInt16"},
    {"text", "String"},
    {"time", "Time"},
    {"time64", "Time64"},
    {"timestamp", "DateTime"},
    {"timestamptz", "DateTime64(6, 'UTC')"},
    {"tinyblob", "String"},
    {"tinyint", "Int8"},
    {"tinyint signed", "Int8"},
    {"tinyint unsigned", "UInt8"},
    {"tinytext", "String"},
    {"uuid", "UUID"},
    {"varbinary", "String"},
    {"varchar", "String"},
}};
constexpr std::array<Alias, 3> more_aliases{
    {{"year", "UInt16"}, {"unsigned", "UInt64"}, {"varchar2", "String"}}};

// Names that the server knows in this spelling only, and that mean nothing else elsewhere.
constexpr std::array<Alias, 35> families{{
    {"aggregatefunction", "AggregateFunction"},
    {"array", "Array"},
    {"bfloat16", "BFloat16"},
    {"dynamic", "Dynamic"},
    {"fixedstring", "FixedString"},
    {"float32", "Float32"},
    {"float64", "Float64"},
    {"int128", "Int128"},
    {"int16", "Int16"},
    {"int256", "Int256"},
    {"int32", "Int32"},
    {"int64", "Int64"},
    {"linestring", "LineString"},
    {"lowcardinality", "LowCardinality"},
    {"map", "Map"},
    {"multilinestring", "MultiLineString"},
    {"multipolygon", "MultiPolygon"},
    {"nested", "Nested"},
    {"nothing", "Nothing"},
    {"nullable", "Nullable"},
    {"object", "Object"},
    {"point", "Point"},
    {"polygon", "Polygon"},
    {"qbit", "QBit"},
    {"ring", "Ring"},
    {"simpleaggregatefunction", "SimpleAggregateFunction"},
    {"string", "String"},
    {"tuple", "Tuple"},
    {"uint128", "UInt128"},
    {"uint16", "UInt16"},
    {"uint256", "UInt256"},
    {"uint32", "UInt32"},
    {"uint64", "UInt64"},
    {"uint8", "UInt8"},
    {"variant", "Variant"},
}};
// Bytes on other engines, bits here.
constexpr std::array<Alias, 6> doubtful{{
    {"float4", "Float32"},
    {"float8", "Float64"},
    {"int2", "Int16"},
    {"int4", "Int32"},
    {"int8", "Int64` (8 bytes) or `Int8"},
    {"int3", "Int32"},
}};

const Alias* alias(std::string_view name) {
  const std::string low = lower(name);
  const auto among = [&](std::span<const Alias> list) -> const Alias* {
    const auto it = std::find_if(list.begin(), list.end(), [&](const Alias& a) { return a.name == low; });
    return it == list.end() ? nullptr : &*it;
  };
  for (const std::span<const Alias> list :
       {std::span<const Alias>(aliases), std::span<const Alias>(more_aliases),
        std::span<const Alias>(families)})
    if (const Alias* found = among(list)) return found;
  return nullptr;
}

using Tokens = std::span<const Token>;
std::string type(Tokens t);

std::string joined(Tokens t) {
  std::string out;
  for (std::size_t i = 0; i < t.size(); ++i) {
    const bool tight = i == 0 || is_symbol(t[i], ",") || is_symbol(t[i], ")") || is_symbol(t[i], "(") ||
                       is_symbol(t[i], ".") || is_symbol(t[i - 1], "(") || is_symbol(t[i - 1], ".") ||
                       is_symbol(t[i - 1], "-");
    if (!tight) out += ' ';
    out += t[i].type == Token::Type::string ? literal(unquoted(t[i].text)) : std::string(t[i].text);
  }
  return out;
}

std::optional<std::int64_t> whole(Tokens t) {
  const std::string s = joined(t);
  std::int64_t out = 0;
  const auto result = std::from_chars(s.data(), s.data() + s.size(), out);
  return result.ec == std::errc{} && result.ptr == s.data() + s.size() ? std::optional(out) : std::nullopt;
}

/// `'a', 'b' = 5` numbered as the server numbers: on from the value before, from 1; sorted by value.
std::string enumeration(std::string name, const std::vector<Tokens>& args, Tokens all) {
  std::vector<std::pair<std::int64_t, std::string>> values;
  std::int64_t next = 1;
  for (const auto& a : args) {
    if (a.empty() || a[0].type != Token::Type::string) return name + "(" + joined(all) + ")";
    if (a.size() > 2 && is_symbol(a[1], "=")) {
      const auto value = whole(a.subspan(2));
      if (!value) return name + "(" + joined(all) + ")";
      next = *value;
    }
    values.emplace_back(next++, literal(unquoted(a[0].text)));
  }
  std::sort(values.begin(), values.end());
  if (name == "Enum")
    name =
        values.empty() || (values.front().first >= -128 && values.back().first <= 127) ? "Enum8" : "Enum16";
  std::string out = name + "(";
  for (const auto& [value, text] : values)
    out += fmt::format("{}{} = {}", out.back() == '(' ? "" : ", ", text, value);
  return out + ")";
}

/// `name Type` of a Tuple or Nested, or a bare type.
std::string element(Tokens t) {
  const bool call = t.size() > 1 && is_symbol(t[1], "(");
  if (t.size() < 2 || call || !is_name(t[0])) return type(t);
  if (t[0].type == Token::Type::word && alias(joined(t)) != nullptr) return type(t);  // `double precision`
  return quote(t[0].value()) + " " + type(t.subspan(1));
}

std::string list(const std::vector<Tokens>& args, std::string (*one)(Tokens)) {
  std::vector<std::string> out;
  for (const auto& a : args) out.push_back(one(a));
  return join(out, ", ");
}

/// Settings, typed paths and SKIP rules of JSON, in the server's order.
std::string json(const std::vector<Tokens>& args) {
  std::vector<std::string> settings, skips, patterns;
  std::map<std::string, std::string> paths;
  for (const auto& a : args) {
    if (a.empty()) continue;
    if (a.size() > 2 && is_symbol(a[1], "=")) {
      settings.push_back(std::string(a[0].text) + "=" + joined(a.subspan(2)));
    } else if (is_word(a[0], "skip")) {
      const bool pattern = a.size() > 2 && is_word(a[1], "regexp");
      if (pattern)
        patterns.push_back("SKIP REGEXP " + joined(a.subspan(2)));
      else
        skips.push_back("SKIP " + joined(a.subspan(1)));
    } else {
      std::string path = a[0].value();
      std::size_t i = 1;
      for (; i + 1 < a.size() && is_symbol(a[i], "."); i += 2) path += "." + a[i + 1].value();
      paths[path] = type(a.subspan(i));
    }
  }
  std::sort(settings.begin(), settings.end(), std::greater<>());  // types before paths
  for (auto* list : {&skips, &patterns}) std::sort(list->begin(), list->end());
  for (const auto& [path, its_type] : paths) settings.push_back(quote(path) + " " + its_type);
  settings.insert(settings.end(), skips.begin(), skips.end());
  settings.insert(settings.end(), patterns.begin(), patterns.end());
  return join(settings, ", ");
}

std::string aggregate(const std::vector<Tokens>& args) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < args.size(); ++i) out.push_back(i == 0 ? joined(args[i]) : type(args[i]));
  return join(out, ", ");
}

std::string decimal(std::string_view name, const std::vector<Tokens>& args) {
  std::string precision = "10", scale = "0";
  if (name == "Decimal") {
    if (!args.empty()) precision = joined(args[0]);
    if (args.size() > 1) scale = joined(args[1]);
  } else {
    precision = name == "Decimal32" ? "9" : name == "Decimal64" ? "18" : name == "Decimal128" ? "38" : "76";
    if (!args.empty()) scale = joined(args[0]);
  }
  return fmt::format("Decimal({}, {})", precision, scale);
}

/// `DateTime(6)` and `Time(6)`: digits behind the second, which the longer types have. Empty where none are
/// given.
std::string of_moments(const std::string& name, const std::vector<Tokens>& args) {
  if ((name != "DateTime" && name != "Time") || args.empty()) return {};
  const auto digits = whole(args[0]);
  if (!digits) return {};
  const std::string zone = args.size() > 1 ? joined(args[1]) : "";
  if (*digits == 0) return zone.empty() ? name : name + "(" + zone + ")";
  return fmt::format("{}64({}{})", name, *digits, zone.empty() ? "" : ", " + zone);
}

std::string parametric(const std::string& name, const std::vector<Tokens>& args, Tokens all) {
  if (name.starts_with("Enum")) return enumeration(name, args, all);
  if (name.starts_with("Decimal")) return decimal(name, args);
  if (std::string moments = of_moments(name, args); !moments.empty()) return moments;
  if (name == "Tuple" || name == "Nested") return name + "(" + list(args, element) + ")";
  if (name == "Array" || name == "Nullable" || name == "LowCardinality" || name == "Map")
    return name + "(" + list(args, type) + ")";
  if (name == "Variant") {
    std::vector<std::string> out;
    for (const auto& a : args) out.push_back(type(a));
    std::sort(out.begin(), out.end());
    return "Variant(" + join(out, ", ") + ")";
  }
  if (name == "AggregateFunction" || name == "SimpleAggregateFunction")
    return name + "(" + aggregate(args) + ")";
  if (name == "JSON") return name + "(" + json(args) + ")";
  constexpr std::array<std::string_view, 16> lengthless{
      "String", "Int8",    "Int16",   "Int32", "Int64", "UInt8", "UInt16", "UInt32",
      "UInt64", "Float32", "Float64", "Bool",  "Date",  "UUID",  "IPv4",   "IPv6"};
  // varchar(10), int(11): the length says nothing here
  if (std::find(lengthless.begin(), lengthless.end(), name) != lengthless.end()) return name;
  return name + "(" + joined(all) + ")";
}

std::string type(Tokens t) {
  if (t.empty()) return {};
  if (t.size() > 1 && is_word(t.back(), "null") && !is_word(t[t.size() - 2], "not"))
    return "Nullable(" + type(t.first(t.size() - 1)) + ")";
  std::size_t words = 0;
  while (words < t.size() && t[words].type == Token::Type::word) ++words;
  if (words == 0) return joined(t);
  std::string name = joined(t.first(words));
  const Alias* a = alias(name);
  if (a != nullptr) name = a->means;
  const bool open = words < t.size() && is_symbol(t[words], "(");
  const std::size_t close = open ? closing(t, words) : words;
  if (open && close < t.size()) {
    const Tokens inner = t.subspan(words + 1, close - words - 1);
    Tokens after = t.subspan(close + 1);
    if (a != nullptr && name.find('(') != std::string::npos) name = "DateTime64";
    if (!after.empty() && after[0].type == Token::Type::word) {  // int(11) unsigned
      if (const Alias* longer = alias(joined(t.first(words)) + " " + joined(after)))
        name = longer->means, after = {};
    }
    return parametric(name, by_commas(inner), inner) + (after.empty() ? "" : " " + joined(after));
  }
  if (a == nullptr && words != t.size()) return joined(t);
  if (name == "DateTime64" || name == "Time64") return name + "(3)";
  if (name == "Decimal") return "Decimal(10, 0)";
  return name;
}
}  // namespace

std::string canonical_type(std::string_view written) {
  const auto all = significant(written);
  return type(all);
}

std::string doubtful_type(std::string_view canonical) {
  const auto all = significant(canonical);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].type != Token::Type::word) continue;
    const bool name = i + 1 < all.size() && is_name(all[i + 1]);  // of an element: `int8 String`
    const auto it = std::find_if(doubtful.begin(), doubtful.end(),
                                 [&](const Alias& a) { return a.name == lower(all[i].text); });
    const bool known = it != doubtful.end() && it->name == "int8" && all[i].text == "Int8";
    if (!name && !known && it != doubtful.end())
      return fmt::format("`{}`: write `{}`", all[i].text, it->means);
  }
  return {};
}

std::string_view base_of(std::string_view canonical) {
  return canonical.substr(0, canonical.find('('));
}

std::vector<TypeElement> type_elements(std::string_view canonical) {
  std::vector<TypeElement> out;
  const auto all = significant(canonical);
  if (all.size() < 4) return out;
  for (const auto& one : by_commas(std::span(all).subspan(2, all.size() - 3))) {
    const bool named = one.size() > 1 && is_name(one[0]) && !is_symbol(one[1], "(");
    out.push_back({named ? one[0].value() : "", text_of(named ? one.subspan(1) : one)});
  }
  return out;
}

std::string without_nullable(std::string_view canonical) {
  for (std::string_view wrapper : {"LowCardinality(", "Nullable("})
    if (canonical.starts_with(wrapper) && canonical.ends_with(")"))
      canonical = canonical.substr(wrapper.size(), canonical.size() - wrapper.size() - 1);
  return std::string(canonical);
}

bool is_nullable(std::string_view canonical) {
  return canonical.starts_with("Nullable(") || canonical.starts_with("LowCardinality(Nullable(");
}

bool is_simple(std::string_view canonical) {
  constexpr std::array<std::string_view, 14> complex{"Array",
                                                     "Map",
                                                     "Tuple",
                                                     "JSON",
                                                     "Object",
                                                     "Variant",
                                                     "Dynamic",
                                                     "Nested",
                                                     "AggregateFunction",
                                                     "SimpleAggregateFunction",
                                                     "Point",
                                                     "Ring",
                                                     "Polygon",
                                                     "Geometry"};
  return std::find(complex.begin(), complex.end(), base_of(canonical)) == complex.end();
}

}  // namespace trueup::clickhouse
