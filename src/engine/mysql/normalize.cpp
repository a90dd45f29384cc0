#include "engine/mysql/normalize.hpp"

#include <fmt/format.h>

#include <unordered_map>
#include <unordered_set>

#include "base/text.hpp"
#include "engine/conventional_name.hpp"
#include "engine/finding.hpp"
#include "engine/mysql/definition.hpp"
#include "engine/mysql/dialect.hpp"
#include "engine/mysql/handlers.hpp"
#include "engine/mysql/lexer.hpp"
#include "engine/mysql/options.hpp"
#include "engine/mysql/partitions.hpp"
#include "engine/mysql/routines.hpp"
#include "engine/mysql/row_values.hpp"
#include "engine/mysql/show_create.hpp"
#include "engine/mysql/types.hpp"
#include "engine/one_namespace.hpp"
#include "engine/options.hpp"
#include "engine/row_forms.hpp"
#include "engine/row_uses.hpp"

namespace trueup::mysql {
namespace {

/// Settings are words in any case.
std::string as_listed(const OptionSpec& spec, const std::string& value) {
  return same_word(value, spec.default_value) ? std::string(spec.default_value) : value;
}

class Normalizer {
 public:
  Normalizer(Catalog& catalog, std::vector<Diagnostic>& found) : c_(catalog), found_(found) {}

  void run() {
    for (const auto& key : drop_namespaces(c_))
      report(key, "another namespace holds an object of this name",
             "a MySQL database has one namespace: rename one");
    c_.namespaces.clear();
    rekey();
    database_collations();
    for (auto& [key, body] : c_.objects) {
      check_options(key, body, c_, mysql_dialect(), "MySQL", as_listed, found_);
      if (mysql_dialect().handler(key.kind) == nullptr)
        report(key, fmt::format("MySQL has no {}", info(key.kind).name),
               "limit the object to other engines with `engines:`");
      else
        one(key, body);
    }
    chain_triggers(c_);
    rename_rows(c_, found_);
    referenced_columns();
    implied_indexes();
  }

 private:
  void report(const ObjectKey& key, const std::string& why, std::string remedy) {
    found_.push_back(finding(c_, key, why, std::move(remedy)));
  }

  /// One name for the primary key, no overloads of routines, unique indexes as unique keys.
  void rekey() {
    std::vector<std::pair<ObjectKey, ObjectKey>> moves;
    for (auto& [key, body] : c_.objects) {
      ObjectKey now = key;
      if (key.kind == Kind::primary_key) now.name = conventional_name(key.owner, {}, "pkey");
      if (const auto* index = std::get_if<Index>(&body); index != nullptr && index->unique)
        now.kind = Kind::unique;
      now.signature.clear();
      if (now != key) moves.emplace_back(key, now);
    }
    for (const auto& [old_key, now] : moves) {
      auto body = std::move(c_.objects.at(old_key));
      c_.objects.erase(old_key);
      if (auto* index = std::get_if<Index>(&body); index != nullptr && now.kind == Kind::unique)
        body = unique(*index);
      if (!c_.objects.emplace(now, std::move(body)).second)
        report(old_key, "is declared twice", "MySQL cannot tell the two apart: remove or rename one");
      if (auto at = c_.places.find(old_key); at != c_.places.end()) {
        const Place place = at->second;
        c_.places.emplace(now, place);
      }
    }
  }
  static Unique unique(const Index& index) {
    Unique out;
    out.on = index.on;
    out.options = index.options;
    if (!index.method.empty()) out.options["using"] = lower(index.method);
    out.comment = index.comment;
    out.renamed_from = index.renamed_from;
    return out;
  }

  /// A program of another collation than the database's is made while the database has that for a moment.
  void database_collations() {
    const auto* database = c_.find<Database>(database_key());
    const bool known = database != nullptr && !collation_clause(database->options).empty();
    for (const auto& [key, body] : c_.objects)
      if (const Options* options = program_options(body);
          options != nullptr && options->contains("database_collation") && !known)
        report(key, "its database_collation is not the database's own, which the schema does not say",
               "add `database:` with the character set or the collation that the database has");
  }

