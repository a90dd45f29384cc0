#include "engine/sqlite/lexer.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace trueup::sqlite {
namespace {
// clang-format off
constexpr std::array<std::string_view, 147> keywords{
    "abort", "action", "add", "after", "all", "alter", "always", "analyze", "and", "as", "asc",
    "attach", "autoincrement", "before", "begin", "between", "by", "cascade", "case", "cast", "check",
    "collate", "column", "commit", "conflict", "constraint", "create", "cross", "current",
    "current_date", "current_time", "current_timestamp", "database", "default", "deferrable",
    "deferred", "delete", "desc", "detach", "distinct", "do", "drop", "each", "else", "end", "escape",
    "except", "exclude", "exclusive", "exists", "explain", "fail", "filter", "first", "following",
    "for", "foreign", "from", "full", "generated", "glob", "group", "groups", "having", "if", "ignore",
    "immediate", "in", "index", "indexed", "initially", "inner", "insert", "instead", "intersect",
    "into", "is", "isnull", "join", "key", "last", "left", "like", "limit", "match", "materialized",
    "natural", "no", "not", "nothing", "notnull", "null", "nulls", "of", "offset", "on", "or", "order",
    "others", "outer", "over", "partition", "plan", "pragma", "preceding", "primary", "query", "raise",
    "range", "recursive", "references", "regexp", "reindex", "release", "rename", "replace", "restrict",
    "returning", "right", "rollback", "row", "rows", "savepoint", "select", "set", "table", "temp",
    "temporary", "then", "ties", "to", "transaction", "trigger", "unbounded", "union", "unique",
    "update", "using", "vacuum", "values", "view", "virtual", "when", "where", "window", "with",
    "without"};
// clang-format on

using lexing::is_digit, lexing::is_space, lexing::enclosed;
bool begins_word(char c) {
  return lexing::is_letter(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool in_word(char c) {
  return begins_word(c) || is_digit(c) || c == '$';
}

class Scanner final : public lexing::Scanner {
 public:
  using lexing::Scanner::Scanner;

 private:
  Token::Type scan() override {
    const char c = peek();
    if (is_space(c)) return blank();
    if (c == '-' && peek(1) == '-') return line_comment();
    if (c == '/' && peek(1) == '*') {
      const auto end = sql_.find("*/", at_ + 2);
      at_ = end == std::string_view::npos ? sql_.size() : end + 2;
      return Token::Type::comment;
    }
    if ((c == 'x' || c == 'X') && peek(1) == '\'') {
      ++at_;
      quoted('\'');
      return Token::Type::string;
    }
    if (c == '\'') {
      quoted('\'');
      return Token::Type::string;
    }
    if (c == '"' || c == '`' || c == '[') {
      quoted(c == '[' ? ']' : c);
      return Token::Type::quoted_identifier;
    }
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
    if (c == '?' || ((c == ':' || c == '@' || c == '$') && in_word(peek(1)))) {
      ++at_;
      skip_while(in_word);
      return Token::Type::parameter;
    }
    if (begins_word(c)) {
      skip_while(in_word);
      return Token::Type::word;
    }
    return symbol(symbols);
  }

  Token::Type number() {
    if (peek() == '0' && (peek(1) == 'x' || peek(1) == 'X')) {
      at_ += 2;
      skip_while(in_word);
      return Token::Type::number;
    }
    auto digits = [&] {
      while (is_digit(peek()) || (peek() == '_' && is_digit(peek(1)))) ++at_;
    };
    digits();
    if (peek() == '.') {
      ++at_;
      digits();
    }
    exponent(digits);
    return Token::Type::number;
  }

  static constexpr std::array<std::string_view, 10> symbols{
      "->>", "->", "||", "<=", ">=", "<>", "!=", "==", "<<", ">>"};
};

bool plain_word(std::string_view s) {
  if (s.empty() || !begins_word(s[0])) return false;
  return std::all_of(s.begin(), s.end(), [](char c) { return in_word(c) && c != '$'; });
}

/// Quotes may go only where the bare word means the same identifier.
std::string respelled(const Token& t) {
  if (t.type == Token::Type::word) return is_keyword(t.text) ? lower(t.text) : std::string(t.text);
  if (t.type != Token::Type::quoted_identifier) return std::string(t.text);
  return quote(t.folded);
}

bool glued_before(const Token& t) {
  return is_symbol(t, ")") || is_symbol(t, ",") || is_symbol(t, ".") || is_symbol(t, ";");
}
bool glued_after(const Token& t) {
  return is_symbol(t, "(") || is_symbol(t, ".");
}

}  // namespace

std::vector<Token> tokens(std::string_view sql) {
  return Scanner(sql).all();
}

std::vector<Token> significant(std::string_view sql) {
  auto out = tokens(sql);
  std::erase_if(
      out, [](const Token& t) { return t.type == Token::Type::blank || t.type == Token::Type::comment; });
  return out;
}

bool is_keyword(std::string_view word) {
  if (word.size() > 17) return false;
  return std::binary_search(keywords.begin(), keywords.end(), std::string_view(lower(word)));
}

std::string quote(std::string_view identifier) {
  const bool constant = same_name(identifier, "true") || same_name(identifier, "false");
  if (plain_word(identifier) && !is_keyword(identifier) && !constant) return std::string(identifier);
  std::string out = "\"";
  for (char c : identifier) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string literal(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) {
    constexpr std::string_view hex = "0123456789abcdef";
    std::string out = "cast(x'";
    for (char c : text) {
      out += hex[static_cast<unsigned char>(c) >> 4U];
      out += hex[static_cast<unsigned char>(c) & 15U];
    }
    return out + "' as text)";
  }
  std::string out = "'";
  for (char c : text) {
    if (c == '\'') out += '\'';
    out += c;
  }
  return out + '\'';
}

std::string strip_parentheses(std::string_view sql) {
  auto all = significant(sql);
  if (all.empty()) return {};
  while (enclosed(all)) all = std::vector<Token>(all.begin() + 1, all.end() - 1);
  return lexing::text_of(all);
}

bool in_parentheses(std::string_view sql) {
  const auto all = significant(sql);
  if (all.size() < 2 || !is_symbol(all.front(), "(")) return false;
  int depth = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (is_symbol(all[i], "(")) ++depth;
    if (is_symbol(all[i], ")")) --depth;
    if (depth == 0) return i + 1 == all.size();
  }
  return false;
}

namespace {
/// Of the words in double quotes only `columns`, and those beside a dot, are known to be names.
std::string form_of(std::string_view sql, const std::set<std::string>& columns) {
  auto all = significant(sql);
  for (std::size_t before = all.size() + 1; before != all.size();) {  // one may uncover the other: `((a);)`
    before = all.size();
    while (!all.empty() && is_symbol(all.back(), ";")) all.pop_back();
    while (enclosed(all)) all = std::vector<Token>(all.begin() + 1, all.end() - 1);
  }
  std::string out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool call = i > 0 && is_symbol(all[i], "(") && all[i - 1].type == Token::Type::word &&
                      !is_keyword(all[i - 1].text);
    if (i > 0 && !call && !glued_before(all[i]) && !glued_after(all[i - 1])) out += ' ';
    const bool text = all[i].text.starts_with('"') && !columns.contains(lower(all[i].folded)) &&
                      (i + 1 == all.size() || !is_symbol(all[i + 1], ".")) &&
                      (i == 0 || !is_symbol(all[i - 1], "."));
    out += text ? std::string(all[i].text) : respelled(all[i]);
  }
  return out;
}
}  // namespace

