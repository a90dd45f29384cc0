#include "engine/postgres/lexer.hpp"

#include <array>

#include "base/text.hpp"

namespace trueup::postgres {
namespace {
constexpr std::string_view operator_characters = "+-*/<>=~!@#%^&|`?";

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool starts_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool in_word(char c) {
  return starts_word(c) || is_digit(c) || c == '$';
}

class Lexer {
 public:
  explicit Lexer(std::string_view sql) : sql_(sql) {}
  std::vector<Token> run() {
    std::vector<Token> out;
    while (at_ < sql_.size()) {
      const std::size_t begin = at_;
      Token t;
      t.type = next();
      t.text = sql_.substr(begin, at_ - begin);
      if (t.type == Token::Type::word)
        t.folded = lower(t.text);
      else if (t.type == Token::Type::quoted_identifier)
        t.folded = unquoted(t.text);
      out.push_back(std::move(t));
    }
    return out;
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < sql_.size() ? sql_[at_ + ahead] : '\0'; }

  Token::Type next() {
    const char c = peek();
    if (is_blank(c)) {
      while (is_blank(peek())) ++at_;
      return Token::Type::blank;
    }
    if (c == '-' && peek(1) == '-') {
      while (at_ < sql_.size() && peek() != '\n') ++at_;
      return Token::Type::comment;
    }
    if (c == '/' && peek(1) == '*') return block_comment();
    if (c == '\'') return quoted('\'', false), Token::Type::string;
    if (c == '"') return quoted('"', false), Token::Type::quoted_identifier;
    if (c == '$') return dollar();
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
    if (starts_word(c)) return word();
    return symbol();
  }

  Token::Type block_comment() {
    int depth = 0;
    do {
      if (peek() == '/' && peek(1) == '*')
        ++depth, at_ += 2;
      else if (peek() == '*' && peek(1) == '/')
        --depth, at_ += 2;
      else
        ++at_;
    } while (depth > 0 && at_ < sql_.size());
    at_ = std::min(at_, sql_.size());
    return Token::Type::comment;
  }

  /// From the opening quote to behind the closing one; a doubled quote does not close.
  void quoted(char quote, bool backslash) {
    for (++at_; at_ < sql_.size(); ++at_) {
      if (backslash && peek() == '\\') {
        ++at_;
      } else if (peek() == quote) {
        if (peek(1) != quote) {
          ++at_;
          return;
        }
        ++at_;
      }
    }
    at_ = std::min(at_, sql_.size());
  }

  Token::Type dollar() {
    if (is_digit(peek(1))) {
      for (++at_; is_digit(peek());) ++at_;
      return Token::Type::parameter;
    }
    std::size_t end = at_ + 1;
    while (end < sql_.size() && in_word(sql_[end]) && sql_[end] != '$') ++end;
    if (end >= sql_.size() || sql_[end] != '$') return ++at_, Token::Type::symbol;
    const auto tag = sql_.substr(at_, end + 1 - at_);
    const auto close = sql_.find(tag, end + 1);
    at_ = close == std::string_view::npos ? sql_.size() : close + tag.size();
    return Token::Type::string;
  }

  Token::Type number() {
    while (is_digit(peek()) || peek() == '_') ++at_;
    // `1..2` is a range of PL/pgSQL, not the number `1.`
    if (peek() == '.' && peek(1) != '.')
      for (++at_; is_digit(peek());) ++at_;
    if ((peek() == 'e' || peek() == 'E') &&
        (is_digit(peek(1)) || ((peek(1) == '+' || peek(1) == '-') && is_digit(peek(2)))))
      for (at_ += 2; is_digit(peek());) ++at_;
    return Token::Type::number;
  }

  Token::Type word() {
    const char c = peek();
    if (peek(1) == '\'' && std::string_view("eEbBxXnN").find(c) != std::string_view::npos) {
      ++at_;
      quoted('\'', c == 'e' || c == 'E');
      return Token::Type::string;
    }
    if ((c == 'u' || c == 'U') && peek(1) == '&' && (peek(2) == '\'' || peek(2) == '"')) {
      at_ += 2;
      const char q = peek();
      quoted(q, false);
      return q == '"' ? Token::Type::quoted_identifier : Token::Type::string;
    }
    while (in_word(peek())) ++at_;
    return Token::Type::word;
  }

  Token::Type symbol() {
    if (operator_characters.find(peek()) == std::string_view::npos) {
      const bool twice =
          (peek() == ':' && (peek(1) == ':' || peek(1) == '=')) || (peek() == '.' && peek(1) == '.');
      at_ += twice ? 2 : 1;
      return Token::Type::symbol;
    }
    const std::size_t begin = at_;
    while (at_ < sql_.size() && operator_characters.find(peek()) != std::string_view::npos) {
      if (at_ > begin && ((peek() == '-' && peek(1) == '-') || (peek() == '/' && peek(1) == '*'))) break;
      ++at_;
    }
    // An operator ends in + or - only if it holds one of the characters below: `a=-1` is `=` and `-`.
    auto strange = [&] {
      return sql_.substr(begin, at_ - begin).find_first_of("~!@#%^&|`?") != std::string_view::npos;
    };
    while (at_ - begin > 1 && (sql_[at_ - 1] == '+' || sql_[at_ - 1] == '-') && !strange()) --at_;
    return Token::Type::symbol;
  }

