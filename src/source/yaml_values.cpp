#include "source/yaml_values.hpp"

#include <charconv>

#include "base/text.hpp"

namespace trueup {
namespace {
constexpr std::array<YamlWord, 2> generated_kind{{{"stored", "stored"}, {"virtual", "virtual"}}};
constexpr std::array<YamlWord, 2> generation{{{"always", "always"}, {"by default", "by default"}}};
constexpr std::array<YamlWord, 3> volatility{
    {{"immutable", "immutable"}, {"stable", "stable"}, {"volatile", ""}}};
constexpr std::array<YamlWord, 3> parallel{{{"safe", "safe"}, {"restricted", "restricted"}, {"unsafe", ""}}};
constexpr std::array<YamlWord, 2> level{{{"row", "row"}, {"statement", "statement"}}};
constexpr std::array<YamlWord, 3> timing{
    {{"before", "before"}, {"after", "after"}, {"instead of", "instead of"}}};
constexpr std::array<YamlWord, 4> enabled{
    {{"disabled", "disabled"}, {"replica", "replica"}, {"always", "always"}, {"enabled", ""}}};
constexpr std::array<YamlWord, 2> order{{{"asc", "asc"}, {"desc", "desc"}}};
constexpr std::array<YamlWord, 2> nulls{{{"first", "first"}, {"last", "last"}}};
constexpr std::array<YamlWord, 3> match{{{"full", "full"}, {"partial", "partial"}, {"simple", ""}}};
constexpr std::array<YamlWord, 5> action{{{"no action", "no action"},
                                          {"restrict", "restrict"},
                                          {"cascade", "cascade"},
                                          {"set null", "set null"},
                                          {"set default", "set default"}}};
constexpr std::array<YamlWord, 2> on_removed{{{"keep", "keep"}, {"delete", "delete"}}};

/// `a`, or `a or b`, or `a, b or c`.
std::string choices(std::span<const YamlWord> words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
    out += fmt::format("'{}'", words[i].written);
  }
  return out;
}
}  // namespace

std::span<const YamlWord> yaml_words(std::string_view field) {
  if (field == "generated_kind") return generated_kind;
  if (field == "generation") return generation;
  if (field == "volatility") return volatility;
  if (field == "parallel") return parallel;
  if (field == "level") return level;
  if (field == "timing") return timing;
  if (field == "enabled") return enabled;
  if (field == "order") return order;
  if (field == "nulls") return nulls;
  if (field == "match") return match;
  if (field == "on_delete" || field == "on_update") return action;
  if (field == "on_removed") return on_removed;
  return {};
}

std::string named(std::string_view name) {
  return "'" + one_line(name) + "'";
}

YamlMap::YamlMap(YamlFindings& found, const YamlNode& node, std::string what)
    : found_(found), node_(node), what_(std::move(what)) {
  if (!node.is_mapping() && !node.is_null())
    found_.add(node, fmt::format("{} must be a mapping, not {}", what_, type_name(node)));
}

const YamlNode* YamlMap::take(std::string_view key) {
  asked_.emplace_back(key);
  return node_.find(key);
}

const YamlNode* YamlMap::take(std::initializer_list<std::string_view> aliases) {
  const YamlNode* out = nullptr;
  std::string_view first;
  for (auto key : aliases) {
    const YamlNode* node = take(key);
    if (node == nullptr) continue;
    if (out != nullptr)
      found_.add(*node, fmt::format("'{}' and '{}' mean the same", first, key), "keep one of them");
    else
      out = node, first = key;
  }
  return out;
}

void YamlMap::finish() {
  for (const auto& entry : node_.entries) {
    if (std::find(asked_.begin(), asked_.end(), entry.key.text) != asked_.end()) continue;
    const std::string near = nearest(entry.key.text, asked_);
    std::string remedy;
    if (!near.empty()) {
      remedy = fmt::format("did you mean '{}'?", near);
    } else if (asked_.size() <= 40) {
      std::vector<std::string> known = asked_;
      std::sort(known.begin(), known.end());
      known.erase(std::unique(known.begin(), known.end()), known.end());
      remedy = "known here: " + join(known, ", ");
    }
    found_.add(entry.key, fmt::format("unknown key {} in {}", named(entry.key.text), what_),
               std::move(remedy));
  }
}

