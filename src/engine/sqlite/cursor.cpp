#include "engine/sqlite/cursor.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace trueup::sqlite {

bool Cursor::accept(std::initializer_list<std::string_view> words) {
  std::size_t i = 0;
  for (auto w : words)
    if (!at_word(w, i++)) return false;
  at_ += words.size();
  return true;
}

bool Cursor::accept_symbol(std::string_view s) {
  if (!at_symbol(s)) return false;
  ++at_;
  return true;
}

void Cursor::expect(std::string_view word) {
  if (!accept(word)) fail(word);
}
void Cursor::expect_symbol(std::string_view s) {
  if (!accept_symbol(s)) fail(s);
}

const Token& Cursor::take() {
  if (done()) fail("more text");
  return all_[at_++];
}

void Cursor::fail(std::string_view expected) const {
  const std::string found = done() ? "the end" : fmt::format("'{}'", one_line(all_[at_].text));
  throw ParseError(fmt::format("expected {} at {}", expected, found));
}

std::string Cursor::name() {
  const Token* t = peek();
  if (t == nullptr) fail("a name");
  std::string out;
  if (t->type == Token::Type::word || t->type == Token::Type::quoted_identifier) {
    out = t->value();
  } else if (t->type == Token::Type::string && t->text.starts_with('\'') && t->text.size() >= 2) {
    out = replace_all(std::string(t->text.substr(1, t->text.size() - 2)), "''", "'");
  } else {
    fail("a name");
  }
  ++at_;
  return out;
}

std::string Cursor::qualified_name() {
  std::string out = name();
  if (accept_symbol(".")) out = name();
  return out;
}

std::vector<std::string> Cursor::names() {
  std::vector<std::string> out;
  expect_symbol("(");
  do out.push_back(name());
  while (accept_symbol(","));
  expect_symbol(")");
  return out;
}

void Cursor::skip() {
  if (!at_symbol("(")) {
    take();
    return;
  }
  int depth = 0;
  do {
    if (at_symbol("(")) ++depth;
    if (at_symbol(")")) --depth;
    take();
  } while (depth > 0);
}

std::string Cursor::group() {
  if (!at_symbol("(")) fail("(");
  const std::size_t first = at_ + 1;
  skip();
  --at_;
  std::string out = text_since(first);
  ++at_;
  return out;
}

std::string Cursor::text_since(std::size_t first) const {
  if (first >= at_) return {};
  const char* begin = all_[first].text.data();
  const auto& last = all_[at_ - 1].text;
  return std::string(begin, last.data() + last.size());
}

std::string Cursor::rest() {
  const std::size_t first = at_;
  at_ = all_.size();
  return text_since(first);
}

std::string conflict_clause(Cursor& c) {
  if (!c.accept({"on", "conflict"})) return {};
  const std::string how = lower(c.take().text);
  if (how != "rollback" && how != "abort" && how != "fail" && how != "ignore" && how != "replace")
    c.fail("a conflict resolution before");
  return how == "abort" ? std::string() : how;
}

std::vector<ParsedPart> key_parts(Cursor& c, bool* autoincrement) {
  std::vector<ParsedPart> out;
  c.expect_symbol("(");
  do {
    ParsedPart part;
    const std::size_t first = c.position();
    auto at_end = [&](std::size_t ahead) { return c.at_symbol(",", ahead) || c.at_symbol(")", ahead); };
    auto at_order = [&](std::size_t ahead) {
      return (c.at_word("asc", ahead) || c.at_word("desc", ahead)) &&
             (at_end(ahead + 1) || c.at_word("autoincrement", ahead + 1));
    };
    auto at_tail = [&] {
      if (at_end(0) || at_order(0) || (c.at_word("autoincrement") && at_end(1))) return true;
      return c.at_word("collate") && (at_end(2) || at_order(2));
    };
    while (!at_tail()) c.skip();
    const std::string written = c.text_since(first);
    const std::string bare = strip_parentheses(written);
    Cursor single(bare);
    const Token* t = single.peek();
    const bool one = t != nullptr && single.peek(1) == nullptr;
    if (one && t->type != Token::Type::number && t->type != Token::Type::parameter)
      part.column = single.name();
    else
      part.expression = written;
    if (written.empty()) c.fail("a column or an expression");
    if (c.accept("collate")) part.collation = c.name();
    if (c.accept("desc"))
      part.descending = true;
    else
      part.ascending = c.accept("asc");
    if (c.at_word("autoincrement")) {
      if (autoincrement == nullptr) c.fail(")");
      c.accept("autoincrement");
      *autoincrement = true;
    }
    out.push_back(std::move(part));
  } while (c.accept_symbol(","));
  c.expect_symbol(")");
  return out;
}

}  // namespace trueup::sqlite
