#include "engine/sqlite/rebuild.hpp"

#include <fmt/format.h>

#include <array>

#include "base/text.hpp"
#include "engine/sqlite/build.hpp"
#include "engine/sqlite/definition.hpp"
#include "engine/sqlite/lexer.hpp"
#include "engine/sqlite/parent_key.hpp"
#include "engine/sqlite/types.hpp"

namespace trueup::sqlite {
namespace {

std::string free_name(const RenderContext& context, const std::string& stem, const std::string& rest) {
  std::string name = "trueup_" + stem + rest;
  for (int n = 1; find_relation(context.from, name) != nullptr || find_relation(context.to, name) != nullptr;
       ++n)
    name = fmt::format("trueup_{}{}{}", stem, n, rest);
  return name;
}

/// Does the text say the table's own name before a column's? Such text does not survive a renaming that
/// others must not follow.
bool names_table(const Expr& e, const std::string& table) {
  const auto all = significant(e.text);
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    const bool name = all[i].type == Token::Type::word || all[i].type == Token::Type::quoted_identifier;
    if (name && same_name(all[i].value(), table) && is_symbol(all[i + 1], ".")) return true;
  }
  return false;
}
bool index_names_table(const Catalog& catalog, const ObjectKey& index) {
  bool found = false;
  for_each_expr(catalog.objects.at(index),
                [&](const Expr& e) { found = found || names_table(e, index.owner); });
  return found;
}

/// `rowid`, or another of its names when a column hides it; empty when all are hidden or there is none.
std::string rowid_name(const Catalog& catalog, const ObjectKey& table) {
  const auto* t = catalog.find<Table>(table);
  if (t == nullptr || has_option(t->options, "without_rowid")) return {};
  for (const std::string name : {"rowid", "_rowid_", "oid"})
    if (find_column(catalog, table, name) == nullptr) return name;
  return {};
}

bool counts_up(const Catalog& catalog, const ObjectKey& table) {
  for (const auto& key : catalog.columns(table))
    if (has_option(catalog.find<Column>(key)->options, "autoincrement")) return true;
  return false;
}

/// Writes one rebuild.
///
/// Whatever fails on the way, in whatever client, no row may be lost: not when the client goes on after
/// errors, and not when SQLite rolled back by itself (a full disk does that). So the old table has a name of
/// its own by the time anything can fail, and is dropped by that name only: once the savepoint is gone, so is
/// the name. While the savepoint lives, the guard ends it unless every row arrived and the old table was as
/// the plan knows it: a column, an index or a trigger that somebody made by hand would go with it.
class Rebuilder {
 public:
  Rebuilder(const ObjectKey& table, const RenderContext& context, SqlWriter& writer)
      : table_(table),
        c_(context),
        w_(writer),
        old_(free_name(context, "old", "_" + table.name)),
        guard_(free_name(context, "guard", "")),
        by_name_(conversion_names_table()) {}

  void run() {
    foreign_keys_off(w_);
    w_.raw("savepoint trueup_rebuild").end();
    guard_up();
    if (definition_names_itself())
      set_aside_by_copy();
    else
      set_aside_by_name();
    w_.raw(table_definition(c_.to, table_, table_.name)).end();
    copy();
    counter();
    guard(table_.name, old_, !copied_aside_);
    guard_down();
    w_.raw("drop table ").ident(old_).end();
    for (const auto& key : c_.to.children(table_)) {
      if (const auto* index = c_.to.find<Index>(key)) w_.raw(index_definition(key, *index)).end();
      if (const auto* trigger = c_.to.find<Trigger>(key)) w_.raw(trigger_definition(key, *trigger)).end();
    }
    w_.raw("release trueup_rebuild").end();
    for (const auto& name : checkable_referrers(c_.from, c_.to, table_))
      w_.raw("pragma foreign_key_check(").ident(name).raw(")").end();
    foreign_keys_on(w_);
  }

 private:
  bool definition_names_itself() const {
    const auto children = c_.from.children(table_);
    return std::any_of(children.begin(), children.end(), [&](const ObjectKey& key) {
      if (const auto* check = c_.from.find<Check>(key)) return names_table(check->expression, table_.name);
      const auto* column = c_.from.find<Column>(key);
      return column != nullptr && column->generated && names_table(*column->generated, table_.name);
    });
  }