std::string lexical_form(std::string_view sql) {
  return form_of(sql, {});
}
std::string lexical_form(std::string_view sql, const std::set<std::string>& columns) {
  return form_of(sql, columns);
}

namespace {
/// Follows the state machine of sqlite3_complete(): where does a statement end?
class Ending {
 public:
  /// True when `t`, a semicolon, ends the statement.
  bool ends(const Token& t) {
    if (!is_symbol(t, ";")) {
      see(t);
      return false;
    }
    const bool end = !trigger_ || (last_end_ && semicolon_before_end_);
    if (end) {
      *this = Ending();
      return true;
    }
    last_end_ = false;
    semicolon_ = true;
    return false;
  }

 private:
  void see(const Token& t) {
    ++count_;
    if (count_ == 1 && is_word(t, "explain")) count_ = 0;
    if (count_ == 1) create_ = is_word(t, "create");
    if (count_ == 2 && (is_word(t, "temp") || is_word(t, "temporary")))
      count_ = 1;
    else if (count_ == 2 && create_)
      trigger_ = is_word(t, "trigger");
    last_end_ = is_word(t, "end");
    semicolon_before_end_ = semicolon_;
    semicolon_ = false;
  }
  int count_ = 0;
  bool create_ = false, trigger_ = false;
  bool last_end_ = false, semicolon_before_end_ = false, semicolon_ = false;
};

/// Settings that only work, or only make sense, outside a transaction.
TxMode mode_of(const std::vector<Token>& all) {
  if (all.empty()) return TxMode::inside;
  if (is_word(all[0], "vacuum") || is_word(all[0], "attach") || is_word(all[0], "detach"))
    return TxMode::outside;
  if (!is_word(all[0], "pragma") || all.size() < 4) return TxMode::inside;
  if (is_word(all[1], "journal_mode") || is_word(all[1], "auto_vacuum")) return TxMode::outside;
  if (!is_word(all[1], "foreign_keys")) return TxMode::inside;
  const auto value = lower(all[3].text);
  return value == "on" || value == "1" || value == "true" || value == "yes" ? TxMode::after : TxMode::before;
}
}  // namespace

std::vector<ScriptStatement> split(std::string_view script) {
  std::vector<ScriptStatement> out;
  std::size_t start = 0, at = 0;
  int line = 1, start_line = 1;
  bool any = false;  // a token that is more than a comment
  Ending ending;
  auto finish = [&](std::size_t end) {
    if (any) {
      const auto text = trim(script.substr(start, end - start));
      out.push_back({std::string(text), start_line, mode_of(significant(text))});
    }
    any = false;
  };
  bool begun = false;
  const auto all = tokens(script);
  lexing::refuse_open_end(script, all, tokens);
  for (const auto& t : all) {
    if (!begun && t.type != Token::Type::blank && !is_symbol(t, ";")) {
      begun = true;
      start = at;
      start_line = line;
    }
    const bool counts = t.type != Token::Type::blank && t.type != Token::Type::comment;
    if (counts && ending.ends(t)) {
      finish(at);
      begun = false;
    } else if (counts) {
      any = true;
    }
    at += t.text.size();
    line += static_cast<int>(std::count(t.text.begin(), t.text.end(), '\n'));
  }
  if (begun) finish(script.size());
  return out;
}

}  // namespace trueup::sqlite
