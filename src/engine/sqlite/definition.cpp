#include "engine/sqlite/definition.hpp"

#include "base/text.hpp"
#include "engine/conventional_name.hpp"
#include "engine/sqlite/build.hpp"
#include "engine/sqlite/dialect.hpp"
#include "engine/sqlite/lexer.hpp"
#include "engine/sqlite/types.hpp"

namespace trueup::sqlite {
namespace {

enum class Place { in_table, in_index };

/// In CREATE INDEX a "word" that is no column is a string to SQLite; a word in backticks never is.
std::string column_sql(const std::string& name, Place place) {
  const std::string out = quote(name);
  if (place == Place::in_table || !out.starts_with('"')) return out;
  return "`" + replace_all(name, "`", "``") + "`";
}

std::string part_sql(const IndexPart& part, Place place) {
  std::string out;
  if (part.column) {
    out = column_sql(part.column->to.name, place);
  } else if (part.expression) {
    const auto all = significant(part.expression->text);
    // A lone literal would be taken for a column, and a collation for that of the last operand.
    const bool bare = all.size() > 1 && part.collation.empty();
    const bool call = all.size() > 2 && all[0].type == Token::Type::word && is_symbol(all[1], "(") &&
                      is_symbol(all.back(), ")");
    out = bare || call || in_parentheses(part.expression->text) ? part.expression->text
                                                                : "(" + part.expression->text + ")";
  }
  if (!part.collation.empty()) out += " collate " + quote(part.collation);
  if (!part.order.empty()) out += " " + part.order;
  return out;
}

std::string parts_sql(const std::vector<IndexPart>& parts, Place place = Place::in_table) {
  std::vector<std::string> out;
  out.reserve(parts.size());
  for (const auto& p : parts) out.push_back(part_sql(p, place));
  return "(" + join(out, ", ") + ")";
}

std::string conflict_sql(const Options& options, std::string_view name) {
  const std::string how = option(options, name);
  return how.empty() ? std::string() : " on conflict " + how;
}

std::string reference_sql(const ForeignKey& fk) {
  std::string out = "references " + quote(fk.ref_table.to.name);
  if (!fk.ref_columns.empty()) out += " (" + quoted_list(fk.ref_columns) + ")";
  if (!fk.on_delete.empty()) out += " on delete " + fk.on_delete;
  if (!fk.on_update.empty()) out += " on update " + fk.on_update;
  if (!fk.match.empty()) out += " match " + fk.match;
  if (fk.deferrable) out += fk.initially_deferred ? " deferrable initially deferred" : " deferrable";
  return out;
}

/// A single plain column: the constraint can be written behind its column.
const ObjectKey* sole_column(const std::vector<IndexPart>& on) {
  if (on.size() != 1 || !on[0].column || !on[0].collation.empty() || !on[0].order.empty()) return nullptr;
  return &on[0].column->to;
}

/// Writes one table.
class TableWriter {
 public:
  TableWriter(const Catalog& catalog, const ObjectKey& table)
      : catalog_(catalog), table_(table), unnamed_(unnamed_constraints(catalog, table)) {}

  std::string run(std::string_view as) {
    std::vector<std::string> lines;
    for (const auto& key : catalog_.columns(table_)) lines.push_back(column(key));
    for (Kind kind : {Kind::primary_key, Kind::unique, Kind::foreign_key, Kind::check})
      for (const auto& key : in_naming_order(catalog_, table_, kind))
        if (!written_.contains(key)) lines.push_back(constraint(key));
    std::string out = "create table " + quote(as) + " (";
    for (std::size_t i = 0; i < lines.size(); ++i) out += (i > 0 ? ",\n  " : "\n  ") + lines[i];
    out += "\n)";
    const auto* table = catalog_.find<Table>(table_);
    std::vector<std::string> options;
    if (table != nullptr && has_option(table->options, "without_rowid"))
      options.emplace_back("without rowid");
    if (table != nullptr && has_option(table->options, "strict")) options.emplace_back("strict");
    if (!options.empty()) out += " " + join(options, ", ");
    return out;
  }

