#include "engine/mysql/type_change.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/mysql/cursor.hpp"
#include "engine/mysql/types.hpp"

namespace trueup::mysql {
namespace {
struct Type {
  std::string base;
  std::vector<std::string> arguments;
  bool is_unsigned = false;
};
Type parse(std::string_view text) {
  Type t;
  t.base = base_type(text);
  t.is_unsigned = text.find(" unsigned") != std::string_view::npos;
  if (const auto open = text.find('('); open != std::string_view::npos)
    t.arguments = Cursor(text.substr(open)).elements();
  return t;
}

/// Bytes of whole numbers; 0 for other types.
int integer_size(const std::string& base) {
  constexpr std::array<std::string_view, 5> all{"tinyint", "smallint", "mediumint", "int", "bigint"};
  const auto it = std::find(all.begin(), all.end(), base);
  return it == all.end() ? 0 : static_cast<int>(it - all.begin()) + 1;
}
/// The most characters (bytes) of texts; 0 for other types.
std::int64_t text_size(const Type& t) {
  if (t.base == "char" || t.base == "varchar" || t.base == "binary" || t.base == "varbinary")
    return t.arguments.empty() ? 1 : std::atoll(t.arguments[0].c_str());
  constexpr std::int64_t tiny = 255, plain = 65535, medium = 16777215, longest = 4294967295;
  if (t.base == "tinytext" || t.base == "tinyblob") return tiny;
  if (t.base == "text" || t.base == "blob") return plain;
  if (t.base == "mediumtext" || t.base == "mediumblob") return medium;
  if (t.base == "longtext" || t.base == "longblob") return longest;
  return 0;
}
int argument(const Type& t, std::size_t i) {
  return i < t.arguments.size() ? std::atoi(t.arguments[i].c_str()) : 0;
}

/// Digits before the point of the largest whole number.
int integer_digits(const std::string& base) {
  constexpr std::array digits{0, 3, 5, 8, 10, 20};
  return digits.at(static_cast<std::size_t>(integer_size(base)));
}
/// The longest text that an enum or a set can show.
std::int64_t shown_size(const Type& t) {
  constexpr std::int64_t quotes = 2;
  std::int64_t longest = 0, all = -1;
  for (const auto& value : t.arguments) {
    const auto size = static_cast<std::int64_t>(value.size()) - quotes;
    longest = std::max(longest, size);
    all += size + 1;
  }
  return t.base == "set" ? all : longest;
}

/// `decimal(8,2)`, `double(8,2)`: are as many digits before and behind the point left?
bool keeps_digits(const Type& a, const Type& b) {
  return argument(b, 1) >= argument(a, 1) &&
         argument(b, 0) - argument(b, 1) >= argument(a, 0) - argument(a, 1);
}
bool keeps_text(const Type& a, const Type& b) {
  // char loses blanks at the end, binary gets zeros there.
  if (b.base == "binary") return a.base == "binary" && text_size(a) == text_size(b);
  if (b.base == "char" && a.base != "char") return false;
  return text_size(b) >= text_size(a);
}
bool keeps_real(const Type& a, const Type& b) {
  const bool whole_range = a.base == b.base || b.base == "double";
  const bool same_sign = a.is_unsigned || !b.is_unsigned;
  return whole_range && same_sign && (b.arguments.empty() || (!a.arguments.empty() && keeps_digits(a, b)));
}

bool keeps(const Type& a, const Type& b) {
  if (const int x = integer_size(a.base); x > 0) {
    const int y = integer_size(b.base);
    const bool same_sign = a.is_unsigned || !b.is_unsigned;
    if (b.base == "decimal") return same_sign && argument(b, 0) - argument(b, 1) >= integer_digits(a.base);
    if (y == 0) return text_size(b) > 20 && b.base != "binary";
    if (a.is_unsigned == b.is_unsigned) return y >= x;
    return a.is_unsigned && y > x;
  }
  if (text_size(a) > 0) return keeps_text(a, b);
  if (a.base == "enum" || a.base == "set") {
    if (text_size(b) > 0) return text_size(b) >= shown_size(a) && b.base != "binary" && b.base != "char";
    return b.base == a.base && std::all_of(a.arguments.begin(), a.arguments.end(), [&](const std::string& v) {
             return std::find(b.arguments.begin(), b.arguments.end(), v) != b.arguments.end();
           });
  }
  if (a.base == "decimal" && b.base == "decimal")
    return keeps_digits(a, b) && (a.is_unsigned || !b.is_unsigned);
  if (a.base == "float" || a.base == "double") return keeps_real(a, b);
  if (a.base == "year" && b.base == "year") return b.arguments.empty() || !a.arguments.empty();
  if (a.base == "vector") return b.base == a.base && argument(a, 0) == argument(b, 0);  // MariaDB adds zeros
  if (a.base == b.base || (a.base == "timestamp" && b.base == "datetime"))
    return argument(b, 0) >= argument(a, 0);
  return (a.base == "date" && b.base == "datetime") || (a.base == "json" && b.base == "longtext");
}
}  // namespace

std::string type_loss(std::string_view from, std::string_view to) {
  if (keeps(parse(from), parse(to))) return {};
  return fmt::format("{} to {} can change or refuse values", from, to);
}

bool bytes_to_text(std::string_view from, std::string_view to) {
  const std::string a = base_type(from), b = base_type(to);
  return text_size(parse(from)) > 0 && text_size(parse(to)) > 0 && !has_charset(a) && has_charset(b);
}

}  // namespace trueup::mysql
