#include "source/yaml_emit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace trueup {
namespace {
constexpr std::size_t line_width = 110;
constexpr std::size_t longest_key = 900;  // YAML's limit for a key without `?` is 1024

/// Code point at `at`, which is advanced; the text is well-formed UTF-8.
std::uint32_t next_character(std::string_view s, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(s[at++]);
  const unsigned extra = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
  std::uint32_t code = extra == 0 ? lead : lead & (0x3FU >> extra);
  for (unsigned i = 0; i < extra && at < s.size(); ++i)
    code = (code << 6U) | (static_cast<unsigned char>(s[at++]) & 0x3FU);
  return code;
}

/// Characters that YAML does not print as they are.
bool must_escape(std::uint32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029 || c == 0xFEFF || c == 0xFFFE ||
         c == 0xFFFF;
}

bool any_escape(std::string_view s, bool newline_is_plain) {
  for (std::size_t i = 0; i < s.size();) {
    const std::uint32_t c = next_character(s, i);
    if (must_escape(c) && !(newline_is_plain && (c == '\n' || c == '\t'))) return true;
  }
  return false;
}

std::string double_quoted(std::string_view s) {
  std::string out = "\"";
  for (std::size_t i = 0; i < s.size();) {
    const std::size_t start = i;
    const std::uint32_t c = next_character(s, i);
    if (c == '"' || c == '\\')
      out += '\\', out += static_cast<char>(c);
    else if (c == '\n')
      out += "\\n";
    else if (c == '\t')
      out += "\\t";
    else if (c == '\r')
      out += "\\r";
    else if (must_escape(c))
      out += c < 0x100 ? fmt::format("\\x{:02x}", c) : fmt::format("\\u{:04x}", c);
    else
      out += s.substr(start, i - start);
  }
  return out + '"';
}

bool null_like(std::string_view s) {
  return s.empty() || s == "~" || lower(s) == "null";
}

/// Words and numbers that one or another YAML reader would not take as text.
bool special_word(std::string_view s) {
  constexpr std::array<std::string_view, 11> words{"true", "false", "yes", "no", "on",  "off",
                                                   "y",    "n",     "=",   "<<", ".nan"};
  const std::string word = lower(s);
  if (std::find(words.begin(), words.end(), word) != words.end() || word.ends_with(".inf")) return true;
  const bool begins = (s[0] >= '0' && s[0] <= '9') || s[0] == '+' || s[0] == '-' || s[0] == '.';
  return begins && word.find_first_not_of("0123456789abcdefox_+-.:t z") == std::string::npos;
}

enum class Where { block, flow };

bool plain(std::string_view s, YamlOut::Type type, Where where) {
  if (null_like(s) || any_escape(s, false)) return false;
  if (s.front() == ' ' || s.back() == ' ') return false;
  if (type == YamlOut::Type::text && special_word(s)) return false;
  if (std::string_view("-?:,[]{}#&*!|>'\"%@`").find(s.front()) != std::string_view::npos) {
    const bool number =
        type == YamlOut::Type::loose && s.front() == '-' && s.size() > 1 && s[1] >= '0' && s[1] <= '9';
    if (!number) return false;
  }
  if (s.starts_with("---") || s.starts_with("...") || s.starts_with("<<")) return false;
  if (where == Where::flow) return s.find_first_of(",?[]{}:#&*!|>'\"%@`\\") == std::string_view::npos;
  return s.find(": ") == std::string_view::npos && s.find(" #") == std::string_view::npos &&
         !s.ends_with(':');
}

std::string scalar(const std::string& s, YamlOut::Type type, Where where) {
  if (type == YamlOut::Type::word) return s;
  if (plain(s, type, where)) return s;
  if (any_escape(s, false)) return double_quoted(s);
  if (s.find('\'') != std::string::npos && s.find_first_of("\"\\") == std::string::npos) return '"' + s + '"';
  return "'" + replace_all(s, "'", "''") + "'";
}

/// May the text stand as a literal block? Only when every byte of it is sure to come back.
bool literal_block(std::string_view s) {
  if (s.find('\n') == std::string_view::npos || any_escape(s, true)) return false;
  if (s.front() == ' ' || s.front() == '\n' || s.front() == '\t' || s.ends_with("\n\n")) return false;
  for (const auto& line : split(s, '\n'))
    if (!line.empty() && (trim(line).empty() || line.front() == '\t')) return false;
  return true;
}

void write_block(std::string& out, std::string_view s, std::size_t indent) {
  out += s.ends_with('\n') ? "|\n" : "|-\n";
  if (s.ends_with('\n')) s.remove_suffix(1);
  for (const auto& line : split(s, '\n')) out += (line.empty() ? "" : std::string(indent, ' ') + line) + "\n";
}

/// `on` is the one word among the format's own keys that some readers would take for a boolean; it stays
/// readable.
std::string key_scalar(const std::string& key, Where where) {
  return key == "on" ? key : scalar(key, YamlOut::Type::text, where);
}

std::string key_text(const std::string& key, Where where) {
  std::string out = key_scalar(key, where);
  return out.size() > longest_key ? "? " + out + "\n" : out;
}
}  // namespace

