// A made-up engine for tests of what is above engines: SQL's own tokens, a handler for every kind not left
// out, no server behind it.
#pragma once
#include <set>

#include "base/text.hpp"
#include "engine/engine.hpp"

namespace trueup::testing {

class TestHandler : public KindHandler {
 public:
  void introspect(Connection&, const Scope&, Catalog&) const override {}
  Means means(const Altered&, const Catalog&, const Catalog&) const override { return InPlace{}; }
  void render(const Step&, std::span<const Step>, const RenderContext&, SqlWriter&) const override {}
};

inline constexpr std::array<OptionSpec, 3> test_options{{
    {"autoincrement", Kind::column, "false", true, "Never hands out a value twice."},
    {"fillfactor", Kind::table, "100", true, "How full pages are made."},
    {"lists", Kind::index, "100", true, "Number of lists."},
}};

class TestDialect : public EngineDialect {
 public:
  explicit TestDialect(std::string name = "testbase", std::set<Kind> lacks = {}, bool namespaces = true)
      : name_(std::move(name)), lacks_(std::move(lacks)), namespaces_(namespaces) {}
  std::string_view name() const override { return name_; }
  Capabilities capabilities() const override {
    return {.namespaces = namespaces_, .max_identifier = 63, .bodies_follow_renames = true};
  }
  std::span<const OptionSpec> options() const override { return test_options; }
  const KindHandler* handler(Kind kind) const override { return lacks_.contains(kind) ? nullptr : &handler_; }
  std::string quote(std::string_view s) const override {
    return '"' + replace_all(std::string(s), "\"", "\"\"") + '"';
  }
  std::string literal(std::string_view s) const override {
    return '\'' + replace_all(std::string(s), "'", "''") + '\'';
  }
  std::string value(const RowValue& v, const DataType&) const override { return literal(v.text); }
  std::string type_sql(const DataType& t) const override { return t.text; }
  std::string canonical_type(std::string_view s) const override { return lower(s); }
  std::vector<Token> tokens(std::string_view sql) const override;
  std::string lexical_form(std::string_view sql) const override { return std::string(trim(sql)); }
  std::vector<ScriptStatement> split(std::string_view sql) const override { return {{std::string(sql)}}; }
  Catalog introspect(Connection&, const Scope&) const override { return {}; }
  void normalize(Catalog&, std::vector<Diagnostic>&) const override {}
  void infer_uses(Catalog&) const override {}
  void read_rows(Connection&, const Catalog&, Catalog&) const override {}

 private:
  std::string name_;
  std::set<Kind> lacks_;
  bool namespaces_;
  TestHandler handler_;
};

/// End of the token of that type that starts at `at`.
inline std::size_t token_end(std::string_view sql, std::size_t at, Token::Type type) {
  auto word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c < 0;
  };
  auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  std::size_t end = at + 1;
  switch (type) {
    case Token::Type::blank:
      while (end < sql.size() && blank(sql[end])) ++end;
      return end;
    case Token::Type::comment:
      end = sql.find('\n', at);
      return end == std::string_view::npos ? sql.size() : end;
    case Token::Type::string:
    case Token::Type::quoted_identifier:
      for (; end < sql.size(); ++end) {
        if (sql[end] != sql[at]) continue;
        if (end + 1 < sql.size() && sql[end + 1] == sql[at])
          ++end;
        else
          return end + 1;
      }
      return end;
    case Token::Type::word:
    case Token::Type::number:
      while (end < sql.size() && (word(sql[end]) || (type == Token::Type::number && sql[end] == '.'))) ++end;
      return end;
    case Token::Type::symbol:
    case Token::Type::parameter:
      return end;
  }
  return end;
}

inline std::vector<Token> TestDialect::tokens(std::string_view sql) const {
  std::vector<Token> out;
  for (std::size_t at = 0; at < sql.size();) {
    const char c = sql[at];
    Token::Type type = Token::Type::symbol;
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
      type = Token::Type::blank;
    else if (sql.substr(at).starts_with("--"))
      type = Token::Type::comment;
    else if (c == '\'')
      type = Token::Type::string;
    else if (c == '"')
      type = Token::Type::quoted_identifier;
    else if (c >= '0' && c <= '9')
      type = Token::Type::number;
    else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c < 0)
      type = Token::Type::word;
    const std::size_t end = token_end(sql, at, type);
    Token token{type, sql.substr(at, end - at), {}};
    if (type == Token::Type::word) token.folded = lower(token.text);
    if (type == Token::Type::quoted_identifier && token.text.size() >= 2)
      token.folded = replace_all(std::string(token.text.substr(1, token.text.size() - 2)), "\"\"", "\"");
    out.push_back(std::move(token));
    at = end;
  }
  return out;
}

}  // namespace trueup::testing
