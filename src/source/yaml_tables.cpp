// Tables of the schema file: columns, mixins, and what column strings say about keys.
#include "base/text.hpp"
#include "engine/conventional_name.hpp"
#include "source/yaml_loader.hpp"

namespace trueup {

void YamlLoader::table(const File& file, const YamlNode& key, const YamlNode& body) {
  YamlMap map(found_, body, "table " + named(key.text));
  const auto object = key_of(Kind::table, file, key, map);
  if (!object || lacks(Kind::table, key)) return;
  Table out;
  values_.fields(map, out);
  Relation relation{*object};
  std::vector<const YamlNode*> mixins;
  std::vector<std::string> path;
  if (const YamlNode* include = map.take("include")) mixins_of(*include, mixins, path);
  columns(relation, map.take("columns"));
  auto full = [](const YamlNode& mixin) {
    const YamlNode* inner = mixin.find("columns");
    return inner != nullptr && (inner->is_mapping() || inner->is_null());
  };
  for (const YamlNode* mixin : mixins) columns(relation, full(*mixin) ? mixin->find("columns") : mixin);
  if (!declare(*object, std::move(out), key)) return;
  table_parts(relation, map);
  for (const YamlNode* mixin : mixins) {
    if (!full(*mixin)) continue;
    YamlMap parts(found_, *mixin, "a mixin");
    for (auto known : {"columns", "include"}) parts.take(known);
    table_parts(relation, parts);
    parts.finish();
  }
  inline_constraints(relation);
  map.finish();
}

void YamlLoader::mixins_of(const YamlNode& include, std::vector<const YamlNode*>& out,
                           std::vector<std::string>& path) {
  std::vector<std::string> names;
  if (!values_.read(include, "include", names)) return;
  for (const auto& name : names) {
    const YamlNode* at = &include;
    for (const auto& item : include.items)
      if (item.text == name) at = &item;
    auto it = mixins_.find(name);
    if (it == mixins_.end()) {
      std::vector<std::string> known;
      for (const auto& [mixin, where] : mixins_) known.push_back(mixin);
      const std::string near = nearest(name, known);
      found_.add(*at, fmt::format("there is no mixin {}", named(name)),
                 near.empty() ? "declare it under `mixins:`" : fmt::format("did you mean '{}'?", near));
      continue;
    }
    if (std::find(path.begin(), path.end(), name) != path.end()) {
      found_.add(*at, fmt::format("mixin {} includes itself", named(name)), "remove one of the includes");
      continue;
    }
    const YamlNode* mixin = it->second;
    if (std::find(out.begin(), out.end(), mixin) != out.end()) continue;
    out.push_back(mixin);
    const YamlNode* columns = mixin->find("columns");
    const YamlNode* nested = mixin->find("include");
    if (columns == nullptr || nested == nullptr || !(columns->is_mapping() || columns->is_null())) continue;
    path.push_back(name);
    mixins_of(*nested, out, path);
    path.pop_back();
  }
}

void YamlLoader::columns(Relation& relation, const YamlNode* node) {
  if (node == nullptr || node->is_null()) return;
  if (!node->is_mapping()) {
    found_.add(*node, fmt::format("'columns' must be a mapping, not {}", type_name(*node)),
               "write `name: type` for each column");
    return;
  }
  for (const auto& entry : node->entries)
    if (values_.applies(entry.value)) column(relation, entry.key, entry.value);
}

void YamlLoader::column(Relation& relation, const YamlNode& key, const YamlNode& body) {
  if (key.text.empty()) {
    found_.add(key, "an empty column name");
    return;
  }
  const YamlNode* value = values_.pick(&body, key.text);
  if (value == nullptr) return;
  std::optional<SqlColumn> says;
  if (value->is_null()) {
    found_.add(key, fmt::format("column {} has no type", named(key.text)),
               "write one; `\"\"` is a column without a type, where the engine knows such");
  } else if (value->is_mapping()) {
    says = column_map(relation, key, *value);
  } else {
    says = column_text(*value);
  }
  // A column that could not be read is still one that others may name.
  relation.columns.push_back(key.text);
  if (!says) return;
  Column out = std::move(says->column);
  if (out.position == 0) out.position = static_cast<std::int64_t>(relation.columns.size());
  if (!declare({Kind::column, relation.key.ns, relation.key.name, key.text, ""}, std::move(out), key)) return;
  if (says->of_keys()) relation.inlines.push_back({key.text, &key, std::move(*says)});
}

std::optional<SqlColumn> YamlLoader::column_text(const YamlNode& node, ColumnParser parse) {
  std::string text;
  if (!values_.read(node, "column", text)) return std::nullopt;
  const auto [known, fresh] = parsed_columns_.try_emplace({text, parse});
  try {
    if (fresh) known->second = parse(text, dialect_);
    return known->second;
  } catch (const SqlTextError& e) {
    parsed_columns_.erase(known);
    found_.add(node, e.message, e.remedy, e.offset);
    return std::nullopt;
  }
}

std::optional<SqlColumn> YamlLoader::column_map(Relation&, const YamlNode& key, const YamlNode& body) {
  YamlMap map(found_, body, "column " + named(key.text));
  map.take("engines");
  const YamlNode* type = map.take("type");
  std::optional<SqlColumn> out;
  if (type == nullptr)
    found_.add(key, fmt::format("column {} has no type", named(key.text)), "add `type:`");
  else if (const YamlNode* chosen = values_.pick(type, "type"))
    out = column_text(*chosen, parse_sql_type);
  const bool good = out.has_value();
  if (!out) out.emplace();
  Column& column = out->column;
  values_.fields(map, column, {"type", "default", "identity", "collation"});
  if (const YamlNode* node = map.take("default")) {
    const YamlNode* chosen = values_.pick(node, "default");
    Expr value{"null", {}};
    if (chosen != nullptr && (chosen->is_null() || values_.read(*chosen, "default", value)))
      column.default_value = value;
  }
  if (const YamlNode* node = map.take({"collation", "collate"}))
    if (const YamlNode* chosen = values_.pick(node, "collation"))
      values_.read(*chosen, "collation", column.collation);
  if (const YamlNode* node = map.take("identity"))
    if (const YamlNode* chosen = values_.pick(node, "identity")) identity(*chosen, column.identity);
  column_keys(map, *out);
  map.finish();
  if (!good) out.reset();
  return out;
}

void YamlLoader::column_keys(YamlMap& map, SqlColumn& out) {
  auto flag = [&](std::string_view name) {
    bool value = false;
    if (const YamlNode* node = map.take(name))
      if (const YamlNode* chosen = values_.pick(node, name)) values_.read(*chosen, name, value);
    return value;
  };
  if (flag("primary_key")) out.primary_key.emplace();
  if (flag("unique")) out.unique.emplace();
  if (flag("autoincrement")) out.autoincrement = true;
  if (const YamlNode* node = map.take("references")) {
    const YamlNode* chosen = values_.pick(node, "references");
    if (chosen != nullptr)
      if (auto reference = reference_of(*chosen))
        out.references.emplace_back().reference = std::move(*reference);
  }
  if (const YamlNode* node = map.take("check")) {
    const YamlNode* chosen = values_.pick(node, "check");
    std::vector<std::string> conditions;
    if (chosen != nullptr && values_.read(*chosen, "check", conditions))
      for (auto& condition : conditions) out.checks.emplace_back().expression = std::move(condition);
  }
}

void YamlLoader::identity(const YamlNode& node, std::optional<Identity>& out) {
  Identity value{"by default", {}};
  if (node.is_mapping()) {
    YamlMap map(found_, node, "'identity'");
    values_.fields(map, value);
    sequence_options(map, value.options);
    map.finish();
  } else if (node.is_scalar() && (node.text == "true" || node.text == "false") && node.plain) {
    if (node.text == "false") return;
  } else if (!values_.word(node, "identity", yaml_words("generation"), value.generation)) {
    return;
  }
  out = std::move(value);
}

void YamlLoader::sequence_options(YamlMap& map, SequenceOptions& out) {
  values_.fields(map, out, {"minimum", "maximum"});
  auto number = [&](std::initializer_list<std::string_view> names, std::optional<std::int64_t>& to) {
    std::int64_t value = 0;
    if (const YamlNode* node = map.take(names))
      if (values_.read(*node, *names.begin(), value)) to = value;
  };
  number({"minimum", "minvalue"}, out.minimum);
  number({"maximum", "maxvalue"}, out.maximum);
}

void YamlLoader::inline_constraints(Relation& relation) {
  for (const auto& column : relation.inlines) {
    const SqlColumn& says = column.says;
    auto part = [&] {
      IndexPart out;
      out.column = Ref{ObjectKey{Kind::column, relation.key.ns, relation.key.name, column.column, ""}};
      return std::vector<IndexPart>{out};
    };
    if (says.primary_key) {
      PrimaryKey body;
      body.on = part();
      add_primary_key(relation, says.primary_key->name, std::move(body), *column.at);
    }
    if (says.autoincrement) autoincrement(relation, column.column, *column.at);
    if (says.unique) {
      Unique body;
      body.on = part();
      pend(Kind::unique, relation, says.unique->name, std::move(body), *column.at, {column.column}, "key");
    }
    for (const auto& check : says.checks) {
      Check body;
      body.expression = Expr{check.expression, {}};
      body.no_inherit = check.no_inherit;
      pend(Kind::check, relation, check.name, std::move(body), *column.at,
           check_name_columns(check.expression, relation.columns, dialect_), "check");
    }
    inline_references(relation, column);
  }
}

void YamlLoader::inline_references(Relation& relation, const Relation::Inline& column) {
  for (const auto& constraint : column.says.references) {
    ForeignKey body = constraint.reference->clauses;
    const Ref self{ObjectKey{Kind::column, relation.key.ns, relation.key.name, column.column, ""}};
    body.columns = {self};
    for (const auto& name : constraint.reference->on_delete_columns)
      if (auto ref = column_ref(relation, name, *column.at)) body.on_delete_columns.push_back(*ref);
    pend_foreign_key(relation, constraint.name, std::move(body), *constraint.reference, *column.at,
                     *column.at);
  }
}

/// The setting lives where the engine's option table has it: at the column, its primary key or its table.
void YamlLoader::autoincrement(const Relation& relation, const std::string& name, const YamlNode& at) {
  for (const OptionSpec& option : dialect_.options()) {
    if (option.name != "autoincrement") continue;
    if (option.on == Kind::column) {
      const ObjectKey key{Kind::column, relation.key.ns, relation.key.name, name, ""};
      std::get<Column>(catalog_.objects.at(key)).options["autoincrement"] = "true";
      return;
    }
    if (option.on == Kind::table) {
      std::get<Table>(catalog_.objects.at(relation.key)).options["autoincrement"] = "true";
      return;
    }
    for (auto& p : pending_) {
      const bool own = p.key.ns == relation.key.ns && p.key.owner == relation.key.name;
      if (!own || p.key.kind != Kind::primary_key || option.on != Kind::primary_key) continue;
      std::get<PrimaryKey>(p.body).options["autoincrement"] = "true";
      return;
    }
  }
  found_.add(at, fmt::format("{} has no autoincrement here", dialect_.name()),
             "write `identity`, or give the column by engine");
}

void YamlLoader::table_parts(Relation& relation, YamlMap& map) {
  if (const YamlNode* node = map.take("primary_key"))
    if (const YamlNode* chosen = values_.pick(node, "primary_key")) primary_key(relation, *chosen);
  parts(relation, map.take("unique"), "unique", &YamlLoader::unique);
  parts(relation, map.take("checks"), "checks", &YamlLoader::check);
  parts(relation, map.take("exclusions"), "exclusions", &YamlLoader::exclusion);
  parts(relation, map.take("indexes"), "indexes", &YamlLoader::index);
  parts(relation, map.take("projections"), "projections", &YamlLoader::projection);
  parts(relation, map.take("foreign_keys"), "foreign_keys", &YamlLoader::foreign_key);
  parts(relation, map.take("triggers"), "triggers", &YamlLoader::trigger);
  parts(relation, map.take("policies"), "policies", &YamlLoader::policy);
}

}  // namespace trueup
