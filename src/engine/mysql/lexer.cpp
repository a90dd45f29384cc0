#include "engine/mysql/lexer.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace trueup::mysql {
namespace {
using lexing::is_digit, lexing::is_space, lexing::is_letter, lexing::enclosed;
bool in_word(char c) {
  return is_letter(c) || c == '_' || c == '$' || is_digit(c) || static_cast<unsigned char>(c) >= 0x80;
}

class Scanner final : public lexing::Scanner {
 public:
  using lexing::Scanner::Scanner;

 private:
  Token::Type scan() override {
    const char c = peek();
    if (is_space(c)) return blank();
    const bool dashes = c == '-' && peek(1) == '-' && (at_ + 2 >= sql_.size() || is_space(peek(2)));
    if (c == '#' || dashes) return line_comment();
    if (c == '/' && peek(1) == '*') {
      comment();
      return Token::Type::comment;
    }
    const bool prefixed = (c == 'x' || c == 'X' || c == 'b' || c == 'B' || c == 'n' || c == 'N');
    if (prefixed && peek(1) == '\'') {
      ++at_;
      escaped('\'');
      return Token::Type::string;
    }
    if (c == '\'' || c == '"') {
      escaped(c);
      return Token::Type::string;
    }
    if (c == '`') {
      quoted('`');
      return Token::Type::quoted_identifier;
    }
    if (c == '@') return variable();
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
    if (in_word(c)) {
      skip_while(in_word);
      return Token::Type::word;
    }
    return symbol(symbols);
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

  /// `@name`, `@@session.name`; `@` before a quoted name stands alone.
  Token::Type variable() {
    while (peek() == '@') ++at_;
    while (!done() && (in_word(peek()) || (peek() == '.' && in_word(peek(1))))) ++at_;
    return Token::Type::parameter;
  }

  Token::Type number() {
    if (peek() == '0' && (peek(1) == 'x' || peek(1) == 'b')) {
      at_ += 2;
      skip_while(in_word);
      return Token::Type::number;
    }
    const auto digits = [&] { skip_while(is_digit); };
    digits();
    if (peek() == '.') {
      ++at_;
      digits();
    }
    if (!exponent(digits) && in_word(peek())) {  // names may begin with digits: `2fa`
      skip_while(in_word);
      return Token::Type::word;
    }
    return Token::Type::number;
  }

  static constexpr auto npos = std::string_view::npos;
  static constexpr std::array<std::string_view, 12> symbols{
      "<=>", "->>", "->", "||", "&&", "<=", ">=", "<>", "!=", ":=", "<<", ">>"};
};

bool plain_word(std::string_view s) {
  if (s.empty() || is_digit(s[0])) return false;
  return std::all_of(s.begin(), s.end(), [](char c) { return is_letter(c) || c == '_' || is_digit(c); });
}

/// A character set before a string that is the same without it: sessions are in utf8mb4.
bool needless(const Token& t, const Token& next, Introducers introducers) {
  if (introducers == Introducers::keep || t.type != Token::Type::word || !t.text.starts_with('_') ||
      next.type != Token::Type::string)
    return false;
  if (introducers == Introducers::drop_utf8mb4) return same_word(t.text, "_utf8mb4");
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
  return Scanner(sql).all();
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

std::string strip_parentheses(std::string_view sql) {
  auto all = significant(sql);
  if (all.empty()) return {};
  if (!enclosed(all)) return std::string(trim(sql));
  while (enclosed(all)) all = std::vector<Token>(all.begin() + 1, all.end() - 1);
  return lexing::text_of(all);
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
    if (!last && needless(t, all[i + 1], introducers)) continue;
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
