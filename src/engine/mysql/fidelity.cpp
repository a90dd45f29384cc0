#include "engine/mysql/fidelity.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "engine/mysql/definition.hpp"
#include "engine/mysql/partitions.hpp"
#include "engine/mysql/show_create.hpp"

namespace trueup::mysql {

std::string without_counter(const std::string& sql) {
  const auto at = sql.rfind(" AUTO_INCREMENT=");
  if (at == std::string::npos) return sql;
  const auto end = sql.find_first_not_of("0123456789", at + std::string_view(" AUTO_INCREMENT=").size());
  return sql.substr(0, at) + (end == std::string::npos ? "" : sql.substr(end));
}

void check_fidelity(const std::string& sql, const Catalog& part, const ObjectKey& table) {
  std::vector<ObjectKey> parts;
  for (const auto& key : part.children(table))
    if (key.kind != Kind::column && key.kind != Kind::trigger) parts.push_back(key);
  const auto bag = [](const std::string& text) {
    std::vector<std::string> out;
    for (const auto& t : significant(text))
      if (t.type == Token::Type::quoted_identifier || t.type == Token::Type::string ||
          t.type == Token::Type::parameter)
        out.push_back(t.type == Token::Type::string ? string_value(t.text) : t.folded);
    std::sort(out.begin(), out.end());
    return out;
  };
  // Every name and every string of the server's statement must come back. Numbers it may have put in quotes.
  const std::string again =
      create_table(part, table, parts) + later_partitions(part.find<Table>(table)->options);
  const auto theirs = bag(sql), ours = bag(again);
  std::vector<std::string> missing;
  std::set_difference(theirs.begin(), theirs.end(), ours.begin(), ours.end(), std::back_inserter(missing));
  std::erase_if(missing, [&](const std::string& s) {
    return s.empty() || s.find_first_not_of("0123456789.-+e") == std::string::npos ||
           lower(sql).find("json_valid(" + lower(backquoted(s)) + ")") != std::string::npos;
  });
  // Names in expressions lose needless quotes.
  std::set<std::string> words;
  for (const auto& t : significant(again)) words.emplace(t.folded.empty() ? std::string(t.text) : t.folded);
  std::erase_if(missing, [&](const std::string& s) { return words.contains(s); });
  if (!missing.empty()) throw ParseError("cannot say " + missing.front());
}

}  // namespace trueup::mysql