  void one(const ObjectKey& key, ObjectBody& body) {
    if (auto* d = std::get_if<Database>(&body)) return database(*d);
    if (auto* t = std::get_if<Table>(&body)) return table(key, *t);
    if (auto* c = std::get_if<Column>(&body)) return column(key, *c);
    if (auto* pk = std::get_if<PrimaryKey>(&body)) return primary_key(key, *pk);
    if (auto* u = std::get_if<Unique>(&body)) return parts(key, u->on);
    if (auto* i = std::get_if<Index>(&body)) {
      i->method = lower(i->method);
      return parts(key, i->on);
    }
    if (auto* fk = std::get_if<ForeignKey>(&body)) {
      for (auto* action : {&fk->on_delete, &fk->on_update}) *action = lower(*action);
      return;
    }
    if (auto* v = std::get_if<View>(&body)) return normalize_routine_options(v->options);
    if (auto* f = std::get_if<Function>(&body)) {
      f->security_definer = false;
      f->language.clear();
      return normalize_routine_options(f->options);
    }
    if (auto* p = std::get_if<Procedure>(&body)) {
      p->security_definer = false;
      p->language.clear();
      return normalize_routine_options(p->options);
    }
    if (std::holds_alternative<Event>(body)) return event_handler().normalize(key, body, c_, found_);
    if (std::holds_alternative<Sequence>(body)) return sequence_handler().normalize(key, body, c_, found_);
    if (auto* row = std::get_if<Row>(&body))
      for (const auto& name : keyed_columns(c_, key, *row))
        if (const auto* column = c_.find<Column>(child_key(Kind::column, key.owner, name));
            column != nullptr && row->values.contains(name))
          row->values[name] = one_spelling(row->values[name], column->type.text);
    if (auto* t = std::get_if<Trigger>(&body)) {
      t->level = "row";
      t->timing = lower(t->timing);
      for (auto& e : t->events) e = lower(e);
      normalize_routine_options(t->options);
    }
  }
  /// In a table of bytes columns of texts are of bytes, too.
  bool of_bytes(const std::string& table) const {
    const auto* t = c_.find<Table>(table_key(table));
    if (t == nullptr) return false;
    const auto is = [&](const char* name) {
      const auto it = t->options.find(name);
      return it != t->options.end() && same_word(it->second, "binary");
    };
    return t->options.contains("collation") ? is("collation") : is("charset");
  }
  void column(const ObjectKey& key, Column& c) {
    normalize_column(c, of_bytes(key.owner));
    const std::string& type = c.type.text;
    if (const auto word = misplaced_clause(type); !word.empty())
      report(key, fmt::format("its type '{}' holds a clause, '{}'", type, word),
             "write the clause as a field of the column, or under its options:");
    else if (type.starts_with("text("))
      report(key, "how large a text '" + type + "' is depends on the character set",
             "write tinytext, text, mediumtext or longtext");
  }
  /// `"Some Name"` is a column, as on the other engines; to the server it would be a text.
  void quoted_column(const ObjectKey& key, IndexPart& part) {
    if (!part.expression || part.column || !part.expression->canonical.empty()) return;
    const auto all = significant(part.expression->text);
    if (all.size() != 1 || !all[0].text.starts_with('"')) return;
    const std::string name = string_value(all[0].text);
    const ObjectKey named = child_key(Kind::column, key.owner, name);
    if (!c_.contains(named))
      report(key, fmt::format("the table has no column '{}'", name), "name one of its columns");
    part.column = Ref{named};
    part.expression.reset();
  }
  /// `name(20)`, as SQL writes the first characters of a column.
  void prefix(const ObjectKey& key, IndexPart& part) const {
    if (!part.expression || part.column) return;
    const auto all = significant(sql_of(*part.expression));
    const bool form = all.size() == 4 && is_symbol(all[1], "(") && all[2].type == Token::Type::number &&
                      is_symbol(all[3], ")");
    if (!form) return;
    const bool quoted = all[0].text.starts_with('"');
    const ObjectKey named =
        child_key(Kind::column, key.owner, quoted ? string_value(all[0].text) : all[0].value());
    if (!c_.contains(named)) return;
    part.column = Ref{named};
    part.prefix = std::stoi(std::string(all[2].text));
    part.expression.reset();
  }
  void parts(const ObjectKey& key, std::vector<IndexPart>& on) {
    for (auto& part : on) {
      quoted_column(key, part);
      prefix(key, part);
      part.order = lower(part.order);
      if (part.order == "asc") part.order.clear();
    }
  }
  static void database(Database& d) {
    character_set(d.options);
    if (auto it = d.options.find("encryption"); it != d.options.end()) it->second = upper(it->second);
  }
  static void character_set(Options& o) {
    for (const char* name : {"charset", "collation"})
      if (auto it = o.find(name); it != o.end()) it->second = canonical_charset(it->second);
    if (const auto it = o.find("collation"); it != o.end()) {
      const std::string charset = charset_of(it->second);
      o.erase("charset");
      if (it->second == common_default_collation(charset)) {
        o.erase(it);
        o["charset"] = charset;
      }
    }
  }
  void table(const ObjectKey& key, Table& t) {
    auto& o = t.options;
    character_set(o);
    if (const auto it = o.find("partitions"); it != o.end() && !it->second.empty() &&
                                              it->second.find_first_not_of("0123456789") == std::string::npos)
      report(key, "its partitions are a number, not a list",
             "say how many in the rule, `partition_by: hash (id) partitions 4`, or list them");
    else if (it != o.end())
      it->second = strip_parentheses(it->second);  // as SQL has the list
    if (auto it = o.find("row_format"); it != o.end()) it->second = lower(it->second);
    normalize_partitions(o);
  }
  void primary_key(const ObjectKey& key, PrimaryKey& pk) {
    parts(key, pk.on);
    for (const auto& part : pk.on)
      if (part.column)
        if (auto it = c_.objects.find(part.column->to); it != c_.objects.end()) {
          auto& column = std::get<Column>(it->second);
          column.not_null = true;
          for (const char* name : {"nullable", "no_default"}) column.options.erase(name);
        }
  }

