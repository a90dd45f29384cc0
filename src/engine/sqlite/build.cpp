#include "engine/sqlite/build.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "engine/conventional_name.hpp"
#include "engine/sqlite/dialect.hpp"
#include "engine/sqlite/lexer.hpp"
#include "engine/sqlite/types.hpp"

namespace trueup::sqlite {

void Names::add(const ParsedTable& table) {
  Entry entry{table.name, {}, table.primary_key ? table.primary_key->on.size() : 0};
  for (const auto& c : table.columns) entry.columns.emplace(lower(c.name), c.name);
  tables_.insert_or_assign(lower(table.name), std::move(entry));
}
const std::string* Names::table(std::string_view name) const {
  auto it = tables_.find(lower(name));
  return it == tables_.end() ? nullptr : &it->second.name;
}
const std::string* Names::column(std::string_view table, std::string_view name) const {
  auto it = tables_.find(lower(table));
  if (it == tables_.end()) return nullptr;
  auto c = it->second.columns.find(lower(name));
  return c == it->second.columns.end() ? nullptr : &c->second;
}

std::size_t Names::key_size(std::string_view table) const {
  const auto it = tables_.find(lower(table));
  return it == tables_.end() ? 0 : it->second.key_size;
}

ObjectKey table_key(std::string_view name) {
  return {Kind::table, "", "", std::string(name), ""};
}
ObjectKey child_key(Kind kind, std::string_view table, std::string_view name) {
  return {kind, "", std::string(table), std::string(name), ""};
}

namespace {
Expr expression(const std::string& text) {
  return Expr{text, ""};
}

class TableBuilder {
 public:
  TableBuilder(const ParsedTable& table, const Names& names) : t_(table), names_(names) {}

  std::map<ObjectKey, ObjectBody> run() {
    Table body;
    if (t_.strict) body.options["strict"] = "true";
    if (t_.without_rowid) body.options["without_rowid"] = "true";
    put(table_key(t_.name), std::move(body));
    std::int64_t position = 0;
    for (const auto& c : t_.columns) put(child_key(Kind::column, t_.name, c.name), column(c, ++position));
    if (t_.primary_key) primary_key(*t_.primary_key);
    for (const auto& u : t_.uniques) unique(u);
    for (const auto& fk : t_.foreign_keys) foreign_key(fk);
    for (const auto& c : t_.checks) check(c);
    return std::move(out_);
  }

 private:
  void put(ObjectKey key, ObjectBody body) {
    const std::string name = to_string(key);
    if (!out_.emplace(std::move(key), std::move(body)).second)
      throw ParseError("two objects are called " + name);
  }
  std::string named(const std::string& given, const std::vector<std::string>& columns,
                    std::string_view label) {
    std::string name = given.empty() ? conventional_name(t_.name, columns, label, taken_) : given;
    taken_.insert(name);
    return name;
  }
  Ref column_ref(const std::string& table, const std::string& name) const {
    const std::string* declared = names_.column(table, name);
    if (declared == nullptr) throw ParseError(fmt::format("there is no column {} in table {}", name, table));
    return Ref{child_key(Kind::column, *names_.table(table), *declared)};
  }

  static Column column(const ParsedColumn& c, std::int64_t position) {
    Column out;
    // To SQLite a type of that name means nothing; the author who writes it bare means a column that counts.
    out.type.text = is_serial(c.type) ? '"' + c.type + '"' : c.type;
    out.not_null = c.not_null;
    if (c.default_value) out.default_value = Expr{*c.default_value, ""};
    if (c.generated) {
      out.generated = expression(*c.generated);
      out.generated_kind = c.stored ? "stored" : "virtual";
    }
    out.collation = c.collation;
    for (const auto& [what, name] : c.names) out.options[what] = name;
    if (!c.not_null_conflict.empty()) out.options["not_null_conflict"] = c.not_null_conflict;
    if (c.autoincrement) out.options["autoincrement"] = "true";
    out.position = position;
    return out;
  }

  std::vector<IndexPart> parts(const std::vector<ParsedPart>& parsed,
                               std::vector<std::string>& columns) const {
    std::vector<IndexPart> out;
    for (const auto& p : parsed) {
      if (p.column.empty()) throw ParseError("a key over an expression");
      IndexPart part;
      part.column = column_ref(t_.name, p.column);
      part.collation = p.collation;
      if (p.descending || p.ascending) part.order = p.descending ? "desc" : "asc";
      columns.push_back(part.column->to.name);
      out.push_back(std::move(part));
    }
    return out;
  }

