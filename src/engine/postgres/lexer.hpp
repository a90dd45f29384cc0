// PostgreSQL's lexical rules: https://www.postgresql.org/docs/current/sql-syntax-lexical.html
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.hpp"

namespace trueup::postgres {

std::vector<Token> lex(std::string_view sql);
std::vector<Token> lex(std::string&& sql) = delete;  // tokens are views
/// Without blanks and comments.
std::vector<Token> significant(std::string_view sql);
std::vector<Token> significant(std::string&& sql) = delete;
std::string lexical_form(std::string_view sql);
std::vector<ScriptStatement> split_script(std::string_view script);

/// Quoted where PostgreSQL needs it: not a plain lower-case word, or a keyword that may not stand there bare.
std::string quote_identifier(std::string_view identifier);
std::string quote_literal(std::string_view text);
/// The text of a plain, E'' or dollar-quoted string token.
std::string string_value(std::string_view token);

/// `a.b` as written, quotes taken off and unquoted parts folded: {"a", "b"}.
std::vector<std::string> name_parts(std::string_view written);

}  // namespace trueup::postgres
