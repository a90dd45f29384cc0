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

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool begins_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool in_word(char c) {
  return begins_word(c) || is_digit(c) || c == '$';
}

/// Reads one token after the other.
class Scanner {
 public:
  explicit Scanner(std::string_view sql) : sql_(sql) {}
  bool done() const { return at_ >= sql_.size(); }

  Token next() {
    const std::size_t start = at_;
    Token out;
    out.type = scan();
    if (at_ <= start) at_ = start + 1;
    at_ = std::min(at_, sql_.size());
    out.text = sql_.substr(start, at_ - start);
    if (out.type == Token::Type::quoted_identifier) out.folded = unquoted(out.text);
    return out;
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < sql_.size() ? sql_[at_ + ahead] : '\0'; }

  static std::string unquoted(std::string_view text) {
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

  Token::Type scan() {
    const char c = peek();
    if (is_space(c)) {
      while (!done() && is_space(peek())) ++at_;
      return Token::Type::blank;
    }
    if (c == '-' && peek(1) == '-') {
      while (!done() && peek() != '\n') ++at_;
      return Token::Type::comment;
    }
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
      while (!done() && in_word(peek())) ++at_;
      return Token::Type::parameter;
    }
    if (begins_word(c)) {
      while (!done() && in_word(peek())) ++at_;
      return Token::Type::word;
    }
    return symbol();
  }

  void quoted(char close) {
    for (++at_; !done(); ++at_) {
      if (peek() != close) continue;
      if (close != ']' && peek(1) == close)
        ++at_;
      else
        break;
    }
    ++at_;
  }

  Token::Type number() {
    if (peek() == '0' && (peek(1) == 'x' || peek(1) == 'X')) {
      at_ += 2;
      while (!done() && in_word(peek())) ++at_;
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
    const std::size_t sign = (peek(1) == '+' || peek(1) == '-') ? 1 : 0;
    if ((peek() == 'e' || peek() == 'E') && is_digit(peek(1 + sign))) {
      at_ += 1 + sign;
      digits();
    }
    return Token::Type::number;
  }

  Token::Type symbol() {
    constexpr std::array<std::string_view, 10> longer{
        "->>", "->", "||", "<=", ">=", "<>", "!=", "==", "<<", ">>"};
    for (auto s : longer)
      if (sql_.substr(at_).starts_with(s)) {
        at_ += s.size();
        return Token::Type::symbol;
      }
    ++at_;
    return Token::Type::symbol;
  }

  std::string_view sql_;
  std::size_t at_ = 0;
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

/// One pair of parentheses that encloses all tokens?
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
}  // namespace

std::vector<Token> tokens(std::string_view sql) {
  std::vector<Token> out;
  Scanner scanner(sql);
  while (!scanner.done()) out.push_back(scanner.next());
  return out;
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

bool same_name(std::string_view a, std::string_view b) {
  auto low = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return low(x) == low(y); });
}

bool is_word(const Token& t, std::string_view keyword) {
  return t.type == Token::Type::word && same_name(t.text, keyword);
}
bool is_symbol(const Token& t, std::string_view symbol) {
  return t.type == Token::Type::symbol && t.text == symbol;
}

std::string strip_parentheses(std::string_view sql) {
  auto all = significant(sql);
  if (all.empty()) return {};
  while (enclosed(all)) all = std::vector<Token>(all.begin() + 1, all.end() - 1);
  const char* begin = all.front().text.data();
  const char* end = all.back().text.data() + all.back().text.size();
  return std::string(begin, end);
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
/// `columns` null: every quoted word may be a name.
std::string form_of(std::string_view sql, const std::set<std::string>* columns) {
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
    const bool text = columns != nullptr && all[i].text.starts_with('"') &&
                      !columns->contains(lower(all[i].folded)) &&
                      (i + 1 == all.size() || !is_symbol(all[i + 1], "."));
    out += text ? std::string(all[i].text) : respelled(all[i]);
  }
  return out;
}
}  // namespace

std::string lexical_form(std::string_view sql) {
  return form_of(sql, nullptr);
}
std::string lexical_form(std::string_view sql, const std::set<std::string>& columns) {
  return form_of(sql, &columns);
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
  for (const auto& t : tokens(script)) {
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
