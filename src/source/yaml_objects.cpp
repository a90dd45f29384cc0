// Everything at the top level of the schema file that is no table.
#include "base/text.hpp"
#include "engine/conventional_name.hpp"
#include "source/routine_signature.hpp"
#include "source/yaml_loader.hpp"

namespace trueup {

void YamlLoader::database(const YamlNode& body) {
  if (!values_.applies(body)) return;
  YamlMap map(found_, body, "the database");
  map.take("engines");
  Database out;
  values_.fields(map, out);
  map.finish();
  // What it says may be for other engines alone.
  if (out == Database() || lacks(Kind::database, body)) return;
  declare(database_key(), std::move(out), body);
}

void YamlLoader::name_space(const File& file, const YamlNode& key, const YamlNode& body) {
  YamlMap map(found_, body, "namespace " + named(key.text));
  const auto object = key_of(Kind::name_space, file, key, map);
  if (!object || lacks(Kind::name_space, key)) return;
  Namespace out;
  values_.fields(map, out);
  map.finish();
  catalog_.namespaces.insert(object->name);
  declare(*object, std::move(out), key);
}

void YamlLoader::extension(const File& file, const YamlNode& key, const YamlNode& body) {
  YamlMap map(found_, body, "extension " + named(key.text));
  const auto object = key_of(Kind::extension, file, key, map);
  if (!object || lacks(Kind::extension, key)) return;
  Extension out;
  values_.fields(map, out);
  map.finish();
  declare(*object, std::move(out), key);
}

void YamlLoader::enum_type(const File& file, const YamlNode& key, const YamlNode& body) {
  static const YamlNode nothing;
  YamlMap map(found_, body.is_sequence() ? nothing : body, "enum " + named(key.text));
  const auto object = key_of(Kind::enum_type, file, key, map);
  if (!object || lacks(Kind::enum_type, key)) return;
  EnumType out;
  values_.fields(map, out, {"values"});
  const YamlNode* given = map.take("values");
  const YamlNode* list = body.is_sequence() ? &body : values_.pick(given, "values");
  map.finish();
  if (list == nullptr) {
    if (given == nullptr)
      found_.add(key, fmt::format("enum {} has no values", named(key.text)), "add `values: [a, b]`");
  } else if (!list->is_sequence()) {
    found_.add(*list, fmt::format("'values' must be a list, not {}", type_name(*list)));
    list = nullptr;
  }
  std::set<std::string> seen;
  static const std::vector<YamlNode> none;
  for (const auto& item : list == nullptr ? none : list->items) {
    std::string value, former;
    if (item.is_mapping()) {
      YamlMap one(found_, item, "a value of enum " + named(key.text));
      const YamlNode* name = one.take("name");
      if (const YamlNode* from = one.take("renamed_from")) values_.read(*from, "renamed_from", former);
      one.finish();
      if (name == nullptr) found_.add(item, "a value without a name", "add `name:`");
      if (name == nullptr || !values_.read(*name, "name", value)) continue;
    } else if (item.is_null()) {
      found_.add(item, "a value of an enum is empty", "quote it if the word itself is meant");
      continue;
    } else if (!values_.read(item, "values", value)) {
      continue;
    }
    if (!seen.insert(value).second) {
      found_.add(item, fmt::format("the value {} is listed twice", named(value)), "remove one of them");
      continue;
    }
    if (!former.empty()) out.renamed_values[value] = former;
    out.values.push_back(std::move(value));
  }
  declare(*object, std::move(out), key);
}

void YamlLoader::domain(const File& file, const YamlNode& key, const YamlNode& body) {
  static const YamlNode nothing;
  YamlMap map(found_, body.is_scalar() ? nothing : body, "domain " + named(key.text));
  const auto object = key_of(Kind::domain, file, key, map);
  if (!object || lacks(Kind::domain, key)) return;
  Domain out;
  if (body.is_scalar()) {
    if (auto says = column_text(body)) {
      out.type = says->column.type;
      out.not_null = says->column.not_null;
      out.default_value = says->column.default_value;
      out.collation = says->column.collation;
      if (says->column.generated || says->column.identity || says->primary_key || says->unique ||
          says->autoincrement || !says->references.empty())
        found_.add(body, "a domain has a type, a default, a collation, not null and checks only");
      for (auto& check : says->checks)
        out.checks.push_back({check.name, Expr{check.expression, {}}, false, {}});
    }
  } else {
    values_.fields(map, out, {"collation"});
    if (body.find("type") == nullptr)
      found_.add(key, fmt::format("domain {} has no type", named(key.text)), "add `type:`");
    if (const YamlNode* node = map.take({"collation", "collate"}))
      values_.read(*node, "collation", out.collation);
    if (const YamlNode* node = map.take({"checks", "check"}))
      if (const YamlNode* chosen = values_.pick(node, "checks")) domain_checks(object->name, *chosen, out);
    map.finish();
  }
  std::set<std::string> taken;
  for (const auto& check : out.checks) taken.insert(check.name);
  for (auto& check : out.checks) {
    if (!check.name.empty()) continue;
    check.name = conventional_name(object->name, {}, "check", taken);
    taken.insert(check.name);
  }
  declare(*object, std::move(out), key);
}

void YamlLoader::domain_checks(const std::string& domain, const YamlNode& node, Domain& out) {
  auto one = [&](const std::string& name, const YamlNode& value) {
    DomainCheck check{name, {}, false, {}};
    if (value.is_mapping() && !values_.by_engine(value)) {
      YamlMap map(found_, value, fmt::format("a check of domain {}", named(domain)));
      values_.fields(map, check);
      map.finish();
      if (check.expression.empty()) found_.add(value, "a check without a condition", "add `expression:`");
    } else if (const YamlNode* chosen = values_.pick(&value, "checks")) {
      values_.read(*chosen, "checks", check.expression);
    }
    if (!check.expression.empty()) out.checks.push_back(std::move(check));
  };
  for (const auto& entry : node.entries) one(entry.key.text, entry.value);
  for (const auto& item : node.items) one("", item);
  if (node.is_scalar()) one("", node);
}

void YamlLoader::composite_type(const File& file, const YamlNode& key, const YamlNode& body) {
  YamlMap map(found_, body, "type " + named(key.text));
  const auto object = key_of(Kind::composite_type, file, key, map);
  if (!object || lacks(Kind::composite_type, key)) return;
  CompositeType out;
  values_.fields(map, out);
  const YamlNode* attributes = map.take("attributes");
  map.finish();
  if (attributes == nullptr) {
    found_.add(key, fmt::format("type {} has no attributes", named(key.text)), "add `attributes:`");
  } else if (!attributes->is_mapping() && !attributes->is_null()) {
    found_.add(*attributes, fmt::format("'attributes' must be a mapping, not {}", type_name(*attributes)));
  } else {
    for (const auto& entry : attributes->entries) {
      Attribute one;
      one.name = entry.key.text;
      if (entry.value.is_mapping() && !values_.by_engine(entry.value)) {
        YamlMap inner(found_, entry.value, "attribute " + named(one.name));
        values_.fields(inner, one, {"name"});
        if (entry.value.find("type") == nullptr)
          found_.add(entry.key, "an attribute without a type", "add `type:`");
        inner.finish();
      } else if (const YamlNode* chosen = values_.pick(&entry.value, one.name)) {
        values_.read(*chosen, one.name, one.type);
      }
      out.attributes.push_back(std::move(one));
    }
  }
  declare(*object, std::move(out), key);
}

void YamlLoader::sequence(const File& file, const YamlNode& key, const YamlNode& body) {
  YamlMap map(found_, body, "sequence " + named(key.text));
  const auto object = key_of(Kind::sequence, file, key, map);
  if (!object || lacks(Kind::sequence, key)) return;
  Sequence out;
  values_.fields(map, out);
  sequence_options(map, out.options);
  const YamlNode* owner = map.take("owned_by");
  map.finish();
  if (!declare(*object, std::move(out), key) || owner == nullptr) return;
  if (const YamlNode* chosen = values_.pick(owner, "owned_by")) owned_by(*object, *chosen);
}

void YamlLoader::owned_by(const ObjectKey& sequence, const YamlNode& node) {
  if (lacks(Kind::sequence_owner, node)) return;
  std::vector<SqlName> table;
  SqlName column;
  const YamlNode* table_at = &node;
  if (node.is_mapping()) {
    YamlMap map(found_, node, "'owned_by'");
    table_at = map.take("table");
    const YamlNode* column_node = map.take("column");
    map.finish();
    std::string text;
    if (table_at == nullptr || column_node == nullptr) {
      found_.add(node, "'owned_by' must name `table:` and `column:`");
      return;
    }
    if (!values_.read(*column_node, "column", column.written) || !values_.read(*table_at, "table", text))
      return;
    column.folded = column.written;
    const auto name = name_of(*table_at, text);
    if (!name) return;
    if (name->has_ns) table.push_back({name->ns, name->ns});
    table.push_back({name->name, name->name});
  } else {
    std::string text;
    if (!values_.read(node, "owned_by", text)) return;
    try {
      SqlCursor cursor(text, dialect_);
      table = cursor.qualified("a table and its column");
      if (!cursor.done() || table.size() < 2 || table.size() > 3) cursor.fail("expected table.column");
      column = table.back();
      table.pop_back();
    } catch (const SqlTextError& e) {
      found_.add(node, e.message, e.remedy, e.offset);
      return;
    }
  }
  later_.emplace_back([this, sequence, table, column, table_at, at = &node] {
    const ObjectKey* relation = find_relation(table, sequence.ns, *table_at);
    if (relation == nullptr) return;
    if (auto ref = find_column(*relation, column, *at)) {
      const ObjectKey key{Kind::sequence_owner, sequence.ns, "", sequence.name, ""};
      declare(key, SequenceOwner{Ref{sequence}, *ref}, *at);
    }
  });
}

template <class T>
void YamlLoader::any_view(const File& file, const YamlNode& key, const YamlNode& body) {
  static const YamlNode nothing;
  YamlMap map(found_, body.is_scalar() ? nothing : body,
              std::string(info(T::kind).name) + " " + named(key.text));
  const auto object = key_of(T::kind, file, key, map);
  if (!object || lacks(T::kind, key)) return;
  T out;
  Relation relation{*object};
  if (body.is_scalar()) {
    values_.read(body, "query", out.query);
  } else {
    values_.fields(map, out);
    if (body.find("query") == nullptr)
      found_.add(key, fmt::format("{} has no query", to_string(*object)), "add `query:`");
  }
  relation.columns = out.columns;
  relation.columns_known = !out.columns.empty();
  depends_on(*object, map);
  if constexpr (T::kind == Kind::materialized_view)
    parts(relation, map.take("indexes"), "indexes", &YamlLoader::index);
  else
    parts(relation, map.take("triggers"), "triggers", &YamlLoader::trigger);
  map.finish();
  declare(*object, std::move(out), key);
}
void YamlLoader::view(const File& file, const YamlNode& key, const YamlNode& body) {
  any_view<View>(file, key, body);
}
void YamlLoader::materialized_view(const File& file, const YamlNode& key, const YamlNode& body) {
  any_view<MaterializedView>(file, key, body);
}

void YamlLoader::dictionary(const File& file, const YamlNode& key, const YamlNode& body) {
  YamlMap map(found_, body, "dictionary " + named(key.text));
  const auto object = key_of(Kind::dictionary, file, key, map);
  if (!object || lacks(Kind::dictionary, key)) return;
  Dictionary out;
  values_.fields(map, out);
  if (const YamlNode* columns = map.take("columns"); columns != nullptr && columns->is_mapping()) {
    for (const auto& entry : columns->entries) {
      DictionaryColumn column{entry.key.text, {}};
      if (values_.read(entry.value, "columns", column.definition)) out.columns.push_back(std::move(column));
    }
  }
  for (auto field : {"columns", "primary_key", "source", "layout"})
    if (body.find(field) == nullptr)
      found_.add(key, fmt::format("{} has no `{}:`", to_string(*object), field), "add it");
  depends_on(*object, map);
  map.finish();
  declare(*object, std::move(out), key);
}

void YamlLoader::event(const File& file, const YamlNode& key, const YamlNode& body) {
  YamlMap map(found_, body, "event " + named(key.text));
  const auto object = key_of(Kind::event, file, key, map);
  if (!object || lacks(Kind::event, key)) return;
  Event out;
  values_.fields(map, out);
  for (auto field : {"schedule", "body"})
    if (body.find(field) == nullptr)
      found_.add(key, fmt::format("{} has no `{}:`", to_string(*object), field), "add it");
  depends_on(*object, map);
  map.finish();
  declare(*object, std::move(out), key);
}

void YamlLoader::virtual_table(const File& file, const YamlNode& key, const YamlNode& body) {
  static const YamlNode nothing;
  YamlMap map(found_, body.is_scalar() ? nothing : body, "virtual table " + named(key.text));
  const auto object = key_of(Kind::virtual_table, file, key, map);
  if (!object || lacks(Kind::virtual_table, key)) return;
  VirtualTable out;
  if (body.is_scalar()) {
    values_.read(body, "definition", out.definition);
  } else {
    values_.fields(map, out);
    if (body.find("definition") == nullptr)
      found_.add(key, fmt::format("{} has no definition", to_string(*object)), "add `definition:`");
  }
  map.finish();
  declare(*object, std::move(out), key);
}

template <class T>
void YamlLoader::routine(const File& file, const YamlNode& key, const YamlNode& body) {
  YamlMap map(found_, body, std::string(info(T::kind).name) + " " + named(key.text));
  auto object = key_of(T::kind, file, key, map);
  if (!object || lacks(T::kind, key)) return;
  T out;
  if (const YamlNode* node = map.take({"args", "arguments"}))
    if (const YamlNode* chosen = values_.pick(node, "args")) values_.read(*chosen, "args", out.arguments);
  if constexpr (T::kind != Kind::aggregate) {
    if (const YamlNode* node = map.take("set")) {
      if (node->is_mapping() && !values_.by_engine(*node)) {
        for (const auto& entry : node->entries) {
          std::string value;
          if (values_.read(entry.value, entry.key.text, value))
            out.settings.push_back(entry.key.text + "=" + value);
        }
      } else if (const YamlNode* chosen = values_.pick(node, "set")) {
        values_.read(*chosen, "set", out.settings);
      }
    }
    const YamlNode* text = body.find("body");
    if (text == nullptr) found_.add(key, fmt::format("{} has no body", to_string(*object)), "add `body:`");
    // Nothing to be done is a body too; no other text may be empty.
    const bool idle = text != nullptr && text->is_scalar() && text->text.empty();
    if (idle) map.take("body");
    values_.fields(map, out, {"arguments", "set", idle ? "body" : "set"});
  } else {
    values_.fields(map, out, {"arguments"});
    if (body.find("definition") == nullptr)
      found_.add(key, fmt::format("{} has no definition", to_string(*object)), "add `definition:`");
  }
  if (key.text.find('(') != std::string::npos) {  // in the name, the arguments may be said at once
    const std::string in_name = routine_signature(object->signature, dialect_);
    if (out.arguments.empty()) out.arguments = object->signature;
    object->signature = routine_signature(out.arguments, dialect_);
    // Nothing between them, where an engine knows no overloads, is no other signature.
    if (object->signature != in_name && !in_name.empty())
      found_.add(
          key,
          fmt::format("the name says the arguments ({}), but 'args' are ({})", in_name, object->signature),
          "make them the same, or leave one of them out");
  } else {
    object->signature = routine_signature(out.arguments, dialect_);
  }
  depends_on(*object, map);
  map.finish();
  declare(*object, std::move(out), key);
}
void YamlLoader::function(const File& file, const YamlNode& key, const YamlNode& body) {
  routine<Function>(file, key, body);
}
void YamlLoader::procedure(const File& file, const YamlNode& key, const YamlNode& body) {
  routine<Procedure>(file, key, body);
}
void YamlLoader::aggregate(const File& file, const YamlNode& key, const YamlNode& body) {
  routine<Aggregate>(file, key, body);
}

void YamlLoader::raw(const File& file, const YamlNode& key, const YamlNode& body) {
  YamlMap map(found_, body, "raw object " + named(key.text));
  const auto object = key_of(Kind::raw, file, key, map);
  if (!object || lacks(Kind::raw, key)) return;
  Raw out;
  values_.fields(map, out);
  for (auto field : {"create", "drop"})
    if (body.find(field) == nullptr)
      found_.add(key, fmt::format("{} has no `{}:`", to_string(*object), field),
                 "give the SQL that creates and drops it");
  depends_on(*object, map);
  map.finish();
  declare(*object, std::move(out), key);
}

void YamlLoader::unmodelled(const File&, const YamlNode& key, const YamlNode& body) {
  std::string digest;
  if (values_.read(body, key.text, digest)) catalog_.unmodelled[key.text] = digest;
}

void YamlLoader::depends_on(const ObjectKey& key, YamlMap& map) {
  const YamlNode* node = map.take("depends_on");
  if (node == nullptr) return;
  const YamlNode* chosen = values_.pick(node, "depends_on");
  std::vector<std::string> texts;
  if (chosen == nullptr || !values_.read(*chosen, "depends_on", texts)) return;
  later_.emplace_back([this, key, texts, chosen] {
    auto it = catalog_.objects.find(key);
    if (it == catalog_.objects.end()) return;
    note_names();
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const YamlNode& at = chosen->is_sequence() ? chosen->items[i] : *chosen;
      const auto target = find_any(texts[i], key.ns);
      if (!target) {
        std::vector<std::string> known;
        for (const auto& [name, other] : names_) known.push_back(name);
        const std::string near = nearest(texts[i], known);
        found_.add(at, fmt::format("there is no object {}", named(texts[i])),
                   near.empty() ? "write its name, or kind and name: `function app.touch()`"
                                : fmt::format("did you mean '{}'?", one_line(near)));
        continue;
      }
      std::visit(
          [&](auto& b) {
            if constexpr (requires { b.depends_on; }) b.depends_on.push_back(Ref{*target});
          },
          it->second);
    }
  });
}

