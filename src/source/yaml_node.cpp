#include "source/yaml_node.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/text.hpp"

namespace trueup {
namespace {
constexpr std::size_t longest_excerpt = 300;

int characters(std::string_view bytes) {
  return static_cast<int>(std::count_if(
      bytes.begin(), bytes.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}
}  // namespace

YamlSource::YamlSource(std::string file_name, std::string content)
    : name(std::move(file_name)), text(std::move(content)), lines{0} {
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\n') lines.push_back(i + 1);
}

std::string_view YamlSource::line(int number) const {
  if (number < 1 || static_cast<std::size_t>(number) > lines.size()) return {};
  const auto index = static_cast<std::size_t>(number) - 1;
  const std::size_t end = index + 1 < lines.size() ? lines[index + 1] - 1 : text.size();
  std::string_view out = std::string_view(text).substr(lines[index], end - lines[index]);
  if (out.ends_with('\r')) out.remove_suffix(1);
  return out;
}

const YamlNode* YamlNode::find(std::string_view key) const {
  for (const auto& entry : entries)
    if (entry.key.text == key) return &entry.value;
  return nullptr;
}

Place YamlNode::place() const {
  if (source == nullptr) return {};
  const std::string_view before =
      source->line(line).substr(0, static_cast<std::size_t>(std::max(0, column - 1)));
  return {source->name, line, line > 0 ? characters(before) + 1 : 0};
}

std::string_view type_name(const YamlNode& node) {
  switch (node.type) {
    case YamlNode::Type::null:
      return "no value";
    case YamlNode::Type::scalar:
      return "text";
    case YamlNode::Type::sequence:
      return "a list";
    case YamlNode::Type::mapping:
      return "a mapping";
  }
  return "";
}

void YamlFindings::add(const YamlNode& at, std::string message, std::string remedy, std::size_t offset) {
  Diagnostic d{at.place(), std::move(message), std::move(remedy), {}};
  if (at.source != nullptr) {
    const std::string_view line = at.source->line(at.line);
    if (offset > 0 && at.is_scalar()) {
      // Inside a quoted or block scalar the offset is only right when the text stands there as it is.
      const auto start = static_cast<std::size_t>(std::max(0, at.column - 1)) + (at.plain ? 0U : 1U);
      if (start <= line.size() && line.substr(start).starts_with(std::string_view(at.text).substr(0, offset)))
        d.place.column = characters(line.substr(0, start + offset)) + 1;
    }
    if (line.size() <= longest_excerpt) d.excerpt = replace_all(std::string(line), "\t", " ");
  }
  found_.push_back(std::move(d));
}

std::vector<Diagnostic> YamlFindings::take() {
  std::stable_sort(found_.begin(), found_.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.place.file, a.place.line, a.place.column) <
           std::tie(b.place.file, b.place.line, b.place.column);
  });
  // One wrong name can be met on several ways (a mixin included twice); say it once.
  auto same = [](const Diagnostic& a, const Diagnostic& b) {
    return a.place == b.place && a.message == b.message;
  };
  found_.erase(std::unique(found_.begin(), found_.end(), same), found_.end());
  return std::move(found_);
}

std::string at_place(const Place& place) {
  return fmt::format("at {}:{}:{}", place.file, place.line, place.column);
}

}  // namespace trueup
