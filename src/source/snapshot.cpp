#include "source/snapshot.hpp"

#include <fstream>

#include "base/text.hpp"
#include "kinds/json_codec.hpp"

namespace trueup {
namespace {
using Json = nlohmann::ordered_json;
constexpr std::string_view restore = "restore the file from version control";

int line_at(std::string_view text, std::size_t offset) {
  return 1 +
         static_cast<int>(std::count(
             text.begin(), text.begin() + static_cast<std::ptrdiff_t>(std::min(offset, text.size())), '\n'));
}

/// Reads one document and knows where it stands in it, for errors.
class Reader {
 public:
  Reader(std::string_view text, const std::string& file) : text_(text), file_(file) {
    try {
      json_ = Json::parse(text_.begin(), text_.end());
    } catch (const nlohmann::json::parse_error& e) {
      fail("not a whole snapshot: the JSON breaks off or is malformed here", e.byte > 0 ? e.byte - 1 : 0);
    }
    if (!json_.is_object()) fail("not a snapshot: expected a JSON object", 0);
  }

  SnapshotHead head() const {
    SnapshotHead head;
    const std::int64_t format = whole("format");
    if (format > snapshot_format)
      throw InputError(fmt::format("snapshot format {} is newer than this version of trueup reads ({})",
                                   format, snapshot_format),
                       "use a newer trueup", Place{file_, line_of("format"), 0});
    if (format < 1) fail_key("format", "expected 1 or more");
    head.engine = text("engine");
    head.version = whole("version");
    if (head.version < 1) fail_key("version", "expected 1 or more");
    head.name = text("name");
    head.parent = hash("parent");
    head.state = hash("state");
    head.full = flag("full");
    return head;
  }

  Snapshot snapshot() const {
    Snapshot out;
    out.head = head();
    static const std::vector<std::string> known{"format",          "engine",     "version", "name",
                                                "parent",          "state",      "full",    "namespaces",
                                                "ordered_columns", "unmodelled", "objects"};
    for (const auto& [key, value] : json_.items())
      if (std::find(known.begin(), known.end(), key) == known.end()) fail_key(key, "unknown key");
    for (const auto& each : member("namespaces", Json::value_t::array, "a list")) {
      if (!each.is_string()) fail_key("namespaces", "expected names");
      out.catalog.namespaces.insert(each.get<std::string>());
    }
    out.catalog.ordered_columns = flag("ordered_columns");
    for (const auto& [name, digest] : member("unmodelled", Json::value_t::object, "an object").items()) {
      if (!digest.is_string()) fail_key("unmodelled", "expected digests");
      out.catalog.unmodelled[name] = digest.get<std::string>();
    }
    for (const auto& each : member("objects", Json::value_t::array, "a list")) object(each, out);
    return out;
  }

 private:
  [[noreturn]] void fail(std::string message, std::size_t offset) const {
    throw InputError(std::move(message), std::string(restore), Place{file_, line_at(text_, offset), 0});
  }
  int line_of(std::string_view key) const {
    const auto at = text_.find(Json(std::string(key)).dump());
    return at == std::string_view::npos ? 1 : line_at(text_, at);
  }
  [[noreturn]] void fail_key(std::string_view key, std::string_view why) const {
    throw InputError(fmt::format("'{}': {}", key, why), std::string(restore), Place{file_, line_of(key), 0});
  }
  const Json& member(std::string_view key, Json::value_t type, std::string_view wanted) const {
    auto it = json_.find(std::string(key));
    if (it == json_.end()) fail_key(key, "missing");
    const bool fits =
        it->type() == type || (type == Json::value_t::number_integer && it->is_number_integer());
    if (!fits) fail_key(key, fmt::format("expected {}", wanted));
    return *it;
  }
  std::string text(std::string_view key) const {
    return member(key, Json::value_t::string, "text").get<std::string>();
  }
  std::int64_t whole(std::string_view key) const {
    return member(key, Json::value_t::number_integer, "a whole number").get<std::int64_t>();
  }
  bool flag(std::string_view key) const {
    return member(key, Json::value_t::boolean, "true or false").get<bool>();
  }
  std::string hash(std::string_view key) const {
    std::string value = text(key);
    if (value.size() != 64 || value.find_first_not_of("0123456789abcdef") != std::string::npos)
      fail_key(key, "expected 64 hexadecimal digits");
    return value;
  }

