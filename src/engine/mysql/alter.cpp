#include "engine/mysql/alter.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "engine/mysql/definition.hpp"
#include "engine/mysql/lexer.hpp"
#include "engine/mysql/partitions.hpp"
#include "engine/mysql/routines.hpp"
#include "engine/mysql/show_create.hpp"
#include "engine/mysql/types.hpp"
#include "kinds/order.hpp"

namespace trueup::mysql {
namespace {
std::string option(const Options& options, const std::string& name) {
  const auto it = options.find(name);
  return it == options.end() ? std::string() : it->second;
}

bool same_object(const Catalog& a, const Catalog& b, const ObjectKey& key) {
  return a.contains(key) && b.contains(key) && changed_fields(a.objects.at(key), b.objects.at(key)).empty();
}

bool table_charset_changes(const RenderContext& c, const ObjectKey& table) {
  const Options& a = c.from.find<Table>(table)->options;
  const Options& b = c.to.find<Table>(table)->options;
  return option(a, "charset") != option(b, "charset") || option(a, "collation") != option(b, "collation");
}

/// Is the set of values that the column can hold another one, so that a foreign key on it must go meanwhile?
bool values_change(const RenderContext& c, const ObjectKey& column) {
  const auto* a = c.from.find<Column>(column);
  const auto* b = c.to.find<Column>(column);
  if (a == nullptr || b == nullptr) return true;
  const bool inherits =
      has_charset(base_type(b->type.text)) && b->collation.empty() && !b->options.contains("charset");
  if (inherits && table_charset_changes(c, table_key(column.owner))) return true;
  return a->type != b->type || a->collation != b->collation ||
         option(a->options, "charset") != option(b->options, "charset") || a->not_null != b->not_null;
}

bool any_changes(const RenderContext& c, const std::vector<Ref>& columns) {
  return std::any_of(columns.begin(), columns.end(), [&](const Ref& r) { return values_change(c, r.to); });
}

class Alteration {
 public:
  Alteration(const ObjectKey& table, const RenderContext& c) : table_(table), c_(c) {}

  void run(SqlWriter& w) {
    foreign_keys();
    triggers_go(w);
    statement(w, fk_drops_, {});
    partitions_go(w);
    dropped_parts();
    columns();
    added_parts();
    options();
    statement(w, clauses_, hazards_);
    partitions_come(w);
    statement(w, fk_adds_, {});
    triggers_come(w);
  }

 private:
  void statement(SqlWriter& w, const std::vector<std::string>& clauses, std::vector<Hazard> hazards) {
    if (!clauses.empty())
      w.raw(alter_statement(table_.name, clauses)).end(TxMode::inside, std::move(hazards));
  }

  // ---- foreign keys: those of this table, and those of others on columns whose values change
  void foreign_keys() {
    for (const auto& [key, body] : c_.from.objects) {
      const auto* fk = std::get_if<ForeignKey>(&body);
      if (fk == nullptr) continue;
      if (key.owner == table_.name)
        own_foreign_key(key, *fk);
      else if (fk->ref_table.to == table_ && same_object(c_.from, c_.to, key) &&
               !any_changes(c_, fk->columns) && type_changes(fk->ref_columns))
        others_.push_back(key);
    }
    for (const auto& key : c_.to.children(table_))
      if (key.kind == Kind::foreign_key && !c_.from.contains(key))
        fk_adds_.push_back("ADD " + part_definition(c_.to, key));
  }
  void own_foreign_key(const ObjectKey& key, const ForeignKey& fk) {
    const bool stays = same_object(c_.from, c_.to, key);
    if (stays && !any_changes(c_, fk.columns)) return;
    fk_drops_.push_back(drop_clause(c_.from, key));
    if (c_.to.contains(key)) fk_adds_.push_back("ADD " + part_definition(c_.to, key));
  }
  bool type_changes(const std::vector<Ref>& columns) const {
    return std::any_of(columns.begin(), columns.end(), [&](const Ref& r) {
      const auto* a = c_.from.find<Column>(r.to);
      const auto* b = c_.to.find<Column>(r.to);
      return a != nullptr && b != nullptr && base_type(a->type.text) != base_type(b->type.text);
    });
  }

