#include "migration/unsaid_losses.hpp"

#include <doctest/doctest.h>

#include "base/text.hpp"

using namespace trueup;

namespace {
/// What the statements of a file without a header delete, in one line.
std::string deletes(const std::string& sql, const char* engine = "postgres") {
  const EngineDialect& d = *dialect(engine);
  std::vector<std::string> out;
  for (const auto& key : unsaid_losses(parse_migration(sql, "f.sql", d), d)) out.push_back(to_string(key));
  return join(out, ", ");
}
}  // namespace

TEST_CASE("what a statement by hand deletes is told by its words") {
  CHECK(deletes("-- drop\ndrop /* it */ table if exists a.T, u cascade;") == "table a.t, table u");
  CHECK(deletes("TRUNCATE ONLY t; delete from only \"X\" where 1 = 1;") == "table t, table X");
  CHECK(deletes("drop schema s cascade; drop type e cascade; drop type f;") == "namespace s, enum e");
  CHECK(deletes("with d as (delete from t returning *) insert into u select * from d;") == "table t");
  CHECK(deletes("merge into t using u on true when matched then delete;") == "table t");
  CHECK(
      deletes("drop view v; drop index i; create table t (a int); update t set a = 1; drop function f();") ==
      "");
  CHECK(deletes("alter table only t add check (a in (1, 2)), drop column if exists b, drop c;") ==
        "column t.b, column t.c");
  CHECK(
      deletes(
          "alter table t drop key, alter column c drop default, drop constraint k, alter d drop not null;") ==
      "column t.key");
  CHECK(deletes("select 'drop table t'; insert into t values ('delete from t');") == "");
}

TEST_CASE("what a statement by hand deletes, in the words of one engine") {
  CHECK(deletes("DELETE a FROM t AS a JOIN u; DELETE QUICK FROM u USING u JOIN t;", "mysql") ==
        "table a, table t, table u");
  CHECK(
      deletes("ALTER TABLE t DROP KEY k, DROP PRIMARY KEY, DROP FOREIGN KEY f, DROP PARTITION p0, DROP `x`;",
              "mysql") == "table t, column t.x");
  CHECK(deletes("TRUNCATE t; ALTER TABLE t TRUNCATE PARTITION p; DROP TEMPORARY TABLE tmp;", "mysql") ==
        "table t, table t");
  CHECK(deletes("drop table 'a b'; delete from [t];", "sqlite") == "table \"a b\", table t");
  CHECK(
      deletes(
          "ALTER TABLE d.t ON CLUSTER c DELETE WHERE 1; ALTER TABLE t DROP PARTITION '2020', CLEAR COLUMN c;"
          "TRUNCATE DATABASE d; DROP DATABASE d SYNC; ALTER TABLE t DROP INDEX i, DROP PROJECTION p;",
          "clickhouse") == "table d.t, table t, column t.c, namespace d, namespace d");
}

TEST_CASE("in a file of generate's, the comment tells what the header no longer says") {
  const std::string head = "-- trueup migration\n-- version: 000002\n-- verified: no (why)\n";
  const std::string drop =
      "\n-- drop column a.t.c [deletes-data: drops the column and its values]\nALTER TABLE a.t DROP COLUMN "
      "c;\n";
  CHECK(deletes(head + drop) == "column a.t.c");
  CHECK(deletes(head + "-- deletes: column a.t.c\n" + drop) == "");
  CHECK(deletes(head + "\n-- drop column a.t.c\nALTER TABLE a.t DROP COLUMN c;\n") == "");  // computed
  CHECK(deletes(head + "\n-- added in the review\nDROP TABLE t;\n") == "table t");
  const std::string row = "\n-- drop row t.\"[\"\" [x\"\"]\" [deletes-data: deletes one reference row]";
  CHECK(deletes(head + row + "\nDELETE FROM t;\n") == "");
  CHECK(deletes(head + row + " [deletes-data: rows of u go with it]\nDELETE FROM t;\n") ==
        "row t.\"[\"\" [x\"\"]\"");
  const std::string hand = "-- trueup migration\n-- version: 000002\n-- verified: no (written by hand)\n";
  CHECK(deletes(hand + "\n-- drop table t\nDROP TABLE t;\n") == "table t");
}
