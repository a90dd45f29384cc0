// What the server would refuse, said before any statement is sent.
#include "engine/finding.hpp"
#include "engine/mysql/dialect.hpp"
#include "engine/mysql/normalize.hpp"
#include "engine/mysql/types.hpp"

namespace trueup {
namespace {
constexpr std::size_t longest = 64;  // characters

/// Characters of UTF-8 text.
std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}
}  // namespace

bool mysql::beyond_three_bytes(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xF0U; });
}

void MysqlDialect::precheck(const Catalog& to, std::vector<Diagnostic>& found) const {
  const auto report = [&](const ObjectKey& key, const std::string& why, std::string remedy) {
    found.push_back(finding(to, key, why, std::move(remedy)));
  };
  for (const auto& [key, body] : to.objects) {
    if (key.kind == Kind::row || key.kind == Kind::raw) continue;
    if (const auto size = characters(key.name); size > longest)
      report(key, "the name is longer than the server takes",
             fmt::format("shorten it to {} characters; it has {}", longest, size));
    if (mysql::beyond_three_bytes(key.name))
      report(key, "the server keeps no such characters in names", "leave out emoji and the like");
    const ObjectKey& k = key;  // clang 14: no structured bindings in lambdas
    std::visit(
        [&](const auto& b) {
          if constexpr (requires { b.comment; })
            if (mysql::beyond_three_bytes(b.comment))
              report(k, "the server keeps no such characters in comments, but a ? for each",
                     "leave out emoji and the like");
        },
        body);
    const auto* column = std::get_if<Column>(&body);
    if (column != nullptr && mysql::has_charset(mysql::base_type(column->type.text)) &&
        mysql::beyond_three_bytes(column->type.text))
      report(key, "the server keeps no such characters in the values of an enum or a set, but a ? for each",
             "leave out emoji and the like");
    if (key.kind == Kind::table) refuse_without_columns(to, key, found);
    if (key.name.ends_with(' ')) report(key, "names cannot end with a blank here", "take the blank away");
  }
}

}  // namespace trueup