  void primary_key(const ParsedKey& key) {
    PrimaryKey body;
    std::vector<std::string> columns;
    body.on = parts(key.on, columns);
    if (!key.conflict.empty()) body.options["conflict"] = key.conflict;
    // `integer primary key desc` is no rowid alias, `primary key (id desc)` is: only here the place matters.
    if (key.in_column && key.on[0].descending) body.options["in_column"] = "true";
    put(child_key(Kind::primary_key, t_.name, named(key.name, {}, "pkey")), std::move(body));
  }
  void unique(const ParsedKey& key) {
    Unique body;
    std::vector<std::string> columns;
    body.on = parts(key.on, columns);
    if (!key.conflict.empty()) body.options["conflict"] = key.conflict;
    put(child_key(Kind::unique, t_.name, named(key.name, columns, "key")), std::move(body));
  }
  void check(const ParsedCheck& check) {
    Check body;
    body.expression = expression(check.condition);
    if (!check.conflict.empty()) body.options["conflict"] = check.conflict;
    std::vector<std::string> columns;
    for (const auto& c : t_.columns) columns.push_back(c.name);
    const auto mentioned = check_name_columns(body.expression.text, columns, sqlite_dialect());
    put(child_key(Kind::check, t_.name, named(check.name, mentioned, "check")), std::move(body));
  }
  void foreign_key(const ParsedForeignKey& fk) {
    ForeignKey body;
    std::vector<std::string> columns;
    for (const auto& c : fk.columns) {
      body.columns.push_back(column_ref(t_.name, c));
      columns.push_back(body.columns.back().to.name);
    }
    const std::string* table = names_.table(fk.table);
    body.ref_table = Ref{table_key(table == nullptr ? fk.table : *table)};
    for (const auto& c : fk.ref_columns)
      body.ref_columns.push_back(table == nullptr ? Ref{child_key(Kind::column, fk.table, c)}
                                                  : column_ref(*table, c));
    body.on_delete = fk.on_delete;
    body.on_update = fk.on_update;
    body.match = fk.match;
    body.deferrable = fk.deferrable;
    body.initially_deferred = fk.initially_deferred;
    put(child_key(Kind::foreign_key, t_.name, named(fk.name, columns, "fkey")), std::move(body));
  }

  const ParsedTable& t_;
  const Names& names_;
  std::map<ObjectKey, ObjectBody> out_;
  std::set<std::string> taken_;
};
}  // namespace

void add_table(const ParsedTable& table, const Names& names, Catalog& out) {
  auto objects = TableBuilder(table, names).run();
  out.objects.merge(objects);
}

const ObjectKey* find_relation(const Catalog& catalog, std::string_view name) {
  if (const ObjectKey* exact = catalog.relation("", name)) return exact;
  for (Kind kind : {Kind::table, Kind::view, Kind::virtual_table})
    for (auto it = catalog.objects.lower_bound(ObjectKey{kind, "", "", "", ""});
         it != catalog.objects.end() && it->first.kind == kind; ++it)
      if (same_name(it->first.name, name)) return &it->first;
  return nullptr;
}

const ObjectKey* find_column(const Catalog& catalog, const ObjectKey& relation, std::string_view name) {
  auto exact = catalog.objects.find(child_key(Kind::column, relation.name, name));
  if (exact != catalog.objects.end()) return &exact->first;
  for (auto it = catalog.objects.lower_bound(child_key(Kind::column, relation.name, ""));
       it != catalog.objects.end() && it->first.kind == Kind::column && it->first.owner == relation.name;
       ++it)
    if (same_name(it->first.name, name)) return &it->first;
  return nullptr;
}

void add_index(const ParsedIndex& index, Catalog& out) {
  const ObjectKey* table = find_relation(out, index.table);
  if (table == nullptr) throw ParseError("its table is not modelled");
  Index body;
  body.unique = index.unique;
  if (!index.where.empty()) body.where = Expr{index.where, ""};
  for (const auto& p : index.on) {
    IndexPart part;
    const ObjectKey* column = p.column.empty() ? nullptr : find_column(out, *table, p.column);
    if (column != nullptr)
      part.column = Ref{*column};
    else
      part.expression = Expr{p.column.empty() ? p.expression : quote(p.column), ""};
    part.collation = p.collation;
    if (p.descending || p.ascending) part.order = p.descending ? "desc" : "asc";
    body.on.push_back(std::move(part));
  }
  out.objects.insert_or_assign(child_key(Kind::index, table->name, index.name), std::move(body));
}

void add_view(const ParsedView& view, Catalog& out) {
  View body;
  body.query.text = view.query;
  body.columns = view.columns;
  out.objects.insert_or_assign(ObjectKey{Kind::view, "", "", view.name, ""}, std::move(body));
}

void add_trigger(const ParsedTrigger& trigger, Catalog& out) {
  const ObjectKey* owner = find_relation(out, trigger.table);
  if (owner == nullptr) throw ParseError("its table is not modelled");
  Trigger body;
  body.timing = trigger.timing;
  body.events = {trigger.event};
  if (trigger.each_row) body.level = "row";
  for (const auto& c : trigger.update_of) {
    const ObjectKey* column = find_column(out, *owner, c);
    if (column == nullptr && owner->kind == Kind::table)
      throw ParseError("UPDATE OF a column that is not there: " + c);
    body.update_of.push_back(Ref{column != nullptr ? *column : child_key(Kind::column, owner->name, c)});
  }
  if (!trigger.when.empty()) body.when = Expr{trigger.when, ""};
  body.body.text = trigger.body;
  out.objects.insert_or_assign(child_key(Kind::trigger, owner->name, trigger.name), std::move(body));
}

}  // namespace trueup::sqlite
