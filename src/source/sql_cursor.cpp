#include "base/text.hpp"
#include "source/yaml_column.hpp"

namespace trueup {

SqlCursor::SqlCursor(std::string_view text, const EngineDialect& dialect) : text_(text) {
  for (Token& token : dialect.tokens(text))
    if (token.type != Token::Type::blank && token.type != Token::Type::comment)
      tokens_.push_back(std::move(token));
}

bool SqlCursor::at(std::string_view word, std::size_t ahead) const {
  if (at_ + ahead >= tokens_.size()) return false;
  const Token& token = tokens_[at_ + ahead];
  if (token.type != Token::Type::word && token.type != Token::Type::symbol) return false;
  return token.text.size() == word.size() && starts_with_nocase(token.text, word);
}

bool SqlCursor::at_name(std::size_t ahead) const {
  if (at_ + ahead >= tokens_.size()) return false;
  const Token::Type type = tokens_[at_ + ahead].type;
  return type == Token::Type::word || type == Token::Type::quoted_identifier;
}

bool SqlCursor::accept(std::initializer_list<std::string_view> words) {
  std::size_t ahead = 0;
  for (auto word : words)
    if (!at(word, ahead++)) return false;
  at_ += words.size();
  return true;
}

void SqlCursor::expect(std::string_view word, std::string_view where) {
  if (!accept({word})) fail(fmt::format("expected '{}' {}", word, where));
}

SqlName SqlCursor::name(std::string_view what) {
  if (!at_name()) fail(fmt::format("expected {}", what));
  const Token& token = tokens_[at_];
  SqlName out{std::string(token.text), token.folded.empty() ? std::string(token.text) : token.folded,
              offset()};
  if (token.type == Token::Type::quoted_identifier) out.written = out.folded;
  ++at_;
  return out;
}

std::vector<SqlName> SqlCursor::qualified(std::string_view what) {
  std::vector<SqlName> out{name(what)};
  while (accept({"."})) out.push_back(name(what));
  return out;
}

std::vector<SqlName> SqlCursor::name_list(std::string_view what) {
  expect("(", fmt::format("before {}", what));
  std::vector<SqlName> out{name(what)};
  while (accept({","})) out.push_back(name(what));
  expect(")", fmt::format("after {}", what));
  return out;
}

std::string SqlCursor::parenthesized(std::string_view what) {
  if (!at("(")) fail(fmt::format("expected '(' before {}", what));
  const std::size_t first = at_ + 1;
  skip();
  const std::size_t end = at_;
  at_ = end - 1;  // the text ends before the closing parenthesis
  std::string out = text_from(first);
  at_ = end;
  return out;
}

void SqlCursor::skip() {
  if (!at("(")) {
    ++at_;
    return;
  }
  const std::size_t open = at_;
  for (std::size_t depth = 0; !done(); ++at_) {
    if (at("("))
      ++depth;
    else if (at(")") && --depth == 0) {
      ++at_;
      return;
    }
  }
  at_ = open;
  fail("'(' is never closed");
}

std::string SqlCursor::text_from(std::size_t first) const {
  if (first >= at_ || first >= tokens_.size()) return {};
  const char* begin = tokens_[first].text.data();
  const Token& last = tokens_[at_ - 1];
  const char* end = last.text.data() + last.text.size();
  return std::string(begin, static_cast<std::size_t>(end - begin));
}

std::size_t SqlCursor::offset() const {
  if (done()) return trim(text_).empty() ? 0 : static_cast<std::size_t>(trim(text_).end() - text_.begin());
  return static_cast<std::size_t>(tokens_[at_].text.data() - text_.data());
}

void SqlCursor::fail(std::string message, std::string remedy) const {
  throw SqlTextError{offset(), std::move(message), std::move(remedy)};
}

}  // namespace trueup