 private:
  std::string column(const ObjectKey& key) {
    const auto& c = *catalog_.find<Column>(key);
    std::string out = column_definition(key, c);
    for (const auto& k : in_naming_order(catalog_, table_, Kind::primary_key)) {
      const auto& pk = *catalog_.find<PrimaryKey>(k);
      const bool inline_desc = has_option(pk.options, "in_column");
      const ObjectKey* sole =
          inline_desc && pk.on.size() == 1 && pk.on[0].column ? &pk.on[0].column->to : sole_column(pk.on);
      if (sole == nullptr || *sole != key) continue;
      out += prefix(k) + "primary key" + (inline_desc && pk.on[0].order == "desc" ? " desc" : "") +
             conflict_sql(pk.options, "conflict");
      if (has_option(c.options, "autoincrement")) out += " autoincrement";
      written_.insert(k);
    }
    for (const auto& k : in_naming_order(catalog_, table_, Kind::unique)) {
      const auto& u = *catalog_.find<Unique>(k);
      const ObjectKey* sole = sole_column(u.on);
      if (sole == nullptr || *sole != key || !first_of_its_name(k)) continue;
      out += " unique" + conflict_sql(u.options, "conflict");
      written_.insert(k);
    }
    for (const auto& k : in_naming_order(catalog_, table_, Kind::foreign_key)) {
      const auto& fk = *catalog_.find<ForeignKey>(k);
      if (fk.columns.size() != 1 || fk.columns[0].to != key || !first_of_its_name(k)) continue;
      out += " " + reference_sql(fk);
      written_.insert(k);
    }
    return out;
  }

  /// Numbered names depend on the order in the text, so only the first of a name may move up to its column.
  bool first_of_its_name(const ObjectKey& key) const {
    return unnamed_.contains(key) && name_when_unnamed(catalog_, table_, key, {}) == key.name;
  }

  std::string prefix(const ObjectKey& key) const {
    return unnamed_.contains(key) ? " " : " constraint " + quote(key.name) + " ";
  }

  std::string constraint(const ObjectKey& key) const {
    std::string out = prefix(key).substr(1);
    if (const auto* pk = catalog_.find<PrimaryKey>(key)) {
      out += "primary key " + parts_sql(pk->on) + conflict_sql(pk->options, "conflict");
    } else if (const auto* u = catalog_.find<Unique>(key)) {
      out += "unique " + parts_sql(u->on) + conflict_sql(u->options, "conflict");
    } else if (const auto* fk = catalog_.find<ForeignKey>(key)) {
      out += "foreign key (" + quoted_list(fk->columns) + ") " + reference_sql(*fk);
    } else if (const auto* check = catalog_.find<Check>(key)) {
      out += "check (" + check->expression.text + ")" + conflict_sql(check->options, "conflict");
    }
    return out;
  }