  /// Views, triggers and references of other tables name the table: they must not follow the renaming.
  void set_aside_by_name() {
    for (const auto& key : c_.from.children(table_))
      if (key.kind == Kind::index && index_names_table(c_.from, key))
        w_.raw("drop index ").ident(key.name).end();
    w_.raw("pragma legacy_alter_table = on").end();
    w_.raw("alter table ").ident(table_.name).raw(" rename to ").ident(old_).end();
    w_.raw("pragma legacy_alter_table = off").end();
  }

  /// SQLite cannot rename a table whose checks say its name without all others following, so its rows move
  /// twice.
  void set_aside_by_copy() {
    std::vector<std::string> columns;
    if (!old_rowid_.empty()) columns.push_back(old_rowid_ + " as " + old_rowid_);
    for (const auto& key : c_.from.columns(table_))
      if (!c_.from.find<Column>(key)->generated) columns.push_back(read(table_.name, key.name, true));
    w_.raw("create table ").ident(old_).raw(" as\nselect " + join(columns, ", ") + "\nfrom ");
    w_.ident(table_.name).end(TxMode::inside, {{HazardKind::rewrites_table, "copies every row"}});
    copied_aside_ = true;
    if (keeps_counter()) {
      w_.raw("insert into sqlite_sequence (name, seq)\nselect ").literal(old_);
      w_.raw(", seq from sqlite_sequence where name = ").literal(table_.name).end();
    }
    guard(old_, table_.name, true);
    guard_down();
    guard_up();
    w_.raw("drop table ").ident(table_.name).end();
  }

  /// Rolls back unless the one holds as many rows as the other (and its counter) and the removal of the other
  /// cannot cascade; where that is the table as it was found, nothing may be in it that the plan does not
  /// know. A temporary table, since the disk may be full.
  void guard(const std::string& filled, const std::string& source, bool as_found) {
    w_.raw("insert into ").ident(guard_).raw("\nselect 1 where (select count(*) from ").ident(filled);
    w_.raw(") = (select count(*) from ").ident(source).raw(")");
    if (keeps_counter()) {
      w_.raw("\n  and ifnull((select min(seq) from sqlite_sequence where name = ").literal(filled);
      w_.raw("), 0)\n    >= ifnull((select max(seq) from sqlite_sequence where name = ").literal(source);
      w_.raw("), 0)");
    }
    w_.raw("\n  and (select foreign_keys from pragma_foreign_keys) = 0");
    if (as_found) nothing_unknown(source);
    w_.end();
    w_.raw("insert or rollback into ").ident(guard_).raw("\nselect null where not exists (select 1 from ");
    w_.ident(guard_).raw(")").end();
  }
  /// Names are compared in lower case, as SQLite does not tell `ID` from `id`. Indexes of keys have no SQL.
  void nothing_unknown(const std::string& table) {
    std::vector<std::string> columns, parts{literal(lower(table))};
    for (const auto& key : c_.from.columns(table_)) columns.push_back(literal(lower(key.name)));
    for (const auto& key : c_.from.children(table_))
      if (key.kind == Kind::index || key.kind == Kind::trigger) parts.push_back(literal(lower(key.name)));
    w_.raw(
        fmt::format("\n  and (select count(*) = {} and min(lower(name) in ({})) from pragma_table_xinfo({}))",
                    columns.size(), join(columns, ", "), literal(table)));
    w_.raw(
        fmt::format("\n  and not exists (select 1 from sqlite_schema where lower(tbl_name) = {}\n    and sql "
                    "is not null and lower(name) not in ({}))",
                    parts[0], join(parts, ", ")));
  }
  void guard_up() {
    w_.raw("create temp table ").ident(guard_).raw(" (").raw(rebuild_guard_column).raw(" not null)").end();
  }
  void guard_down() { w_.raw("drop table temp.").ident(guard_).end(); }