  void referenced_columns() {
    for (auto& [key, body] : c_.objects) {
      auto* fk = std::get_if<ForeignKey>(&body);
      if (fk == nullptr || !fk->ref_columns.empty()) continue;
      const std::string& table = fk->ref_table.to.name;
      const auto* pk =
          c_.find<PrimaryKey>(child_key(Kind::primary_key, table, conventional_name(table, {}, "pkey")));
      if (pk == nullptr) continue;
      for (const auto& part : pk->on)
        if (part.column) fk->ref_columns.push_back(*part.column);
    }
  }

  /// Does the index begin with these columns?
  static bool covers(const std::vector<IndexPart>& on, const std::vector<Ref>& columns) {
    if (on.size() < columns.size()) return false;
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (!on[i].column || *on[i].column != columns[i] || on[i].prefix != 0) return false;
    return true;
  }
  bool covered(const std::string& table, const std::vector<Ref>& columns) const {
    for (const auto& key : c_.children(table_key(table))) {
      const ObjectBody& body = c_.objects.at(key);
      const auto* index = std::get_if<Index>(&body);
      const auto* unique = std::get_if<Unique>(&body);
      const auto* pk = std::get_if<PrimaryKey>(&body);
      if ((index != nullptr &&
           (index->method.empty() || index->method == "hash" || index->method == "btree") &&
           covers(index->on, columns)) ||
          (unique != nullptr && covers(unique->on, columns)) || (pk != nullptr && covers(pk->on, columns)))
        return true;
    }
    return false;
  }
  /// InnoDB makes an index for a foreign key that has none, of the same name.
  void implied_indexes() {
    std::vector<std::pair<ObjectKey, std::vector<Ref>>> wanted;
    for (const auto& [key, body] : c_.objects)
      if (const auto* fk = std::get_if<ForeignKey>(&body)) wanted.emplace_back(key, fk->columns);
    // Longer ones first: one index may serve several keys.
    std::stable_sort(wanted.begin(), wanted.end(),
                     [](const auto& a, const auto& b) { return a.second.size() > b.second.size(); });
    for (const auto& [key, columns] : wanted) {
      const auto* table = c_.find<Table>(table_key(key.owner));
      if (table == nullptr || covered(key.owner, columns)) continue;
      const auto engine = table->options.find("engine");
      if (engine != table->options.end() && lower(engine->second) != "innodb") continue;
      Index index;
      for (const auto& column : columns) {
        IndexPart part;
        part.column = column;
        index.on.push_back(std::move(part));
      }
      c_.objects.try_emplace(child_key(Kind::index, key.owner, key.name), std::move(index));
    }
  }

  Catalog& c_;
  std::vector<Diagnostic>& found_;
};
}  // namespace

void normalize(Catalog& catalog, std::vector<Diagnostic>& found) {
  Normalizer(catalog, found).run();
}

namespace {
std::unordered_set<std::string> words_of(const ObjectBody& body) {
  std::unordered_set<std::string> out;
  for_each_expr(body, [&](const Expr& e) {
    for (const auto& t : significant(sql_of(e)))
      if (t.type == Token::Type::word || t.type == Token::Type::quoted_identifier)
        out.insert(lower(t.value()));
  });
  return out;
}
}  // namespace

/// The servers look at bodies when they run, and at views when they are made: an order to prefer.
void infer_uses(Catalog& catalog) {
  std::unordered_map<std::string, ObjectKey> objects;
  RowUses rows(catalog);
  for (const auto& [key, body] : catalog.objects)
    if (info(key.kind).relation || key.kind == Kind::function || key.kind == Kind::sequence)
      objects.emplace(lower(key.name), key);
  for (const auto& [key, body] : catalog.objects) {
    if (const auto* row = std::get_if<Row>(&body)) {
      if (!catalog.uses.contains(key)) catalog.uses.emplace(key, rows.of(key, *row));
      continue;
    }
    const bool looks = key.kind == Kind::view || key.kind == Kind::trigger || key.kind == Kind::column ||
                       key.kind == Kind::function || key.kind == Kind::procedure;
    if (!looks || catalog.uses.contains(key)) continue;
    Catalog::Uses uses;
    for (const auto& word : words_of(body))
      if (auto it = objects.find(word); it != objects.end() && it->second != key)
        uses.soft.insert(it->second);
    const std::string& owner = key.owner;  // clang 14: no structured bindings in lambdas
    std::erase_if(uses.soft, [&](const ObjectKey& k) { return !catalog.contains(k) || k.name == owner; });
    if (!uses.soft.empty()) catalog.uses.emplace(key, std::move(uses));
  }
  stand_on_each_other(catalog);
}

}  // namespace trueup::mysql
