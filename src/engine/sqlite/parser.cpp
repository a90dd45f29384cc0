#include "engine/sqlite/parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "engine/sqlite/cursor.hpp"
#include "engine/sqlite/types.hpp"

namespace trueup::sqlite {
namespace {

constexpr std::array<std::string_view, 11> constraint_words{"constraint", "primary", "not",       "null",
                                                            "unique",     "check",   "default",   "collate",
                                                            "references", "as",      "deferrable"};

/// `CREATE [TEMP] what [IF NOT EXISTS]`.
void header(Cursor& c, std::initializer_list<std::string_view> what) {
  c.expect("create");
  if (!c.accept("temp")) c.accept("temporary");
  if (!c.accept(what)) c.fail(*what.begin());
  c.accept({"if", "not", "exists"});
}

std::string action(Cursor& c) {
  for (std::string_view one : {"cascade", "restrict"})
    if (c.accept(one)) return std::string(one);
  if (c.accept({"set", "null"})) return "set null";
  if (c.accept({"set", "default"})) return "set default";
  if (c.accept({"no", "action"})) return {};
  c.fail("a foreign key action");
}

/// `[NOT] DEFERRABLE [INITIALLY ...]`; false when none is there.
bool deferral(Cursor& c, ParsedForeignKey& fk) {
  bool yes = true;
  if (c.accept({"not", "deferrable"}))
    yes = false;
  else if (!c.accept("deferrable"))
    return false;
  fk.deferrable = yes;
  if (c.accept({"initially", "deferred"}))
    fk.initially_deferred = yes;
  else if (c.accept("initially"))
    c.expect("immediate");
  return true;
}

/// From REFERENCES on.
void references(Cursor& c, ParsedForeignKey& fk) {
  c.expect("references");
  fk.table = c.name();
  if (c.at_symbol("(")) fk.ref_columns = c.names();
  while (true) {
    if (c.accept({"on", "delete"}))
      fk.on_delete = action(c);
    else if (c.accept({"on", "update"}))
      fk.on_update = action(c);
    else if (c.accept({"on", "insert"}))
      action(c);  // parsed and ignored by SQLite
    else if (c.accept("match"))
      fk.match = lower(c.name());
    else
      break;
  }
  if (fk.match == "simple") fk.match.clear();
  deferral(c, fk);
}

class TableParser {
 public:
  explicit TableParser(std::string_view sql) : c_(sql) {}

  ParsedTable run() {
    header(c_, {"table"});
    t_.name = c_.qualified_name();
    c_.expect_symbol("(");
    do {
      if (at_table_constraint()) break;
      column();
    } while (c_.accept_symbol(","));
    while (!c_.at_symbol(")")) {
      c_.accept_symbol(",");
      table_constraint();
    }
    c_.expect_symbol(")");
    options();
    if (!c_.done()) c_.fail("the end of the statement");
    return std::move(t_);
  }

 private:
  bool at_table_constraint() const {
    // A column may not be called by one of these words without quotes.
    return c_.at_word("constraint") || c_.at_word("primary") || c_.at_word("unique") || c_.at_word("check") ||
           c_.at_word("foreign");
  }

  void column() {
    ParsedColumn col;
    col.name = c_.name();
    const std::size_t first = c_.position();
    while (const Token* t = c_.peek()) {
      if (c_.at_symbol(",") || c_.at_symbol(")")) break;
      if (t->type == Token::Type::word && begins_constraint(t->text)) break;
      if (c_.at_word("generated") && c_.at_word("always", 1) && c_.at_word("as", 2)) break;
      c_.skip();
    }
    col.type = type_text(c_.text_since(first));
    while (column_constraint(col)) continue;
    t_.columns.push_back(std::move(col));
  }

  /// A name given to a constraint for which the model has no object is kept beside it.
  static void remember(ParsedColumn& col, std::string_view what, const std::string& name) {
    if (!name.empty()) col.names[std::string(what) + "_name"] = name;
  }

  bool column_constraint(ParsedColumn& col) {
    std::string name;
    if (c_.accept("constraint")) name = c_.name();
    if (c_.accept({"primary", "key"})) {
      column_key(col, name);
    } else if (c_.accept({"not", "null"})) {
      col.not_null = true;
      col.not_null_conflict = conflict_clause(c_);
      remember(col, "not_null", name);
    } else if (c_.accept("null")) {
      conflict_clause(c_);
    } else if (c_.accept("unique")) {
      ParsedKey key{name, {ParsedPart{col.name, {}, {}, false}}, {}, true};
      key.conflict = conflict_clause(c_);
      t_.uniques.push_back(std::move(key));
    } else if (c_.accept("check")) {
      t_.checks.push_back({name, c_.group(), {}});
    } else if (c_.accept("default")) {
      default_value(col);
      remember(col, "default", name);
    } else if (c_.accept("collate")) {
      col.collation = c_.name();
      remember(col, "collate", name);
    } else if (c_.at_word("references")) {
      ParsedForeignKey fk;
      fk.name = name;
      fk.columns = {col.name};
      references(c_, fk);
      t_.foreign_keys.push_back(std::move(fk));
    } else if (c_.at_word("deferrable") || (c_.at_word("not") && c_.at_word("deferrable", 1))) {
      if (t_.foreign_keys.empty() || t_.foreign_keys.back().columns != std::vector{col.name})
        c_.fail("REFERENCES");
      deferral(c_, t_.foreign_keys.back());
    } else if (c_.accept({"generated", "always", "as"}) || c_.accept("as")) {
      col.generated = c_.group();
      if (c_.accept("stored"))
        col.stored = true;
      else
        c_.accept("virtual");
      remember(col, "generated", name);
    } else {
      if (!name.empty()) c_.fail("a constraint after its name");
      return false;
    }
    return true;
  }