  /// The old column that feeds the new one, or null: it takes its default.
  const Column* source(const ObjectKey& key, const Column& column) const {
    if (column.generated) return nullptr;
    const ObjectKey* old = find_column(c_.from, table_, key.name);  // its name may be spelled in another case
    return old == nullptr ? nullptr : c_.from.find<Column>(*old);
  }

  /// A column's value as SQL. SQLite takes a "word" that is no column for a string: a name that has to be
  /// quoted says its table, so that a column which somebody renamed is an error.
  static std::string read(const std::string& table, const std::string& column, bool named = false) {
    const std::string name = quote(column);
    if (!name.starts_with('"')) return name;
    return quote(table) + "." + name + (named ? " as " + name : "");
  }
  bool conversion_names_table() const {
    for (const auto& key : c_.to.columns(table_)) {
      const auto& column = *c_.to.find<Column>(key);
      if (!column.convert || source(key, column) == nullptr) continue;
      for (const auto& t : significant(column.convert->text))
        if (same_name(t.value(), table_.name)) return true;
    }
    return false;
  }

  std::string value(const ObjectKey& key, const Column& column, const Column& old) {
    std::string out = read(by_name_ ? table_.name : old_, key.name);
    const bool retyped = type_key(old.type.text) != type_key(column.type.text);
    retyped_ = retyped_ || retyped;
    if (column.convert && !column.convert->empty()) out = column.convert->text;
    if (retyped && affinity(old.type.text) != affinity(column.type.text) && !column.convert)
      hazards_.push_back({HazardKind::other, fmt::format("values of {} become {} where they look like it",
                                                         key.name, to_string(affinity(column.type.text)))});
    const ObjectKey* alias = rowid_alias(c_.to, table_);
    if (alias != nullptr && *alias == key && !old.not_null && rowid_alias(c_.from, table_) == nullptr)
      hazards_.push_back({HazardKind::other, fmt::format("nulls in {} become new numbers", key.name)});
    if (column.not_null && !old.not_null) {
      if (column.default_value && constant_default(column.default_value->text) &&
          !is_null(*column.default_value)) {
        out = fmt::format("coalesce({}, {})", out, default_expression(column.default_value->text));
        hazards_.push_back(
            {HazardKind::other, fmt::format("nulls in {} become {}", key.name, column.default_value->text)});
      } else {
        hazards_.push_back({HazardKind::other, fmt::format("fails when {} holds nulls", key.name)});
      }
    }
    return out;
  }
  static bool is_null(const Expr& e) { return lower(trim(e.text)) == "null"; }

  void copy() {
    std::vector<std::string> targets, values;
    // Without a column that is the rowid, nothing else would keep it; indexes of outside content refer to it.
    if (rowid_alias(c_.to, table_) == nullptr && rowid_alias(c_.from, table_) == nullptr) {
      const std::string to = rowid_name(c_.to, table_);
      if (!to.empty() && !old_rowid_.empty()) targets.push_back(to), values.push_back(old_rowid_);
    }
    std::size_t copied = 0;
    for (const auto& key : c_.to.columns(table_)) {
      const auto& column = *c_.to.find<Column>(key);
      if (const Column* old = source(key, column)) {
        targets.push_back(quote(key.name));
        values.push_back(value(key, column, *old));
        ++copied;
      } else if (!column.generated && column.not_null &&
                 (!column.default_value || is_null(*column.default_value))) {
        hazards_.push_back(
            {HazardKind::other,
             fmt::format("fails when there are rows: {} is not null and has no default", key.name)});
      }
    }
    note_strict();
    note_checks();
    note_drops();
    for (auto& hazard : lost_parent_keys(c_.from, c_.to, table_)) hazards_.push_back(std::move(hazard));
    const Hazard copies{HazardKind::rewrites_table, "copies every row"};
    hazards_.insert(hazards_.begin(), copies);
    if (copied == 0 && targets.empty()) return hidden_rows();
    w_.raw("insert or rollback into ").ident(table_.name).raw(" (" + join(targets, ", ") + ")\n");
    if (by_name_) {  // authors' conversions mean the rows as they were
      w_.raw("with ").ident(table_.name).raw(" as (select ");
      if (!old_rowid_.empty() && !copied_aside_) w_.raw(old_rowid_ + " as " + old_rowid_ + ", ");
      w_.raw("* from ").ident(old_).raw(")\n");
    }
    w_.raw("select " + join(values, ", ") + "\nfrom ").ident(by_name_ ? table_.name : old_);
    w_.end(TxMode::inside, std::move(hazards_));
  }

