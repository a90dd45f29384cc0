#include "engine/conventional_name.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace trueup {
namespace {
constexpr std::size_t longest_name = 63;

/// At most `bytes` bytes of `s`, without a partial UTF-8 character at the end.
std::string_view clip(std::string_view s, std::size_t bytes) {
  if (s.size() <= bytes) return s;
  while (bytes > 0 && (static_cast<unsigned char>(s[bytes]) & 0xC0U) == 0x80U) --bytes;
  return s.substr(0, bytes);
}
}  // namespace

std::string conventional_name(std::string_view table, const std::vector<std::string>& columns,
                              std::string_view label) {
  std::string middle;
  for (const auto& column : columns) {
    if (!middle.empty()) middle += '_';
    middle += column;
    if (middle.size() > longest_name) break;
  }
  const std::size_t overhead = 1 + label.size() + (middle.empty() ? 0 : 1);
  const std::size_t room = longest_name - std::min(longest_name, overhead);
  std::size_t first = table.size();
  std::size_t second = middle.size();
  while (first + second > room) {
    if (first > second)
      --first;
    else
      --second;
  }
  std::string out(clip(table, first));
  if (!middle.empty()) out += "_" + std::string(clip(middle, second));
  return out + "_" + std::string(label);
}

std::string conventional_name(std::string_view table, const std::vector<std::string>& columns,
                              std::string_view label, const std::set<std::string>& taken) {
  std::string name = conventional_name(table, columns, label);
  for (int n = 1; taken.contains(name); ++n)
    name = conventional_name(table, columns, std::string(label) + std::to_string(n));
  return name;
}

std::vector<std::string> check_name_columns(std::string_view condition,
                                            const std::vector<std::string>& columns,
                                            const EngineDialect& dialect) {
  std::vector<std::string> found;
  for (const Token& token : dialect.tokens(condition)) {
    if (token.type != Token::Type::word && token.type != Token::Type::quoted_identifier) continue;
    for (const auto& column : columns) {
      const bool same = token.folded == column || (token.type == Token::Type::word && token.text == column);
      if (same && std::find(found.begin(), found.end(), column) == found.end()) found.push_back(column);
    }
  }
  if (found.size() != 1) found.clear();
  return found;
}

std::vector<std::string> index_name_columns(const std::vector<IndexPart>& parts) {
  std::vector<std::string> out;
  for (const auto& part : parts) {
    const std::string base = part.column ? part.column->to.name : "expr";
    std::string name = base;
    for (int n = 1; std::find(out.begin(), out.end(), name) != out.end(); ++n)
      name = base + std::to_string(n);
    out.push_back(std::move(name));
  }
  return out;
}

}  // namespace trueup
