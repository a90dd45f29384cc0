// A cursor over the tokens of one statement, shared by the parsers of this engine.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "engine/sqlite/lexer.hpp"
#include "engine/sqlite/parser.hpp"

namespace trueup::sqlite {

class Cursor {
 public:
  explicit Cursor(std::string&&) = delete;  // tokens are views
  explicit Cursor(std::string_view sql) : all_(significant(sql)) {
    while (!all_.empty() && is_symbol(all_.back(), ";")) all_.pop_back();
  }
  bool done() const { return at_ >= all_.size(); }
  std::size_t position() const { return at_; }
  bool at_word(std::string_view w, std::size_t ahead = 0) const {
    return at_ + ahead < all_.size() && is_word(all_[at_ + ahead], w);
  }
  bool at_symbol(std::string_view s, std::size_t ahead = 0) const {
    return at_ + ahead < all_.size() && is_symbol(all_[at_ + ahead], s);
  }
  /// Takes the words when all of them come next.
  bool accept(std::initializer_list<std::string_view> words);
  bool accept(std::string_view word) { return accept({word}); }
  bool accept_symbol(std::string_view s);
  void expect(std::string_view word);
  void expect_symbol(std::string_view s);
  const Token& take();
  const Token* peek(std::size_t ahead = 0) const {
    return at_ + ahead < all_.size() ? &all_[at_ + ahead] : nullptr;
  }
  /// An identifier in any of SQLite's quotings, string literals included. Quotes removed.
  std::string name();
  /// A name, `main.` before it allowed.
  std::string qualified_name();
  /// `(a, b)`.
  std::vector<std::string> names();
  /// Text of a parenthesised group at the cursor, without the parentheses.
  std::string group();
  /// Source text from token `first` up to the cursor.
  std::string text_since(std::size_t first) const;
  /// Source text from here to the end.
  std::string rest();
  /// Moves behind the group or the single token at the cursor.
  void skip();
  [[noreturn]] void fail(std::string_view expected) const;

 private:
  std::vector<Token> all_;
  std::size_t at_ = 0;
};

/// `replace` of ON CONFLICT REPLACE at the cursor; empty when there is none or it is the default.
std::string conflict_clause(Cursor& c);
/// The parts of a key or an index at the cursor, in their parentheses. `autoincrement` may be null: not
/// allowed.
std::vector<ParsedPart> key_parts(Cursor& c, bool* autoincrement);

}  // namespace trueup::sqlite
