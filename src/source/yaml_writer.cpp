#include "source/yaml_writer.hpp"

#include "base/text.hpp"
#include "engine/conventional_name.hpp"
#include "source/routine_signature.hpp"
#include "source/source.hpp"
#include "source/yaml_column.hpp"
#include "source/yaml_reader.hpp"
#include "source/yaml_write_fields.hpp"

namespace trueup {
namespace {
bool in_namespace(Kind kind) {
  return kind != Kind::name_space && kind != Kind::extension && kind != Kind::raw;
}

bool takes_relation_name(Kind kind) {
  return info(kind).relation || kind == Kind::sequence || kind == Kind::index || kind == Kind::primary_key ||
         kind == Kind::unique || kind == Kind::exclusion;
}

/// A part of a name in YAML.
std::string name_part(const std::string& part) {
  if (part.find_first_of(".\"(") == std::string::npos && trim(part) == part) return part;
  return '"' + replace_all(part, "\"", "\"\"") + '"';
}

bool plain_word(std::string_view s) {
  return !s.empty() && !(s[0] >= '0' && s[0] <= '9') && std::all_of(s.begin(), s.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}
}  // namespace

YamlWriter::YamlWriter(const Catalog& catalog, const EngineDialect& dialect)
    : catalog_(catalog), dialect_(dialect) {
  std::map<std::string, std::size_t> users;
  for (const auto& [key, body] : catalog.objects) {
    if (in_namespace(key.kind)) ++users[key.ns];
    if (takes_relation_name(key.kind)) ++relation_names_[{key.ns, key.name}];
  }
  // Objects without a namespace can only be written where the file names none.
  if (users.contains("")) return;
  std::size_t most = 0;
  for (const auto& [ns, count] : users)
    if (count > most) most = count, default_ns_ = ns;
  if (users.empty() && catalog.namespaces.size() == 1) default_ns_ = *catalog.namespaces.begin();
}

std::string YamlWriter::write() {
  return document().document() + inventory();
}

YamlOut YamlWriter::document() {
  YamlOut out = YamlOut::map();
  YamlOut engines = YamlOut::list();
  engines.push(YamlOut::text(std::string(dialect_.name())));
  out.add("engines", std::move(engines));
  if (!default_ns_.empty()) out.add("namespace", YamlOut::text(default_ns_));
  if (catalog_.contains(database_key())) {
    YamlOut database = YamlOut::map();
    fields(database, database_key(), body<Database>(database_key()));
    if (!database.empty()) out.add("database", std::move(database));
  }
  section(out, "namespaces", Kind::name_space, &YamlWriter::name_space);
  section(out, "extensions", Kind::extension, &YamlWriter::extension);
  section(out, "enums", Kind::enum_type, &YamlWriter::enum_type);
  section(out, "domains", Kind::domain, &YamlWriter::domain);
  section(out, "types", Kind::composite_type, &YamlWriter::composite_type);
  section(out, "sequences", Kind::sequence, &YamlWriter::sequence);
  section(out, "tables", Kind::table, &YamlWriter::table);
  section(out, "virtual_tables", Kind::virtual_table, &YamlWriter::virtual_table);
  section(out, "views", Kind::view, &YamlWriter::view);
  section(out, "materialized_views", Kind::materialized_view, &YamlWriter::materialized_view);
  section(out, "dictionaries", Kind::dictionary, &YamlWriter::dictionary);
  section(out, "events", Kind::event, &YamlWriter::event);
  section(out, "functions", Kind::function, &YamlWriter::function);
  section(out, "procedures", Kind::procedure, &YamlWriter::procedure);
  section(out, "aggregates", Kind::aggregate, &YamlWriter::aggregate);
  section(out, "raw", Kind::raw, &YamlWriter::raw);
  rows(out);
  if (!catalog_.unmodelled.empty()) {
    YamlOut all = YamlOut::map();
    for (const auto& [name, digest] : catalog_.unmodelled) all.add(name, YamlOut::text(digest));
    out.add("unmodelled", std::move(all.block()));
  }
  return out;
}

void YamlWriter::section(YamlOut& out, std::string_view name, Kind kind, Writer writer) {
  YamlOut all = YamlOut::map();
  for (auto it = catalog_.objects.lower_bound(ObjectKey{kind, "", "", "", ""});
       it != catalog_.objects.end() && it->first.kind == kind; ++it)
    all.add(top_name(it->first), (this->*writer)(it->first));
  if (!all.empty()) out.add(std::string(name), std::move(all.block()));
}

std::string YamlWriter::top_name(const ObjectKey& key) const {
  if (!in_namespace(key.kind)) return key.name;
  std::string out = key.ns == default_ns_ ? "" : name_part(key.ns) + ".";
  out += name_part(key.name);
  if (key.kind != Kind::function && key.kind != Kind::procedure && key.kind != Kind::aggregate) return out;
  // Arguments only where the declared ones would not lead to the same signature, or a name alone is not
  // enough.
  auto same = [&](const ObjectKey& k) { return k.kind == key.kind && k.ns == key.ns && k.name == key.name; };
  int overloads = 0;
  for (auto it = catalog_.objects.lower_bound(ObjectKey{key.kind, key.ns, "", key.name, ""});
       it != catalog_.objects.end() && same(it->first); ++it)
    ++overloads;
  const std::string arguments = std::visit(
      [](const auto& b) -> std::string {
        if constexpr (requires { b.arguments; })
          return b.arguments;
        else
          return {};
      },
      catalog_.objects.at(key));
  // An empty signature beside arguments: an engine without overloads.
  const bool derived = key.signature.empty() || routine_signature(arguments, dialect_) == key.signature;
  if (overloads > 1 || !derived || key.name.find('(') != std::string::npos) out += "(" + key.signature + ")";
  return out;
}

YamlOut YamlWriter::name_space(const ObjectKey& key) {
  YamlOut out = YamlOut::map();
  fields(out, key, body<Namespace>(key));
  return out;
}

YamlOut YamlWriter::extension(const ObjectKey& key) {
  YamlOut out = YamlOut::map();
  fields(out, key, body<Extension>(key));
  return out;
}

YamlOut YamlWriter::enum_type(const ObjectKey& key) {
  const auto& type = body<EnumType>(key);
  YamlOut values = YamlOut::list();
  for (const auto& value : type.values) {
    auto renamed = type.renamed_values.find(value);
    if (renamed == type.renamed_values.end()) {
      values.push(YamlOut::text(value));
      continue;
    }
    YamlOut one = YamlOut::map();
    one.add("name", YamlOut::text(value));
    one.add("renamed_from", YamlOut::text(renamed->second));
    values.push(std::move(one));
  }
  if (type.comment.empty() && type.renamed_from.empty()) return values;
  YamlOut out = YamlOut::map();
  out.add("values", std::move(values));
  fields(out, key, type, {"values", "renamed_values"});
  return out;
}

YamlOut YamlWriter::domain(const ObjectKey& key) {
  const auto& type = body<Domain>(key);
  YamlOut out = YamlOut::map();
  fields(out, key, type);
  if (type.checks.empty()) return out;
  YamlOut checks = YamlOut::map();
  for (const auto& check : type.checks) {
    if (!check.not_valid && check.comment.empty()) {
      checks.add(check.name, YamlOut::loose(check.expression.comparable()));
      continue;
    }
    YamlOut one = YamlOut::map();
    fields(one, key, check, {"name"});
    checks.add(check.name, std::move(one));
  }
  out.add("checks", std::move(checks));
  return out;
}

YamlOut YamlWriter::composite_type(const ObjectKey& key) {
  const auto& type = body<CompositeType>(key);
  YamlOut out = YamlOut::map();
  YamlOut attributes = YamlOut::map();
  for (const auto& attribute : type.attributes) {
    if (attribute.collation.empty() && attribute.comment.empty()) {
      attributes.add(attribute.name, YamlOut::loose(type_text(attribute.type, key.ns)));
      continue;
    }
    YamlOut one = YamlOut::map();
    fields(one, key, attribute, {"name"});
    attributes.add(attribute.name, std::move(one));
  }
  out.add("attributes", std::move(attributes));
  fields(out, key, type);
  return out;
}

YamlOut YamlWriter::sequence(const ObjectKey& key) {
  const auto& sequence = body<Sequence>(key);
  YamlOut out = YamlOut::map();
  fields(out, key, sequence);
  sequence_options(out, sequence.options);
  if (const auto* owner = catalog_.find<SequenceOwner>({Kind::sequence_owner, key.ns, "", key.name, ""})) {
    const ObjectKey& column = owner->column.to;
    const ObjectKey table{Kind::table, column.ns, "", column.owner, ""};
    YamlOut tie = YamlOut::text(relation_name(table, key.ns) + "." + sql_name(column.name));
    if (!plain_word(column.owner) || !plain_word(column.name) ||
        (column.ns != key.ns && !plain_word(column.ns))) {
      tie = YamlOut::map();
      tie.add("table", YamlOut::text((column.ns == key.ns ? "" : name_part(column.ns) + ".") +
                                     name_part(column.owner)));
      tie.add("column", YamlOut::text(column.name));
    }
    out.add("owned_by", std::move(tie));
  }
  return out;
}

YamlOut YamlWriter::view(const ObjectKey& key) {
  YamlOut out = YamlOut::map();
  fields(out, key, body<View>(key));
  parts(out, "triggers", Kind::trigger, key, {}, &YamlWriter::trigger);
  return out;
}

YamlOut YamlWriter::materialized_view(const ObjectKey& key) {
  YamlOut out = YamlOut::map();
  fields(out, key, body<MaterializedView>(key));
  parts(out, "indexes", Kind::index, key, {}, &YamlWriter::index);
  return out;
}

YamlOut YamlWriter::dictionary(const ObjectKey& key) {
  const auto& dictionary = body<Dictionary>(key);
  YamlOut out = YamlOut::map();
  YamlOut columns = YamlOut::map();
  for (const auto& column : dictionary.columns)
    columns.add(column.name, YamlOut::loose(column.definition.comparable()));
  out.add("columns", std::move(columns.block()));
  fields(out, key, dictionary);
  return out;
}

YamlOut YamlWriter::event(const ObjectKey& key) {
  YamlOut out = YamlOut::map();
  fields(out, key, body<Event>(key));
  return out;
}

YamlOut YamlWriter::virtual_table(const ObjectKey& key) {
  YamlOut out = YamlOut::map();
  const auto& table = body<VirtualTable>(key);
  fields(out, key, table, {"definition"});
  // Modules read their arguments letter by letter: `content = doc` is not `content=doc` to all of them.
  out.add("definition", YamlOut::text(table.definition.text));
  return out;
}

YamlOut YamlWriter::function(const ObjectKey& key) {
  const auto& routine = body<Function>(key);
  YamlOut out = YamlOut::map();
  if (!routine.arguments.empty()) out.add("args", YamlOut::text(routine.arguments));
  fields(out, key, routine, {"arguments", "body"});
  out.add("body", YamlOut::loose(routine.body.comparable()));
  return out;
}

YamlOut YamlWriter::procedure(const ObjectKey& key) {
  const auto& routine = body<Procedure>(key);
  YamlOut out = YamlOut::map();
  if (!routine.arguments.empty()) out.add("args", YamlOut::text(routine.arguments));
  fields(out, key, routine, {"arguments", "body"});
  out.add("body", YamlOut::loose(routine.body.comparable()));
  return out;
}

YamlOut YamlWriter::aggregate(const ObjectKey& key) {
  const auto& routine = body<Aggregate>(key);
  YamlOut out = YamlOut::map();
  if (!routine.arguments.empty()) out.add("args", YamlOut::text(routine.arguments));
  fields(out, key, routine, {"arguments"});
  return out;
}

YamlOut YamlWriter::raw(const ObjectKey& key) {
  YamlOut out = YamlOut::map();
  fields(out, key, body<Raw>(key));
  return out;
}

/// Rows by table, and within one by what else they share.
void YamlWriter::rows(YamlOut& out) {
  using Shared = std::pair<std::vector<std::string>, std::string>;
  std::map<std::pair<std::string, std::string>, std::vector<std::pair<Shared, YamlOut>>> tables;
  for (auto it = catalog_.objects.lower_bound(ObjectKey{Kind::row, "", "", "", ""});
       it != catalog_.objects.end() && it->first.kind == Kind::row; ++it) {
    const auto& values = std::get<Row>(it->second);
    auto& groups = tables[{it->first.ns, it->first.owner}];
    const Shared shared{values.key, values.on_removed};
    auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.first == shared; });
    if (group == groups.end()) group = groups.insert(groups.end(), {shared, YamlOut::list().block()});
    group->second.push(row(it->first));
  }
  auto entry_of = [](const Shared& shared, YamlOut list) {
    YamlOut entry = YamlOut::map();
    YamlOut key = YamlOut::list();
    for (const auto& column : shared.first) key.push(YamlOut::text(column));
    entry.add("key", std::move(key));
    if (!shared.second.empty() && shared.second != "keep")
      entry.add("on_removed", YamlOut::text(shared.second));
    entry.add("rows", std::move(list));
    return std::move(entry.block());
  };
  YamlOut all = YamlOut::map();
  for (auto& [table, groups] : tables) {
    const std::string name = top_name(ObjectKey{Kind::table, table.first, "", table.second, ""});
    YamlOut entries = YamlOut::list();
    for (auto& [shared, list] : groups) entries.push(entry_of(shared, std::move(list)));
    all.add(name, groups.size() == 1 ? entries.first() : std::move(entries.block()));
  }
  if (!all.empty()) out.add("data", std::move(all.block()));
}

