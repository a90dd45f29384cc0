// What the lexers of engines have in common: a place in SQL text, and the shapes that most dialects know.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.hpp"

namespace trueup::lexing {

constexpr bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// ASCII case-insensitive equality.
bool same_word(std::string_view a, std::string_view b);
/// Is the token this keyword, in any case?
bool is_word(const Token& token, std::string_view keyword);
bool is_symbol(const Token& token, std::string_view symbol);
/// Does one pair of parentheses enclose all of these tokens, and mean nothing?
bool enclosed(const std::vector<Token>& all);
/// InputError with the line of the script when its last token is a comment or a quote that does not end: all
/// behind its beginning would be taken for part of it. `tokens` is what cut the script into them.
void refuse_open_end(std::string_view script, const std::vector<Token>& all,
                     std::vector<Token> (*tokens)(std::string_view));
/// What it throws, for a token that begins at `offset`.
[[noreturn]] void refuse_open_token(std::string_view script, std::size_t offset);
/// The text from the first token to the last, which are not empty and views into one text.
std::string text_of(const std::vector<Token>& all);

/// Reads one token after the other; an engine says what begins here.
class Scanner {
 public:
  explicit Scanner(std::string_view sql) : sql_(sql) {}
  virtual ~Scanner() = default;
  bool done() const { return at_ >= sql_.size(); }
  /// Goes on by at least one byte.
  Token next();
  std::vector<Token> all();

 protected:
  /// Moves on behind the token that begins here.
  virtual Token::Type scan() = 0;
  /// The name that a quoted identifier stands for: without its quotes, doubled ones single.
  virtual std::string name_in(std::string_view quoted) const;

  char peek(std::size_t ahead = 0) const { return at_ + ahead < sql_.size() ? sql_[at_ + ahead] : '\0'; }
  template <class Predicate>
  void skip_while(Predicate wanted) {
    while (!done() && wanted(peek())) ++at_;
  }
  Token::Type blank();
  Token::Type line_comment();
  /// A quoted name or string whose quote may be doubled inside.
  void quoted(char close);
  /// The same, where a backslash escapes what follows it, too.
  void escaped(char close);
  /// The longest of these symbols that is here, else one byte.
  Token::Type symbol(std::span<const std::string_view> longer);
  /// `e+10`, whose digits `digits` reads.
  template <class Digits>
  bool exponent(Digits digits) {
    const std::size_t sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
    if ((peek() != 'e' && peek() != 'E') || !is_digit(peek(1 + sign))) return false;
    at_ += 1 + sign;
    digits();
    return true;
  }

  std::string_view sql_;
  std::size_t at_ = 0;
};

}  // namespace trueup::lexing
