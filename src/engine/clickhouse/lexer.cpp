#include "engine/clickhouse/lexer.hpp"

#include "base/text.hpp"

namespace trueup::clickhouse {
namespace {
using lexing::is_digit, lexing::is_space, lexing::is_letter;
bool word_start(char c) {
  return is_letter(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool word_part(char c) {
  return word_start(c) || is_digit(c);
}

// Words that lexical_form writes in one case, and that quote() does not leave bare. Function names are not
// among them: most are told apart by case.
constexpr std::array<std::string_view, 96> keywords{
    "add",        "after",      "alias",   "all",       "alter",        "and",     "anti",      "any",
    "array",      "as",         "asc",     "ascending", "asof",         "between", "by",        "case",
    "cast",       "check",      "cluster", "codec",     "collate",      "column",  "comment",   "constraint",
    "create",     "cross",      "cube",    "database",  "date",         "default", "desc",      "descending",
    "dictionary", "distinct",   "drop",    "else",      "end",          "engine",  "ephemeral", "exists",
    "extract",    "fill",       "final",   "first",     "following",    "for",     "format",    "from",
    "full",       "function",   "global",  "group",     "having",       "if",      "ilike",     "in",
    "index",      "inner",      "insert",  "intersect", "interval",     "into",    "is",        "join",
    "key",        "left",       "like",    "limit",     "materialized", "not",     "null",      "nulls",
    "offset",     "on",         "or",      "order",     "outer",        "over",    "partition", "prewhere",
    "primary",    "projection", "right",   "rollup",    "sample",       "select",  "semi",      "settings",
    "table",      "then",       "totals",  "ttl",       "union",        "using",   "when",      "where"};
constexpr std::array<std::string_view, 6> more_keywords{"with", "window", "view", "values", "true", "false"};

bool plain_word(std::string_view text) {
  return !text.empty() && !is_digit(text.front()) && std::all_of(text.begin(), text.end(), [](char c) {
    return word_part(c) && static_cast<unsigned char>(c) < 0x80;
  });
}

bool keyword(std::string_view word) {
  const std::string low = lower(word);
  return std::find(keywords.begin(), keywords.end(), low) != keywords.end() ||
         std::find(more_keywords.begin(), more_keywords.end(), low) != more_keywords.end();
}

std::string unescaped(std::string_view inner, char q) {
  std::string out;
  for (std::size_t i = 0; i < inner.size(); ++i) {
    char c = inner[i];
    if (c == '\\' && i + 1 < inner.size()) {
      c = inner[++i];
      switch (c) {
        case 'n':
          c = '\n';
          break;
        case 't':
          c = '\t';
          break;
        case 'r':
          c = '\r';
          break;
        case 'b':
          c = '\b';
          break;
        case 'f':
          c = '\f';
          break;
        case '0':
          c = '\0';
          break;
        default:
          break;
      }
    } else if (c == q && i + 1 < inner.size() && inner[i + 1] == q) {
      ++i;
    }
    out += c;
  }
  return out;
}

std::string escaped(std::string_view text, char q) {
  std::string out(1, q);
  for (char c : text) {
    switch (c) {
      case '\n':
        out += "\\n";
        continue;
      case '\t':
        out += "\\t";
        continue;
      case '\r':
        out += "\\r";
        continue;
      case '\b':
        out += "\\b";
        continue;
      case '\f':
        out += "\\f";
        continue;
      case '\0':
        out += "\\0";
        continue;
      default:
        break;
    }
    if (c == q || c == '\\') out += '\\';
    out += c;
  }
  return out + q;
}

class Scanner final : public lexing::Scanner {
 public:
  using lexing::Scanner::Scanner;

 private:
  Token::Type scan() override {
    const char c = peek();
    if (is_space(c)) return blank();
    if ((c == '-' && peek(1) == '-') || (c == '#' && (peek(1) == ' ' || peek(1) == '!')))
      return line_comment();
    if (c == '/' && peek(1) == '*') return up_to(sql_.find("*/", at_ + 2), 2, Token::Type::comment);
    if (c == '\'' || c == '"' || c == '`') {
      escaped(c);
      return c == '\'' ? Token::Type::string : Token::Type::quoted_identifier;
    }
    if (c == '$' && heredoc()) return Token::Type::string;
    if (is_digit(c)) return number();
    if (word_start(c)) {
      skip_while(word_part);
      return Token::Type::word;
    }
    if (c == '{') {
      const auto end = sql_.find('}', at_);
      const auto inner = end == npos ? std::string_view() : sql_.substr(at_, end - at_);
      if (inner.find(':') != npos && inner.find_first_of("'\"") == npos)
        return up_to(end, 1, Token::Type::parameter);
    }
    return symbol(symbols);
  }
  std::string name_in(std::string_view text) const override {
    const bool closed = text.size() > 1 && text.back() == text[0];
    return unescaped(text.substr(1, text.size() - (closed ? 2 : 1)), text[0]);
  }

  /// To the end of what was found, or of everything.
  Token::Type up_to(std::size_t found, std::size_t size, Token::Type type) {
    at_ = found == npos ? sql_.size() : found + size;
    return type;
  }
  Token::Type number() {
    const std::size_t start = at_;
    const bool hexadecimal = peek() == '0' && peek(1) == 'x';
    const auto exponent_sign = [&](char c) {
      return (c == '-' || c == '+') && at_ > start && (sql_[at_ - 1] == 'e' || sql_[at_ - 1] == 'E') &&
             !hexadecimal;
    };
    skip_while([&](char c) { return word_part(c) || c == '.' || exponent_sign(c); });
    return Token::Type::number;
  }
  /// `$tag$ ... $tag$`
  bool heredoc() {
    std::size_t end = at_ + 1;
    while (end < sql_.size() && word_part(sql_[end])) ++end;
    if (end >= sql_.size() || sql_[end] != '$') return false;
    const auto tag = sql_.substr(at_, end + 1 - at_);
    const auto close = sql_.find(tag, end + 1);
    if (close == npos) return false;
    at_ = close + tag.size();
    return true;
  }

  static constexpr auto npos = std::string_view::npos;
  static constexpr std::array<std::string_view, 8> symbols{"->", "::", "!=", "<>", "<=", ">=", "==", "||"};
};

int depth_change(const Token& t) {
  if (t.type != Token::Type::symbol) return 0;
  if (t.text == "(" || t.text == "[" || t.text == "{") return 1;
  return t.text == ")" || t.text == "]" || t.text == "}" ? -1 : 0;
}

bool enclosed(std::span<const Token> all) {
  if (all.size() < 3 || !is_symbol(all.front(), "(") || closing(all, 0) + 1 != all.size()) return false;
  return by_commas(all.subspan(1, all.size() - 2)).size() == 1;  // `(a, b)` is a tuple
}

bool glued(const Token& before, const Token& t) {
  for (std::string_view s : {",", ")", "]", ".", "::"})
    if (is_symbol(t, s)) return true;
  for (std::string_view s : {"(", "[", ".", "::"})
    if (is_symbol(before, s)) return true;
  const bool call = before.type == Token::Type::word && !keyword(before.text);
  return call && (is_symbol(t, "(") || is_symbol(t, "["));
}

std::string respelled(const Token& t) {
  if (t.type == Token::Type::quoted_identifier) return quote(t.folded);
  if (t.type == Token::Type::word) return keyword(t.text) ? lower(t.text) : std::string(t.text);
  if (t.type == Token::Type::string) return literal(unquoted(t.text));
  if (t.type == Token::Type::symbol && t.text == "<>") return "!=";
  if (t.type == Token::Type::symbol && t.text == "==") return "=";
  return std::string(t.text);
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

std::string quote(std::string_view identifier) {
  return plain_word(identifier) && !keyword(identifier) ? std::string(identifier) : escaped(identifier, '`');
}

std::string literal(std::string_view text) {
  return escaped(text, '\'');
}

std::string unquoted(std::string_view text) {
  if (text.starts_with('$')) {
    const auto tag = text.find('$', 1);
    if (tag != std::string_view::npos && text.size() >= 2 * (tag + 1))
      return std::string(text.substr(tag + 1, text.size() - 2 * (tag + 1)));
  }
  if (text.size() < 2 || text.front() != '\'' || text.back() != '\'') return std::string(text);
  return unescaped(text.substr(1, text.size() - 2), '\'');
}

bool is_name(const Token& t) {
  return t.type == Token::Type::word || t.type == Token::Type::quoted_identifier;
}

std::string text_of(std::span<const Token> all) {
  if (all.empty()) return {};
  const char* begin = all.front().text.data();
  const char* end = all.back().text.data() + all.back().text.size();
  return {begin, end};
}

std::size_t closing(std::span<const Token> all, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < all.size(); ++i) {
    depth += depth_change(all[i]);
    if (depth == 0) return i;
  }
  return all.size();
}

std::vector<std::span<const Token>> by_commas(std::span<const Token> all) {
  std::vector<std::span<const Token>> out;
  if (all.empty()) return out;
  int depth = 0;
  std::size_t first = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    depth += depth_change(all[i]);
    if (depth != 0 || !is_symbol(all[i], ",")) continue;
    out.push_back(all.subspan(first, i - first));
    first = i + 1;
  }
  out.push_back(all.subspan(first));
  return out;
}

std::string lexical_form(std::string_view sql) {
  const auto all = significant(sql);
  // No SQL; a blank more or less would make a comment of it.
  if (std::any_of(all.begin(), all.end(), [](const Token& t) { return is_symbol(t, "#"); }))
    return std::string(trim(sql));
  std::span<const Token> rest(all);
  for (std::size_t before = rest.size() + 1; before != rest.size();) {
    before = rest.size();
    while (!rest.empty() && is_symbol(rest.back(), ";")) rest = rest.first(rest.size() - 1);
    while (enclosed(rest)) rest = rest.subspan(1, rest.size() - 2);
  }
  std::string out;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (i > 0 && !glued(rest[i - 1], rest[i])) out += ' ';
    out += respelled(rest[i]);
  }
  return out;
}

std::string bare(const Token& t) {
  return t.type == Token::Type::quoted_identifier && plain_word(t.folded) ? t.folded : std::string(t.text);
}

std::string name_form(std::string_view sql) {
  std::string out;
  for (const auto& token : tokens(sql)) out += bare(token);
  return lexical_form(out);
}

std::string joined_list(std::string_view sql) {
  std::string out;
  for (const auto& token : significant(sql)) {
    const bool spaced = is_symbol(token, "=");
    const bool after_comma = out.ends_with(",");
    const bool word_after_word =
        !out.empty() && token.type != Token::Type::symbol &&
        (std::isalnum(static_cast<unsigned char>(out.back())) != 0 || out.back() == '_');
    if (spaced || after_comma || word_after_word || out.ends_with(" =")) out += ' ';
    out += token.text;
  }
  return out;
}

std::vector<ScriptStatement> split(std::string_view script) {
  std::vector<ScriptStatement> out;
  std::size_t start = 0, at = 0;
  int line = 1, start_line = 1;
  bool begun = false, any = false;
  auto finish = [&](std::size_t end) {
    if (any)
      out.push_back({std::string(trim(script.substr(start, end - start))), start_line, TxMode::inside});
    begun = any = false;
  };
  const auto all = tokens(script);
  lexing::refuse_open_end(script, all, tokens);
  for (const auto& t : all) {
    const bool ends = is_symbol(t, ";");
    if (!begun && !ends && t.type != Token::Type::blank) {
      begun = true;
      start = at;
      start_line = line;
    }
    if (ends)
      finish(at);
    else
      any = any || (t.type != Token::Type::blank && t.type != Token::Type::comment);
    at += t.text.size();
    line += static_cast<int>(std::count(t.text.begin(), t.text.end(), '\n'));
  }
  finish(script.size());
  return out;
}

}  // namespace trueup::clickhouse
