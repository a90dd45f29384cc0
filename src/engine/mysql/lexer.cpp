#include "engine/mysql/lexer.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace trueup::mysql {
namespace {
bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool in_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || is_digit(c) ||
         static_cast<unsigned char>(c) >= 0x80;
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
    std::string out;
    for (std::size_t i = 1; i < text.size(); ++i) {
      if (text[i] == '`') {
        if (i + 1 >= text.size() || text[i + 1] != '`') break;
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
    const bool dashes = c == '-' && peek(1) == '-' && (at_ + 2 >= sql_.size() || is_space(peek(2)));
    if (c == '#' || dashes) {
      while (!done() && peek() != '\n') ++at_;
      return Token::Type::comment;
    }
    if (c == '/' && peek(1) == '*') {
      comment();
      return Token::Type::comment;
    }
    const bool prefixed = (c == 'x' || c == 'X' || c == 'b' || c == 'B' || c == 'n' || c == 'N');
    if (prefixed && peek(1) == '\'') {
      ++at_;
      string('\'');
      return Token::Type::string;
    }
    if (c == '\'' || c == '"') {
      string(c);
      return Token::Type::string;
    }
    if (c == '`') {
      for (++at_; !done(); ++at_) {
        if (peek() != '`') continue;
        if (peek(1) != '`') break;
        ++at_;
      }
      ++at_;
      return Token::Type::quoted_identifier;
    }
    if (c == '@') return variable();
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
    if (in_word(c)) {
      while (!done() && in_word(peek())) ++at_;
      return Token::Type::word;
    }
    return symbol();
  }

  /// A versioned comment may hold one more (MySQL prints `/*!50100 PARTITION BY KEY /*!50611 ... */ (a) */`).
  void comment() {
    const bool versioned = peek(2) == '!' || (peek(2) == 'M' && peek(3) == '!');
    auto end = sql_.find("*/", at_ + 2);
    for (auto inner = sql_.find("/*!", at_ + 2); versioned && end != npos && inner < end;
         inner = sql_.find("/*!", inner + 1))
      end = sql_.find("*/", end + 2);
    at_ = end == npos ? sql_.size() : end + 2;
  }

  void string(char close) {
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

  /// `@name`, `@@session.name`; `@` before a quoted name stands alone.
  Token::Type variable() {
    while (peek() == '@') ++at_;
    while (!done() && (in_word(peek()) || (peek() == '.' && in_word(peek(1))))) ++at_;
    return Token::Type::parameter;
  }

  Token::Type number() {
    if (peek() == '0' && (peek(1) == 'x' || peek(1) == 'b')) {
      at_ += 2;
      while (!done() && in_word(peek())) ++at_;
      return Token::Type::number;
    }
    while (is_digit(peek())) ++at_;
    if (peek() == '.') {
      ++at_;
      while (is_digit(peek())) ++at_;
    }
    const std::size_t sign = (peek(1) == '+' || peek(1) == '-') ? 1 : 0;
    if ((peek() == 'e' || peek() == 'E') && is_digit(peek(1 + sign))) {
      at_ += 1 + sign;
      while (is_digit(peek())) ++at_;
    } else if (in_word(peek())) {  // names may begin with digits: `2fa`
      while (!done() && in_word(peek())) ++at_;
      return Token::Type::word;
    }
    return Token::Type::number;
  }

  Token::Type symbol() {
    constexpr std::array<std::string_view, 12> longer{
        "<=>", "->>", "->", "||", "&&", "<=", ">=", "<>", "!=", ":=", "<<", ">>"};
    for (auto s : longer)
      if (sql_.substr(at_).starts_with(s)) {
        at_ += s.size();
        return Token::Type::symbol;
      }
    ++at_;
    return Token::Type::symbol;
  }

  static constexpr auto npos = std::string_view::npos;
  std::string_view sql_;
  std::size_t at_ = 0;
};

bool plain_word(std::string_view s) {
  if (s.empty() || is_digit(s[0])) return false;
  return std::all_of(s.begin(), s.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || is_digit(c);
  });
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

/// A character set before a string that is the same without it: sessions are in utf8mb4.
bool introduces(const Token& t, const Token& next) {
  if (t.type != Token::Type::word || !t.text.starts_with('_') || next.type != Token::Type::string)
    return false;
  const bool ascii = std::all_of(next.text.begin(), next.text.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return same_word(t.text, "_utf8mb4") || same_word(t.text, "_utf8mb3") || same_word(t.text, "_utf8") ||
         (ascii && same_word(t.text, "_latin1"));
}

bool is_name_end(const Token& t) {
  return t.type == Token::Type::word || t.type == Token::Type::quoted_identifier;
}
}  // namespace

std::vector<Token> tokens(std::string_view sql) {
  std::vector<Token> out;
  Scanner scanner(sql);
  while (!scanner.done()) out.push_back(scanner.next());
  return out;
}

Token first_token(std::string_view sql) {
  return Scanner(sql).next();
}

std::vector<Token> significant(std::string_view sql) {
  std::vector<Token> out;
  for (auto& t : tokens(sql)) {
    if (t.type == Token::Type::blank) continue;
    if (t.type != Token::Type::comment) {
      out.push_back(std::move(t));
      continue;
    }
    std::string_view inner = t.text;
    if (!inner.starts_with("/*!") && !inner.starts_with("/*M!")) continue;
    inner.remove_prefix(inner[2] == '!' ? 3 : 4);
    if (inner.ends_with("*/")) inner.remove_suffix(2);
    while (!inner.empty() && is_digit(inner[0])) inner.remove_prefix(1);
    for (auto& each : significant(inner)) out.push_back(std::move(each));
  }
  return out;
}

std::string backquoted(std::string_view identifier) {
  return "`" + replace_all(std::string(identifier), "`", "``") + "`";
}
std::string quote(std::string_view identifier) {
  return plain_word(identifier) && !is_reserved(identifier) ? std::string(identifier)
                                                            : backquoted(identifier);
}

std::string literal(std::string_view text) {
  std::string out = "'";
  for (char c : text) {
    if (c == '\'')
      out += "''";
    else if (c == '\\')
      out += "\\\\";
    else if (c == '\0')
      out += "\\0";
    else if (c == '\n')
      out += "\\n";
    else if (c == '\r')
      out += "\\r";
    else
      out += c;
  }
  return out + '\'';
}

std::string string_value(std::string_view token) {
  std::string out;
  if (token.size() < 2) return out;
  const char close = token[0];
  for (std::size_t i = 1; i + 1 < token.size(); ++i) {
    if (token[i] == '\\' && i + 2 < token.size()) {
      const char c = token[++i];
      if (c == '%' || c == '_') out += '\\';  // kept for LIKE
      out += c == 'n'   ? '\n'
             : c == 't' ? '\t'
             : c == 'r' ? '\r'
             : c == '0' ? '\0'
             : c == 'Z' ? '\x1a'
             : c == 'b' ? '\b'
                        : c;
    } else {
      if (token[i] == close) ++i;
      out += token[i];
    }
  }
  return out;
}

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

std::string strip_parentheses(std::string_view sql) {
  auto all = significant(sql);
  if (all.empty()) return {};
  if (!enclosed(all)) return std::string(trim(sql));
  while (enclosed(all)) all = std::vector<Token>(all.begin() + 1, all.end() - 1);
  const char* begin = all.front().text.data();
  const char* end = all.back().text.data() + all.back().text.size();
  return std::string(begin, end);
}

namespace {
/// Spelling of one token; `call`: an opening parenthesis follows.
std::string respelled(const Token& t, bool call, bool after_dot) {
  if (t.type == Token::Type::word && !after_dot) {
    const std::string low = lower(t.text);
    if (call && (low == "now" || low == "localtime" || low == "localtimestamp")) return "current_timestamp";
    return call || is_reserved(low) ? low : std::string(t.text);
  }
  if (t.type == Token::Type::quoted_identifier) return call ? backquoted(t.folded) : quote(t.folded);
  if (t.type == Token::Type::string && t.text[0] == '"') return literal(string_value(t.text));
  if (is_symbol(t, "!=")) return "<>";
  return std::string(t.text);
}

bool bare_timestamp(const Token& t) {
  return is_word(t, "current_timestamp") || is_word(t, "localtime") || is_word(t, "localtimestamp");
}
}  // namespace

std::string lexical_form(std::string_view sql, Introducers introducers) {
  auto all = significant(sql);
  for (std::size_t before = all.size() + 1; before != all.size();) {
    before = all.size();
    while (!all.empty() && is_symbol(all.back(), ";")) all.pop_back();
    while (enclosed(all)) all = std::vector<Token>(all.begin() + 1, all.end() - 1);
  }
  std::string out;
  bool glue = true;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Token& t = all[i];
    const bool last = i + 1 == all.size();
    if (introducers == Introducers::drop && !last && introduces(t, all[i + 1])) continue;
    const bool call = !last && is_symbol(all[i + 1], "(") && is_name_end(t);
    const bool opens_call = is_symbol(t, "(") && i > 0 && is_name_end(all[i - 1]) &&
                            !(all[i - 1].type == Token::Type::word && is_reserved(all[i - 1].text) &&
                              !bare_timestamp(all[i - 1]));
    if (!glue && !opens_call && !is_symbol(t, ")") && !is_symbol(t, ",") && !is_symbol(t, ".")) out += ' ';
    out += respelled(t, call, i > 0 && is_symbol(all[i - 1], "."));
    if (bare_timestamp(t) && !call) out += "()";
    glue = is_symbol(t, "(") || is_symbol(t, ".");
  }
  return out;
}

}  // namespace trueup::mysql
