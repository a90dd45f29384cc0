#include "engine/sqlite/rebuild.hpp"

#include <fmt/format.h>

#include <array>

#include "base/text.hpp"
#include "engine/sqlite/build.hpp"
#include "engine/sqlite/definition.hpp"
#include "engine/sqlite/lexer.hpp"
#include "engine/sqlite/types.hpp"

namespace trueup::sqlite {
namespace {

std::string free_name(const RenderContext& context, const std::string& table) {
  std::string name = "trueup_new_" + table;
  for (int n = 1; find_relation(context.from, name) != nullptr || find_relation(context.to, name) != nullptr;
       ++n)
    name = fmt::format("trueup_new{}_{}", n, table);
  return name;
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
class Rebuilder {
 public:
  Rebuilder(const ObjectKey& table, const RenderContext& context, SqlWriter& writer)
      : table_(table), c_(context), w_(writer), fresh_(free_name(context, table.name)) {}

  void run() {
    foreign_keys_off(w_);
    w_.raw(table_definition(c_.to, table_, fresh_)).end();
    copy();
    counter();
    w_.raw("drop table ").ident(table_.name).end();
    // Views, triggers and references of other tables name the table already: they must not follow the
    // renaming.
    w_.raw("pragma legacy_alter_table = on").end();
    w_.raw("alter table ").ident(fresh_).raw(" rename to ").ident(table_.name).end();
    w_.raw("pragma legacy_alter_table = off").end();
    for (const auto& key : c_.to.children(table_)) {
      if (const auto* index = c_.to.find<Index>(key)) w_.raw(index_definition(key, *index)).end();
      if (const auto* trigger = c_.to.find<Trigger>(key)) w_.raw(trigger_definition(key, *trigger)).end();
    }
    w_.raw("pragma foreign_key_check").end();
    foreign_keys_on(w_);
  }

 private:
  /// The old column that feeds the new one, or null: it takes its default.
  const Column* source(const ObjectKey& key, const Column& column) const {
    if (column.generated) return nullptr;
    const ObjectKey* old = find_column(c_.from, table_, key.name);  // its name may be spelled in another case
    return old == nullptr ? nullptr : c_.from.find<Column>(*old);
  }

  std::string value(const ObjectKey& key, const Column& column, const Column& old) {
    std::string out = quote(key.name);
    const bool retyped = type_key(old.type.text) != type_key(column.type.text);
    if (column.convert && !column.convert->empty()) out = column.convert->text;
    if (retyped && affinity(old.type.text) != affinity(column.type.text) && !column.convert)
      hazards_.push_back({HazardKind::other, fmt::format("values of {} become {} where they look like it",
                                                         key.name, to_string(affinity(column.type.text)))});
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
      const std::string to = rowid_name(c_.to, table_), from = rowid_name(c_.from, table_);
      if (!to.empty() && !from.empty()) targets.push_back(to), values.push_back(from);
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
    note_checks();
    hazards_.insert(hazards_.begin(), {HazardKind::rewrites_table, "copies every row"});
    if (copied == 0 && targets.empty()) return hidden_rows();
    w_.raw("insert into ")
        .ident(fresh_)
        .raw(" (" + join(targets, ", ") + ")\nselect " + join(values, ", ") + "\nfrom ");
    w_.ident(table_.name).end(TxMode::inside, std::move(hazards_));
  }

  /// No column survives: as many rows as there were, of nothing but defaults.
  void hidden_rows() {
    const auto columns = c_.to.columns(table_);
    for (const auto& key : columns) {
      const auto& column = *c_.to.find<Column>(key);
      if (column.generated) continue;
      w_.raw("insert into ").ident(fresh_).raw(" (").ident(key.name).raw(")\nselect ");
      w_.raw(column.default_value ? default_expression(column.default_value->text) : "null");
      w_.raw("\nfrom ").ident(table_.name).end(TxMode::inside, std::move(hazards_));
      return;
    }
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
    if (!counts_up(c_.to, table_) || !counts_up(c_.from, table_)) return;
    w_.raw("delete from sqlite_sequence where name = ").literal(fresh_).end();
    w_.raw("insert into sqlite_sequence (name, seq)\nselect ").literal(fresh_);
    w_.raw(", seq from sqlite_sequence where name = ").literal(table_.name).end();
  }

  const ObjectKey& table_;
  const RenderContext& c_;
  SqlWriter& w_;
  std::string fresh_;
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
