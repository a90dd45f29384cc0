// SQL text of ClickHouse: tokens, quoting, canonical spelling, statement boundaries.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/scanner.hpp"

namespace trueup::clickhouse {

/// Tokens in order, blanks and comments included. Never throws; what is not closed runs to the end.
std::vector<Token> tokens(std::string_view sql);
std::vector<Token> tokens(std::string&& sql) = delete;  // tokens are views
/// Tokens without blanks and comments.
std::vector<Token> significant(std::string_view sql);
std::vector<Token> significant(std::string&& sql) = delete;

/// The identifier as SQL, in backticks where it is not a plain word or could be taken for a keyword.
std::string quote(std::string_view identifier);
std::string literal(std::string_view text);
/// What a string literal stands for; the text itself when it is none.
std::string unquoted(std::string_view literal);

using lexing::is_symbol, lexing::is_word;
bool is_name(const Token& token);
/// The source text that the tokens span.
std::string text_of(std::span<const Token> tokens);

/// Index of the bracket that closes the one at `open`; size() when none does.
std::size_t closing(std::span<const Token> tokens, std::size_t open);
/// The runs of tokens between commas outside of brackets; none for no tokens.
std::vector<std::span<const Token>> by_commas(std::span<const Token> tokens);

/// Comments, blanks, the case of keywords, needless quotes and outer parentheses made one. Idempotent.
std::string lexical_form(std::string_view sql);
/// The same with names in backticks as bare words: of keys and arguments, where no keyword could stand.
std::string name_form(std::string_view sql);
/// The token's text; a plain word without its backticks.
std::string bare(const Token& token);
/// `f(1,a=2), g` with blanks as the server sets them in lists of arguments.
std::string joined_list(std::string_view sql);
/// Cuts a script at its semicolons.
std::vector<ScriptStatement> split(std::string_view script);

}  // namespace trueup::clickhouse