/// Objects by kind and name, by name alone, and routines also without their arguments; first come, first
/// served.
void YamlLoader::note_names() {
  if (!names_.empty()) return;
  for (const auto& [key, body] : catalog_.objects) names_.emplace(to_string(key), key);
  for (const auto& [key, body] : catalog_.objects) names_.emplace(display_name(key), key);
  for (const auto& [key, body] : catalog_.objects) {
    const std::string full = to_string(key);
    const std::string name = display_name(key);
    if (key.signature.empty() && !full.ends_with("()")) continue;
    names_.emplace(full.substr(0, full.size() - key.signature.size() - 2), key);
    names_.emplace(name.substr(0, name.size() - key.signature.size() - 2), key);
  }
}

std::optional<ObjectKey> YamlLoader::find_any(const std::string& text, const std::string& ns) {
  std::vector<std::string> tries{text};
  if (!ns.empty()) {
    ObjectKey probe{Kind::table, ns, "", "x", ""};
    const std::string prefix = display_name(probe).substr(0, display_name(probe).size() - 1);
    tries.push_back(prefix + text);
    for (std::size_t i = 0; i < kind_count; ++i) {
      const std::string kind = std::string(info(static_cast<Kind>(i)).name) + " ";
      if (text.starts_with(kind)) tries.push_back(kind + prefix + text.substr(kind.size()));
    }
  }
  for (const auto& name : tries)
    if (auto it = names_.find(name); it != names_.end()) return it->second;
  return std::nullopt;
}

}  // namespace trueup