YamlValues::YamlValues(const EngineDialect& dialect, YamlFindings& found) : dialect_(dialect), found_(found) {
  for (auto name : dialect_names()) engines_.emplace_back(name);
  const std::string own(dialect.name());
  if (std::find(engines_.begin(), engines_.end(), own) == engines_.end()) engines_.push_back(own);
}

bool YamlValues::by_engine(const YamlNode& node) const {
  return node.is_mapping() && !node.entries.empty() &&
         std::all_of(node.entries.begin(), node.entries.end(), [&](const YamlEntry& entry) {
           return std::find(engines_.begin(), engines_.end(), entry.key.text) != engines_.end();
         });
}

std::string YamlValues::unknown_engine(const YamlNode& node) const {
  const auto is_engine = [&](const YamlEntry& entry) {
    return std::find(engines_.begin(), engines_.end(), entry.key.text) != engines_.end();
  };
  if (std::none_of(node.entries.begin(), node.entries.end(), is_engine)) return {};
  const auto other = std::find_if_not(node.entries.begin(), node.entries.end(), is_engine);
  return other == node.entries.end()
             ? std::string()
             : fmt::format("{} is no engine; known: {}", named(other->key.text), join(engines_, ", "));
}

const YamlNode* YamlValues::pick(const YamlNode* node, std::string_view what) const {
  if (node == nullptr || !by_engine(*node)) return node;
  if (const YamlNode* chosen = node->find(dialect_.name())) return chosen;
  found_.add(*node, fmt::format("'{}' has no value for {}", what, dialect_.name()),
             fmt::format("add `{}:`, or limit the object with `engines:`", dialect_.name()));
  return nullptr;
}

void YamlValues::refuse(YamlMap& map, Kind kind, std::string_view field) const {
  if (map.node().find(field) == nullptr) return;
  const YamlNode& node = *map.take(field);
  if (by_engine(node) && node.find(dialect_.name()) == nullptr) return;  // meant for others
  found_.add(node, fmt::format("a {} of {} has no '{}'", info(kind).name, dialect_.name(), field),
             fmt::format("give it by engine: `{}: {{ ENGINE: ... }}`", field));
}

std::vector<std::string> YamlValues::engine_list(const YamlNode& node) const {
  std::vector<std::string> out;
  auto one = [&](const YamlNode& item) {
    if (!item.is_scalar()) {
      found_.add(item, fmt::format("an engine is named by text, not {}", type_name(item)));
    } else if (std::find(engines_.begin(), engines_.end(), item.text) == engines_.end()) {
      const std::string near = nearest(item.text, engines_);
      found_.add(item, fmt::format("unknown engine {}", named(item.text)),
                 near.empty() ? "known: " + join(engines_, ", ") : fmt::format("did you mean '{}'?", near));
    } else if (std::find(out.begin(), out.end(), item.text) != out.end()) {
      found_.add(item, fmt::format("engine {} is named twice", named(item.text)), "name it once");
    } else {
      out.push_back(item.text);
    }
  };
  if (node.is_sequence() && node.items.empty())
    found_.add(node, "'engines' is an empty list", "name an engine");
  if (node.is_sequence())
    for (const auto& item : node.items) one(item);
  else
    one(node);
  return out;
}

bool YamlValues::applies(const YamlNode& body) const {
  const YamlNode* limit = body.find("engines");
  if (limit == nullptr) return true;
  const auto before = found_.size();
  const auto names = engine_list(*limit);
  // A misspelt engine must not quietly take the object away.
  return found_.size() > before || std::find(names.begin(), names.end(), dialect_.name()) != names.end();
}

bool YamlValues::read(const YamlNode& node, std::string_view what, std::string& out) const {
  if (!node.is_scalar()) {
    if (node.is_null())
      found_.add(node, fmt::format("'{}' has no value", what), "write it, or remove the key");
    else
      found_.add(node, fmt::format("'{}' must be text, not {}", what, type_name(node)), unknown_engine(node));
    return false;
  }
  out = node.text;
  return true;
}

