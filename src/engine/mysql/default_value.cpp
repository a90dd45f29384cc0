// Canonical form of columns: types, literals as defaults, character sets.
#include <fmt/format.h>

#include <charconv>

#include "base/text.hpp"
#include "engine/mysql/lexer.hpp"
#include "engine/mysql/normalize.hpp"
#include "engine/mysql/row_values.hpp"
#include "engine/mysql/types.hpp"

namespace trueup::mysql {
namespace {
/// The literal's text without quotes and sign; nullopt when the expression is no literal.
std::optional<std::string> literal_text(const std::vector<Token>& all) {
  const std::size_t sign = !all.empty() && (is_symbol(all[0], "-") || is_symbol(all[0], "+")) ? 1 : 0;
  if (all.size() != 1 + sign) return std::nullopt;
  const Token& t = all[sign];
  const std::string minus = sign == 1 && is_symbol(all[0], "-") ? "-" : "";
  if (t.type == Token::Type::number && !t.text.starts_with("0x")) return minus + std::string(t.text);
  if (sign == 1) return std::nullopt;
  if (t.type == Token::Type::string && (t.text[0] == '\'' || t.text[0] == '"')) return string_value(t.text);
  if (is_word(t, "true")) return "1";
  if (is_word(t, "false")) return "0";
  return std::nullopt;
}

std::string decimal(std::string_view type, const std::string& number) {
  const auto comma = type.find(',');
  if (comma == std::string_view::npos) return number;
  const auto scale = std::strtoul(std::string(type.substr(comma + 1)).c_str(), nullptr, 10);
  if (number.find_first_not_of("-0123456789.") != std::string::npos) return number;
  std::string out = number;
  auto dot = out.find('.');
  if (dot == 0) out.insert(0, "0"), dot = 1;
  if (dot == std::string::npos) {
    if (scale == 0) return out;
    dot = out.size();
    out += '.';
  }
  const std::size_t digits = out.size() - dot - 1;
  if (digits < scale) out.append(scale - digits, '0');
  if (digits > scale && out.find_first_not_of('0', dot + 1 + scale) == std::string::npos)
    out.resize(dot + 1 + scale);
  if (scale == 0 && out.ends_with('.')) out.pop_back();
  return out;
}

std::string number(const std::string& base, std::string_view type, const std::string& text) {
  if (base == "decimal") return decimal(type, text);
  double value = 0;
  const auto r = std::from_chars(text.data(), text.data() + text.size(), value);
  if (r.ec != std::errc{} || r.ptr != text.data() + text.size()) return text;
  constexpr double exact = 1e15;
  if (std::abs(value) < exact && value == static_cast<double>(static_cast<std::int64_t>(value)))
    return std::to_string(static_cast<std::int64_t>(value));
  return base == "float" || base == "double" ? fmt::format("{}", value) : text;
}

std::string kind_of(const Token& t) {
  return t.type == Token::Type::string ? "text" : "number";
}

std::string bits(const std::string& text) {
  std::uint64_t value = 0;
  const auto r = std::from_chars(text.data(), text.data() + text.size(), value);
  if (r.ec != std::errc{} || r.ptr != text.data() + text.size()) return text;
  return fmt::format("b'{:b}'", value);
}

/// The bytes of x'4142' and 0x4142.
std::optional<std::string> hexadecimal(const Token& t) {
  std::string_view digits = t.text;
  if (digits.starts_with("0x"))
    digits.remove_prefix(2);
  else if (t.type == Token::Type::string && (digits[0] == 'x' || digits[0] == 'X') && digits.size() > 2)
    digits = digits.substr(2, digits.size() - 3);
  else
    return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    unsigned byte = 0;
    std::from_chars(digits.data() + i, digits.data() + i + 2, byte, 16);
    out += static_cast<char>(byte);
  }
  return out;
}
/// Text where it can be read, digits where it cannot. The servers fill `binary` up with zeros.
std::string bytes(const std::string& base, std::string value) {
  while (base == "binary" && value.ends_with('\0')) value.pop_back();
  if (is_utf8(value)) return literal(value);
  std::string out;
  for (const char c : value) out += fmt::format("{:02X}", static_cast<unsigned char>(c));
  return "x'" + out + "'";
}

void normalize_default(Column& c) {
  Expr& e = *c.default_value;
  const std::string written = e.text.empty() ? e.canonical : e.text;
  const std::string text = strip_parentheses(written);
  const auto all = significant(text);
  if (all.size() == 1 && is_word(all[0], "null")) {
    c.default_value.reset();
    return;
  }
  const std::string base = base_type(c.type.text);
  const auto set = [&](const std::string& canonical) { e.text = e.canonical = canonical; };
  if (const std::string form = lexical_form(text);
      form.starts_with("current_timestamp(") && form.find(')') + 1 == form.size())
    return set(form);
  const auto value = literal_text(all);
  if (base == "binary" || base == "varbinary") {
    const auto digits = all.size() == 1 ? hexadecimal(all[0]) : std::nullopt;
    if (value || digits) return set(bytes(base, digits ? *digits : *value));
  }
  // MySQL's form of a text that its utf8mb3 cannot show, and MariaDB's of a value in a table of bytes.
  const bool listed = base == "enum" || base == "set";
  if (const auto digits = all.size() == 1 && has_charset(base) ? hexadecimal(all[0]) : std::nullopt;
      digits && is_utf8(*digits) && (listed || beyond_three_bytes(*digits)))
    return set(literal(*digits));
  if (!value) {
    if (all.size() == 1 && all[0].type == Token::Type::string && base == "bit") set(lower(text));
    return;
  }
  if (is_numeric(base))
    set(number(base, c.type.text, *value));
  else if (base == "bit" && all.back().type != Token::Type::string)
    set(bits(*value));
  else if (const RowValue kept =
               kept_value({base == "year" ? kind_of(all.back()) : "text", *value}, c.type.text);
           base != "bit" && base != "json")
    set(literal(kept.type == "text" ? kept.text : *value));
}

/// `default current_timestamp on update current_timestamp`, as authors write it.
void split_on_update(Column& c) {
  const std::string text = c.default_value->text.empty() ? c.default_value->canonical : c.default_value->text;
  const auto all = significant(text);
  for (std::size_t i = 1; i + 2 < all.size(); ++i) {
    if (!is_word(all[i], "on") || !is_word(all[i + 1], "update")) continue;
    const auto on = static_cast<std::size_t>(all[i].text.data() - text.data());
    const auto update = static_cast<std::size_t>(all[i + 2].text.data() - text.data());
    c.options.emplace("on_update", text.substr(update));
    c.default_value = Expr{std::string(trim(std::string_view(text).substr(0, on))), ""};
    return;
  }
}

/// How many tokens of a type, from the one at `i`, are a clause that has a field of its own.
std::size_t clause(const std::vector<Token>& all, std::size_t i, Column& c) {
  const auto follows = [&](std::size_t n) { return i + n < all.size(); };
  const Token& t = all[i];
  const bool charset = is_word(t, "charset"),
             character_set = is_word(t, "character") && follows(1) && is_word(all[i + 1], "set");
  if (charset || character_set) {
    const std::size_t name = charset ? 1 : 2;
    if (follows(name)) c.options["charset"] = all[i + name].value();
    return name + 1;
  }
  if (is_word(t, "auto_increment")) {
    c.identity = Identity{"by default", {}};
    return 1;
  }
  if (is_word(t, "national") || is_word(t, "nchar") || is_word(t, "nvarchar")) {
    c.options["charset"] = "utf8mb3";
    return is_word(t, "national") ? 1 : 0;
  }
  if (is_word(t, "comment") && follows(1) && all[i + 1].type == Token::Type::string) {
    c.comment = string_value(all[i + 1].text);
    return 2;
  }
  if (is_word(t, "srid") && follows(1) && all[i + 1].type == Token::Type::number) {
    c.options["srid"] = all[i + 1].text;
    return 2;
  }
  if (is_word(t, "invisible")) c.options["invisible"] = "true";
  return is_word(t, "invisible") || is_word(t, "visible") ? 1 : 0;
}

/// `varchar(10) character set latin1` and `int auto_increment`, where the author wrote that as the type.
void split_type(Column& c) {
  const auto all = significant(c.type.text);
  std::string rest;
  bool changed = false;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (const std::size_t count = clause(all, i, c); count > 0) {
      i += count - 1;
      changed = true;
    } else {
      if (!rest.empty() && all[i].text != "(" && all[i].text != ")" && all[i].text != "," &&
          !rest.ends_with("("))
        rest += ' ';
      rest += all[i].text;
    }
  }
  if (changed) c.type.text = rest;
}
/// Texts without a character set are bytes.
void bytes_for_text(Column& c, bool of_bytes) {
  const auto charset = c.options.find("charset");
  const bool own = !c.collation.empty() || charset != c.options.end();
  const bool own_bytes =
      c.collation == "binary" || (charset != c.options.end() && charset->second == "binary");
  if (own ? !own_bytes : !of_bytes) return;
  const std::string base = base_type(c.type.text);
  std::string type;
  if (base == "char" || base == "varchar")
    type = (base == "char" ? "binary" : "varbinary") + c.type.text.substr(base.size());
  else if (base.ends_with("text"))
    type = base.substr(0, base.size() - std::string_view("text").size()) + "blob";
  else
    return;
  c.type.text = type;
  c.collation.clear();
  c.options.erase("charset");
}
}  // namespace