  const Catalog& catalog_;
  const ObjectKey& table_;
  std::set<ObjectKey> unnamed_;
  std::set<ObjectKey> written_;
};

std::string constraint_name(const Options& options, std::string_view what) {
  const std::string name = option(options, std::string(what) + "_name");
  return name.empty() ? std::string(" ") : " constraint " + quote(name) + " ";
}

std::vector<std::string> names_of(const std::vector<IndexPart>& parts) {
  std::vector<std::string> out;
  for (const auto& p : parts)
    if (p.column) out.push_back(p.column->to.name);
  return out;
}
}  // namespace

bool has_option(const Options& options, std::string_view name) {
  return option(options, name) == "true";
}

std::string option(const Options& options, std::string_view name) {
  auto it = options.find(std::string(name));
  return it == options.end() ? std::string() : it->second;
}

std::string quoted_list(const std::vector<Ref>& refs) {
  std::vector<std::string> out;
  out.reserve(refs.size());
  for (const auto& r : refs) out.push_back(quote(r.to.name));
  return join(out, ", ");
}

bool bare_default(std::string_view text) {
  auto all = significant(text);
  if (all.size() == 2 && (is_symbol(all[0], "+") || is_symbol(all[0], "-"))) all.erase(all.begin());
  if (all.size() != 1) return false;
  const auto& t = all[0];
  if (t.type == Token::Type::word && is_keyword(t.text))
    return is_word(t, "null") || lower(t.text).starts_with("current_");
  return t.type != Token::Type::symbol && t.type != Token::Type::parameter;
}

bool constant_default(std::string_view text) {
  const std::string bare = strip_parentheses(text);
  return bare_default(bare) && !lower(bare).starts_with("current_");
}

std::string default_expression(std::string_view text) {
  const auto all = significant(text);
  if (all.size() == 1 && bare_default(text)) {
    const auto& t = all[0];
    const bool constant = is_word(t, "true") || is_word(t, "false") || is_keyword(t.text);
    if (t.type == Token::Type::quoted_identifier || (t.type == Token::Type::word && !constant))
      return literal(t.value());
  }
  return bare_default(text) || in_parentheses(text) ? std::string(text) : "(" + std::string(text) + ")";
}

std::string column_definition(const ObjectKey& key, const Column& column) {
  std::string out = quote(key.name);
  if (!column.type.text.empty()) out += " " + column.type.text;
  if (!column.collation.empty())
    out += constraint_name(column.options, "collate") + "collate " + quote(column.collation);
  if (column.not_null)
    out += constraint_name(column.options, "not_null") + "not null" +
           conflict_sql(column.options, "not_null_conflict");
  if (column.default_value) {
    const auto& text = column.default_value->text;
    out += constraint_name(column.options, "default") + "default " +
           (bare_default(text) || in_parentheses(text) ? text : "(" + text + ")");
  }
  if (column.generated) {
    out += constraint_name(column.options, "generated") + "generated always as (" + column.generated->text +
           ") " + (column.generated_kind == "stored" ? "stored" : "virtual");
  }
  return out;
}

std::string table_definition(const Catalog& catalog, const ObjectKey& table, std::string_view as) {
  return TableWriter(catalog, table).run(as);
}

std::string index_definition(const ObjectKey& key, const Index& index) {
  std::string out = index.unique ? "create unique index " : "create index ";
  out += quote(key.name) + " on " + quote(key.owner) + " " + parts_sql(index.on, Place::in_index);
  if (index.where) out += " where " + index.where->text;
  return out;
}

std::string trigger_definition(const ObjectKey& key, const Trigger& trigger) {
  std::string out = "create trigger " + quote(key.name) + " " + trigger.timing +
                    (trigger.timing.empty() ? "" : " ") + join(trigger.events, " or ");
  if (!trigger.update_of.empty()) out += " of " + quoted_list(trigger.update_of);
  out += " on " + quote(key.owner);
  if (trigger.level == "row") out += " for each row";
  if (trigger.when) out += " when " + trigger.when->text;
  return out + "\nbegin\n  " + trigger.body.text + "\nend";
}

std::string view_definition(const ObjectKey& key, const View& view) {
  std::string out = "create view " + quote(key.name);
  if (!view.columns.empty()) {
    std::vector<std::string> names;
    for (const auto& c : view.columns) names.push_back(quote(c));
    out += " (" + join(names, ", ") + ")";
  }
  return out + " as " + view.query.text;
}

std::vector<ObjectKey> in_naming_order(const Catalog& catalog, const ObjectKey& table, Kind kind) {
  std::vector<ObjectKey> out;
  for (auto it = catalog.objects.lower_bound(ObjectKey{kind, table.ns, table.name, "", ""});
       it != catalog.objects.end() && it->first.kind == kind && it->first.owner == table.name; ++it)
    out.push_back(it->first);
  auto parts = [](const ObjectKey& k) {  // name without trailing digits, then the number
    std::size_t end = k.name.size();
    while (end > 0 && k.name[end - 1] >= '0' && k.name[end - 1] <= '9') --end;
    const std::string digits = k.name.substr(end);
    return std::tuple{k.name.substr(0, end), digits.size(), digits, k.name};
  };
  std::sort(out.begin(), out.end(), [&](const auto& a, const auto& b) { return parts(a) < parts(b); });
  return out;
}

std::string name_when_unnamed(const Catalog& catalog, const ObjectKey& table, const ObjectKey& constraint,
                              const std::set<std::string>& taken) {
  if (constraint.kind == Kind::primary_key) return conventional_name(table.name, {}, "pkey", taken);
  if (const auto* u = catalog.find<Unique>(constraint))
    return conventional_name(table.name, names_of(u->on), "key", taken);
  if (const auto* fk = catalog.find<ForeignKey>(constraint)) {
    std::vector<std::string> columns;
    for (const auto& c : fk->columns) columns.push_back(c.to.name);
    return conventional_name(table.name, columns, "fkey", taken);
  }
  if (const auto* check = catalog.find<Check>(constraint)) {
    std::vector<std::string> columns;
    for (const auto& c : catalog.columns(table)) columns.push_back(c.name);
    return conventional_name(
        table.name, check_name_columns(check->expression.text, columns, sqlite_dialect()), "check", taken);
  }
  return {};
}

std::set<ObjectKey> unnamed_constraints(const Catalog& catalog, const ObjectKey& table) {
  std::set<ObjectKey> out;
  std::set<std::string> taken;
  for (Kind kind : {Kind::primary_key, Kind::unique, Kind::foreign_key, Kind::check})
    for (const auto& key : in_naming_order(catalog, table, kind)) {
      if (name_when_unnamed(catalog, table, key, taken) == key.name) out.insert(key);
      taken.insert(key.name);
    }
  return out;
}

std::vector<std::pair<ObjectKey, ObjectKey>> implied_renames(const Catalog& before, const ObjectKey& old_key,
                                                             const Catalog& after, const ObjectKey& new_key) {
  std::vector<std::pair<ObjectKey, ObjectKey>> out;
  if (old_key.kind != Kind::table && old_key.kind != Kind::column) return out;
  const bool table = old_key.kind == Kind::table;
  const std::string& owner = table ? new_key.name : new_key.owner;
  const auto unnamed = unnamed_constraints(before, table_key(table ? old_key.name : old_key.owner));
  std::set<std::string> taken;
  for (Kind kind : {Kind::primary_key, Kind::unique, Kind::foreign_key, Kind::check})
    for (const auto& key : in_naming_order(after, table_key(owner), kind)) {
      ObjectKey was = key, now = key;
      was.owner = table ? old_key.name : old_key.owner;
      if (unnamed.contains(was)) now.name = name_when_unnamed(after, table_key(owner), key, taken);
      taken.insert(now.name);
      if (now != key && !after.contains(now)) out.emplace_back(key, now);
    }
  return out;
}

const ObjectKey* rowid_alias(const Catalog& catalog, const ObjectKey& table) {
  const auto* t = catalog.find<Table>(table);
  if (t == nullptr || has_option(t->options, "without_rowid")) return nullptr;
  for (const auto& key : in_naming_order(catalog, table, Kind::primary_key)) {
    const auto& pk = *catalog.find<PrimaryKey>(key);
    if (pk.on.size() != 1 || !pk.on[0].column ||
        (has_option(pk.options, "in_column") && pk.on[0].order == "desc"))
      return nullptr;
    const ObjectKey& column = pk.on[0].column->to;
    const auto* c = catalog.find<Column>(column);
    if (c == nullptr || type_key(c->type.text) != "integer") return nullptr;
    auto it = catalog.objects.find(column);
    return &it->first;
  }
  return nullptr;
}

}  // namespace trueup::sqlite
