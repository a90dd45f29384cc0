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

bool keeps(const Type& a, const Type& b) {
  if (const int x = integer_size(a.base); x > 0) {
    const int y = integer_size(b.base);
    if (y == 0) return text_size(b) > 20 || b.base == "decimal";
    if (a.is_unsigned == b.is_unsigned) return y >= x;
    return a.is_unsigned && y > x;
  }
  if (text_size(a) > 0) return text_size(b) >= text_size(a);
  if (a.base == "enum" || a.base == "set") {
    if (text_size(b) > 0) return true;
    return b.base == a.base && std::all_of(a.arguments.begin(), a.arguments.end(), [&](const std::string& v) {
             return std::find(b.arguments.begin(), b.arguments.end(), v) != b.arguments.end();
           });
  }
  if (a.base == "decimal" && b.base == "decimal")
    return argument(b, 1) >= argument(a, 1) &&
           argument(b, 0) - argument(b, 1) >= argument(a, 0) - argument(a, 1) &&
           (a.is_unsigned || !b.is_unsigned);
  if (a.base == b.base)
    return a.base == "bit" || a.base == "vector" ? argument(b, 0) >= argument(a, 0)
                                                 : argument(b, 0) >= argument(a, 0);
  return (a.base == "float" && b.base == "double") || (a.base == "date" && b.base == "datetime") ||
         (a.base == "json" && b.base == "longtext") || (a.base == "timestamp" && b.base == "datetime");
}
}  // namespace

std::string type_loss(std::string_view from, std::string_view to) {
  if (keeps(parse(from), parse(to))) return {};
  return fmt::format("{} to {} can change or refuse values", from, to);
}

}  // namespace trueup::mysql
