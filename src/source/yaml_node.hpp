// A parsed YAML document as a small tree that knows where everything stands, and the findings about it.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace trueup {

/// One file: its name in messages, its text and where its lines begin.
struct YamlSource {
  std::string name;
  std::string text;
  std::vector<std::size_t> lines;
  YamlSource(std::string file_name, std::string content);
  /// Line `number` (from 1) without its end; empty when there is none.
  std::string_view line(int number) const;
};

struct YamlEntry;

/// A value with its place. The source must outlive the node.
struct YamlNode {
  enum class Type { null, scalar, sequence, mapping } type = Type::null;
  bool plain = false;  ///< scalar without quotes or block style
  const YamlSource* source = nullptr;
  int line = 0;    ///< from 1
  int column = 0;  ///< from 1, in bytes
  std::string text;
  std::vector<YamlNode> items;
  std::vector<YamlEntry> entries;

  bool is_null() const { return type == Type::null; }
  bool is_scalar() const { return type == Type::scalar; }
  bool is_sequence() const { return type == Type::sequence; }
  bool is_mapping() const { return type == Type::mapping; }
  /// Value of a key of a mapping; null when absent or not a mapping.
  const YamlNode* find(std::string_view key) const;
  /// Columns of places count characters.
  Place place() const;
};

struct YamlEntry {
  YamlNode key;  ///< always a scalar
  YamlNode value;
};

/// `a list`, `a mapping`, `text`, `no value`: for messages.
std::string_view type_name(const YamlNode& node);

/// Collects findings with place and excerpt.
class YamlFindings {
 public:
  /// `offset`: bytes into a scalar's text, for a caret inside it.
  void add(const YamlNode& at, std::string message, std::string remedy = {}, std::size_t offset = 0);
  void add(Diagnostic found) { found_.push_back(std::move(found)); }
  bool empty() const { return found_.empty(); }
  std::size_t size() const { return found_.size(); }
  /// In the order of the files' places.
  std::vector<Diagnostic> take();

 private:
  std::vector<Diagnostic> found_;
};

/// `at schema.yaml:3:5`, for messages about two places.
std::string at_place(const Place& place);

}  // namespace trueup
