// What keys, indexes, triggers and foreign keys of the schema file refer to.
#include "base/text.hpp"
#include "engine/apply_support.hpp"
#include "source/yaml_loader.hpp"

namespace trueup {
namespace {
std::string near_remedy(const std::string& name, const std::vector<std::string>& known,
                        std::string otherwise) {
  const std::string near = nearest(name, known);
  return near.empty() ? std::move(otherwise) : fmt::format("did you mean '{}'?", one_line(near));
}

std::string dotted(const std::vector<SqlName>& name) {
  std::string out;
  for (const auto& part : name) out += (out.empty() ? "" : ".") + part.written;
  return out;
}
}  // namespace

std::optional<SqlName> YamlLoader::lone_name(const YamlNode& node, std::string_view what) {
  std::string text;
  if (!values_.read(node, what, text)) return std::nullopt;
  SqlName out{text, text};
  try {
    SqlCursor cursor(text, dialect_);
    if (!cursor.at_name()) return out;
    SqlName name = cursor.name("a column");
    if (!cursor.done()) return out;
    name.written = text;  // the exact text is tried first
    name.offset = 0;
    return name;
  } catch (const SqlTextError&) {
    return out;
  }
}

std::optional<Ref> YamlLoader::column_ref(const Relation& relation, const SqlName& name, const YamlNode& at) {
  auto ref = [&](const std::string& column) {
    return Ref{ObjectKey{Kind::column, relation.key.ns, relation.key.name, column, ""}};
  };
  if (!relation.columns_known) return ref(name.folded);
  for (const auto* spelling : {&name.written, &name.folded})
    if (std::find(relation.columns.begin(), relation.columns.end(), *spelling) != relation.columns.end())
      return ref(*spelling);
  found_.add(at, fmt::format("{} has no column {}", to_string(relation.key), named(name.written)),
             near_remedy(name.written, relation.columns, "declare it under `columns:`"), name.offset);
  return std::nullopt;
}

std::vector<Ref> YamlLoader::column_refs(const Relation& relation, const YamlNode& node,
                                         std::string_view what) {
  std::vector<Ref> out;
  auto one = [&](const YamlNode& item) {
    if (auto name = lone_name(item, what))
      if (auto ref = column_ref(relation, *name, item)) out.push_back(std::move(*ref));
  };
  const YamlNode* chosen = values_.pick(&node, what);
  if (chosen == nullptr) return out;
  if (chosen->is_sequence())
    for (const auto& item : chosen->items) one(item);
  else
    one(*chosen);
  return out;
}

std::vector<IndexPart> YamlLoader::index_parts(const Relation& relation, const YamlNode* node,
                                               const YamlNode& owner) {
  std::vector<IndexPart> out;
  if (node == nullptr) {
    found_.add(owner, "a key or index without columns", "add `on: [column, ...]`");
    return out;
  }
  const YamlNode* chosen = values_.pick(node, "on");
  if (chosen == nullptr) return out;
  auto one = [&](const YamlNode& item) {
    const YamlNode* value = values_.pick(&item, "on");
    auto part = value == nullptr ? std::nullopt : index_part(relation, *value);
    if (!part) return;
    if (part->order == "asc" && !dialect_.capabilities().keeps_text) part->order.clear();
    out.push_back(std::move(*part));
  };
  if (chosen->is_sequence() && chosen->items.empty())
    found_.add(*chosen, "an empty list of columns", "name at least one column");
  if (chosen->is_sequence())
    for (const auto& item : chosen->items) one(item);
  else
    one(*chosen);
  return out;
}

std::optional<IndexPart> YamlLoader::index_part(const Relation& relation, const YamlNode& node) {
  if (node.is_mapping()) {
    YamlMap map(found_, node, "a part of a key");
    IndexPart out;
    values_.fields(map, out, {"collation"});
    if (const YamlNode* collation = map.take({"collation", "collate"}))
      values_.read(*collation, "collation", out.collation);
    const YamlNode* column = map.take("column");
    map.finish();
    if ((column != nullptr) == out.expression.has_value()) {
      found_.add(node, "a part of a key must be a column or an expression");
      return std::nullopt;
    }
    if (column == nullptr) return out;
    std::string name;
    if (!values_.read(*column, "column", name)) return std::nullopt;
    out.column = column_ref(relation, {name, name}, *column);
    return out.column ? std::optional(out) : std::nullopt;
  }
  std::string text;
  if (!values_.read(node, "on", text)) return std::nullopt;
  const bool exact =
      std::find(relation.columns.begin(), relation.columns.end(), text) != relation.columns.end();
  try {
    SqlPart parsed;
    if (exact)
      parsed.column = SqlName{text, text};
    else
      parsed = parse_sql_part(text, dialect_);
    if (!parsed.column) return parsed.part;
    parsed.part.column = column_ref(relation, *parsed.column, node);
    return parsed.part.column ? std::optional(parsed.part) : std::nullopt;
  } catch (const SqlTextError& e) {
    found_.add(node, e.message, e.remedy, e.offset);
    return std::nullopt;
  }
}

std::optional<SqlReference> YamlLoader::reference_of(const YamlNode& node) {
  if (node.is_mapping()) {
    YamlMap map(found_, node, "'references'");
    SqlReference out;
    values_.fields(map, out.clauses, {"comment", "renamed_from"});
    const YamlNode* table = map.take("table");
    std::string text;
    std::vector<std::string> columns;
    if (const YamlNode* list = map.take("columns")) values_.read(*list, "columns", columns);
    if (const YamlNode* missing = map.take("missing")) values_.read(*missing, "missing", out.missing);
    map.finish();
    for (auto& column : columns) out.columns.push_back({column, column});
    if (table == nullptr)
      found_.add(node, "'references' names no table", "add `table:`");
    else if (values_.read(*table, "table", text))
      if (auto name = name_of(*table, text)) {
        if (name->has_ns) out.table.push_back({name->ns, name->ns});
        out.table.push_back({name->name, name->name});
        return out;
      }
    return std::nullopt;
  }
  std::string text;
  if (!values_.read(node, "references", text)) return std::nullopt;
  try {
    return parse_sql_reference(text, dialect_);
  } catch (const SqlTextError& e) {
    found_.add(node, e.message, e.remedy, e.offset);
    return std::nullopt;
  }
}

const ObjectKey* YamlLoader::find_relation(const std::vector<SqlName>& name, const std::string& ns,
                                           const YamlNode& at) {
  const SqlName& last = name.back();
  auto in = [&](const std::string& space) -> const ObjectKey* {
    const ObjectKey* key = catalog_.relation(space, last.written);
    return key != nullptr ? key : catalog_.relation(space, last.folded);
  };
  std::vector<const ObjectKey*> matches;
  std::vector<std::string> spaces{ns};
  if (name.size() == 2) {
    spaces = {name.front().written, name.front().folded};
    // What is declared without a namespace is in the engine's own.
    const ApplySupport* support = dialect_.apply_support();
    if (support != nullptr && name.front().folded == support->default_namespace()) spaces.emplace_back();
  }
  for (const auto& space : spaces)
    if (const ObjectKey* key = in(space)) return key;
  if (name.size() == 1)
    for (const auto& space : catalog_.namespaces)
      if (const ObjectKey* key = in(space)) matches.push_back(key);
  if (matches.size() == 1) return matches.front();
  if (matches.size() > 1) {
    found_.add(at,
               fmt::format("{} may be {} or {}", named(last.written), display_name(*matches[0]),
                           display_name(*matches[1])),
               "name the namespace", last.offset);
    return nullptr;
  }
  std::vector<std::string> known;
  for (const auto& [key, body] : catalog_.objects)
    if (info(key.kind).relation)
      known.push_back(key.ns.empty() || key.ns == ns ? key.name : key.ns + "." + key.name);
  found_.add(
      at, fmt::format("there is no table {}", named(dotted(name))),
      near_remedy(dotted(name), known,
                  dialect_.capabilities().unchecked_foreign_keys
                      ? "declare it under `tables:`, or write `references: { table: NAME, missing: true }`"
                      : "declare it under `tables:`"),
      last.offset);
  return nullptr;
}

std::optional<Ref> YamlLoader::find_column(const ObjectKey& relation, const SqlName& name,
                                           const YamlNode& at) {
  for (const auto* spelling : {&name.written, &name.folded}) {
    ObjectKey key{Kind::column, relation.ns, relation.name, *spelling, ""};
    if (catalog_.contains(key)) return Ref{std::move(key)};
  }
  std::vector<std::string> known;
  for (const auto& key : catalog_.columns(relation)) known.push_back(key.name);
  found_.add(at, fmt::format("{} has no column {}", to_string(relation), named(name.written)),
             near_remedy(name.written, known, "declare it there"), name.offset);
  return std::nullopt;
}

void YamlLoader::leave_open(const ObjectKey& key, ForeignKey& body, const SqlReference& target,
                            const YamlNode& at) {
  const std::string& name = target.table.back().written;
  const ObjectKey table{Kind::table, key.ns, "", name, ""};
  if (!dialect_.capabilities().unchecked_foreign_keys) {
    found_.add(at, fmt::format("{} has no references to tables that do not exist", dialect_.name()),
               "declare the table, or limit the foreign key with `engines:`");
  } else if (const auto declared = catalog_.objects.find(table); declared != catalog_.objects.end()) {
    found_.add(at,
               fmt::format("{} is not missing: it is declared {}", to_string(table),
                           at_place(places_.at(&declared->first))),
               "remove `missing`");
  } else {
    body.ref_table = Ref{table};
    for (const auto& column : target.columns)
      body.ref_columns.push_back(Ref{ObjectKey{Kind::column, key.ns, name, column.written, ""}});
  }
}

void YamlLoader::resolve(const ObjectKey& key, const SqlReference& target, const YamlNode& at) {
  auto it = catalog_.objects.find(key);
  if (it == catalog_.objects.end()) return;
  auto& body = std::get<ForeignKey>(it->second);
  if (target.missing) return leave_open(key, body, target, at);
  const ObjectKey* table = find_relation(target.table, key.ns, at);
  if (table == nullptr) return;
  body.ref_table = Ref{*table};
  for (const auto& name : target.columns)
    if (auto ref = find_column(*table, name, at))
      body.ref_columns.push_back(std::move(*ref));
    else
      return;
  std::vector<Ref> meant = body.ref_columns;
  if (target.columns.empty()) {
    for (const auto& child : catalog_.children(*table, Kind::primary_key))
      if (const auto* primary = catalog_.find<PrimaryKey>(child))
        for (const auto& part : primary->on)
          if (part.column) meant.push_back(*part.column);
    if (meant.empty())
      found_.add(at, fmt::format("{} has no primary key to refer to", to_string(*table)), "name the columns");
  }
  if (!meant.empty() && meant.size() != body.columns.size())
    found_.add(at, fmt::format("{} columns refer to {}", body.columns.size(), meant.size()),
               "name as many on both sides");
  if (!dialect_.capabilities().keeps_text) body.ref_columns = std::move(meant);
}

}  // namespace trueup
