// SQL text of SQLite: tokens, quoting, canonical spelling, statement boundaries.
#pragma once
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/scanner.hpp"

namespace trueup::sqlite {

/// Tokens in order, blanks and comments included. Never throws; what is not closed runs to the end.
std::vector<Token> tokens(std::string_view sql);
std::vector<Token> tokens(std::string&& sql) = delete;  // tokens are views
/// Tokens without blanks and comments.
std::vector<Token> significant(std::string_view sql);
std::vector<Token> significant(std::string&& sql) = delete;

/// True for words that SQLite's grammar gives a meaning (any case), reserved or not.
bool is_keyword(std::string_view word);
/// The identifier as SQL, in double quotes where it is not a plain word.
std::string quote(std::string_view identifier);
/// A string literal; text with NUL bytes as a cast blob.
std::string literal(std::string_view text);
/// ASCII case-insensitive equality: how SQLite compares names.
inline bool same_name(std::string_view a, std::string_view b) {
  return lexing::same_word(a, b);
}
using lexing::is_symbol, lexing::is_word;

/// Comments and blanks normalized, keywords in lower case, needless identifier quotes and outer parentheses
/// removed. SQLite takes a word in double quotes that names no column for a string, so such quotes stay,
std::string lexical_form(std::string_view sql);
/// but for these columns (in lower case).
std::string lexical_form(std::string_view sql, const std::set<std::string>& columns);
/// The text without blanks around it and without parentheses that enclose all of it.
std::string strip_parentheses(std::string_view sql);

/// Do the first and the last token enclose everything between them?
bool in_parentheses(std::string_view sql);

/// Cuts a script at the semicolons that end statements, as sqlite3_complete() sees them: a trigger ends at `;
/// END ;`.
std::vector<ScriptStatement> split(std::string_view script);

}  // namespace trueup::sqlite
