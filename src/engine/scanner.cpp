#include "engine/scanner.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"

namespace trueup::lexing {
bool same_word(std::string_view a, std::string_view b) {
  auto low = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return low(x) == low(y); });
}
bool is_word(const Token& t, std::string_view keyword) {
  return t.type == Token::Type::word && same_word(t.text, keyword);
}
bool is_symbol(const Token& t, std::string_view symbol) {
  return t.type == Token::Type::symbol && t.text == symbol;
}

bool enclosed(const std::vector<Token>& all) {
  if (all.size() < 3 || !is_symbol(all.front(), "(") || !is_symbol(all.back(), ")")) return false;
  int depth = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (is_symbol(all[i], "(")) ++depth;
    if (is_symbol(all[i], ")")) --depth;
    if (depth == 0 && i + 1 < all.size()) return false;
    // `(select 1)` is a scalar subquery, `(a, b)` a row value: there the parentheses mean something
    if (depth == 1 && is_symbol(all[i], ",")) return false;
  }
  return depth == 0 && !is_word(all[1], "select") && !is_word(all[1], "values") && !is_word(all[1], "with");
}

void refuse_open_token(std::string_view script, std::size_t offset) {
  const std::string_view token = script.substr(offset);
  const auto before = script.begin() + static_cast<std::ptrdiff_t>(offset);
  const bool comment = token.starts_with("/*");
  throw InputError(
      fmt::format("{} that begins here does not end", comment ? "the comment" : "the quoted text"),
      comment ? "close it with */" : "close the quote",
      Place{{}, 1 + static_cast<int>(std::count(script.begin(), before, '\n')), 0});
}

void refuse_open_end(std::string_view script, const std::vector<Token>& all,
                     std::vector<Token> (*tokens)(std::string_view)) {
  if (all.empty()) return;
  const std::string_view last = all.back().text;
  if (tokens(std::string(last) + "\n;").size() == 1) refuse_open_token(script, script.size() - last.size());
}

std::string text_of(const std::vector<Token>& all) {
  return {all.front().text.data(), all.back().text.data() + all.back().text.size()};
}

std::string Scanner::name_in(std::string_view text) const {
  const char close = text[0] == '[' ? ']' : text[0];
  std::string out;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == close) {
      if (close == ']' || i + 1 >= text.size() || text[i + 1] != close) break;
      ++i;
    }
    out += text[i];
  }
  return out;
}

Token Scanner::next() {
  const std::size_t start = at_;
  Token out;
  out.type = scan();
  if (at_ <= start) at_ = start + 1;
  at_ = std::min(at_, sql_.size());
  out.text = sql_.substr(start, at_ - start);
  if (out.type == Token::Type::quoted_identifier) out.folded = name_in(out.text);
  return out;
}

std::vector<Token> Scanner::all() {
  std::vector<Token> out;
  while (!done()) out.push_back(next());
  return out;
}

Token::Type Scanner::blank() {
  skip_while(is_space);
  return Token::Type::blank;
}

Token::Type Scanner::line_comment() {
  skip_while([](char c) { return c != '\n'; });
  return Token::Type::comment;
}

void Scanner::quoted(char close) {
  for (++at_; !done(); ++at_) {
    if (peek() != close) continue;
    if (close == ']' || peek(1) != close) break;
    ++at_;
  }
  ++at_;
}

void Scanner::escaped(char close) {
  for (++at_; !done(); ++at_) {
    if (peek() == '\\') {
      ++at_;
    } else if (peek() == close) {
      if (peek(1) != close) break;
      ++at_;
    }
  }
  ++at_;
}

Token::Type Scanner::symbol(std::span<const std::string_view> longer) {
  for (const auto s : longer)
    if (sql_.substr(at_).starts_with(s)) {
      at_ += s.size();
      return Token::Type::symbol;
    }
  ++at_;
  return Token::Type::symbol;
}

}  // namespace trueup::lexing