  void column_key(ParsedColumn& col, const std::string& name) {
    if (t_.primary_key) c_.fail("only one primary key");
    ParsedKey key{name, {ParsedPart{col.name, {}, {}, false}}, {}, true};
    if (c_.accept("desc"))
      key.on[0].descending = true;
    else
      c_.accept("asc");
    key.conflict = conflict_clause(c_);
    col.autoincrement = c_.accept("autoincrement");
    t_.primary_key = std::move(key);
  }

  void default_value(ParsedColumn& col) {
    const std::size_t first = c_.position();
    if (c_.at_symbol("+") || c_.at_symbol("-")) c_.take();
    c_.skip();
    col.default_value = c_.text_since(first);
  }

  void table_constraint() {
    std::string name;
    if (c_.accept("constraint")) name = c_.name();
    if (c_.accept({"primary", "key"})) {
      if (t_.primary_key) c_.fail("only one primary key");
      ParsedKey key{name, {}, {}, false};
      bool autoincrement = false;
      key.on = key_parts(c_, &autoincrement);
      key.conflict = conflict_clause(c_);
      if (autoincrement) autoincrement_column(key);
      t_.primary_key = std::move(key);
    } else if (c_.accept("unique")) {
      ParsedKey key{name, {}, {}, false};
      key.on = key_parts(c_, nullptr);
      key.conflict = conflict_clause(c_);
      t_.uniques.push_back(std::move(key));
    } else if (c_.accept("check")) {
      ParsedCheck check{name, c_.group(), {}};
      check.conflict = conflict_clause(c_);
      t_.checks.push_back(std::move(check));
    } else if (c_.accept({"foreign", "key"})) {
      ParsedForeignKey fk;
      fk.name = name;
      fk.columns = c_.names();
      references(c_, fk);
      t_.foreign_keys.push_back(std::move(fk));
    } else {
      c_.fail("a table constraint");
    }
  }

  void autoincrement_column(const ParsedKey& key) {
    for (auto& col : t_.columns)
      if (key.on.size() == 1 && same_name(col.name, key.on[0].column)) col.autoincrement = true;
  }

  void options() {
    if (c_.done()) return;
    do {
      if (c_.accept({"without", "rowid"}))
        t_.without_rowid = true;
      else if (c_.accept("strict"))
        t_.strict = true;
      else
        c_.fail("a table option");
    } while (c_.accept_symbol(","));
  }

  Cursor c_;
  ParsedTable t_;
};
}  // namespace

bool begins_constraint(std::string_view word) {
  return std::any_of(constraint_words.begin(), constraint_words.end(),
                     [&](std::string_view w) { return same_name(w, word); });
}

ParsedTable parse_table(std::string_view sql) {
  return TableParser(sql).run();
}

ParsedIndex parse_index(std::string_view sql) {
  Cursor c(sql);
  ParsedIndex out;
  c.expect("create");
  out.unique = c.accept("unique");
  c.expect("index");
  c.accept({"if", "not", "exists"});
  out.name = c.qualified_name();
  c.expect("on");
  out.table = c.name();
  out.on = key_parts(c, nullptr);
  if (c.accept("where")) out.where = c.rest();
  if (!c.done()) c.fail("the end of the statement");
  return out;
}

ParsedView parse_view(std::string_view sql) {
  Cursor c(sql);
  ParsedView out;
  header(c, {"view"});
  out.name = c.qualified_name();
  if (c.at_symbol("(")) out.columns = c.names();
  c.expect("as");
  out.query = c.rest();
  if (out.query.empty()) c.fail("a query");
  return out;
}

ParsedTrigger parse_trigger(std::string_view sql) {
  Cursor c(sql);
  ParsedTrigger out;
  header(c, {"trigger"});
  out.name = c.qualified_name();
  if (c.accept("after"))
    out.timing = "after";
  else if (c.accept({"instead", "of"}))
    out.timing = "instead of";
  else if (c.accept("before"))
    out.timing = "before";
  if (c.accept("delete"))
    out.event = "delete";
  else if (c.accept("insert"))
    out.event = "insert";
  else if (c.accept("update"))
    out.event = "update";
  else
    c.fail("an event");
  if (out.event == "update" && c.accept("of")) {
    do out.update_of.push_back(c.name());
    while (c.accept_symbol(","));
  }
  c.expect("on");
  out.table = c.qualified_name();
  out.each_row = c.accept({"for", "each", "row"});
  if (c.accept("when")) {
    const std::size_t first = c.position();
    while (!c.at_word("begin")) c.skip();
    out.when = c.text_since(first);
  }
  c.expect("begin");
  std::string body = c.rest();
  const auto all = significant(body);
  if (all.size() < 2 || !is_word(all.back(), "end") || !is_symbol(all[all.size() - 2], ";"))
    throw ParseError(fmt::format("trigger {} does not end with `; END`", out.name));
  const auto end = static_cast<std::size_t>(all.back().text.data() - body.data());
  out.body = std::string(trim(std::string_view(body).substr(0, end)));
  return out;
}

ParsedVirtualTable parse_virtual_table(std::string_view sql) {
  Cursor c(sql);
  ParsedVirtualTable out;
  header(c, {"virtual", "table"});
  out.name = c.qualified_name();
  if (!c.at_word("using")) c.fail("using");
  if (const Token* t = c.peek(1)) out.module = lower(t->value());
  out.definition = c.rest();
  return out;
}

}  // namespace trueup::sqlite
