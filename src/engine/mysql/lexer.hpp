// SQL text of MySQL and MariaDB: tokens, quoting, canonical spelling.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "engine/scanner.hpp"

namespace trueup::mysql {

/// Tokens in order, blanks and comments included; views into `sql`. Never throws; what is not closed runs to
/// the end. `"x"` is a string, as in a session without ANSI_QUOTES.
std::vector<Token> tokens(std::string_view sql);
std::vector<Token> tokens(std::string&& sql) = delete;  // tokens are views
/// The token that `sql`, which is not empty, begins with.
Token first_token(std::string_view sql);
/// Tokens without blanks and comments. The contents of versioned comments (`/*!80023 INVISIBLE */`) count.
std::vector<Token> significant(std::string_view sql);
std::vector<Token> significant(std::string&& sql) = delete;

/// True for words that either server reserves (any case).
bool is_reserved(std::string_view word);
/// The identifier in backquotes.
std::string backquoted(std::string_view identifier);
/// The identifier, in backquotes where it is not a plain, unreserved word.
std::string quote(std::string_view identifier);
/// A string literal, right with and without NO_BACKSLASH_ESCAPES where the text has no backslash.
std::string literal(std::string_view text);
/// What a string token stands for.
std::string string_value(std::string_view token);
using lexing::is_symbol, lexing::is_word, lexing::same_word;

/// What becomes of the character set before a string. `drop`: what changes nothing in a session in utf8mb4
/// goes.
enum class Introducers { drop, drop_utf8mb4, keep };
/// Comments and blanks normalized, reserved words and names of functions in lower case, needless quotes,
/// introducers and outer parentheses removed. Valid SQL again.
std::string lexical_form(std::string_view sql, Introducers introducers = Introducers::drop);
/// The text without blanks around it and without parentheses that enclose all of it.
std::string strip_parentheses(std::string_view sql);

}  // namespace trueup::mysql