YamlOut YamlWriter::row(const ObjectKey& key) const {
  const auto& row = body<Row>(key);
  YamlOut out = YamlOut::map();
  auto add = [&](const std::string& column, const RowValue& value) {
    if (value.type == "null") return out.add(column, YamlOut::word("null"));
    if (value.type == "bool" || (value.type == "number" && is_json_number(value.text)))
      return out.add(column, YamlOut::word(value.text));
    if (value.type == "text") return out.add(column, YamlOut::text(value.text));
    YamlOut tagged = YamlOut::map();
    tagged.add(value.type == "json" ? "json" : "sql", YamlOut::text(value.text));
    out.add(column, std::move(tagged));
  };
  std::set<std::string> done;
  auto once = [&](const std::string& column) {
    auto it = row.values.find(column);
    if (it != row.values.end() && done.insert(column).second) add(column, it->second);
  };
  for (const auto& column : row.key) once(column);
  for (const auto& column : catalog_.columns({Kind::table, key.ns, "", key.owner, ""})) once(column.name);
  for (const auto& [column, value] : row.values) once(column);
  return out;
}

std::string why_unmodelled(const InventoryItem& item) {
  const auto why = item.detail.find(" (");
  return why == std::string::npos ? std::string() : item.detail.substr(why);
}

