#include "engine/sqlite/types.hpp"

#include <array>
#include <utility>

#include "base/text.hpp"
#include "engine/sqlite/lexer.hpp"

namespace trueup::sqlite {

std::string_view to_string(Affinity a) {
  switch (a) {
    case Affinity::integer:
      return "integer";
    case Affinity::text:
      return "text";
    case Affinity::blob:
      return "blob";
    case Affinity::real:
      return "real";
    case Affinity::numeric:
      return "numeric";
  }
  return "";
}

std::string type_text(std::string_view written) {
  std::string out;
  bool gap = false;
  for (const auto& t : tokens(written)) {
    if (t.type == Token::Type::blank || t.type == Token::Type::comment) {
      gap = !out.empty();
      continue;
    }
    if (gap) out += ' ';
    gap = false;
    out += t.text;
  }
  return out;
}

std::string type_key(std::string_view type) {
  std::string out;
  for (const auto& t : significant(type)) {
    const bool word = t.type == Token::Type::word || t.type == Token::Type::quoted_identifier;
    if (word && !out.empty() && out.back() != '(' && out.back() != ',') out += ' ';
    out += lower(t.value());
  }
  return out;
}

Affinity affinity(std::string_view type) {
  const std::string t = lower(type);
  auto has = [&](std::string_view part) { return t.find(part) != std::string::npos; };
  if (has("int")) return Affinity::integer;
  if (has("char") || has("clob") || has("text")) return Affinity::text;
  if (t.empty() || has("blob")) return Affinity::blob;
  if (has("real") || has("floa") || has("doub")) return Affinity::real;
  return Affinity::numeric;
}

std::string strict_type(std::string_view type) {
  const std::string key = type_key(type);
  const std::string base = key.substr(0, key.find('('));
  constexpr std::array<std::string_view, 6> legal{"int", "integer", "real", "text", "blob", "any"};
  for (auto name : legal)
    if (key == name) return std::string(type);
  using Pair = std::pair<std::string_view, std::string_view>;
  constexpr std::array<Pair, 29> portable{{{"bigint", "integer"},
                                           {"smallint", "integer"},
                                           {"tinyint", "integer"},
                                           {"mediumint", "integer"},
                                           {"int2", "integer"},
                                           {"int4", "integer"},
                                           {"int8", "integer"},
                                           {"boolean", "integer"},
                                           {"bool", "integer"},
                                           {"varchar", "text"},
                                           {"character varying", "text"},
                                           {"char", "text"},
                                           {"character", "text"},
                                           {"clob", "text"},
                                           {"uuid", "text"},
                                           {"json", "text"},
                                           {"jsonb", "text"},
                                           {"date", "text"},
                                           {"time", "text"},
                                           {"datetime", "text"},
                                           {"timestamp", "text"},
                                           {"timestamptz", "text"},
                                           {"timestamp with time zone", "text"},
                                           {"timestamp without time zone", "text"},
                                           {"double", "real"},
                                           {"double precision", "real"},
                                           {"float", "real"},
                                           {"bytea", "blob"},
                                           {"varbinary", "blob"}}};
  for (const auto& [name, spelled] : portable)
    if (base == name) return std::string(spelled);
  return {};
}

bool is_serial(std::string_view type) {
  const std::string key = lower(trim(type));
  return key == "serial" || key == "bigserial" || key == "smallserial" || key == "serial4" ||
         key == "serial8";
}

}  // namespace trueup::sqlite
