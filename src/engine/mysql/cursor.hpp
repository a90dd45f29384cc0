// A cursor over the tokens of one statement that the server printed.
#pragma once
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "engine/mysql/lexer.hpp"

namespace trueup::mysql {

/// The statement holds something that the parser does not know.
class ParseError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Cursor {
 public:
  explicit Cursor(std::string&&) = delete;  // tokens are views
  explicit Cursor(std::string_view sql) : all_(significant(sql)) {}
  bool done() const { return at_ >= all_.size(); }
  bool at(std::string_view word, std::size_t ahead = 0) const {
    return at_ + ahead < all_.size() &&
           (is_word(all_[at_ + ahead], word) || is_symbol(all_[at_ + ahead], word));
  }
  bool at_type(Token::Type type) const { return !done() && all_[at_].type == type; }
  /// Takes the words and symbols when all of them come next.
  bool accept(std::initializer_list<std::string_view> words);
  bool accept(std::string_view word) { return accept({word}); }
  void expect(std::string_view word);
  const Token& take();
  const Token& peek() const;
  /// An identifier, quotes removed.
  std::string name();
  /// The value of a string token.
  std::string string();
  /// Text of the parenthesised group at the cursor, without the parentheses.
  std::string group();
  /// The same with every blank and comment.
  std::string raw_group();
  /// Texts of the group's elements, cut at its own commas.
  std::vector<std::string> elements();
  /// Moves behind the group or the single token at the cursor.
  void skip();
  /// Everything left, as written.
  std::string rest();
  /// Source text of the tokens from `first` up to the cursor.
  std::string text_since(std::size_t first) const;
  /// The same where versioned comments begin or end in between: the tokens alone.
  std::string tokens_since(std::size_t first) const;
  std::size_t position() const { return at_; }
  [[noreturn]] void fail(std::string_view expected) const;

 private:
  std::string text(std::size_t first, std::size_t end) const;
  std::vector<Token> all_;
  std::size_t at_ = 0;
};

}  // namespace trueup::mysql
