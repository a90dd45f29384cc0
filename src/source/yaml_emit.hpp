#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace trueup {

/// A value to be written as YAML. Text is quoted where YAML would read something else, multi-line text
/// becomes a block; lists and mappings stand on one line where they fit.
class YamlOut {
 public:
  enum class Type { text, loose, word, list, map };
  /// Text that any YAML reader takes as text.
  static YamlOut text(std::string value) { return {Type::text, std::move(value)}; }
  /// Text whose reader wants text anyway: numbers and booleans need no quotes.
  static YamlOut loose(std::string value) { return {Type::loose, std::move(value)}; }
  /// `true`, `null`, a number: written as it is.
  static YamlOut word(std::string value) { return {Type::word, std::move(value)}; }
  static YamlOut list() { return {Type::list, {}}; }
  static YamlOut map() { return {Type::map, {}}; }

  void add(std::string key, YamlOut value) { entries_.emplace_back(std::move(key), std::move(value)); }
  void push(YamlOut value) { items_.push_back(std::move(value)); }
  /// Never on one line.
  YamlOut& block() { return block_ = true, *this; }
  bool empty() const { return items_.empty() && entries_.empty(); }
  std::size_t size() const { return items_.size() + entries_.size(); }
  const YamlOut& first() const { return items_.front(); }
  const YamlOut* find(std::string_view key) const;

  /// As a document, each line ended.
  std::string document() const;

 private:
  YamlOut(Type type, std::string value) : type_(type), text_(std::move(value)) {}
  bool one_line(std::string& out, std::size_t room) const;
  void write(std::string& out, std::size_t indent) const;
  void write_entries(std::string& out, std::size_t indent) const;
  void write_items(std::string& out, std::size_t indent) const;

  Type type_;
  std::string text_;
  bool block_ = false;
  std::vector<YamlOut> items_;
  std::vector<std::pair<std::string, YamlOut>> entries_;
};

}  // namespace trueup
