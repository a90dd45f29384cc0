#include "engine/mysql/types.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "engine/mysql/lexer.hpp"

namespace trueup::mysql {
namespace {
struct Alias {
  std::string_view written, canonical;
};
/// Other names of the same type; the portable names of the schema file among them.
constexpr std::array<Alias, 36> aliases{{{"string", "longtext"},
                                         {"clob", "longtext"},
                                         {"integer", "int"},
                                         {"int4", "int"},
                                         {"int3", "mediumint"},
                                         {"middleint", "mediumint"},
                                         {"int8", "bigint"},
                                         {"int2", "smallint"},
                                         {"int1", "tinyint"},
                                         {"numeric", "decimal"},
                                         {"dec", "decimal"},
                                         {"fixed", "decimal"},
                                         {"double precision", "double"},
                                         {"real", "double"},
                                         {"float8", "double"},
                                         {"float4", "float"},
                                         {"character", "char"},
                                         {"character varying", "varchar"},
                                         {"char varying", "varchar"},
                                         {"varcharacter", "varchar"},
                                         {"char byte", "binary"},
                                         {"nchar", "char"},
                                         {"nvarchar", "varchar"},
                                         {"nchar varying", "varchar"},
                                         {"bool", "tinyint(1)"},
                                         {"boolean", "tinyint(1)"},
                                         {"long varchar", "mediumtext"},
                                         {"long varbinary", "mediumblob"},
                                         {"long", "mediumtext"},
                                         {"geomcollection", "geometrycollection"},
                                         {"jsonb", "json"},
                                         {"bytea", "longblob"},
                                         {"timestamptz", "timestamp"},
                                         {"timestamp with time zone", "timestamp"},
                                         {"timestamp without time zone", "datetime"},
                                         {"serial", "bigint unsigned"}}};

struct Width {
  std::string_view type, plain, is_unsigned;
};
constexpr std::array<Width, 5> default_widths{{{"tinyint", "4", "3"},
                                               {"smallint", "6", "5"},
                                               {"mediumint", "9", "8"},
                                               {"int", "11", "10"},
                                               {"bigint", "20", "20"}}};

struct Parts {
  std::string name, arguments;
  bool is_unsigned = false, zerofill = false;
  std::string rest;
};

bool attribute(Parts& p, const Token& t) {
  if (is_word(t, "unsigned")) return p.is_unsigned = true;
  if (is_word(t, "zerofill")) return p.is_unsigned = p.zerofill = true;
  return is_word(t, "signed");
}

/// `enum('a', 'b')` as `('a','b')`.
std::string spelled(const Token& t) {
  if (t.type == Token::Type::string) return literal(string_value(t.text));
  return lower(t.text);
}

Parts parse(std::string_view written) {
  Parts p;
  const auto all = significant(written);
  std::size_t i = 0;
  for (; i < all.size() && !is_symbol(all[i], "("); ++i)
    if (!attribute(p, all[i])) p.name += (p.name.empty() ? "" : " ") + lower(all[i].value());
  int depth = 0;
  for (; i < all.size(); ++i) {
    if (is_symbol(all[i], "(")) ++depth;
    if (depth > 0)
      p.arguments += spelled(all[i]);
    else if (!attribute(p, all[i]))
      p.rest += " " + lower(all[i].text);
    if (is_symbol(all[i], ")")) --depth;
  }
  return p;
}

void default_arguments(Parts& p) {
  if (p.name == "decimal") {
    if (p.arguments.empty()) p.arguments = "(10,0)";
    if (p.arguments.find(',') == std::string::npos) p.arguments.insert(p.arguments.size() - 1, ",0");
  }
  const bool one = p.name == "char" || p.name == "binary" || p.name == "bit";
  if (one && p.arguments.empty()) p.arguments = "(1)";
  const bool fractional = p.name == "datetime" || p.name == "timestamp" || p.name == "time";
  if ((fractional && p.arguments == "(0)") || (p.name == "year" && p.arguments == "(4)")) p.arguments.clear();
  if (p.name == "float" && !p.arguments.empty() && p.arguments.find(',') == std::string::npos) {
    constexpr int longest_float = 24;
    if (std::atoi(p.arguments.c_str() + 1) > longest_float) p.name = "double";
    p.arguments.clear();
  }
  for (const auto& w : default_widths) {
    if (p.name != w.type) continue;
    const std::string width = "(" + std::string(p.is_unsigned ? w.is_unsigned : w.plain) + ")";
    if (p.zerofill && p.arguments.empty())
      p.arguments = width;
    else if (!p.zerofill && p.arguments == width)
      p.arguments.clear();
  }
  if (p.name == "blob" && !p.arguments.empty()) {  // the smallest that holds so many bytes
    constexpr long long tiny = 255, plain = 65535, medium = 16777215;
    const auto size = std::atoll(p.arguments.c_str() + 1);
    p.name = size <= tiny ? "tinyblob" : size <= plain ? "blob" : size <= medium ? "mediumblob" : "longblob";
    p.arguments.clear();
  }
}
}  // namespace

std::string canonical_type(std::string_view written) {
  Parts p = parse(written);
  if (p.rest == " varying" || p.rest == " precision") {
    p.name += p.rest;
    p.rest.clear();
  }
  for (const auto& a : aliases) {
    if (p.name != a.written) continue;
    const Parts known = parse(a.canonical);
    p.name = known.name;
    if (p.arguments.empty()) p.arguments = known.arguments;
    p.is_unsigned = p.is_unsigned || known.is_unsigned;
    break;
  }
  default_arguments(p);
  return p.name + p.arguments + (p.is_unsigned ? " unsigned" : "") + (p.zerofill ? " zerofill" : "") + p.rest;
}

std::string base_type(std::string_view canonical) {
  return std::string(canonical.substr(0, canonical.find_first_of(" (")));
}
bool is_integer(std::string_view base) {
  return std::any_of(default_widths.begin(), default_widths.end(),
                     [&](const Width& w) { return w.type == base; });
}
bool is_numeric(std::string_view base) {
  return is_integer(base) || base == "decimal" || base == "float" || base == "double";
}
bool is_spatial(std::string_view base) {
  return base == "point" || base == "linestring" || base == "polygon" || base.starts_with("multi") ||
         base.starts_with("geom");
}
bool is_large(std::string_view base) {
  return base.ends_with("text") || base.ends_with("blob");
}
bool has_charset(std::string_view base) {
  return base == "char" || base == "varchar" || base.ends_with("text") || base == "enum" || base == "set";
}
std::string without_width(std::string_view canonical) {
  Parts p = parse(canonical);
  const bool boolean = p.name == "tinyint" && p.arguments == "(1)" && !p.is_unsigned;
  if (is_integer(p.name) && !p.zerofill && !boolean) p.arguments.clear();
  return p.name + p.arguments + (p.is_unsigned ? " unsigned" : "") + (p.zerofill ? " zerofill" : "") + p.rest;
}

std::string canonical_charset(std::string_view name) {
  std::string out = lower(name);
  if (out == "utf8" || out.starts_with("utf8_")) out = "utf8mb3" + out.substr(4);
  return out;
}
std::string charset_of(std::string_view collation) {
  return std::string(collation.substr(0, collation.find('_')));
}
std::string_view common_default_collation(std::string_view charset) {
  struct Known {
    std::string_view charset, collation;
  };
  constexpr std::array<Known, 12> known{{{"latin1", "latin1_swedish_ci"},
                                         {"ascii", "ascii_general_ci"},
                                         {"binary", "binary"},
                                         {"latin2", "latin2_general_ci"},
                                         {"gbk", "gbk_chinese_ci"},
                                         {"gb2312", "gb2312_chinese_ci"},
                                         {"big5", "big5_chinese_ci"},
                                         {"cp1251", "cp1251_general_ci"},
                                         {"cp1250", "cp1250_general_ci"},
                                         {"sjis", "sjis_japanese_ci"},
                                         {"koi8r", "koi8r_general_ci"},
                                         {"euckr", "euckr_korean_ci"}}};
  for (const auto& k : known)
    if (k.charset == charset) return k.collation;
  return {};
}

}  // namespace trueup::mysql
