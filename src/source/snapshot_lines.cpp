#include "source/snapshot_lines.hpp"

#include <algorithm>
#include <unordered_set>

#include "base/error.hpp"

namespace trueup {
namespace {
constexpr std::string_view objects_begin = "\n \"objects\": [\n", objects_end = "\n]}\n";
constexpr std::string_view line_begin = "{\"object\":\"", dropped = "\",\"dropped\":true}";

/// What stands before the quote that ends it; empty when there is none.
std::string_view up_to_quote(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      return text.substr(0, i);
  }
  return {};
}
}  // namespace

std::optional<SnapshotLines> SnapshotLines::read(const std::vector<std::string>& files) {
  SnapshotLines out;
  try {
    for (auto file = files.rbegin(); file != files.rend(); ++file) {
      out.texts_.push_back({*file, read_file(*file), {}});
      out.heads_.push_back(read_snapshot_head(out.texts_.back().text, *file));
      if (out.heads_.back().full) break;
    }
  } catch (const InputError&) {
    return std::nullopt;
  } catch (const WorldError&) {
    return std::nullopt;
  }
  if (out.heads_.empty() || !out.heads_.back().full) return std::nullopt;
  std::reverse(out.texts_.begin(), out.texts_.end());
  std::reverse(out.heads_.begin(), out.heads_.end());
  for (std::size_t i = 0; i < out.texts_.size(); ++i) {
    const SnapshotHead& head = out.heads_[i];
    if (i > 0 && (head.parent != out.heads_[i - 1].state || head.engine != out.heads_[i - 1].engine))
      return std::nullopt;
    if (!out.add(out.texts_[i])) return std::nullopt;
  }
  return out;
}

bool SnapshotLines::add(Text& each) {
  const std::string_view text = each.text;
  const auto begin = text.find(objects_begin);
  if (begin == std::string_view::npos || !text.ends_with(objects_end)) return false;
  each.before_objects = text.substr(0, begin + objects_begin.size());
  // The newline before the end may be the one after the beginning.
  std::string_view rest = text.substr(each.before_objects.size() - 1);
  rest.remove_suffix(objects_end.size());
  std::unordered_set<std::string_view> here;
  while (!rest.empty()) {
    rest.remove_prefix(1);
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size());
    if (!rest.empty()) {
      if (!line.ends_with(',')) return false;
      line.remove_suffix(1);
    }
    if (!line.starts_with(line_begin) || !line.ends_with('}')) return false;
    const std::string_view key = up_to_quote(line.substr(line_begin.size()));
    if (key.empty() || !here.insert(key).second) return false;
    if (line.substr(line_begin.size() + key.size()) != dropped)
      lines_.insert_or_assign(key, line);
    else if (lines_.erase(key) == 0)
      return false;
  }
  return true;
}

std::string_view SnapshotLines::find(std::string_view key) const {
  const auto it = lines_.find(key);
  return it == lines_.end() ? std::string_view{} : it->second;
}

Catalog SnapshotLines::decode(const std::vector<std::string_view>& lines) const {
  std::string text(texts_.back().before_objects);
  for (std::size_t i = 0; i < lines.size(); ++i) text.append(i == 0 ? "" : ",\n").append(lines[i]);
  return std::move(read_snapshot(text.append(objects_end), texts_.back().file).catalog);
}

}  // namespace trueup