  // ---- keys and checks
  static bool is_part(Kind kind) {
    return kind == Kind::primary_key || kind == Kind::unique || kind == Kind::index || kind == Kind::check;
  }
  void dropped_parts() {
    for (const auto& key : c_.from.children(table_)) {
      if (!is_part(key.kind) || same_object(c_.from, c_.to, key) || switched(key)) continue;
      if (auto clause = drop_clause(c_.from, key); !clause.empty()) clauses_.push_back(std::move(clause));
    }
  }
  void added_parts() {
    for (const auto& key : c_.to.children(table_)) {
      if (!is_part(key.kind) || same_object(c_.from, c_.to, key)) continue;
      if (switched(key)) {
        clauses_.push_back(switch_clause(key));
        continue;
      }
      const std::string text = part_definition(c_.to, key);
      if (text.empty()) continue;
      clauses_.push_back("ADD " + text);
      if (key.kind != Kind::check) builds_index_ = true;
    }
    if (builds_index_)
      hazards_.push_back({HazardKind::builds_index, fmt::format("builds indexes of {}", table_.name)});
  }
  static const Options* index_options(const Catalog& c, const ObjectKey& key) {
    if (const auto* i = c.find<Index>(key)) return &i->options;
    if (const auto* u = c.find<Unique>(key)) return &u->options;
    return nullptr;
  }
  /// Only made invisible or visible?
  bool switched(const ObjectKey& key) const {
    const Options* a = index_options(c_.from, key);
    const Options* b = index_options(c_.to, key);
    if (a == nullptr || b == nullptr || *a == *b) return false;
    Options x = *a, y = *b;
    for (const char* name : {"invisible", "ignored"}) x.erase(name), y.erase(name);
    ObjectBody body = c_.from.objects.at(key);
    if (auto* i = std::get_if<Index>(&body)) i->options = *b;
    if (auto* u = std::get_if<Unique>(&body)) u->options = *b;
    return x == y && changed_fields(body, c_.to.objects.at(key)).empty();
  }
  std::string switch_clause(const ObjectKey& key) const {
    const Options& a = *index_options(c_.from, key);
    const Options& b = *index_options(c_.to, key);
    const bool ignored = a.contains("ignored") || b.contains("ignored");
    const std::string off = ignored ? "NOT IGNORED" : "VISIBLE", on = ignored ? "IGNORED" : "INVISIBLE";
    return "ALTER INDEX " + backquoted(key.name) + " " +
           (b.contains(ignored ? "ignored" : "invisible") ? on : off);
  }

  // ---- columns
  void columns() {
    const auto old_order = c_.from.columns(table_), new_order = c_.to.columns(table_);
    for (const auto& key : old_order)
      if (!c_.to.contains(key) || recreated(key)) clauses_.push_back("DROP COLUMN " + backquoted(key.name));
    std::vector<ObjectKey> staying;
    for (const auto& key : old_order)
      if (!recreated(key)) staying.push_back(key);
    const auto moved = moved_members(staying, new_order);
    const ObjectKey* before = nullptr;
    std::set<ObjectKey> later(staying.begin(), staying.end());
    for (const auto& key : new_order) {
      later.erase(key);
      const std::string place = before == nullptr ? " FIRST" : " AFTER " + backquoted(before->name);
      column(key, place, moved.contains(key), later.empty());
      before = &key;
    }
  }
  void column(const ObjectKey& key, const std::string& place, bool moved, bool last) {
    if (!c_.from.contains(key) || recreated(key)) {
      clauses_.push_back("ADD COLUMN " + column_definition(c_.to, key) + (last ? "" : place));
    } else if (moved || modified(key)) {
      clauses_.push_back("MODIFY COLUMN " + column_definition(c_.to, key) + (moved ? place : ""));
      if (values_change(c_, key))
        hazards_.push_back(
            {HazardKind::rewrites_table,
             fmt::format("may copy {} and block writes meanwhile ({})", table_.name, key.name)});
    }
  }
  bool modified(const ObjectKey& key) const {
    const auto& a = *c_.from.find<Column>(key);
    const auto& b = *c_.to.find<Column>(key);
    auto fields = changed_fields(a, b);
    if (!fields.empty()) return true;
    const bool inherits =
        has_charset(base_type(b.type.text)) && b.collation.empty() && !b.options.contains("charset");
    if (inherits && table_charset_changes(c_, table_)) return true;
    const ObjectKey check = child_key(Kind::check, key.owner, key.name);
    const auto* x = c_.from.find<Check>(check);
    const auto* y = c_.to.find<Check>(check);
    const bool inside = (x != nullptr && in_column(*x)) || (y != nullptr && in_column(*y));
    return inside && !same_object(c_.from, c_.to, check);
  }
  /// Servers refuse to make a column generated, or to change how it is, except from stored to plain.
  bool recreated(const ObjectKey& key) const {
    const auto* a = c_.from.find<Column>(key);
    const auto* b = c_.to.find<Column>(key);
    if (a == nullptr || b == nullptr) return false;
    if (!b->generated) return a->generated && a->generated_kind != "stored";
    return a->generated != b->generated || a->generated_kind != b->generated_kind;
  }

