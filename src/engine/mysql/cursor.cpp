#include "engine/mysql/cursor.hpp"

#include <fmt/format.h>

namespace trueup::mysql {

bool Cursor::accept(std::initializer_list<std::string_view> words) {
  std::size_t i = 0;
  for (auto w : words)
    if (!at(w, i++)) return false;
  at_ += words.size();
  return true;
}
void Cursor::expect(std::string_view word) {
  if (!accept(word)) fail(fmt::format("'{}'", word));
}
const Token& Cursor::peek() const {
  if (done()) fail("more");
  return all_[at_];
}
const Token& Cursor::take() {
  const Token& t = peek();
  ++at_;
  return t;
}
std::string Cursor::name() {
  const Token& t = take();
  if (t.type == Token::Type::quoted_identifier) return t.folded;
  if (t.type == Token::Type::word) return std::string(t.text);
  --at_;
  fail("a name");
}
std::string Cursor::string() {
  const Token& t = take();
  if (t.type != Token::Type::string) {
    --at_;
    fail("a string");
  }
  return string_value(t.text);
}
void Cursor::skip() {
  if (!at("(")) {
    take();
    return;
  }
  int depth = 0;
  do {
    const Token& t = take();
    if (is_symbol(t, "(")) ++depth;
    if (is_symbol(t, ")")) --depth;
  } while (depth > 0);
}
std::string Cursor::group() {
  const std::size_t first = at_ + 1;
  if (!at("(")) fail("'('");
  skip();
  return text(first, at_ - 1);
}
std::string Cursor::raw_group() {
  if (!at("(")) fail("'('");
  const char* begin = all_[at_].text.data() + 1;
  skip();
  return std::string(begin, all_[at_ - 1].text.data());
}
std::vector<std::string> Cursor::elements() {
  std::vector<std::string> out;
  expect("(");
  std::size_t first = at_;
  while (!at(")")) {
    if (at(",")) {
      out.push_back(text(first, at_));
      first = at_ + 1;
    }
    skip();
  }
  out.push_back(text(first, at_));
  expect(")");
  return out;
}
std::string Cursor::rest() {
  const std::size_t first = at_;
  at_ = all_.size();
  return text(first, at_);
}
std::string Cursor::tokens_since(std::size_t first) const {
  std::string out;
  for (std::size_t i = first; i < at_; ++i) out += (out.empty() ? "" : " ") + std::string(all_[i].text);
  return out;
}
std::string Cursor::text_since(std::size_t first) const {
  return text(first, at_);
}
std::string Cursor::text(std::size_t first, std::size_t end) const {
  if (first >= end) return {};
  const char* begin = all_[first].text.data();
  return std::string(begin, all_[end - 1].text.data() + all_[end - 1].text.size());
}
void Cursor::fail(std::string_view expected) const {
  throw ParseError(fmt::format("expected {} before '{}'", expected, done() ? "the end" : all_[at_].text));
}

}  // namespace trueup::mysql
