#include "engine/mysql/alter.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/text.hpp"
#include "engine/mysql/column_notes.hpp"
#include "engine/mysql/definition.hpp"
#include "engine/mysql/flavor.hpp"
#include "engine/mysql/lexer.hpp"
#include "engine/mysql/online.hpp"
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
  Alteration(const ObjectKey& table, const RenderContext& c)
      : table_(table), c_(c), shape_(shape_of(c.from, table)) {
    const Shape after = shape_of(c.to, table);
    shape_.generated = shape_.generated || after.generated;
    shape_.compressed = shape_.compressed || after.compressed;
    shape_.versioned = shape_.versioned || after.versioned;
    shape_.other_engine = shape_.other_engine || after.other_engine;
    shape_.long_unique = shape_.long_unique || after.long_unique;
  }

  void run(SqlWriter& w) {
    foreign_keys();
    triggers_go(w);
    statement(w, fk_drops_, {Cost::instant, Cost::in_place}, Guarded::no);
    partitions_go(w);
    versioning(w);
    dropped_parts();
    leaves_aria();
    statement(w, early_, in_shape({Cost::in_place, Cost::in_place}, shape_, early_.size()), Guarded::no);
    columns();
    added_parts();
    options();
    keep_history(w, "KEEP");
    repartitioned_ = repartitions_with_columns();
    if (repartitioned_) costs_.add({Cost::copy, Cost::copy});
    statement(w, clauses_, in_shape(costs_, shape_, clauses_.size()), Guarded::yes);
    keep_history(w, "ERROR");
    for (const auto& clause : later_) statement(w, {clause}, {Cost::blocking, Cost::blocking}, Guarded::no);
    statement(w, afterthoughts_, {Cost::instant, Cost::instant}, Guarded::no);
    statement(w, last_, {Cost::in_place, Cost::in_place}, Guarded::no);
    partitions_come(w);
    fresh_ = fk_fresh_;
    statement(w, fk_adds_, {Cost::copy, Cost::copy}, Guarded::no);
    triggers_come(w);
  }

 private:
  enum class Guarded { no, yes };
  void statement(SqlWriter& w, std::vector<std::string> clauses, Costs costs, Guarded guarded) {
    if (clauses.empty()) return;
    const std::string& server = c_.from.server.empty() ? c_.to.server : c_.from.server;
    std::vector<Hazard> hazards{describe(costs, table_.name, server)};
    if (guarded == Guarded::yes)
      for (auto& note : std::exchange(notes_, {})) hazards.push_back(std::move(note));
    const auto notes = flavor_notes(c_, std::exchange(fresh_, {}));
    hazards.insert(hazards.end(), notes.begin(), notes.end());
    const std::string only = guarded == Guarded::yes ? guard(costs, shape_, server) : "";
    if (!only.empty()) clauses.push_back(only);
    std::string sql = alter_statement(table_.name, clauses);
    if (guarded == Guarded::yes && repartitioned_)
      sql += "\n  " + partition_clause(c_.to.find<Table>(table_)->options);
    w.raw(sql).end(TxMode::inside, std::move(hazards));
  }

  void note(std::vector<Hazard> notes) {
    for (auto& n : notes) notes_.push_back(std::move(n));
  }

  /// Columns are in or out of it while it is there only.
  void versioning(SqlWriter& w) {
    const bool before = c_.from.find<Table>(table_)->options.contains("system_versioning");
    const bool after = c_.to.find<Table>(table_)->options.contains("system_versioning");
    if (before == after) return;
    fresh_ = {table_};
    if (before) note({{HazardKind::deletes_data, "drops the former rows"}});
    statement(w, {after ? "ADD SYSTEM VERSIONING" : "DROP SYSTEM VERSIONING"}, {Cost::copy, Cost::copy},
              Guarded::yes);
  }
  /// MariaDB refuses to change a table with former rows, unless told that these are to stay.
  void keep_history(SqlWriter& w, const std::string& setting) {
    if (clauses_.empty() || !c_.to.find<Table>(table_)->options.contains("system_versioning")) return;
    w.raw("SET SESSION system_versioning_alter_history = " + setting).end();
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
      if (key.kind == Kind::foreign_key && !c_.from.contains(key)) add_foreign_key(key);
  }
  void own_foreign_key(const ObjectKey& key, const ForeignKey& fk) {
    const bool stays = same_object(c_.from, c_.to, key);
    if (stays && !any_changes(c_, fk.columns)) return;
    fk_drops_.push_back(drop_clause(c_.from, key));
    if (c_.to.contains(key)) add_foreign_key(key);
  }
  void add_foreign_key(const ObjectKey& key) {
    fk_adds_.push_back("ADD " + part_definition(c_.to, key));
    fk_fresh_.push_back(key);
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
      if (!is_part(key.kind)) continue;
      if (under_new_srid(key)) {
        early_.push_back(drop_clause(c_.from, key));
        continue;
      }
      if ((same_object(c_.from, c_.to, key) && !sheds_block_size(key)) || switched(key)) continue;
      auto clause = drop_clause(c_.from, key);
      if (clause.empty()) continue;
      clauses_.push_back(std::move(clause));
      costs_.add(drop_part_costs(c_.from, key, c_.to.contains(key)));
    }
  }
  void added_parts() {
    for (const auto& key : c_.to.children(table_)) {
      if (!is_part(key.kind)) continue;
      if (same_object(c_.from, c_.to, key) && !under_new_srid(key) && !sheds_block_size(key)) continue;
      if (switched(key)) {
        fresh_.push_back(key);
        clauses_.push_back(switch_clause(key));
        costs_.add({Cost::instant, Cost::in_place});
        continue;
      }
      const std::string text = part_definition(c_.to, key);
      if (text.empty()) continue;
      // InnoDB builds one fulltext index at a time (MySQL 9.7: error 1795).
      const bool fulltext = text.starts_with("FULLTEXT ");
      (fulltext && fulltext_ ? later_ : clauses_).push_back("ADD " + text);
      fulltext_ = fulltext_ || fulltext;
      costs_.add(add_part_costs(c_.to, key));
      fresh_.push_back(key);
      if (unique_anew(key))
        notes_.push_back(
            {HazardKind::other, fmt::format("fails when rows are equal in the key {}", key.name)});
    }
  }
  bool unique_anew(const ObjectKey& key) const {
    const auto before = c_.from.objects.find(key);
    const auto* was = before == c_.from.objects.end() ? nullptr : unique_parts(before->second);
    const auto* is = unique_parts(c_.to.objects.at(key));
    return is != nullptr && (was == nullptr || *was != *is);
  }
  /// MySQL changes no reference system under an index, not even one that goes in the same statement.
  bool under_new_srid(const ObjectKey& key) const {
    const auto* index = c_.from.find<Index>(key);
    if (index == nullptr || index->method != "spatial") return false;
    return std::any_of(index->on.begin(), index->on.end(), [&](const IndexPart& part) {
      const auto* a = part.column ? c_.from.find<Column>(part.column->to) : nullptr;
      const auto* b = a == nullptr ? nullptr : c_.to.find<Column>(part.column->to);
      return b != nullptr && option(a->options, "srid") != option(b->options, "srid");
    });
  }
  /// Keys that were made under the table's KEY_BLOCK_SIZE keep it when the table loses it.
  bool sheds_block_size(const ObjectKey& key) const {
    constexpr const char* name = "key_block_size";
    const ObjectBody& body = c_.to.objects.at(key);
    const auto* pk = std::get_if<PrimaryKey>(&body);
    const Options* own = pk != nullptr ? &pk->options : index_options(c_.to, key);
    return own != nullptr && !own->contains(name) && c_.from.find<Table>(table_)->options.contains(name) &&
           option(c_.from.find<Table>(table_)->options, name) !=
               option(c_.to.find<Table>(table_)->options, name);
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
    find_recreated();
    const auto old_order = c_.from.columns(table_), new_order = c_.to.columns(table_);
    for (const auto& key : old_order)
      if (!c_.to.contains(key) || recreated(key)) {
        clauses_.push_back("DROP COLUMN " + backquoted(key.name));
        costs_.add(drop_column_costs(c_.from, key));
        note(drop_column_notes(c_, key));
      }
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
    if (only_no_default(key) && !moved) {
      fresh_.push_back(key);
      return afterthought(key);
    }
    if (!c_.from.contains(key) || recreated(key)) {
      clauses_.push_back("ADD COLUMN " + column_definition(c_.to, key) + (last ? "" : place));
      costs_.add(add_column_costs(c_.to, key, last));
      note(add_column_notes(c_.to, key));
      afterthought(key);
      fresh_.push_back(key);
    } else if (moved || modified(key)) {
      clauses_.push_back("MODIFY COLUMN " + column_definition(c_.to, key) + (moved ? place : ""));
      note(modify_column_notes(c_, key));
      afterthought(key);
      costs_.add(modify_column_costs(c_, key, moved));
      fresh_.push_back(key);
    }
  }
  void afterthought(const ObjectKey& key) {
    if (auto text = column_afterthought(c_.to, key); !text.empty()) afterthoughts_.push_back(std::move(text));
  }
  /// Is that it has no default any more all that changes about the column?
  bool only_no_default(const ObjectKey& key) const {
    const auto *a = c_.from.find<Column>(key), *b = c_.to.find<Column>(key);
    if (a == nullptr || b == nullptr || a->options.contains("no_default") ||
        !b->options.contains("no_default"))
      return false;
    Column after = *a;
    after.default_value.reset();
    after.options.insert_or_assign("no_default", "true");
    return changed_fields(ObjectBody(after), ObjectBody(*b)).empty();
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
  bool recreated(const ObjectKey& key) const { return recreated_.contains(key.name); }
  /// Servers refuse to make a column generated, or to change how it is, except from stored to plain. MySQL
  /// refuses to drop a column, even to add it again, under a generated one that stays.
  void find_recreated() {
    std::set<std::string> gone;  // in lower case
    for (const auto& key : c_.from.columns(table_)) {
      if (c_.to.contains(key) && !must_recreate(key)) continue;
      gone.insert(lower(key.name));
      if (c_.to.contains(key)) recreated_.insert(key.name);
    }
    for (bool again = !gone.empty(); again;) {
      again = false;
      for (const auto& key : c_.from.columns(table_)) {
        const auto* a = c_.from.find<Column>(key);
        if (gone.contains(lower(key.name)) || !a->generated || !mentions(*a->generated, gone)) continue;
        again = gone.insert(lower(key.name)).second;
        recreated_.insert(key.name);
      }
    }
  }
  bool must_recreate(const ObjectKey& key) const {
    const auto* a = c_.from.find<Column>(key);
    const auto* b = c_.to.find<Column>(key);
    if (!b->generated) return false;
    return a->generated != b->generated || a->generated_kind != b->generated_kind;
  }
  static bool mentions(const Expr& e, const std::set<std::string>& names) {
    const auto all = significant(sql_of(e));
    return std::any_of(all.begin(), all.end(), [&](const Token& t) {
      return (t.type == Token::Type::word || t.type == Token::Type::quoted_identifier) &&
             names.contains(lower(t.value()));
    });
  }

  // ---- the table's own options
  /// Aria's own options outlive the change to another engine: page_checksum goes after it only, transactional
  /// before, since MyISAM does not know it.
  void leaves_aria() {
    const Options& a = c_.from.find<Table>(table_)->options;
    const Options& b = c_.to.find<Table>(table_)->options;
    const bool leaves = b.contains("engine") && option(a, "engine") != option(b, "engine");
    if (leaves && a.contains("transactional") && !b.contains("transactional"))
      early_.push_back(std::string(trim(reset_option("transactional"))));
  }
  void options() {
    const Table& a = *c_.from.find<Table>(table_);
    const Table& b = *c_.to.find<Table>(table_);
    Options set;
    for (const auto& [name, value] : b.options)
      if (option(a.options, name) != value && name != "auto_increment") set[name] = value;
    std::string text;
    for (const auto& [name, value] : a.options) {
      if (b.options.contains(name)) continue;
      if (set.contains("engine") && name == "page_checksum")
        last_.push_back(std::string(trim(reset_option(name))));
      else if (!set.contains("engine") || name != "transactional")
        text += reset_option(name);
    }
    set.erase("system_versioning");
    text += table_options(set, a.comment == b.comment ? "" : b.comment);
    if (a.comment != b.comment && b.comment.empty()) text += " COMMENT=''";
    if (b.options != a.options) fresh_.push_back(table_);
    if (text.empty()) return;
    clauses_.push_back(std::string(trim(text)));
    if (a.comment != b.comment) costs_.add(option_costs("comment"));
    for (const auto& [name, value] : set) costs_.add(option_costs(name));
    for (const auto& [name, value] : a.options)
      if (!b.options.contains(name)) costs_.add(option_costs(name));
  }
  // ---- partitions and triggers
  void partitions_go(SqlWriter& w) {
    const Options& a = c_.from.find<Table>(table_)->options;
    const Options& b = c_.to.find<Table>(table_)->options;
    if (!a.contains("partition_by") || b.contains("partition_by")) return;
    w.raw(alter_statement(table_.name, {"REMOVE PARTITIONING"}))
        .end(TxMode::inside, {{HazardKind::rewrites_table, "copies " + table_.name}});
  }
  /// A column of the rule goes in the statement that says the new rule, and in no other.
  bool repartitions_with_columns() const {
    const std::string rule = option(c_.from.find<Table>(table_)->options, "partition_by");
    std::set<std::string> gone;
    for (const auto& key : c_.from.columns(table_))
      if (!c_.to.contains(key) || recreated(key)) gone.insert(lower(key.name));
    return c_.to.find<Table>(table_)->options.contains("partition_by") && mentions(Expr{rule, {}}, gone);
  }
  void partitions_come(SqlWriter& w) {
    const Options& a = c_.from.find<Table>(table_)->options;
    const Options& b = c_.to.find<Table>(table_)->options;
    if (!b.contains("partition_by") || repartitioned_) return;
    for (auto& change : partition_changes(a, b)) {
      w.raw("ALTER TABLE " + backquoted(table_.name) + "\n  " + change.clause);
      w.end(TxMode::inside, std::move(change.hazards));
    }
  }
  void triggers_go(SqlWriter& w) {
    for (const auto& key : triggers_in_order(c_.from, table_)) {
      const auto first = followed_trigger(c_.from, key);
      if (same_object(c_.from, c_.to, key) && !(first && triggers_.contains(*first))) continue;
      triggers_.insert(key);
      drop_trigger(key, w);
    }
    for (const auto& key : others_) w.raw(alter_statement(key.owner, {drop_clause(c_.from, key)})).end();
  }
  void triggers_come(SqlWriter& w) {
    for (const auto& key : others_)
      w.raw(alter_statement(key.owner, {"ADD " + part_definition(c_.to, key)})).end();
    for (const auto& key : triggers_in_order(c_.to, table_))
      if (!c_.from.contains(key) || triggers_.contains(key)) create_trigger(c_.to, key, w);
  }

  const ObjectKey& table_;
  const RenderContext& c_;
  std::set<std::string> recreated_;
  std::set<ObjectKey> triggers_;  // that go, to come back or not
  std::vector<std::string> fk_drops_, fk_adds_, clauses_, early_, later_, afterthoughts_, last_;
  std::vector<ObjectKey> others_;
  std::vector<Hazard> notes_;
  std::vector<ObjectKey> fresh_, fk_fresh_;  // what is new or changed, in the words of the desired state
  Costs costs_;
  Shape shape_;
  bool fulltext_ = false;
  bool repartitioned_ = false;  // together with the columns
};

