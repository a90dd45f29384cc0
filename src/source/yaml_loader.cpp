#include "source/yaml_loader.hpp"

#include <unordered_set>

#include "base/text.hpp"
#include "engine/conventional_name.hpp"

namespace trueup {

YamlLoader::YamlLoader(const EngineDialect& dialect, std::string folder)
    : dialect_(dialect), folder_(std::move(folder)), values_(dialect, found_) {}

void YamlLoader::add(std::string name, std::string text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  File& file = files_.emplace_back(File{YamlSource(std::move(name), std::move(text)), {}, {}});
  try {
    file.root = parse_yaml(file.source);
  } catch (const InputError& e) {
    for (const auto& d : e.diagnostics()) found_.add(d);
  }
}

void YamlLoader::forget(const std::string& name) {
  files_.remove_if([&](const File& file) { return file.source.name == name; });
}

Catalog YamlLoader::finish(std::vector<std::string>* declared_engines) {
  auto stop = [&] {
    if (!found_.empty()) throw InputError(found_.take());
  };
  stop();  // what a broken file lacks would only look like dangling references elsewhere
  for (File& file : files_) read_head(file);
  for (File& file : files_) read_sections(file);
  settle_names();
  for (auto& task : later_) task();
  stop();
  if (declared_engines != nullptr) *declared_engines = engines_;
  for (const auto& [key, body] : catalog_.objects)
    catalog_.places.emplace_hint(catalog_.places.end(), key, std::move(places_.at(&key)));
  catalog_.ordered_columns = dialect_.capabilities().column_order;
  return std::move(catalog_);
}

void YamlLoader::read_head(File& file) {
  if (file.root.is_null()) return;
  if (!file.root.is_mapping()) {
    found_.add(file.root, fmt::format("a schema file must be a mapping, not {}", type_name(file.root)),
               "begin with `tables:`");
    return;
  }
  if (const YamlNode* node = file.root.find("namespace")) {
    if (const YamlNode* chosen = values_.pick(node, "namespace")) values_.read(*chosen, "namespace", file.ns);
    if (!dialect_.capabilities().namespaces) file.ns.clear();
    if (!file.ns.empty()) catalog_.namespaces.insert(file.ns);
  }
  if (const YamlNode* node = file.root.find("engines")) {
    const auto names = values_.engine_list(*node);
    if (engines_at_ != nullptr && names != engines_)
      found_.add(*node, fmt::format("'engines' differs from the list {}", at_place(engines_at_->place())),
                 "keep one list of engines");
    engines_ = names;
    engines_at_ = node;
  }
  const YamlNode* mixins = file.root.find("mixins");
  if (mixins == nullptr || mixins->is_null()) return;
  if (!mixins->is_mapping()) {
    found_.add(*mixins, fmt::format("'mixins' must be a mapping, not {}", type_name(*mixins)));
    return;
  }
  for (const auto& entry : mixins->entries) {
    auto [it, fresh] = mixins_.emplace(entry.key.text, &entry.value);
    if (!fresh)
      found_.add(entry.key, fmt::format("mixin {} is declared twice, first {}", named(entry.key.text),
                                        at_place(it->second->place())));
  }
}

void YamlLoader::read_sections(File& file) {
  if (!file.root.is_mapping()) return;
  YamlMap map(found_, file.root, "the schema file");
  for (auto key : {"engines", "namespace", "mixins"}) map.take(key);
  if (const YamlNode* only = map.take("only")) {
    const auto names = values_.engine_list(*only);
    const std::string own(dialect_.name());
    if (!names.empty() && std::find(names.begin(), names.end(), own) == names.end()) return;
  }
  auto read = [&](std::string_view name, Reader reader) {
    if (const YamlNode* node = map.take(name)) section(file, *node, name, reader);
  };
  if (const YamlNode* node = map.take("database")) database(*node);
  read("namespaces", &YamlLoader::name_space);
  read("extensions", &YamlLoader::extension);
  read("enums", &YamlLoader::enum_type);
  read("domains", &YamlLoader::domain);
  read("types", &YamlLoader::composite_type);
  read("sequences", &YamlLoader::sequence);
  read("tables", &YamlLoader::table);
  read("views", &YamlLoader::view);
  read("materialized_views", &YamlLoader::materialized_view);
  read("dictionaries", &YamlLoader::dictionary);
  read("virtual_tables", &YamlLoader::virtual_table);
  read("events", &YamlLoader::event);
  read("functions", &YamlLoader::function);
  read("procedures", &YamlLoader::procedure);
  read("aggregates", &YamlLoader::aggregate);
  read("raw", &YamlLoader::raw);
  read("data", &YamlLoader::data);
  read("unmodelled", &YamlLoader::unmodelled);
  map.finish();
}

void YamlLoader::section(const File& file, const YamlNode& node, std::string_view what, Reader reader) {
  if (node.is_null()) return;
  if (node.is_sequence() && (what == "extensions" || what == "namespaces")) {
    static const YamlNode nothing;
    for (const auto& item : node.items) {
      if (item.is_scalar())
        (this->*reader)(file, item, nothing);
      else
        found_.add(item, fmt::format("an item of '{}' must be a name, not {}", what, type_name(item)));
    }
    return;
  }
  if (!node.is_mapping()) {
    found_.add(node, fmt::format("'{}' must be a mapping, not {}", what, type_name(node)));
    return;
  }
  for (const auto& entry : node.entries) {
    if (entry.key.text.empty())
      found_.add(entry.key, fmt::format("an empty name in '{}'", what));
    else if (!values_.applies(entry.value))
      continue;
    else if (const YamlNode* body = values_.pick(&entry.value, entry.key.text))
      (this->*reader)(file, entry.key, *body);
  }
}

bool YamlLoader::lacks(Kind kind, const YamlNode& at) {
  if (dialect_.handler(kind) != nullptr) return false;
  std::vector<std::string> able;
  for (auto name : dialect_names())
    if (const EngineDialect* other = dialect(name); other != nullptr && other->handler(kind) != nullptr)
      able.emplace_back(name);
  found_.add(at, fmt::format("{} has no object of the kind '{}'", dialect_.name(), info(kind).name),
             fmt::format("limit it with `engines: [{}]`", join(able, ", ")));
  return true;
}

std::optional<YamlLoader::Name> YamlLoader::name_of(const YamlNode& at, const std::string& text) {
  Name out;
  std::vector<std::string> parts(1);
  std::size_t i = 0;
  bool quoted = false;
  auto fail = [&](std::string_view why) {
    found_.add(
        at, fmt::format("malformed name {}: {}", named(text), why),
        "write `namespace.name`; put parts with dots or quotes in double quotes, doubling inner quotes");
    return std::nullopt;
  };
  for (; i < text.size() && text[i] != '('; ++i) {
    if (text[i] == '.') {
      parts.emplace_back();
      quoted = false;
    } else if (text[i] == '"' && parts.back().empty()) {
      quoted = true;
      for (++i; i < text.size(); ++i) {
        if (text[i] == '"' && (i + 1 >= text.size() || text[i + 1] != '"')) break;
        if (text[i] == '"') ++i;
        parts.back() += text[i];
      }
      if (i >= text.size()) return fail("a quote is never closed");
      if (i + 1 < text.size() && text[i + 1] != '.' && text[i + 1] != '(')
        return fail("text after a quoted part");
    } else {
      parts.back() += text[i];
    }
  }
  if (i < text.size()) {
    if (text.back() != ')') return fail("'(' is never closed");
    out.signature = std::string(trim(std::string_view(text).substr(i + 1, text.size() - i - 2)));
    out.has_signature = true;
    if (!quoted) parts.back() = std::string(trim(parts.back()));
  }
  if (parts.size() > 2) return fail("more than two parts");
  for (const auto& part : parts)
    if (part.empty()) return fail("an empty part");
  out.name = parts.back();
  out.has_ns = parts.size() == 2;
  if (out.has_ns) out.ns = parts.front();
  return out;
}

std::optional<ObjectKey> YamlLoader::key_of(Kind kind, const File& file, const YamlNode& key, YamlMap& body) {
  body.take("engines");
  if (kind == Kind::name_space || kind == Kind::extension || kind == Kind::raw)
    return ObjectKey{kind, "", "", key.text, ""};
  const YamlNode* ns_node = body.take("namespace");
  auto name = name_of(key, key.text);
  if (!name) return std::nullopt;
  const bool routine = kind == Kind::function || kind == Kind::procedure || kind == Kind::aggregate;
  if (name->has_signature &&
      !routine) {  // only routines have argument lists; elsewhere `(` is part of the name
    name->name += "(" + name->signature + ")";
    name->signature.clear();
  }
  std::string ns = file.ns;
  if (name->has_ns) ns = name->ns;
  if (ns_node != nullptr) {
    std::string given;
    const YamlNode* chosen = values_.pick(ns_node, "namespace");
    if (chosen != nullptr && values_.read(*chosen, "namespace", given)) {
      if (name->has_ns && given != name->ns)
        found_.add(*chosen, fmt::format("'namespace' differs from the name {}", named(key.text)),
                   "keep one of them");
      ns = given;
    }
  }
  if (!dialect_.capabilities().namespaces) {
    if (name->has_ns)
      found_.add(key, fmt::format("{} has no namespaces", dialect_.name()),
                 "name the namespace once with `namespace:`, or limit the object with `engines:`");
    ns.clear();
  }
  if (!ns.empty()) catalog_.namespaces.insert(ns);
  return ObjectKey{kind, ns, "", name->name, name->signature};
}

bool YamlLoader::declare(const ObjectKey& key, ObjectBody body, const YamlNode& at) {
  const ObjectKey* clash = nullptr;
  if (info(key.kind).relation) {
    ObjectKey other = key;
    for (std::size_t i = 0; i < kind_count && clash == nullptr; ++i) {
      other.kind = static_cast<Kind>(i);
      if (!info(other.kind).relation || other.kind == key.kind) continue;
      if (const auto it = catalog_.objects.find(other); it != catalog_.objects.end()) clash = &it->first;
    }
  }
  if (clash == nullptr) {
    const auto [it, fresh] = catalog_.objects.try_emplace(key, std::move(body));
    if (fresh) return places_.emplace(&it->first, at.place()), true;
    clash = &it->first;
  }
  found_.add(at, fmt::format("{} is declared twice, first {}", to_string(key), at_place(places_.at(clash))),
             "remove or rename one of them");
  return false;
}

void YamlLoader::pend(Kind kind, const Relation& relation, const std::string& name, ObjectBody body,
                      const YamlNode& at, std::vector<std::string> name_columns, std::string label) {
  if (lacks(kind, at)) return;
  pending_.push_back({ObjectKey{kind, relation.key.ns, relation.key.name, name, ""}, std::move(body), &at,
                      std::move(name_columns), std::move(label)});
}

void YamlLoader::settle_names() {
  // Keys and indexes share the namespace of relations; checks and foreign keys only their table's.
  std::unordered_set<std::string> taken;
  auto own = [](Kind kind) { return kind == Kind::check || kind == Kind::foreign_key; };
  auto scope = [&](const ObjectKey& key) {
    return key.ns + '\0' + (own(key.kind) ? key.owner : std::string()) + '\0';
  };
  auto note = [&](const ObjectKey& key) {
    if (info(key.kind).shares_names || own(key.kind)) taken.insert(scope(key) + key.name);
  };
  for (std::size_t i = 0; i < kind_count; ++i)
    if (const Kind kind = static_cast<Kind>(i); info(kind).shares_names || own(kind))
      for (const auto& [key, body] : catalog_.of_kind(kind)) note(key);
  // Explicit names first, so that no conventional one takes a name that somebody wrote.
  for (auto& p : pending_) {
    if (p.key.name.empty()) continue;
    note(p.key);
    declare(p.key, std::move(p.body), *p.at);
  }
  // The order of files must not matter: by table, then as written.
  std::vector<Pending*> unnamed;
  for (auto& p : pending_)
    if (p.key.name.empty()) unnamed.push_back(&p);
  std::stable_sort(unnamed.begin(), unnamed.end(), [](const Pending* a, const Pending* b) {
    return std::tie(a->key.ns, a->key.owner) < std::tie(b->key.ns, b->key.owner);
  });
  for (Pending* p : unnamed) {
    for (int n = 0; p->key.name.empty() || taken.contains(scope(p->key) + p->key.name); ++n)
      p->key.name =
          conventional_name(p->key.owner, p->name_columns, n == 0 ? p->label : p->label + std::to_string(n));
    note(p->key);
    declare(p->key, std::move(p->body), *p->at);
  }
}

}  // namespace trueup