bool YamlValues::read(const YamlNode& node, std::string_view what, bool& out) const {
  const std::string value = node.is_scalar() && node.plain ? lower(node.text) : "";
  if (value != "true" && value != "false") {
    found_.add(node, fmt::format("'{}' must be true or false", what));
    return false;
  }
  out = value == "true";
  return true;
}

bool YamlValues::read(const YamlNode& node, std::string_view what, std::int64_t& out) const {
  std::int64_t value = 0;
  const char* end = node.text.data() + node.text.size();
  const auto [stop, problem] = std::from_chars(node.text.data(), end, value);
  if (!node.is_scalar() || node.text.empty() || stop != end || problem != std::errc{}) {
    found_.add(node, fmt::format("'{}' must be a whole number", what));
    return false;
  }
  out = value;
  return true;
}

bool YamlValues::read(const YamlNode& node, std::string_view what, Expr& out) const {
  std::string text;
  if (!read(node, what, text)) return false;
  if (trim(text).empty()) {
    found_.add(node, fmt::format("'{}' is empty", what), "write an SQL expression; the empty text is \"''\"");
    return false;
  }
  out = Expr{std::move(text), {}};
  return true;
}

bool YamlValues::read(const YamlNode& node, std::string_view what, DataType& out) const {
  return read(node, what, out.text);
}

bool YamlValues::read(const YamlNode& node, std::string_view what, std::vector<std::string>& out) const {
  std::vector<std::string> all;
  if (!node.is_sequence()) {
    std::string one;
    if (node.is_mapping()) {
      found_.add(node, fmt::format("'{}' must be a list, not a mapping", what));
      return false;
    }
    if (!read(node, what, one)) return false;
    all.push_back(std::move(one));
  }
  for (const auto& item : node.items) {
    std::string one;
    if (item.is_null()) {
      found_.add(item, fmt::format("an item of '{}' has no value", what),
                 "quote it if the word itself is meant");
      return false;
    }
    if (!read(item, what, one)) return false;
    all.push_back(std::move(one));
  }
  out = std::move(all);
  return true;
}

bool YamlValues::read(const YamlNode& node, std::string_view what,
                      std::map<std::string, std::string>& out) const {
  if (!node.is_mapping()) {
    found_.add(node, fmt::format("'{}' must be a mapping, not {}", what, type_name(node)));
    return false;
  }
  bool good = true;
  for (const auto& entry : node.entries)
    good = read(entry.value, entry.key.text, out[entry.key.text]) && good;
  return good;
}

bool YamlValues::word(const YamlNode& node, std::string_view what, std::span<const YamlWord> words,
                      std::string& out) const {
  std::string text;
  if (!read(node, what, text)) return false;
  const std::string plain = replace_all(lower(trim(text)), "_", " ");
  for (const auto& word : words) {
    if (word.written != plain) continue;
    out = word.means;
    return true;
  }
  found_.add(node, fmt::format("'{}' must be {}, not {}", what, choices(words), named(text)));
  return false;
}

void YamlValues::options(const YamlNode& node, std::string_view what, Options& out) const {
  const YamlNode* chosen = &node;
  if (by_engine(node))
    chosen = node.find(dialect_.name());  // settings of other engines are none of this one's
  if (chosen == nullptr) return;
  if (!chosen->is_mapping()) {
    found_.add(*chosen, fmt::format("'{}' must be a mapping, not {}", what, type_name(*chosen)));
    return;
  }
  for (const auto& entry : chosen->entries) {
    const bool engine = std::find(engines_.begin(), engines_.end(), entry.key.text) != engines_.end();
    if (engine && entry.value.is_mapping())
      found_.add(entry.key, fmt::format("'{}' mixes settings with engines", what),
                 "put every setting under the name of its engine");
    else
      read(entry.value, entry.key.text, out[entry.key.text]);
  }
}

}  // namespace trueup
