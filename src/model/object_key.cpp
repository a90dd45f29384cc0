#include "model/object_key.hpp"

#include <algorithm>
#include <vector>

#include "base/error.hpp"

namespace trueup {
namespace {
constexpr std::array<KindInfo, kind_count> infos{{
    {"database", false, false, false, false},   {"namespace", false, false, false, false},
    {"extension", false, false, false, false},  {"enum", false, false, false, true},
    {"domain", false, false, false, true},      {"composite type", false, false, false, true},
    {"sequence", false, false, true, true},     {"function", false, false, false, false},
    {"procedure", false, false, false, false},  {"aggregate", false, false, false, false},
    {"table", false, true, true, true},         {"column", true, false, true, false},
    {"primary key", true, false, false, true},  {"unique", true, false, false, true},
    {"check", true, false, false, false},       {"exclusion", true, false, false, true},
    {"foreign key", true, false, false, false}, {"sequence owner", false, false, false, false},
    {"index", true, false, false, true},        {"projection", true, false, false, false},
    {"view", false, true, false, true},         {"materialized view", false, true, false, true},
    {"dictionary", false, true, false, true},   {"virtual table", false, true, true, true},
    {"trigger", true, false, false, false},     {"event", false, false, false, false},
    {"policy", true, false, false, false},      {"raw", false, false, false, false},
    {"row", true, false, true, false},
}};

bool plain(std::string_view part) {
  return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}
std::string quote_part(std::string_view part) {
  if (plain(part)) return std::string(part);
  std::string out = "\"";
  for (char c : part) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}
}  // namespace

const KindInfo& info(Kind kind) {
  return infos.at(static_cast<std::size_t>(kind));
}

std::optional<Kind> kind_from_name(std::string_view name) {
  for (std::size_t i = 0; i < kind_count; ++i)
    if (infos.at(i).name == name) return static_cast<Kind>(i);
  return std::nullopt;
}

std::string display_name(const ObjectKey& key) {
  std::string out;
  if (!key.ns.empty()) out += quote_part(key.ns) + ".";
  if (info(key.kind).owned) out += quote_part(key.owner) + ".";
  out += quote_part(key.name);
  if (key.kind == Kind::function || key.kind == Kind::procedure || key.kind == Kind::aggregate)
    out += "(" + key.signature + ")";
  return out;
}

std::string to_string(const ObjectKey& key) {
  if (key.kind == Kind::database) return std::string(info(key.kind).name);
  return std::string(info(key.kind).name) + " " + display_name(key);
}

ObjectKey parse_key(std::string_view text) {
  auto fail = [&](std::string_view why) -> ObjectKey {
    throw InputError("malformed object key '" + std::string(text) + "': " + std::string(why));
  };
  ObjectKey key;
  if (text == info(Kind::database).name) return key;
  std::string_view rest;
  std::size_t longest = 0;  // "composite type x" also begins with no shorter kind, but stay exact
  for (std::size_t i = 0; i < kind_count; ++i) {
    auto name = infos.at(i).name;
    if (text.size() > name.size() && text.starts_with(name) && text[name.size()] == ' ' &&
        name.size() > longest) {
      longest = name.size();
      key.kind = static_cast<Kind>(i);
      rest = text.substr(name.size() + 1);
    }
  }
  if (longest == 0) return fail("unknown kind");
  std::vector<std::string> parts;
  std::size_t i = 0;
  while (true) {
    std::string part;
    if (i < rest.size() && rest[i] == '"') {
      for (++i;; ++i) {
        if (i >= rest.size()) return fail("unclosed quote");
        if (rest[i] == '"') {
          if (i + 1 < rest.size() && rest[i + 1] == '"')
            ++i;
          else
            break;
        }
        part += rest[i];
      }
      ++i;
    } else {
      while (i < rest.size() && rest[i] != '.' && rest[i] != '(') part += rest[i++];
      if (!plain(part)) return fail("empty or unquoted part");
    }
    parts.push_back(std::move(part));
    if (i < rest.size() && rest[i] == '.')
      ++i;
    else
      break;
  }
  const bool routine =
      key.kind == Kind::function || key.kind == Kind::procedure || key.kind == Kind::aggregate;
  if (routine) {
    if (i >= rest.size() || rest[i] != '(' || rest.back() != ')') return fail("no argument list");
    key.signature = rest.substr(i + 1, rest.size() - i - 2);
  } else if (i != rest.size()) {
    return fail("trailing characters");
  }
  const std::size_t least = info(key.kind).owned ? 2 : 1;
  if (parts.size() < least || parts.size() > least + 1) return fail("wrong number of parts");
  key.name = parts.back();
  if (info(key.kind).owned) key.owner = parts[parts.size() - 2];
  if (parts.size() == least + 1) key.ns = parts.front();
  return key;
}

}  // namespace trueup