std::string YamlWriter::inventory() const {
  if (catalog_.inventory.empty()) return {};
  std::map<Standing, std::vector<std::string>> by;
  std::map<std::string, std::size_t> members;  // an extension may own a thousand objects
  for (const auto& item : catalog_.inventory)
    if (item.standing == Standing::extension_member) ++members[item.detail];
  const auto shown = [](const InventoryItem& item) {
    if (item.standing == Standing::unmodelled) return item.object + why_unmodelled(item);
    return item.detail.empty() ? item.object : item.object + " (" + item.detail + ")";
  };
  for (const auto& item : catalog_.inventory) by[item.standing].push_back(shown(item));
  std::string out = "\n# Inventory\n";
  for (const auto& [standing, objects] : by) {
    out += fmt::format("# {}: {}\n", to_string(standing), objects.size());
    if (standing == Standing::managed) continue;
    if (standing == Standing::extension_member)
      for (const auto& [extension, count] : members)
        out += fmt::format("#   {}: {}\n", one_line(extension), count);
    else
      for (const auto& object : objects) out += "#   " + one_line(object) + "\n";
  }
  return out;
}

bool YamlWriter::is_engine(const std::string& name) const {
  const auto names = dialect_names();
  return name == dialect_.name() || std::find(names.begin(), names.end(), name) != names.end();
}