  // ---- the table's own options
  void options() {
    const Table& a = *c_.from.find<Table>(table_);
    const Table& b = *c_.to.find<Table>(table_);
    Options set;
    for (const auto& [name, value] : b.options)
      if (option(a.options, name) != value && name != "auto_increment") set[name] = value;
    std::string text;
    for (const auto& [name, value] : a.options)
      if (!b.options.contains(name)) text += reset(name);
    if (set.erase("system_versioning") > 0) clauses_.push_back("ADD SYSTEM VERSIONING");
    text += table_options(set, a.comment == b.comment ? "" : b.comment);
    if (a.comment != b.comment && b.comment.empty()) text += " COMMENT=''";
    if (text.empty()) return;
    clauses_.push_back(std::string(trim(text)));
    if (set.contains("engine"))
      hazards_.push_back(
          {HazardKind::rewrites_table, fmt::format("copies {} into another engine", table_.name)});
  }
  std::string reset(const std::string& name) {
    if (name == "partition_by" || name == "partitions" || name == "charset" || name == "collation" ||
        name == "auto_increment")
      return {};
    if (name == "system_versioning") {
      clauses_.push_back("DROP SYSTEM VERSIONING");
      return {};
    }
    if (name == "row_format") return " ROW_FORMAT=DEFAULT";
    if (name.starts_with("stats_") || name == "pack_keys") return " " + name + "=DEFAULT";
    if (name == "compression") return " COMPRESSION=''";
    if (name == "encryption") return " ENCRYPTION='N'";
    if (name == "encrypted") return " ENCRYPTED=DEFAULT";
    if (name == "connection") return " CONNECTION=''";
    if (name == "page_compression_level") return " PAGE_COMPRESSION_LEVEL=DEFAULT";
    return " " + name + "=0";
  }

  // ---- partitions and triggers
  void partitions_go(SqlWriter& w) {
    const Options& a = c_.from.find<Table>(table_)->options;
    const Options& b = c_.to.find<Table>(table_)->options;
    if (!a.contains("partition_by") || b.contains("partition_by")) return;
    w.raw(alter_statement(table_.name, {"REMOVE PARTITIONING"}))
        .end(TxMode::inside, {{HazardKind::rewrites_table, "copies " + table_.name}});
  }
  void partitions_come(SqlWriter& w) {
    const Options& a = c_.from.find<Table>(table_)->options;
    const Options& b = c_.to.find<Table>(table_)->options;
    if (!b.contains("partition_by")) return;
    for (auto& change : partition_changes(a, b)) {
      w.raw("ALTER TABLE " + backquoted(table_.name) + "\n  " + change.clause);
      w.end(TxMode::inside, std::move(change.hazards));
    }
  }
  void triggers_go(SqlWriter& w) {
    for (const auto& key : c_.from.children(table_))
      if (key.kind == Kind::trigger && !same_object(c_.from, c_.to, key)) drop_trigger(key, w);
    for (const auto& key : others_) w.raw(alter_statement(key.owner, {drop_clause(c_.from, key)})).end();
  }
  void triggers_come(SqlWriter& w) {
    for (const auto& key : others_)
      w.raw(alter_statement(key.owner, {"ADD " + part_definition(c_.to, key)})).end();
    for (const auto& key : triggers_in_order(c_.to, table_))
      if (!same_object(c_.from, c_.to, key)) create_trigger(c_.to, key, w);
  }

  const ObjectKey& table_;
  const RenderContext& c_;
  std::vector<std::string> fk_drops_, fk_adds_, clauses_;
  std::vector<ObjectKey> others_;
  std::vector<Hazard> hazards_;
  bool builds_index_ = false;
};

std::string_view after_table(const std::string& sql) {
  const auto line = sql.find('\n');
  return sql.starts_with("ALTER TABLE ") && line != std::string::npos
             ? trim(std::string_view(sql).substr(line))
             : std::string_view();
}
bool drops_foreign_key(const Statement& s) {
  return after_table(s.sql).starts_with("DROP FOREIGN KEY");
}
bool adds_foreign_key(const Statement& s) {
  const auto text = after_table(s.sql);
  if (!text.starts_with("ADD CONSTRAINT `")) return false;
  const auto end = text.find("` ", std::string_view("ADD CONSTRAINT `").size());
  return end != std::string_view::npos && text.substr(end + 2).starts_with("FOREIGN KEY");
}
}  // namespace

void alter_table(const ObjectKey& table, const RenderContext& context, SqlWriter& w) {
  Alteration(table, context).run(w);
}

std::string alter_statement(const std::string& table, const std::vector<std::string>& clauses) {
  return "ALTER TABLE " + backquoted(table) + "\n  " + join(clauses, ",\n  ");
}

std::string drop_clause(const Catalog& from, const ObjectKey& key) {
  switch (key.kind) {
    case Kind::primary_key:
      return "DROP PRIMARY KEY";
    case Kind::foreign_key:
      return "DROP FOREIGN KEY " + backquoted(key.name);
    case Kind::check:
      return in_column(*from.find<Check>(key)) ? "" : "DROP CONSTRAINT " + backquoted(key.name);
    default:
      return "DROP INDEX " + backquoted(key.name);
  }
}

void arrange(std::vector<Statement>& all) {
  std::vector<Statement> renames, first, middle, last;
  for (auto& s : all) {
    auto& place = s.verb == "rename"     ? renames
                  : drops_foreign_key(s) ? first
                  : adds_foreign_key(s)  ? last
                                         : middle;
    const auto line = s.sql.find('\n');
    const bool same = &place == &last && !last.empty() &&
                      last.back().sql.substr(0, last.back().sql.find('\n')) == s.sql.substr(0, line);
    if (same)
      last.back().sql += "," + s.sql.substr(line);
    else
      place.push_back(std::move(s));
  }
  all.clear();
  for (auto* part : {&renames, &first, &middle, &last})
    for (auto& s : *part) all.push_back(std::move(s));
}

}  // namespace trueup::mysql