  void object(const Json& json, Snapshot& out) const {
    if (!json.is_object() || !json.contains("object") || !json["object"].is_string())
      fail_key("objects", "each must be a JSON object that begins with \"object\"");
    const std::string name = json["object"].get<std::string>();
    try {
      const ObjectKey key = parse_key(name);
      if (json.contains("dropped")) {
        if (json.size() != 2 || json["dropped"] != Json(true)) throw InputError("malformed 'dropped'");
        if (out.head.full) throw InputError("'dropped' in a full snapshot");
        if (out.catalog.contains(key) || !dropped_.insert(key).second) throw InputError("listed twice");
        out.dropped.push_back(key);
        return;
      }
      if (dropped_.contains(key)) throw InputError("listed twice");
      Json body = json;
      body.erase("object");
      Catalog::Uses uses;
      take_keys(body, "uses", uses.hard);
      take_keys(body, "uses_soft", uses.soft);
      if (!out.catalog.objects.emplace(key, body_from_json(key, body)).second)
        throw InputError("listed twice");
      if (!uses.hard.empty() || !uses.soft.empty()) out.catalog.uses.emplace(key, std::move(uses));
    } catch (const InputError& e) {
      const std::string& why = e.diagnostics().front().message;
      throw InputError(why.starts_with(name) ? why : fmt::format("{}: {}", name, why), std::string(restore),
                       Place{file_, line_of(name), 0});
    }
  }

  static void take_keys(Json& body, const std::string& field, std::set<ObjectKey>& out) {
    auto it = body.find(field);
    if (it == body.end()) return;
    if (!it->is_array()) throw InputError(fmt::format("'{}': expected a list", field));
    for (const auto& each : *it) {
      if (!each.is_string()) throw InputError(fmt::format("'{}': expected object names", field));
      out.insert(parse_key(each.get<std::string>()));
    }
    body.erase(field);
  }