const YamlOut* YamlOut::find(std::string_view key) const {
  for (const auto& [name, value] : entries_)
    if (name == key) return &value;
  return nullptr;
}

std::string YamlOut::document() const {
  std::string out;
  write_entries(out, 0);
  return out;
}

bool YamlOut::one_line(std::string& out, std::size_t room) const {
  if (block_ || out.size() > room) return false;
  if (type_ != Type::list && type_ != Type::map) {
    if (text_.find('\n') != std::string::npos && literal_block(text_)) return false;
    out += scalar(text_, type_, Where::flow);
    return out.size() <= room;
  }
  if (empty()) {
    out += type_ == Type::list ? "[]" : "{}";
    return true;
  }
  out += type_ == Type::list ? "[" : "{ ";
  bool first = true;
  for (const auto& item : items_) {
    if (!std::exchange(first, false)) out += ", ";
    if (!item.one_line(out, room)) return false;
  }
  for (const auto& [key, value] : entries_) {
    if (!std::exchange(first, false)) out += ", ";
    if (key.size() > longest_key / 6) return false;
    out += key_scalar(key, Where::flow) + ": ";
    if (!value.one_line(out, room)) return false;
  }
  out += type_ == Type::list ? "]" : " }";
  return out.size() <= room;
}

void YamlOut::write(std::string& out, std::size_t indent) const {
  if (type_ != Type::list && type_ != Type::map) {
    if (type_ != Type::word && literal_block(text_)) {
      out += ' ';
      return write_block(out, text_, indent + 2);
    }
    out += " " + scalar(text_, type_, Where::block) + "\n";
    return;
  }
  std::string line;
  const std::size_t used = out.size() - (out.rfind('\n') == std::string::npos ? 0 : out.rfind('\n') + 1);
  if (empty() || one_line(line, line_width - std::min(line_width, used + 1))) {
    if (empty()) line = type_ == Type::list ? "[]" : "{}";
    out += " " + line + "\n";
    return;
  }
  out += '\n';
  if (type_ == Type::list)
    write_items(out, indent + 2);
  else
    write_entries(out, indent + 2);
}

void YamlOut::write_entries(std::string& out, std::size_t indent) const {
  for (const auto& [key, value] : entries_) {
    out += std::string(indent, ' ');
    const std::string name = key_text(key, Where::block);
    out += name;
    if (name.ends_with('\n')) out += std::string(indent, ' ');
    out += ':';
    value.write(out, indent);
  }
}

void YamlOut::write_items(std::string& out, std::size_t indent) const {
  for (const auto& item : items_) {
    out += std::string(indent, ' ') + "-";
    const std::size_t start = out.size();
    item.write(out, indent);
    // A mapping of several lines begins beside its dash.
    if (out[start] == '\n') out.replace(start, indent + 3, " ");
  }
}

}  // namespace trueup