  static std::string unquoted(std::string_view text) {
    if (text.starts_with('U') || text.starts_with('u')) text.remove_prefix(2);
    text.remove_prefix(1);
    if (text.ends_with('"')) text.remove_suffix(1);
    return replace_all(std::string(text), "\"\"", "\"");
  }

  std::string_view sql_;
  std::size_t at_ = 0;
};

/// Words after which an opening parenthesis does not belong to a call.
constexpr std::array spaced_words{"and",   "or",     "not",    "in",     "as",   "when", "then",
                                  "else",  "on",     "using",  "over",   "from", "join", "select",
                                  "where", "values", "having", "filter", "any",  "all"};

bool needs_space(const Token& before, const Token& after) {
  const auto& a = before.text;
  const auto& b = after.text;
  if (a == "(" || a == "[" || a == "." || a == "::" || b == ")" || b == "]" || b == "," || b == "." ||
      b == "::" || b == "[" || b == ";")
    return false;
  if (b == "(" && before.type == Token::Type::word)
    return std::find(spaced_words.begin(), spaced_words.end(), before.folded) != spaced_words.end();
  return !(b == "(" && before.type == Token::Type::quoted_identifier);
}

/// Do the first and the last token of [begin, end) enclose the rest, as a grouping and not as a row?
bool enclosed(const std::vector<Token>& t, std::size_t begin, std::size_t end) {
  if (end - begin < 3 || t[begin].text != "(" || t[end - 1].text != ")") return false;
  int depth = 0;
  for (std::size_t i = begin; i < end; ++i) {
    if (t[i].text == "(")
      ++depth;
    else if (t[i].text == ")" && --depth == 0 && i + 1 < end)
      return false;
    else if (t[i].text == "," && depth == 1)
      return false;
  }
  return true;
}
}  // namespace

std::vector<Token> lex(std::string_view sql) {
  return Lexer(sql).run();
}

std::vector<Token> significant(std::string_view sql) {
  auto tokens = lex(sql);
  std::erase_if(
      tokens, [](const Token& t) { return t.type == Token::Type::blank || t.type == Token::Type::comment; });
  return tokens;
}

std::string lexical_form(std::string_view sql) {
  const auto t = significant(sql);
  std::size_t begin = 0, end = t.size();
  for (std::size_t before = end + 1; end != before;) {
    before = end;
    while (end > begin && t[end - 1].text == ";") --end;
    while (enclosed(t, begin, end)) ++begin, --end;
  }
  std::string out;
  for (std::size_t i = begin; i < end; ++i) {
    if (i > begin && needs_space(t[i - 1], t[i])) out += ' ';
    if (t[i].type == Token::Type::word)
      out += t[i].folded;
    else if (t[i].type == Token::Type::quoted_identifier)
      out += quote_identifier(t[i].folded);
    else
      out += t[i].text;
  }
  return out;
}

std::string string_value(std::string_view token) {
  if (token.starts_with('$')) {
    const auto tag = token.find('$', 1);
    if (tag == std::string_view::npos || token.size() < 2 * (tag + 1)) return std::string(token);
    return std::string(token.substr(tag + 1, token.size() - 2 * (tag + 1)));
  }
  const bool escapes = token.starts_with('e') || token.starts_with('E');
  const auto open = token.find('\'');
  if (open == std::string_view::npos) return std::string(token);
  auto inner = token.substr(open + 1);
  if (inner.ends_with('\'')) inner.remove_suffix(1);
  std::string out = replace_all(std::string(inner), "''", "'");
  if (!escapes) return out;
  std::string plain;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (out[i] != '\\' || i + 1 == out.size()) {
      plain += out[i];
      continue;
    }
    const char c = out[++i];
    plain += c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
  }
  return plain;
}

std::vector<std::string> name_parts(std::string_view written) {
  std::vector<std::string> out;
  for (const auto& t : significant(written))
    if (t.type == Token::Type::word || t.type == Token::Type::quoted_identifier) out.push_back(t.value());
  return out;
}

std::string quote_literal(std::string_view text) {
  // A backslash is only safe in both settings of standard_conforming_strings when written as E''.
  const bool escaped = text.find('\\') != std::string_view::npos;
  std::string out = escaped ? "E'" : "'";
  for (const char c : text) {
    if (c == '\'' || (escaped && c == '\\')) out += c;
    out += c;
  }
  return out + "'";
}

}  // namespace trueup::postgres
