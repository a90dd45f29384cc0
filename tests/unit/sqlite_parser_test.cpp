#include "engine/sqlite/parser.hpp"

using namespace trueup;
using sqlite::parse_table;

TEST_CASE("sqlite parser: columns") {
  const auto t = parse_table(R"(CREATE TABLE "my table" (
    id INTEGER PRIMARY KEY ASC ON CONFLICT REPLACE AUTOINCREMENT, -- the key
    "a b" VARCHAR ( 20 ) NOT NULL ON CONFLICT IGNORE DEFAULT 'x, y)' COLLATE nocase,
    [c] DOUBLE PRECISION NULL DEFAULT -1.5 CHECK (c > (0)),
    `d` GENERATED ALWAYS AS (lower("a b")) STORED UNIQUE,
    e AS (1), /* no type */
    f DEFAULT (1 + (2)) CONSTRAINT r REFERENCES other ON UPDATE SET NULL ON DELETE CASCADE MATCH full
      NOT DEFERRABLE INITIALLY IMMEDIATE,
    g INT REFERENCES "o t" (x) DEFERRABLE INITIALLY DEFERRED
  ))");
  CHECK(t.name == "my table");
  REQUIRE(t.columns.size() == 7);
  CHECK(t.columns[0].type == "INTEGER");
  CHECK(t.columns[0].autoincrement);
  CHECK(t.primary_key->conflict == "replace");
  CHECK(t.columns[1].name == "a b");
  CHECK(t.columns[1].type == "VARCHAR ( 20 )");
  CHECK(t.columns[1].not_null);
  CHECK(t.columns[1].not_null_conflict == "ignore");
  CHECK(*t.columns[1].default_value == "'x, y)'");
  CHECK(t.columns[1].collation == "nocase");
  CHECK(t.columns[2].type == "DOUBLE PRECISION");
  CHECK(*t.columns[2].default_value == "-1.5");
  CHECK(!t.columns[2].not_null);
  CHECK(t.checks.at(0).condition == "c > (0)");
  CHECK(t.columns[3].type.empty());
  CHECK(*t.columns[3].generated == "lower(\"a b\")");
  CHECK(t.columns[3].stored);
  CHECK(t.uniques.at(0).on.at(0).column == "d");
  CHECK(*t.columns[4].generated == "1");
  CHECK(*t.columns[5].default_value == "(1 + (2))");
  REQUIRE(t.foreign_keys.size() == 2);
  CHECK(t.foreign_keys[0].name == "r");
  CHECK(t.foreign_keys[0].ref_columns.empty());
  CHECK(t.foreign_keys[0].on_update == "set null");
  CHECK(t.foreign_keys[0].on_delete == "cascade");
  CHECK(t.foreign_keys[0].match == "full");
  CHECK(!t.foreign_keys[0].deferrable);
  CHECK(t.foreign_keys[1].table == "o t");
  CHECK(t.foreign_keys[1].initially_deferred);
}

TEST_CASE("sqlite parser: table constraints and options") {
  const auto t = parse_table(
      "create temp table if not exists main.t (a, b, c int, constraint pk primary key (a collate rtrim desc, "
      "'b')"
      " unique (c) on conflict abort check (a <> ')' and b) on conflict fail, foreign key (a, b) references "
      "p (x, y)"
      " on delete no action) WITHOUT ROWID, STRICT;");
  CHECK(t.name == "t");
  CHECK(t.primary_key->name == "pk");
  CHECK(t.primary_key->on.at(0).collation == "rtrim");
  CHECK(t.primary_key->on.at(0).descending);
  CHECK(t.primary_key->on.at(1).column == "b");
  CHECK(t.uniques.at(0).conflict.empty());
  CHECK(t.checks.at(0).conflict == "fail");
  CHECK(t.foreign_keys.at(0).ref_columns == std::vector<std::string>{"x", "y"});
  CHECK(t.foreign_keys.at(0).on_delete.empty());
  CHECK(t.without_rowid);
  CHECK(t.strict);
  CHECK(parse_table("create table t (a integer, primary key (a autoincrement))").columns.at(0).autoincrement);
}

TEST_CASE("sqlite parser: what it does not know is an error, never a guess") {
  for (const auto* sql : {"create table t", "create table t (a int", "create table t (a int) with (x)",
                          "create table t (a int foo (1) bar())x", "create table t (a constraint)",
                          "create table t (a primary key, primary key (a))", "create table t (check)",
                          "create table t (a references)", "create table t as select 1", "drop table t", "",
                          "create table t (a deferrable)"})
    CHECK_THROWS_AS(parse_table(sql), sqlite::ParseError);
}

TEST_CASE("sqlite parser: indexes") {
  const auto i = sqlite::parse_index(
      "CREATE UNIQUE INDEX IF NOT EXISTS i ON t (a, \"b\" COLLATE nocase DESC, (c), lower(d) ASC, a || b, "
      "collate_me) WHERE"
      " a > 0 AND b IS NOT NULL");
  CHECK(i.unique);
  REQUIRE(i.on.size() == 6);
  CHECK(i.on[0].column == "a");
  CHECK(i.on[1].column == "b");
  CHECK(i.on[1].collation == "nocase");
  CHECK(i.on[1].descending);
  CHECK(i.on[2].column == "c");
  CHECK(i.on[3].expression == "lower(d)");
  CHECK(!i.on[3].descending);
  CHECK(i.on[4].expression == "a || b");
  CHECK(i.on[5].column == "collate_me");
  CHECK(i.where == "a > 0 AND b IS NOT NULL");
}

TEST_CASE("sqlite parser: views, triggers and virtual tables") {
  const auto v = sqlite::parse_view("CREATE VIEW v (a, \"b c\") AS -- why\n SELECT 1, ';' ;");
  CHECK(v.columns == std::vector<std::string>{"a", "b c"});
  CHECK(v.query == "SELECT 1, ';'");
  const auto t = sqlite::parse_trigger(
      "CREATE TRIGGER \"t r\" INSTEAD OF UPDATE OF a, [b] ON v FOR EACH ROW WHEN (new.a > 1) BEGIN SELECT 1; "
      "/* x */ "
      "INSERT INTO l VALUES (case when 1 then 'END' end); END");
  CHECK(t.name == "t r");
  CHECK(t.timing == "instead of");
  CHECK(t.event == "update");
  CHECK(t.update_of == std::vector<std::string>{"a", "b"});
  CHECK(t.when == "(new.a > 1)");
  CHECK(t.body == "SELECT 1; /* x */ INSERT INTO l VALUES (case when 1 then 'END' end);");
  CHECK(sqlite::parse_trigger("create trigger t delete on x begin select 1; end").timing.empty());
  CHECK_THROWS_AS(sqlite::parse_trigger("create trigger t delete on x begin select 1 end"),
                  sqlite::ParseError);
  const auto f =
      sqlite::parse_virtual_table("CREATE VIRTUAL TABLE f USING FTS5(a, b UNINDEXED, tokenize = 'porter')");
  CHECK(f.module == "fts5");
  CHECK(f.definition == "USING FTS5(a, b UNINDEXED, tokenize = 'porter')");
}
