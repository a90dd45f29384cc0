// Reads values out of YAML nodes by what a field expects; every problem becomes a finding with its place.
#pragma once
#include <initializer_list>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.hpp"
#include "kinds/walk.hpp"
#include "source/yaml_node.hpp"

namespace trueup {

/// A mapping being read: remembers which keys were asked for, so that the others can be reported as unknown.
class YamlMap {
 public:
  /// A node that is no mapping is a finding, except that no value at all counts as an empty mapping.
  YamlMap(YamlFindings& found, const YamlNode& node, std::string what);
  /// Value of the key, or of the first of its aliases that is present; null when absent.
  const YamlNode* take(std::string_view key);
  const YamlNode* take(std::initializer_list<std::string_view> aliases);
  /// Reports the keys nobody asked for, with the nearest that would have been right.
  void finish();
  const YamlNode& node() const { return node_; }
  const std::string& what() const { return what_; }

 private:
  YamlFindings& found_;
  const YamlNode& node_;
  std::string what_;
  std::vector<std::string> asked_;
};

/// A word of a closed list: what may be written and what it means.
struct YamlWord {
  std::string_view written;
  std::string_view means;
};

/// The closed lists of words, by field name; empty for a field that takes any text.
std::span<const YamlWord> yaml_words(std::string_view field);

/// Field types that a value without surroundings fills.
template <class M>
inline constexpr bool is_plain_value =
    std::is_same_v<M, std::string> || std::is_same_v<M, bool> || std::is_same_v<M, std::int64_t> ||
    std::is_same_v<M, Expr> || std::is_same_v<M, DataType> || std::is_same_v<M, std::vector<std::string>> ||
    std::is_same_v<M, std::map<std::string, std::string>>;

class YamlValues {
 public:
  YamlValues(const EngineDialect& dialect, YamlFindings& found);

  /// Is the node a map from engines to values? True when it is a mapping whose keys are all names of engines.
  bool by_engine(const YamlNode& node) const;
  /// Remedy for a mapping that is one by engine but for a key.
  std::string unknown_engine(const YamlNode& node) const;
  /// The value for this engine of a map from engines to values; any other node itself. Null, with a finding,
  /// when the map lacks this engine.
  const YamlNode* pick(const YamlNode* node, std::string_view what) const;
  /// Does the object apply to this engine? Reads its `engines:`; without one it does.
  bool applies(const YamlNode& body) const;
  /// Names of `engines:`, a list or one name; unknown ones are findings.
  std::vector<std::string> engine_list(const YamlNode& node) const;

  // Each leaves `out` alone and adds a finding when the node is not what it should be.
  bool read(const YamlNode& node, std::string_view what, std::string& out) const;
  bool read(const YamlNode& node, std::string_view what, bool& out) const;
  bool read(const YamlNode& node, std::string_view what, std::int64_t& out) const;
  bool read(const YamlNode& node, std::string_view what, Expr& out) const;
  bool read(const YamlNode& node, std::string_view what, DataType& out) const;
  bool read(const YamlNode& node, std::string_view what, std::vector<std::string>& out) const;
  bool read(const YamlNode& node, std::string_view what, std::map<std::string, std::string>& out) const;
  bool word(const YamlNode& node, std::string_view what, std::span<const YamlWord> words,
            std::string& out) const;

  /// Options for this engine: a map of settings, or a map from engines to such maps.
  void options(const YamlNode& node, std::string_view what, Options& out) const;

  /// Reads the fields of the kind's table that are plain values, by name; not those in `skip`, nor references
  /// and parts of keys, which need to know the objects around them.
  template <class T>
  void fields(YamlMap& map, T& body, std::initializer_list<std::string_view> skip = {}) const {
    for_each_field<T>([&](const auto& f) {
      using M = std::remove_cvref_t<decltype(body.*f.member)>;
      if (std::find(skip.begin(), skip.end(), f.name) != skip.end()) return;
      if constexpr (requires { T::kind; })
        if (!dialect_.has_field(T::kind, f.name)) return refuse(map, T::kind, f.name);
      field_of(map, f.name, body.*f.member, static_cast<M*>(nullptr));
    });
  }

  const EngineDialect& dialect() const { return dialect_; }
  YamlFindings& found() const { return found_; }
  const std::vector<std::string>& engines() const { return engines_; }

 private:
  /// Reports a field that the engine does not have, where it is written.
  void refuse(YamlMap& map, Kind kind, std::string_view field) const;
  template <class M>
  void field_of(YamlMap& map, std::string_view name, M& out, M*) const {
    if constexpr (detail::is_optional<M>::value) {
      if constexpr (!std::is_same_v<M, std::optional<Ref>> && !std::is_same_v<M, std::optional<Identity>>)
        if (const YamlNode* node = map.take(name)) {
          typename M::value_type value{};
          if (const YamlNode* chosen = pick(node, name))
            if (read(*chosen, name, value)) out = std::move(value);
        }
    } else if constexpr (std::is_same_v<M, Options>) {
      const YamlNode* node = map.take(name);
      if (node == nullptr) return;
      if (name == "options")
        options(*node, name, out);
      else if (const YamlNode* chosen = pick(node, name))
        read(*chosen, name, out);
    } else if constexpr (is_plain_value<M>) {
      const YamlNode* node = map.take(name);
      if (node == nullptr) return;
      if (const YamlNode* chosen = pick(node, name)) read_word_or(*chosen, name, out);
    }
  }
  template <class M>
  void read_word_or(const YamlNode& node, std::string_view name, M& out) const {
    if constexpr (std::is_same_v<M, std::string>) {
      if (const auto words = yaml_words(name); !words.empty()) {
        word(node, name, words, out);
        return;
      }
    }
    read(node, name, out);
  }

  const EngineDialect& dialect_;
  YamlFindings& found_;
  std::vector<std::string> engines_;
};

/// `'on'`-quoting of names in messages, without control characters.
std::string named(std::string_view name);

}  // namespace trueup