YamlOut YamlWriter::options(const Options& options) const {
  YamlOut inner = YamlOut::map();
  for (const auto& [name, value] : options) inner.add(name, YamlOut::loose(value));
  YamlOut out = YamlOut::map();
  out.add(std::string(dialect_.name()), std::move(inner));
  return out;
}

YamlOut YamlWriter::named_values(const std::map<std::string, std::string>& values) const {
  YamlOut out = YamlOut::map();
  bool all_engines = true;
  for (const auto& [name, value] : values) {
    out.add(name, YamlOut::text(value));
    all_engines = all_engines && is_engine(name);
  }
  if (!all_engines) return out;
  YamlOut outer = YamlOut::map();  // else it would be read as one value for each engine
  outer.add(std::string(dialect_.name()), std::move(out));
  return outer;
}

void YamlWriter::sequence_options(YamlOut& out, const SequenceOptions& o) const {
  auto number = [&](const char* name, const std::optional<std::int64_t>& value) {
    if (value) out.add(name, YamlOut::word(std::to_string(*value)));
  };
  number("start", o.start);
  number("increment", o.increment);
  number("minimum", o.minimum);
  number("maximum", o.maximum);
  number("cache", o.cache);
  if (o.cycle) out.add("cycle", YamlOut::word("true"));
}

