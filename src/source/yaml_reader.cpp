#include "source/yaml_reader.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <future>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>
#include <unordered_set>

#include "base/text.hpp"

namespace trueup {
namespace {
YamlNode node_at(const YamlSource& source, int line, int column) {
  YamlNode out;
  out.source = &source;
  out.line = line;
  out.column = column;
  return out;
}

[[noreturn]] void fail(const YamlNode& at, std::string message, std::string remedy = {}) {
  YamlFindings found;
  found.add(at, std::move(message), std::move(remedy));
  throw InputError(found.take());
}

/// A subtree with what it costs.
struct Built {
  YamlNode node;
  std::size_t nodes = 1;
  std::size_t depth = 1;
};

/// Builds the tree under the limits, so that what a parser would share or nest without end is never built.
class TreeBuilder {
 public:
  TreeBuilder(const YamlSource& source, const YamlLimits& limits) : source_(source), limits_(limits) {}

  enum class Style { block, flow };
  void open(YamlNode node, std::size_t anchor, Style style) {
    if (stack_.size() >= limits_.depth)
      fail(node, fmt::format("nested deeper than {} levels", limits_.depth), "a schema needs no such depth");
    stack_.push_back({Built{std::move(node)}, anchor, {}, style});
  }
  void close() {
    Frame frame = std::move(stack_.back());
    stack_.pop_back();
    if (frame.anchor != 0) anchors_[frame.anchor] = frame.built;
    place(std::move(frame.built));
  }
  void leaf(YamlNode node, std::size_t anchor) {
    Built built{std::move(node)};
    if (anchor != 0) anchors_[anchor] = built;
    count(1, built.node);
    place(std::move(built));
  }
  void alias(YamlNode at, std::size_t anchor) {
    auto it = anchors_.find(anchor);
    if (it == anchors_.end()) fail(at, "an alias inside the value that it stands for", "write the value out");
    if (stack_.size() + it->second.depth > limits_.depth)
      fail(at, fmt::format("nested deeper than {} levels", limits_.depth), "a schema needs no such depth");
    count(it->second.nodes, at);
    if ((from_aliases_ += it->second.nodes) > limits_.from_aliases)
      fail(at, fmt::format("aliases stand for more than {} values", limits_.from_aliases),
           "write fewer aliases");
    Built copy = it->second;
    place(std::move(copy));
  }
  YamlNode take() { return std::move(root_); }
  /// Values so far, aliases expanded.
  std::size_t nodes() const { return nodes_; }

 private:
  struct Frame {
    Built built;
    std::size_t anchor = 0;
    std::optional<YamlNode> key;
    Style style = Style::block;
  };

  void count(std::size_t more, const YamlNode& at) {
    nodes_ += more;
    if (nodes_ > limits_.nodes)
      fail(at,
           fmt::format("the document has more than {} values once its aliases are expanded", limits_.nodes),
           "split the schema into several files, or write fewer aliases");
  }
  void place(Built built) {
    if (stack_.empty()) {
      root_ = std::move(built.node);
      return;
    }
    Frame& frame = stack_.back();
    frame.built.nodes += built.nodes;
    frame.built.depth = std::max(frame.built.depth, built.depth + 1);
    YamlNode& parent = frame.built.node;
    if (parent.is_sequence()) {
      const bool cut =
          frame.style == Style::flow && !parent.items.empty() && open_parenthesis(parent.items.back());
      if (!cut || !rejoin(parent.items.back(), built.node)) parent.items.push_back(std::move(built.node));
    } else if (!frame.key) {
      check_key(built.node);
      frame.key = std::move(built.node);
    } else {
      const bool cut = frame.style == Style::flow && built.node.is_null() && !parent.entries.empty() &&
                       bare_key(*frame.key);
      if (!cut || !rejoin(parent.entries.back().value, *frame.key))
        keep_entry(parent, std::move(*frame.key), std::move(built.node));
      frame.key.reset();
    }
  }