  std::string_view text_;
  const std::string& file_;
  Json json_;
  mutable std::set<ObjectKey> dropped_;
};

[[noreturn]] void broken_chain(const std::string& file, std::string message) {
  throw InputError(
      std::move(message),
      "restore the snapshots from version control; after a merge of two branches, regenerate the "
      "migration that is not applied yet",
      Place{file, 0, 0});
}

/// `later` brings `state` forward by one migration.
void advance(Catalog& state, Snapshot&& later, const std::string& file) {
  for (const auto& key : later.dropped) {
    if (state.objects.erase(key) == 0)
      broken_chain(
          file, fmt::format("{} is dropped here, but the parent snapshot does not hold it", to_string(key)));
    state.uses.erase(key);
  }
  for (auto& [key, body] : later.catalog.objects) {
    state.objects.insert_or_assign(key, std::move(body));
    state.uses.erase(key);
  }
  state.uses.merge(later.catalog.uses);
  state.namespaces = std::move(later.catalog.namespaces);
  state.unmodelled = std::move(later.catalog.unmodelled);
  state.ordered_columns = later.catalog.ordered_columns;
}
}  // namespace

Snapshot make_snapshot(SnapshotHead head, const Catalog& from, const Catalog& to) {
  Snapshot out;
  out.head = std::move(head);
  out.catalog.namespaces = to.namespaces;
  out.catalog.unmodelled = to.unmodelled;
  out.catalog.ordered_columns = to.ordered_columns;
  const auto same_uses = [&](const ObjectKey& key) {
    const auto a = from.uses.find(key), b = to.uses.find(key);
    if (a == from.uses.end() || b == to.uses.end()) return a == from.uses.end() && b == to.uses.end();
    return a->second == b->second;
  };
  const auto same = [&](const ObjectKey& key, const ObjectBody& body) {
    const auto it = from.objects.find(key);
    if (it == from.objects.end()) return false;
    if (it->second == body && same_uses(key)) return true;
    return object_line(from, key) == object_line(to, key);
  };
  for (const auto& [key, body] : to.objects) {
    if (!out.head.full && same(key, body)) continue;
    out.catalog.objects.emplace(key, body);
    if (auto it = to.uses.find(key); it != to.uses.end()) out.catalog.uses.emplace(key, it->second);
  }
  if (!out.head.full)
    for (const auto& [key, body] : from.objects)
      if (!to.contains(key)) out.dropped.push_back(key);
  return out;
}

std::string write_snapshot(const Snapshot& snapshot) {
  const auto quoted = [](std::string_view s) { return Json(std::string(s)).dump(); };
  Json namespaces = Json::array();
  for (const auto& ns : snapshot.catalog.namespaces) namespaces.push_back(ns);
  std::string out = fmt::format(
      "{{\"format\": {},\n \"engine\": {},\n \"version\": {},\n \"name\": {},\n \"parent\": {},\n \"state\": "
      "{},\n"
      " \"full\": {},\n \"namespaces\": {},\n \"ordered_columns\": {},\n \"unmodelled\": {{",
      snapshot_format, quoted(snapshot.head.engine), snapshot.head.version, quoted(snapshot.head.name),
      quoted(snapshot.head.parent), quoted(snapshot.head.state), snapshot.head.full, namespaces.dump(),
      snapshot.catalog.ordered_columns);
  std::string_view separator = "\n";
  for (const auto& [name, digest] : snapshot.catalog.unmodelled) {
    out += fmt::format("{}  {}: {}", separator, quoted(name), quoted(digest));
    separator = ",\n";
  }
  out += "},\n \"objects\": [";
  separator = "\n";
  // Dropped and present objects in one sorted list, so that a reader meets a change where the object stands.
  std::map<ObjectKey, std::string> dropped;
  for (const auto& key : snapshot.dropped)
    dropped.emplace(key, Json{{"object", to_string(key)}, {"dropped", true}}.dump());
  auto gone = dropped.begin();
  auto line = [&](std::string_view text) {
    out += separator;
    out += text;
    separator = ",\n";
  };
  for (const auto& [key, body] : snapshot.catalog.objects) {
    for (; gone != dropped.end() && gone->first < key; ++gone) line(gone->second);
    line(object_line(snapshot.catalog, key));
  }
  for (; gone != dropped.end(); ++gone) line(gone->second);
  out += "\n]}\n";
  return out;
}

Snapshot read_snapshot(std::string_view text, const std::string& file) {
  return Reader(text, file).snapshot();
}

SnapshotHead read_snapshot_head(std::string_view text, const std::string& file) {
  // The head stands before the objects, so parsing can stop there; anything unusual takes the long way.
  const auto at = text.find("\n \"namespaces\":");
  if (at == std::string_view::npos) return Reader(text, file).head();
  std::string head(trim(text.substr(0, at)));
  if (head.ends_with(',')) head.pop_back();
  head += '}';
  return Reader(head, file).head();
}

Catalog load_snapshot_chain(const std::vector<std::string>& files) {
  std::vector<Snapshot> chain;  // newest first
  for (auto file = files.rbegin(); file != files.rend(); ++file) {
    chain.push_back(read_snapshot(read_file(*file), *file));
    if (chain.size() > 1) {
      const SnapshotHead& later = chain[chain.size() - 2].head;
      if (later.parent != chain.back().head.state)
        broken_chain(*(file - 1),
                     fmt::format("its parent state {} is not what the snapshot before it leads to ({}, {})",
                                 later.parent.substr(0, 12), *file, chain.back().head.state.substr(0, 12)));
      if (later.engine != chain.back().head.engine)
        broken_chain(*file, "snapshots of two engines in one folder");
    }
    if (chain.back().head.full) break;
  }
  if (chain.empty()) return {};
  if (!chain.back().head.full)
    broken_chain(files.front(), "the first snapshot is not a full one; an older file is missing");
  Catalog state = std::move(chain.back().catalog);
  for (std::size_t i = chain.size() - 1; i-- > 0;)
    advance(state, std::move(chain[i]), files[files.size() - 1 - i]);
  if (state_hash(state) != chain.front().head.state)
    broken_chain(files.back(),
                 "the objects listed do not add up to the state the snapshot names; it was damaged or "
                 "edited by hand");
  return state;
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in)
    throw WorldError("cannot read " + path,
                     {.statement = {}, .object = path, .code = {}, .remedy = {}, .place = {}});
  std::string out;
  constexpr std::size_t much = 1U << 20U;
  while (in) {
    const std::size_t size = out.size();
    out.resize(size + much);
    in.read(out.data() + size, static_cast<std::streamsize>(much));
    out.resize(size + static_cast<std::size_t>(in.gcount()));
  }
  if (in.bad()) throw WorldError("cannot read " + path);
  return out;
}

}  // namespace trueup