std::string misplaced_clause(const std::string& type) {
  static constexpr std::string_view words[] = {
      "as",     "generated",  "virtual",      "stored",     "persistent",    "key",
      "unique", "primary",    "default",      "on",         "comment",       "collate",
      "check",  "references", "storage",      "compressed", "column_format", "without",
      "with",   "srid",       "ref_system_id"};
  for (const auto& t : significant(type))
    if (std::any_of(std::begin(words), std::end(words), [&](auto w) { return is_word(t, w); }))
      return std::string(t.text);
  return {};
}

void normalize_column(Column& c, bool of_bytes) {
  split_type(c);
  const bool serial = lower(trim(c.type.text)) == "serial" || lower(trim(c.type.text)) == "bigserial";
  if (serial) c.identity = Identity{"by default", {}};
  c.type.text = lower(trim(c.type.text)) == "bigserial" ? "bigint" : canonical_type(c.type.text);
  if (c.identity) {
    c.identity = Identity{"by default", {}};
    c.not_null = c.not_null || !c.options.contains("nullable");
  }
  if (!c.identity || c.not_null) c.options.erase("nullable");
  if (c.default_value || c.not_null || c.generated || c.identity || is_large(base_type(c.type.text)))
    c.options.erase("no_default");
  if (c.generated && c.generated_kind.empty()) c.generated_kind = "stored";
  if (const auto it = c.options.find("charset"); it != c.options.end()) {
    it->second = canonical_charset(it->second);
    if (!c.collation.empty()) c.options.erase(it);
  }
  c.collation = canonical_charset(c.collation);
  bytes_for_text(c, of_bytes);
  const std::string charset = charset_of(c.collation);
  if (!c.collation.empty() && c.collation == common_default_collation(charset)) {
    c.options["charset"] = charset;
    c.collation.clear();
  }
  if (c.default_value) split_on_update(c);
  if (const auto it = c.options.find("on_update"); it != c.options.end())
    it->second = lexical_form(it->second);
  if (c.default_value) normalize_default(c);
}

}  // namespace trueup::mysql