  // Between braces and brackets a comma ends a plain value, so that YAML cuts `{ price: numeric(10,2) }` in
  // two. What follows is a key without a colon, or an item after an open parenthesis: neither means anything
  // here otherwise, and the author's text is put together again.
  static bool open_parenthesis(const YamlNode& node) {
    return node.is_scalar() && node.plain &&
           std::count(node.text.begin(), node.text.end(), '(') >
               std::count(node.text.begin(), node.text.end(), ')');
  }
  bool bare_key(const YamlNode& key) const {
    const std::size_t end = offset(key) + key.text.size();
    const std::size_t next = source_.text.find_first_not_of(" \t\r\n", std::min(end, source_.text.size()));
    return key.plain && next != std::string::npos && (source_.text[next] == ',' || source_.text[next] == '}');
  }
  bool rejoin(YamlNode& first, const YamlNode& rest) const {
    if (!first.is_scalar() || !first.plain || !rest.is_scalar() || !rest.plain || first.line != rest.line)
      return false;
    const std::size_t begin = offset(first);
    const std::size_t end = offset(rest) + rest.text.size();
    if (begin >= end || end > source_.text.size()) return false;
    const std::string_view whole = std::string_view(source_.text).substr(begin, end - begin);
    if (!whole.starts_with(first.text) || !whole.ends_with(rest.text)) return false;
    first.text = whole;
    return true;
  }
  std::size_t offset(const YamlNode& node) const {
    if (node.line < 1 || static_cast<std::size_t>(node.line) > source_.lines.size()) return 0;
    return source_.lines[static_cast<std::size_t>(node.line) - 1] + static_cast<std::size_t>(node.column) - 1;
  }

  static void check_key(YamlNode& key) {
    if (key.is_null()) fail(key, "a key must be text", "quote it: \"null\"");
    if (!key.is_scalar()) fail(key, fmt::format("a key must be text, not {}", type_name(key)));
    if (key.plain && key.text == "<<")
      fail(key, "merge keys are not supported",
           "declare the shared columns under `mixins:` and `include:` them");
  }
  void keep_entry(YamlNode& parent, YamlNode key, YamlNode value) {
    // Big mappings get an index; searching each would take quadratic time.
    auto& seen = seen_[stack_.size()];
    if (parent.entries.empty()) seen.clear();
    auto [it, fresh] = seen.emplace(key.text, parent.entries.size());
    if (!fresh)
      fail(key,
           fmt::format("duplicate key '{}', first {}", one_line(key.text),
                       at_place(parent.entries[it->second].key.place())),
           "remove or rename one of them");
    parent.entries.push_back({std::move(key), std::move(value)});
  }

