#include <algorithm>

#include "base/text.hpp"
#include "engine/mysql/lexer.hpp"

namespace trueup::mysql {

std::vector<ScriptStatement> split_script(std::string_view script) {
  std::vector<ScriptStatement> out;
  std::string separator = ";";
  std::size_t start = 0, at = 0;
  int line = 1, start_line = 1;
  bool any = false;
  const auto finish = [&](std::size_t end) {
    if (any)
      out.push_back({std::string(trim(script.substr(start, end - start))), start_line, TxMode::outside});
    any = false;
  };
  while (at < script.size()) {
    const std::string_view rest = script.substr(at);
    if (any && rest.starts_with(separator)) {
      finish(at);
      at += separator.size();
      continue;
    }
    if (!any && starts_with_nocase(rest, "delimiter ")) {
      const auto end = std::min(rest.find('\n'), rest.size());
      separator = std::string(trim(
          rest.substr(std::string_view("delimiter ").size(), end - std::string_view("delimiter ").size())));
      at += end;
      continue;
    }
    const Token t = first_token(rest);
    if (!any && t.type != Token::Type::blank && t.type != Token::Type::comment &&
        !rest.starts_with(separator)) {
      any = true;
      start = at;
      start_line = line;
    }
    line += static_cast<int>(std::count(t.text.begin(), t.text.end(), '\n'));
    at += any || !rest.starts_with(separator) ? t.text.size() : separator.size();
  }
  finish(script.size());
  return out;
}

}  // namespace trueup::mysql