  /// No column survives: as many rows as there were, of nothing but defaults.
  void hidden_rows() {
    const auto columns = c_.to.columns(table_);
    for (const auto& key : columns) {
      const auto& column = *c_.to.find<Column>(key);
      if (column.generated) continue;
      w_.raw("insert or rollback into ").ident(table_.name).raw(" (").ident(key.name).raw(")\nselect ");
      w_.raw(column.default_value ? default_expression(column.default_value->text) : "null");
      w_.raw("\nfrom ").ident(old_).end(TxMode::inside, std::move(hazards_));
      return;
    }
  }

  void note_strict() {
    const auto strict = [&](const Catalog& c) {
      return has_option(c.find<Table>(table_)->options, "strict");
    };
    if (strict(c_.to) && (!strict(c_.from) || retyped_))
      hazards_.push_back(
          {HazardKind::other, "fails when rows hold values of other types than the strict table has"});
  }

  void note_drops() {
    for (const auto& key : c_.from.columns(table_))
      if (find_column(c_.to, table_, key.name) == nullptr && !c_.from.find<Column>(key)->generated)
        hazards_.push_back(
            {HazardKind::deletes_data, fmt::format("drops the column {} and its values", key.name)});
  }

  void note_checks() {
    for (const auto& key : c_.to.children(table_)) {
      const bool added =
          !c_.from.contains(key) || !changed_fields(c_.from.objects.at(key), c_.to.objects.at(key)).empty();
      if (!added) continue;
      if (key.kind == Kind::unique || key.kind == Kind::primary_key)
        hazards_.push_back(
            {HazardKind::other, fmt::format("fails when rows are equal in the key {}", key.name)});
      if (key.kind == Kind::check)
        hazards_.push_back(
            {HazardKind::other, fmt::format("fails when rows violate the check {}", key.name)});
    }
  }

  void counter() {
    if (!keeps_counter()) return;
    // Nothing happens here once the old table's own entry is gone with the savepoint.
    w_.raw("delete from sqlite_sequence where name = ").literal(table_.name);
    w_.raw("\n  and exists (select 1 from sqlite_sequence where name = ").literal(old_).raw(")").end();
    w_.raw("insert into sqlite_sequence (name, seq)\nselect ").literal(table_.name);
    w_.raw(", seq from sqlite_sequence where name = ").literal(old_).end();
    if (copied_aside_) w_.raw("delete from sqlite_sequence where name = ").literal(old_).end();
  }
  bool keeps_counter() const { return counts_up(c_.to, table_) && counts_up(c_.from, table_); }

  const ObjectKey& table_;
  const RenderContext& c_;
  SqlWriter& w_;
  std::string old_;  ///< the old table's name while its rows move
  std::string guard_;
  std::string old_rowid_ = rowid_alias(c_.from, table_) == nullptr ? rowid_name(c_.from, table_) : "";
  bool copied_aside_ = false;
  bool retyped_ = false;  ///< a column gets another type
  bool by_name_;          ///< a conversion mentions the table
  std::vector<Hazard> hazards_;
};
}  // namespace

void foreign_keys_off(SqlWriter& writer) {
  writer.raw("pragma foreign_keys = off").end(TxMode::before);
}
void foreign_keys_on(SqlWriter& writer) {
  writer.raw("pragma foreign_keys = on").end(TxMode::after);
}

bool is_referenced(const Catalog& catalog, const ObjectKey& table) {
  for (auto it = catalog.objects.lower_bound(ObjectKey{Kind::foreign_key, "", "", "", ""});
       it != catalog.objects.end() && it->first.kind == Kind::foreign_key; ++it)
    if (it->first.owner != table.name && std::get<ForeignKey>(it->second).ref_table.to == table) return true;
  return false;
}

void rebuild_table(const ObjectKey& table, const RenderContext& context, SqlWriter& writer) {
  Rebuilder(table, context, writer).run();
}

}  // namespace trueup::sqlite