/// The servers turn a stored column into a plain one and leave its values: a virtual one is stored before.
/// The state in between; none where it is not needed.
std::optional<Catalog> stored_first(const ObjectKey& table, const RenderContext& c) {
  std::optional<Catalog> out;
  for (const auto& key : c.from.columns(table)) {
    const auto *now = c.from.find<Column>(key), *wanted = c.to.find<Column>(key);
    if (wanted == nullptr || wanted->generated || !now->generated || now->generated_kind == "stored")
      continue;
    if (!out) out = c.from;
    std::get<Column>(out->objects.at(key)).generated_kind = "stored";
  }
  return out;
}
}  // namespace

void alter_table(const ObjectKey& table, const RenderContext& context, SqlWriter& w) {
  standard_mode_for(table, context, w);
  const auto halfway = stored_first(table, context);
  if (halfway) Alteration(table, {context.from, *halfway, context.dialect}).run(w);
  Alteration(table, {halfway ? *halfway : context.from, context.to, context.dialect}).run(w);
}

std::string alter_statement(const std::string& table, const std::vector<std::string>& clauses) {
  return "ALTER TABLE " + backquoted(table) + "\n  " + join(clauses, ",\n  ");
}

namespace {
/// MySQL lets a check have the name of a key, and must be told then which of the two is meant. MariaDB does
/// not, and has no DROP CHECK.
bool shares_its_name(const Catalog& from, const ObjectKey& check) {
  const auto has = [&](Kind kind) { return from.contains({kind, {}, check.owner, check.name, {}}); };
  return has(Kind::unique) || has(Kind::foreign_key);
}
}  // namespace

std::string drop_clause(const Catalog& from, const ObjectKey& key) {
  switch (key.kind) {
    case Kind::primary_key:
      return "DROP PRIMARY KEY";
    case Kind::foreign_key:
      return "DROP FOREIGN KEY " + backquoted(key.name);
    case Kind::check:
      if (in_column(*from.find<Check>(key))) return "";
      return (shares_its_name(from, key) ? "DROP CHECK " : "DROP CONSTRAINT ") + backquoted(key.name);
    default:
      return "DROP INDEX " + backquoted(key.name);
  }
}

}  // namespace trueup::mysql