  const YamlSource& source_;
  const YamlLimits& limits_;
  YamlNode root_;
  std::vector<Frame> stack_;
  std::map<std::size_t, Built> anchors_;
  std::map<std::size_t, std::map<std::string, std::size_t>> seen_;  // by depth
  std::size_t nodes_ = 0, from_aliases_ = 0;
};

class Events : public YAML::EventHandler {
 public:
  /// `lines_before`: lines of the source before what the parser sees.
  Events(const YamlSource& source, TreeBuilder& builder, int lines_before)
      : source_(source), builder_(builder), lines_before_(lines_before) {}
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { builder_.leaf(at(mark), anchor); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override { builder_.alias(at(mark), anchor); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlNode node = at(mark);
    node.type = YamlNode::Type::scalar;
    node.text = value;
    node.plain = tag == "?" || tag.empty();
    if (!node.plain && tag != "!") check_tag(node, tag, "tag:yaml.org,2002:str");
    if (!is_utf8(value)) fail(node, "text with NUL or malformed Unicode");
    builder_.leaf(std::move(node), anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    YamlNode node = at(mark);
    node.type = YamlNode::Type::sequence;
    if (tag != "?" && !tag.empty()) check_tag(node, tag, "tag:yaml.org,2002:seq");
    builder_.open(std::move(node), anchor, style_of(style));
  }
  void OnSequenceEnd() override { builder_.close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    YamlNode node = at(mark);
    node.type = YamlNode::Type::mapping;
    if (tag != "?" && !tag.empty()) check_tag(node, tag, "tag:yaml.org,2002:map");
    builder_.open(std::move(node), anchor, style_of(style));
  }
  void OnMapEnd() override { builder_.close(); }

 private:
  YamlNode at(const YAML::Mark& mark) const {
    return node_at(source_, lines_before_ + mark.line + 1, mark.column + 1);
  }
  static TreeBuilder::Style style_of(YAML::EmitterStyle::value style) {
    return style == YAML::EmitterStyle::Flow ? TreeBuilder::Style::flow : TreeBuilder::Style::block;
  }
  static void check_tag(const YamlNode& node, const std::string& tag, std::string_view allowed) {
    if (tag != allowed)
      fail(node, fmt::format("the tag '{}' is not supported", one_line(tag)), "remove the tag");
  }
  const YamlSource& source_;
  TreeBuilder& builder_;
  const int lines_before_;
};

/// What no schema file may hold, found before the parser sees it.
void check_bytes(const YamlSource& source, const YamlLimits& limits) {
  if (source.text.size() > limits.bytes)
    throw InputError(fmt::format("{}: the file has {} bytes; at most {} are read", source.name,
                                 source.text.size(), limits.bytes),
                     "split the schema into several files");
  const bool text_is_utf8 = is_utf8(source.text);
  std::size_t flow = 0;
  for (std::size_t i = 0; i < source.lines.size(); ++i) {
    const auto number = static_cast<int>(i) + 1;
    const std::string_view line = source.line(number);
    if (!text_is_utf8 && !is_utf8(line))
      throw InputError("not UTF-8 text",
                       "save the file as UTF-8; this looks like a binary file or another encoding",
                       {source.name, number, 0});
    for (std::size_t c = 0; c < line.size(); ++c) {
      const auto byte = static_cast<unsigned char>(line[c]);
      if ((byte < 0x20 && byte != '\t') || byte == 0x7F)
        throw InputError(fmt::format("control character 0x{:02x}", byte),
                         "write it as an escape in double quotes",
                         {source.name, number, static_cast<int>(c) + 1});
      // yaml-cpp scans a run of open brackets to its end before it reports the first one.
      flow = byte == '[' || byte == '{' ? flow + 1 : (byte == ' ' || byte == ',' ? flow : 0);
      if (flow > limits.depth)
        throw InputError(fmt::format("nested deeper than {} levels", limits.depth),
                         "a schema needs no such depth", {source.name, number, static_cast<int>(c) + 1});
    }
  }
}

/// What a parser is to read of a source.
struct Section {
  std::string text;
  int lines_before = 0;  ///< lines of the source before it
};

struct Parsed {
  YamlNode root;
  std::size_t nodes = 0;
};

Parsed parse_section(const YamlSource& source, const Section& section, const YamlLimits& limits) {
  TreeBuilder builder(source, limits);
  Events events(source, builder, section.lines_before);
  std::istringstream in(section.text);
  try {
    YAML::Parser parser(in);
    if (!parser.HandleNextDocument(events)) return {node_at(source, 1, 1), 0};
    Parsed out{builder.take(), builder.nodes()};
    TreeBuilder second(source, limits);
    Events more(source, second, section.lines_before);
    if (parser.HandleNextDocument(more)) {
      YamlNode next = second.take();
      fail(next.line > 0 ? next : out.root, "several documents in one file",
           "put each into a file of its own");
    }
    return out;
  } catch (const YAML::Exception& e) {
    if (e.mark.is_null()) fail(node_at(source, 0, 0), e.msg);
    // Its parser ends a plain value between braces at a question mark.
    const bool question = section.text.find('?') != std::string::npos && e.msg == "unknown token";
    fail(node_at(source, e.mark.line + 1, e.mark.column + 1), e.msg,
         question ? "between braces a ? ends the value, as the YAML parser has it: write quotes around the "
                    "whole value"
                  : "see yaml.org for the syntax of YAML");
  }
}

/// Two halves of a big document, cut between two entries of one of its sections (`tables:`); the second
/// begins with the section's head again. Nothing when the text is not written that plainly.
struct Halves {
  Section first, second;
  std::size_t indent = 0;  ///< of the entries
};
std::optional<Halves> halves(const YamlSource& source) {
  const auto indent_of = [](std::string_view line) {
    return std::min(line.find_first_not_of(' '), line.size());
  };
  const auto nothing_in = [&](std::string_view line) {
    line = trim(line);
    return line.empty() || line.front() == '#';
  };
  const auto count = static_cast<int>(source.lines.size());
  const auto middle =
      static_cast<int>(std::upper_bound(source.lines.begin(), source.lines.end(), source.text.size() / 2) -
                       source.lines.begin());
  int head = middle;
  while (head > 0 && (indent_of(source.line(head)) > 0 || nothing_in(source.line(head)))) --head;
  const std::string_view title = trim(source.line(head));
  if (head == 0 || !title.ends_with(':') || title.find_first_of(" \t\"'{[") != std::string_view::npos)
    return std::nullopt;
  int entry = head + 1;
  while (entry < count && nothing_in(source.line(entry))) ++entry;
  Halves out;
  out.indent = indent_of(source.line(entry));
  if (out.indent == 0) return std::nullopt;
  int cut = middle + 1;
  while (cut <= count && (nothing_in(source.line(cut)) || indent_of(source.line(cut)) > out.indent)) ++cut;
  if (cut > count || cut <= entry || indent_of(source.line(cut)) != out.indent) return std::nullopt;
  const std::size_t at = source.lines[static_cast<std::size_t>(cut) - 1];
  out.first.text = source.text.substr(0, at);
  out.second.text = fmt::format("{}\n{}", title, std::string_view(source.text).substr(at));
  out.second.lines_before = cut - 2;
  return out;
}

/// Puts the second half behind the first. False when they are not what was expected of them, or hold an error
/// that only the whole tells.
bool join_halves(Parsed& first, Parsed& second, std::size_t indent, const YamlLimits& limits) {
  if (!first.root.is_mapping() || !second.root.is_mapping() || first.nodes + second.nodes > limits.nodes)
    return false;
  auto& entries = first.root.entries;
  auto& more = second.root.entries;
  if (entries.empty() || more.empty() || entries.back().key.text != more.front().key.text) return false;
  YamlNode& section = entries.back().value;
  YamlNode& rest = more.front().value;
  const auto as_expected = [&](const YamlNode& node) {
    return node.is_mapping() && !node.entries.empty() &&
           node.entries.front().key.column == static_cast<int>(indent) + 1;
  };
  if (!as_expected(section) || !as_expected(rest)) return false;
  std::unordered_set<std::string_view> names;
  for (const auto* list : {&section.entries, &rest.entries})
    for (const auto& each : *list)
      if (!names.insert(each.key.text).second) return false;
  names.clear();
  for (std::size_t i = 0; i < entries.size() + more.size() - 1; ++i)
    if (!names.insert(i < entries.size() ? entries[i].key.text : more[i - entries.size() + 1].key.text)
             .second)
      return false;
  std::move(rest.entries.begin(), rest.entries.end(), std::back_inserter(section.entries));
  std::move(more.begin() + 1, more.end(), std::back_inserter(entries));
  return true;
}

YamlNode parse_document(const YamlSource& source, const YamlLimits& limits) {
  const bool in_halves = source.text.size() > limits.in_one_piece && std::thread::hardware_concurrency() > 1;
  if (const auto parts = in_halves ? halves(source) : std::nullopt) {
    // What ends in an error, or does not fit together, is read again as a whole for the true error.
    auto later = std::async(std::launch::async, [&] { return parse_section(source, parts->second, limits); });
    try {
      Parsed first = parse_section(source, parts->first, limits);
      Parsed second = later.get();
      if (join_halves(first, second, parts->indent, limits)) return std::move(first.root);
    } catch (const InputError&) {  // read again
    }
  }
  return parse_section(source, {source.text, 0}, limits).root;
}

/// Reads bytes and says how far it has come.
class CountedBytes {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;
  CountedBytes(const char* at, const char** reached) : at_(at), reached_(reached) {}
  reference operator*() const { return *at_; }
  CountedBytes& operator++() {
    *reached_ = ++at_;
    return *this;
  }
  CountedBytes operator++(int) {
    const CountedBytes before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountedBytes& other) const { return at_ == other.at_; }

 private:
  const char* at_;
  const char** reached_;
};

/// Feeds JSON into the builder with the exact text of numbers. Places are where a value ends, those of lists
/// and mappings where they begin.
class JsonEvents : public nlohmann::json_sax<nlohmann::json> {
 public:
  JsonEvents(const YamlSource& source, TreeBuilder& builder) : source_(source), builder_(builder) {}
  void read() {
    const char* begin = source_.text.data();
    reached_ = begin;
    nlohmann::json::sax_parse(CountedBytes(begin, &reached_),
                              CountedBytes(begin + source_.text.size(), &reached_), this);
  }
  bool null() override { return leaf(here()); }
  bool boolean(bool v) override { return scalar(v ? "true" : "false", Plain::yes); }
  bool number_integer(number_integer_t v) override { return scalar(std::to_string(v), Plain::yes); }
  bool number_unsigned(number_unsigned_t v) override { return scalar(std::to_string(v), Plain::yes); }
  bool number_float(number_float_t, const string_t& text) override { return scalar(text, Plain::yes); }
  bool string(string_t& v) override { return scalar(v, Plain::no); }
  bool binary(binary_t&) override { return false; }
  bool key(string_t& v) override { return scalar(v, Plain::no); }
  bool start_object(std::size_t) override { return open(YamlNode::Type::mapping); }
  bool end_object() override { return builder_.close(), true; }
  bool start_array(std::size_t) override { return open(YamlNode::Type::sequence); }
  bool end_array() override { return builder_.close(), true; }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception& e) override {
    YamlNode at = at_byte(position);
    at.column = 1;
    fail(at, fmt::format("malformed JSON: {}", one_line(e.what())));
  }

 private:
  enum class Plain { no, yes };
  bool leaf(YamlNode node) { return builder_.leaf(std::move(node), 0), true; }
  bool scalar(const std::string& text, Plain plain) {
    YamlNode node = here();
    node.type = YamlNode::Type::scalar;
    node.plain = plain == Plain::yes;
    node.text = text;
    if (!is_utf8(text)) fail(node, "text with NUL or malformed Unicode");
    return leaf(std::move(node));
  }
  bool open(YamlNode::Type type) {
    YamlNode node = here();
    node.type = type;
    builder_.open(std::move(node), 0, TreeBuilder::Style::block);
    return true;
  }
  YamlNode at_byte(std::size_t number) const {
    const auto line = std::lower_bound(source_.lines.begin() + 1, source_.lines.end(), number);
    return node_at(source_, static_cast<int>(line - source_.lines.begin()),
                   static_cast<int>(number - *(line - 1)));
  }
  YamlNode here() const {
    return at_byte(std::max<std::size_t>(1, static_cast<std::size_t>(reached_ - source_.text.data())));
  }
  const YamlSource& source_;
  TreeBuilder& builder_;
  const char* reached_ = nullptr;
};
}  // namespace

YamlNode parse_yaml(const YamlSource& source, const YamlLimits& limits) {
  check_bytes(source, limits);
  return parse_document(source, limits);
}

YamlNode parse_json(const YamlSource& source, const YamlLimits& limits) {
  check_bytes(source, limits);
  TreeBuilder builder(source, limits);
  JsonEvents events(source, builder);
  events.read();
  return builder.take();
}

bool is_json_number(std::string_view s) {
  std::size_t i = 0;
  auto digits = [&] {
    const std::size_t start = i;
    while (i < s.size() && s[i] >= '0' && s[i] <= '9') ++i;
    return i > start;
  };
  if (i < s.size() && s[i] == '-') ++i;
  const std::size_t first = i;
  if (!digits()) return false;
  if (s[first] == '0' && i > first + 1) return false;
  if (i < s.size() && s[i] == '.') {
    ++i;
    if (!digits()) return false;
  }
  if (i < s.size() && (s[i] == 'e' || s[i] == 'E')) {
    ++i;
    if (i < s.size() && (s[i] == '+' || s[i] == '-')) ++i;
    if (!digits()) return false;
  }
  return i == s.size();
}

}  // namespace trueup
