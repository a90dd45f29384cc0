// Keys, checks, indexes, foreign keys and triggers of the schema file.
#include "base/text.hpp"
#include "engine/conventional_name.hpp"
#include "source/yaml_loader.hpp"

namespace trueup {
namespace {
/// Names of the columns that an unnamed key or foreign key carries in its name.
std::vector<std::string> names_of(const std::vector<Ref>& refs) {
  std::vector<std::string> out;
  for (const auto& ref : refs) out.push_back(ref.to.name);
  return out;
}
}  // namespace

void YamlLoader::parts(Relation& relation, const YamlNode* node, std::string_view what, PartReader reader) {
  if (node == nullptr || node->is_null()) return;
  auto one = [&](const std::string& name, const YamlNode& at, const YamlNode& value) {
    if (!values_.applies(value)) return;
    if (value.is_null())
      found_.add(at, fmt::format("an item of '{}' has no value", what));
    else if (const YamlNode* chosen = values_.pick(&value, what))
      (this->*reader)(relation, name, at, *chosen);
  };
  if (node->is_sequence()) {
    for (const auto& item : node->items) one("", item, item);
  } else if (node->is_mapping()) {
    for (const auto& entry : node->entries) {
      if (entry.key.text.empty())
        found_.add(entry.key, fmt::format("an empty name in '{}'", what));
      else
        one(entry.key.text, entry.key, entry.value);
    }
  } else {
    found_.add(*node,
               fmt::format("'{}' must be a mapping of names or a list, not {}", what, type_name(*node)));
  }
}

template <class T>
void YamlLoader::key_like(Relation& relation, YamlMap& map, T& out) {
  map.take("engines");
  out.on = index_parts(relation, map.take({"on", "columns"}), map.node());
  if (const YamlNode* node = map.take("include")) out.include = column_refs(relation, *node, "include");
  values_.fields(map, out);
  map.finish();
}

void YamlLoader::add_primary_key(Relation& relation, const std::string& name, PrimaryKey body,
                                 const YamlNode& at) {
  if (relation.primary_key != nullptr) {
    found_.add(at,
               fmt::format("{} has two primary keys, the first {}", to_string(relation.key),
                           at_place(relation.primary_key->place())),
               "write `primary_key: [a, b]` for a key of several columns");
    return;
  }
  relation.primary_key = &at;
  pend(Kind::primary_key, relation, name, std::move(body), at, {}, "pkey");
}

void YamlLoader::primary_key(Relation& relation, const YamlNode& node) {
  PrimaryKey out;
  std::string name;
  if (node.is_mapping()) {
    if (!values_.applies(node)) return;
    YamlMap map(found_, node, "'primary_key'");
    if (const YamlNode* given = map.take("name")) values_.read(*given, "name", name);
    key_like(relation, map, out);
  } else {
    out.on = index_parts(relation, &node, node);
  }
  if (!out.on.empty()) add_primary_key(relation, name, std::move(out), node);
}

void YamlLoader::unique(Relation& relation, const std::string& name, const YamlNode& at,
                        const YamlNode& body) {
  Unique out;
  if (body.is_mapping()) {
    YamlMap map(found_, body, "unique " + named(name));
    key_like(relation, map, out);
  } else if (name.empty() && body.is_scalar()) {
    found_.add(body, "a list item of 'unique' must be a list of columns", "write `- [a, b]`");
  } else {
    out.on = index_parts(relation, &body, body);
  }
  if (out.on.empty()) return;
  auto columns = index_name_columns(out.on);
  pend(Kind::unique, relation, name, std::move(out), at, std::move(columns), "key");
}

void YamlLoader::check(Relation& relation, const std::string& name, const YamlNode& at,
                       const YamlNode& body) {
  Check out;
  if (body.is_mapping()) {
    YamlMap map(found_, body, "check " + named(name));
    map.take("engines");
    if (map.take("expression") == nullptr)
      found_.add(body, "a check without a condition", "add `expression:`");
    values_.fields(map, out);
    map.finish();
  } else {
    values_.read(body, "check", out.expression);
  }
  if (out.expression.empty()) return;
  auto columns = check_name_columns(out.expression.text, relation.columns, dialect_);
  pend(Kind::check, relation, name, std::move(out), at, std::move(columns), "check");
}

void YamlLoader::exclusion(Relation& relation, const std::string& name, const YamlNode& at,
                           const YamlNode& body) {
  Exclusion out;
  if (body.is_mapping()) {
    YamlMap map(found_, body, "exclusion " + named(name));
    map.take("engines");
    if (map.take("definition") == nullptr)
      found_.add(body, "an exclusion without a definition", "add `definition:`");
    values_.fields(map, out);
    map.finish();
  } else {
    values_.read(body, "exclusion", out.definition);
  }
  if (!out.definition.empty()) pend(Kind::exclusion, relation, name, std::move(out), at, {}, "excl");
}

void YamlLoader::index(Relation& relation, const std::string& name, const YamlNode& at,
                       const YamlNode& body) {
  Index out;
  if (body.is_mapping()) {
    YamlMap map(found_, body, "index " + named(name));
    map.take("engines");
    out.on = index_parts(relation, map.take({"on", "columns"}), map.node());
    if (const YamlNode* node = map.take("include")) out.include = column_refs(relation, *node, "include");
    if (const YamlNode* node = map.take({"using", "method"}))
      if (const YamlNode* chosen = values_.pick(node, "using")) values_.read(*chosen, "using", out.method);
    values_.fields(map, out, {"using", "with"});
    if (const YamlNode* node = map.take({"with", "options"})) values_.options(*node, "with", out.options);
    map.finish();
  } else {
    out.on = index_parts(relation, &body, body);
  }
  if (out.on.empty()) return;
  auto columns = index_name_columns(out.on);
  pend(Kind::index, relation, name, std::move(out), at, std::move(columns), "idx");
}

void YamlLoader::projection(Relation& relation, const std::string& name, const YamlNode& at,
                            const YamlNode& body) {
  if (name.empty()) {
    found_.add(at, "a projection needs a name", "write `projections:` as a mapping of names");
    return;
  }
  Projection out;
  if (body.is_mapping()) {
    YamlMap map(found_, body, "projection " + named(name));
    map.take("engines");
    values_.fields(map, out);
    map.finish();
  } else {
    values_.read(body, "query", out.query);
  }
  if (out.query.empty()) return;
  pend(Kind::projection, relation, name, std::move(out), at, {}, "");
}

void YamlLoader::foreign_key(Relation& relation, const std::string& name, const YamlNode& at,
                             const YamlNode& body) {
  YamlMap map(found_, body, "foreign key " + named(name));
  if (!body.is_mapping()) return;
  map.take("engines");
  const YamlNode* columns = map.take("columns");
  const YamlNode* target = map.take("references");
  if (columns == nullptr) found_.add(at, "a foreign key without columns", "add `columns:`");
  if (target == nullptr) found_.add(at, "a foreign key without a target", "add `references: table(column)`");
  std::optional<SqlReference> reference;
  if (target != nullptr)
    if (const YamlNode* chosen = values_.pick(target, "references")) reference = reference_of(*chosen);
  ForeignKey out;
  if (reference) out = reference->clauses;
  values_.fields(map, out);
  if (out.initially_deferred) out.deferrable = true;
  if (columns != nullptr) out.columns = column_refs(relation, *columns, "columns");
  if (const YamlNode* node = map.take("on_delete_columns")) {
    out.on_delete_columns = column_refs(relation, *node, "on_delete_columns");
  } else if (reference) {
    for (const auto& written : reference->on_delete_columns)
      if (auto ref = column_ref(relation, written, *target)) out.on_delete_columns.push_back(*ref);
  }
  map.finish();
  if (!reference || out.columns.empty()) return;
  pend_foreign_key(relation, name, std::move(out), std::move(*reference), at, *target);
}

void YamlLoader::pend_foreign_key(const Relation& relation, const std::string& name, ForeignKey body,
                                  SqlReference target, const YamlNode& at, const YamlNode& target_at) {
  const std::size_t index = pending_.size();
  auto columns = names_of(body.columns);
  pend(Kind::foreign_key, relation, name, std::move(body), at, std::move(columns), "fkey");
  if (pending_.size() == index) return;  // the engine has no foreign keys
  later_.emplace_back([this, index, target = std::move(target), where = &target_at] {
    resolve(pending_[index].key, target, *where);
  });
}

void YamlLoader::trigger(Relation& relation, const std::string& name, const YamlNode& at,
                         const YamlNode& body) {
  if (name.empty()) {
    found_.add(at, "a trigger needs a name", "write `triggers:` as a mapping of names");
    return;
  }
  YamlMap map(found_, body, "trigger " + named(name));
  if (!body.is_mapping()) return;
  map.take("engines");
  Trigger out;
  values_.fields(map, out, {"events"});
  trigger_events(map, relation, out);
  if (out.initially_deferred) out.deferrable = true;
  const ObjectKey key{Kind::trigger, relation.key.ns, relation.key.name, name, ""};
  if (const YamlNode* node = map.take("from_table")) {
    std::string text;
    if (values_.read(*node, "from_table", text))
      if (auto target = name_of(*node, text)) {
        std::vector<SqlName> path;
        if (target->has_ns) path.push_back({target->ns, target->ns});
        path.push_back({target->name, target->name});
        later_.emplace_back([this, key, path, node] {
          const ObjectKey* table = find_relation(path, key.ns, *node);
          if (table != nullptr && catalog_.contains(key))
            std::get<Trigger>(catalog_.objects.at(key)).from_table = Ref{*table};
        });
      }
  }
  depends_on(key, map);
  map.finish();
  pend(Kind::trigger, relation, name, std::move(out), at, {}, "");
}

void YamlLoader::policy(Relation& relation, const std::string& name, const YamlNode& at,
                        const YamlNode& body) {
  if (name.empty()) {
    found_.add(at, "a policy needs a name", "write `policies:` as a mapping of names");
    return;
  }
  YamlMap map(found_, body, "policy " + named(name));
  if (!body.is_mapping()) return;
  map.take("engines");
  Policy out;
  values_.fields(map, out);
  depends_on({Kind::policy, relation.key.ns, relation.key.name, name, ""}, map);
  map.finish();
  pend(Kind::policy, relation, name, std::move(out), at, {}, "");
}

void YamlLoader::trigger_events(YamlMap& map, const Relation& relation, Trigger& out) {
  const YamlNode* update_of = map.take("update_of");
  if (update_of != nullptr) out.update_of = column_refs(relation, *update_of, "update_of");
  const YamlNode* node = map.take("events");
  std::vector<std::string> events;
  if (node == nullptr) {
    if (update_of != nullptr)
      out.events = {"update"};
    else
      found_.add(map.node(), fmt::format("{} names no events", map.what()), "add `events: [insert, update]`");
  } else if (const YamlNode* chosen = values_.pick(node, "events");
             chosen != nullptr && values_.read(*chosen, "events", events)) {
    const std::vector<std::string> known{"insert", "update", "delete", "truncate"};
    for (auto& event : events) {
      event = lower(event);
      if (std::find(known.begin(), known.end(), event) == known.end())
        found_.add(*chosen, fmt::format("unknown trigger event {}", named(event)),
                   "known: insert, update, delete, truncate");
    }
    out.events = std::move(events);
  }
  const bool updates = std::find(out.events.begin(), out.events.end(), "update") != out.events.end();
  if (update_of != nullptr && !updates)
    found_.add(*update_of, "'update_of' without the event 'update'", "add `update` to `events:`");
}

}  // namespace trueup