YamlOut YamlWriter::identity(const Identity& identity) const {
  if (identity.options == SequenceOptions{}) return YamlOut::text(identity.generation);
  YamlOut out = YamlOut::map();
  out.add("generation", YamlOut::text(identity.generation));
  sequence_options(out, identity.options);
  return out;
}

YamlOut YamlWriter::depends_on(const std::vector<Ref>& refs) {
  YamlOut out = YamlOut::list();
  for (const auto& ref : refs) out.push(YamlOut::text(to_string(ref.to)));
  return out;
}

std::string YamlWriter::sql_name(std::string_view name) const {
  return plain_word(name) ? std::string(name) : dialect_.quote(name);
}

std::string YamlWriter::relation_name(const ObjectKey& relation, const std::string& ns) const {
  return (relation.ns == ns || relation.ns.empty() ? "" : sql_name(relation.ns) + ".") +
         sql_name(relation.name);
}

std::string YamlWriter::type_text(const DataType& type, const std::string& ns) {
  return type.user ? type_name(type.user->to, ns) + type.suffix : type.text;
}

/// The shortest spelling that the engine resolves to that very type.
std::string YamlWriter::type_name(const ObjectKey& type, const std::string& ns) {
  auto [it, fresh] = type_names_.try_emplace({type, ns});
  if (!fresh) return it->second;
  const std::string quoted = '"' + replace_all(type.name, "\"", "\"\"") + '"';
  auto resolves = [&](const std::string& spelling) {
    auto declared = catalog_.objects.find(type);
    if (declared == catalog_.objects.end()) return false;
    Catalog small;
    small.objects.emplace(*declared);
    small.objects.emplace(ObjectKey{Kind::table, ns, "", "trueup_probe", ""}, Table{});
    const ObjectKey key{Kind::column, ns, "trueup_probe", "c", ""};
    Column column;
    column.type.text = spelling;
    column.position = 1;
    small.objects.emplace(key, column);
    std::vector<Diagnostic> ignored;
    dialect_.normalize(small, ignored);
    const auto* seen = small.find<Column>(key);
    return seen != nullptr && seen->type.user && seen->type.user->to == type && seen->type.suffix.empty();
  };
  const bool near = type.ns.empty() || (type.ns == ns && ns == default_ns_);
  if (near && plain_word(type.name) && resolves(type.name))
    it->second = type.name;
  else if (near && resolves(quoted))
    it->second = quoted;
  else
    it->second = (type.ns.empty() ? "" : dialect_.quote(type.ns) + ".") + dialect_.quote(type.name);
  return it->second;
}

std::string to_yaml(const Catalog& catalog, const EngineDialect& dialect) {
  return YamlWriter(catalog, dialect).write();
}

}  // namespace trueup
