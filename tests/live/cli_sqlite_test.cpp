// The built binary from a YAML file to a migrated SQLite database and back.
#include <doctest/doctest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "support/server.hpp"

using namespace trueup::test;
using Json = nlohmann::json;

namespace {
bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const char* const first = R"(tables:
  users:
    columns:
      id: integer primary key
      email: text not null unique
)";
const char* const second = R"(tables:
  users:
    columns:
      id: integer primary key
      email: text not null unique
      name: text
  posts:
    columns:
      id: integer primary key
      user_id: integer not null references users(id) on delete cascade
      title: text not null default 'untitled'
    indexes:
      posts_user_idx: { on: [user_id] }
)";

/// A project with one database, `app.db`.
struct Project {
  TestFolder folder;
  Project() {
    folder.write("trueup.yaml",
                 "engines: [sqlite]\ntargets: { dev: \"sqlite:app.db\" }\ndefault_target: dev\n");
    folder.write("schema/app.yaml", first);
  }
  Run run(const std::string& arguments) const { return run_trueup(arguments, folder.path()); }
  /// Exit status of a shell command in the folder.
  int shell(const std::string& command) const {
    return std::system(("cd '" + folder.path() + "' && " + command + " >/dev/null 2>&1").c_str());
  }
  /// Runs what `trueup diff FROM TO` prints with the sqlite3 client.
  bool migrate(const std::string& from, const std::string& to) const {
    const Run diff = run("diff " + from + " " + to);
    folder.write("change.sql", diff.out);
    return diff.status == 0 && shell("sqlite3 -bail app.db < change.sql") == 0;
  }
};
}  // namespace

TEST_CASE("cli/sqlite: diff prints SQL that sqlite3 runs, and then nothing") {
  const Project p;
  const Run all = p.run("diff empty schema");
  CHECK(all.status == 0);
  CHECK(has(all.out, "create table users"));
  CHECK(p.migrate("empty", "schema"));
  const Run none = p.run("diff sqlite:app.db schema --exit-code");
  CHECK(none.status == 0);
  CHECK(none.out.empty());
  p.folder.write("schema/app.yaml", second);
  CHECK(p.run("diff sqlite:app.db schema --exit-code").status == 1);
  const Run text = p.run("diff sqlite:app.db schema --format text");
  CHECK(has(text.out, "+ table posts"));
  CHECK(has(text.out, "created, 0 altered, 0 dropped"));
  Json json = Json::parse(p.run("diff sqlite:app.db schema --json").out);
  CHECK(json["ok"] == true);
  CHECK(json["equal"] == false);
  CHECK(json["engine"] == "sqlite");
  CHECK(p.migrate("sqlite:app.db", "schema"));
  CHECK(p.run("diff sqlite:app.db schema --exit-code").status == 0);
}

TEST_CASE("cli/sqlite: a database file that is not there is an error, not created") {
  const Project p;
  for (const char* command :
       {"diff sqlite:absent.db empty", "introspect sqlite:absent.db", "status sqlite:absent.db",
        "verify sqlite:absent.db", "rollback sqlite:absent.db --to 0"}) {
    CAPTURE(command);
    const Run run = p.run(command);
    CHECK(run.status == 2);
    CHECK(has(run.err, "no such database file"));
    CHECK(p.shell("test -e absent.db") != 0);
  }
}

TEST_CASE("cli/sqlite: what introspect writes is equal to the database") {
  const Project p;
  CHECK(p.migrate("empty", "schema"));
  CHECK(p.run("introspect -o copy.yaml").status == 0);
  const Run diff = p.run("diff sqlite:app.db copy.yaml --exit-code");
  CHECK(diff.status == 0);
  CHECK(diff.out.empty());
  Json json = Json::parse(p.run("introspect --json").out);
  CHECK(has(json["yaml"].get<std::string>(), "users"));
  CHECK(json["unmodelled"].empty());
}

TEST_CASE("cli/sqlite: arguments of virtual tables come through introspect letter by letter") {
  const Project p;
  const std::string sql =
      "create virtual table boxes using rtree(id,x0,x1,+lab text);"
      "create table doc (id integer primary key, t text);"
      "create virtual table docs using fts4(t, content=doc, notindexed=t)";
  trueup::connect(trueup::parse_url("sqlite:" + (p.folder / "old.db")))->execute(sql);
  REQUIRE(p.run("introspect sqlite:old.db -o schema/app.yaml").status == 0);
  const Run push = p.run("push");
  CHECK_MESSAGE(push.status == 0, push.err);
  CHECK(p.run("diff sqlite:old.db schema --exit-code").status == 0);
}

TEST_CASE("cli/sqlite: generate, apply, edit, generate, apply, status, verify, rollback") {
  const Project p;
  const Run initial = p.run("generate initial");
  CAPTURE(initial.err);
  REQUIRE(initial.status == 0);
  CHECK(has(initial.out, "wrote generated/sqlite/000001_initial.up.sql"));
  CHECK(p.run("generate").status == 0);  // nothing to do
  CHECK(p.run("apply --dry-run").status == 0);
  CHECK(p.shell("test -e app.db") != 0);
  const Run apply = p.run("apply");
  CAPTURE(apply.err);
  REQUIRE(apply.status == 0);
  p.folder.write("schema/app.yaml", second);
  REQUIRE(p.run("generate add_posts").status == 0);
  CHECK(p.run("status --exit-code").status == 1);
  REQUIRE(p.run("apply").status == 0);
  CHECK(p.run("apply").status == 0);  // again: nothing
  const Run status = p.run("status --exit-code");
  CHECK(status.status == 0);
  CHECK(has(status.out, "000002_add_posts"));
  CHECK(p.run("verify").status == 0);
  CHECK(p.run("diff generated schema --exit-code").status == 0);
  CHECK(p.run("diff snapshots/sqlite/000002_add_posts.json sqlite:app.db --exit-code").status == 0);
  CHECK(p.shell("sqlite3 app.db 'ALTER TABLE posts ADD COLUMN drifted text'") == 0);
  CHECK(p.run("verify").status == 1);
  CHECK(p.shell("sqlite3 app.db 'ALTER TABLE posts DROP COLUMN drifted'") == 0);
  const Run back = p.run("rollback --to 1 --allow-destructive");
  CAPTURE(back.err);
  CHECK(back.status == 0);
  CHECK(p.run("verify").status == 0);
  CHECK(p.run("diff sqlite:app.db snapshots/sqlite/000001_initial.json --exit-code").status == 0);
}

TEST_CASE("cli/sqlite: loss of data is refused by name, and allowed by name") {
  const Project p;
  p.folder.write("schema/app.yaml", second);
  REQUIRE(p.run("generate initial").status == 0);
  REQUIRE(p.run("push").status == 0);
  p.folder.write("schema/app.yaml", first);
  for (const char* command : {"generate drop_it", "push"}) {
    CAPTURE(command);
    const Run refused = p.run(command);
    CHECK(refused.status == 2);
    CHECK(has(refused.err, "posts"));
    CHECK(has(refused.err, "--allow-drop"));
    const Run some = p.run(std::string(command) + " --allow-drop posts");
    CHECK(some.status == 2);
    CHECK(has(some.err, "users.name"));
    CHECK(p.run(std::string(command) + " --allow-drop posts --allow-drop users.name").status == 0);
  }
  CHECK(p.run("diff sqlite:app.db schema --exit-code").status == 0);
  Json json = Json::parse(p.run("push --json").out);
  CHECK(json["equal"] == true);
}

TEST_CASE("cli/sqlite: an existing database is adopted") {
  const Project p;
  REQUIRE(p.migrate("empty", "schema"));
  REQUIRE(p.run("introspect -o schema/app.yaml").status == 0);
  REQUIRE(p.run("generate initial").status == 0);
  const Run baseline = p.run("baseline");
  CAPTURE(baseline.err);
  CHECK(baseline.status == 0);
  CHECK(has(baseline.out, "000001_initial"));
  CHECK(p.run("status --exit-code").status == 0);
  CHECK(p.run("apply").status == 0);
  CHECK(p.run("verify").status == 0);
}

TEST_CASE("cli/sqlite: an edited migration is an error of apply") {
  const Project p;
  REQUIRE(p.run("generate initial").status == 0);
  REQUIRE(p.run("apply").status == 0);
  p.folder.write("generated/sqlite/000001_initial.up.sql",
                 read_text(p.folder / "generated/sqlite/000001_initial.up.sql") + "-- edited\n");
  const Run run = p.run("apply");
  CHECK(run.status == 2);
  CHECK(has(run.err, "000001_initial"));
  CHECK(p.run("status --exit-code").status == 1);
}

TEST_CASE("cli/sqlite: all findings of a schema file at once") {
  const Project p;
  p.folder.write("schema/app.yaml",
                 "tables:\n  users:\n    colums:\n      id: integer\n  posts:\n    columns:\n      a: [1]\n");
  const Run run = p.run("diff empty schema");
  CHECK(run.status == 2);
  CHECK(has(run.err, "schema/app.yaml:3:"));
  CHECK(has(run.err, "schema/app.yaml:7:"));
}

TEST_CASE("cli/sqlite: push refuses a reference that rows break, and changes nothing") {
  const Project p;
  CHECK(p.shell(
            "sqlite3 app.db 'create table p (id integer primary key); create table c (p int); insert into c "
            "values (7)'") == 0);
  p.folder.write("schema/app.yaml", R"(tables:
  p: { columns: { id: integer primary key } }
  c: { columns: { p: int references p(id) on delete cascade } }
)");
  const Run push = p.run("push");
  CHECK(push.status == 2);
  CHECK(has(push.err, "1 foreign key(s) would be broken: c, row 1"));
  CHECK(p.shell("sqlite3 app.db .schema | grep -qi 'create table c (p int)'") == 0);
}

TEST_CASE("cli/sqlite: a raw object, and a renamed table, go the whole way") {
  const Project p;
  p.folder.write("schema/app.yaml", std::string(second) + R"(raw:
  our mark: { create: pragma user_version = 7, drop: pragma user_version = 0, depends_on: [users] }
)");
  CHECK(p.run("generate first").status == 0);
  CHECK(p.run("apply").status == 0);
  const Run verified = p.run("verify");
  CHECK(verified.status == 0);
  CHECK(has(verified.out + verified.err, "raw \"our mark\" is not compared"));
  std::string renamed = second;
  renamed.replace(renamed.find("  users:\n"), 9, "  people:\n    renamed_from: users\n");
  renamed.replace(renamed.find("users(id)"), 9, "people(id)");
  p.folder.write("schema/app.yaml", renamed);
  const Run second_run = p.run("generate second");
  CHECK_MESSAGE(second_run.status == 0, second_run.err);
  CHECK(p.run("apply").status == 0);
  CHECK(p.run("verify").status == 0);
  CHECK(p.run("diff sqlite:app.db schema --exit-code").status == 0);
  CHECK(p.shell("test \"$(sqlite3 app.db 'pragma user_version')\" = 0") == 0);
  CHECK(p.run("rollback --to 1").status == 0);
  CHECK(p.run("verify").status == 0);
  CHECK(p.shell("test \"$(sqlite3 app.db 'pragma user_version')\" = 7") == 0);
}

TEST_CASE("cli/sqlite: a reference to columns that are no key is warned of, and stops no migration") {
  const Project p;
  p.folder.write("schema/app.yaml", R"(tables:
  p: { columns: { id: integer primary key, code: text } }
  c: { columns: { id: integer primary key, code: text references p(code), n: text } }
  d: { columns: { id: integer primary key, p: integer references p(id) } }
)");
  const Run made = p.run("generate first");
  CHECK(made.status == 0);
  CHECK(has(made.out, "c.c_code_fkey refers to what is no key of p (code)"));
  CHECK(p.run("apply").status == 0);
  CHECK(p.shell("sqlite3 app.db \"insert into p values (1, 'a'); insert into c values (1, 'a', '1'); insert "
                "into d values (1, 1)\"") == 0);
  p.folder.write("schema/app.yaml", R"(tables:
  p: { columns: { id: integer primary key, code: text } }
  c: { columns: { id: integer primary key, code: text references p(code), n: integer } }
  d: { columns: { id: integer primary key, p: integer references p(id) on delete cascade } }
)");
  const Run again = p.run("generate second --allow-drop c.n");
  CHECK(again.status == 0);
  CHECK_FALSE(has(again.out, "no key"));  // it was so before
  const Run applied = p.run("apply");
  CHECK_MESSAGE(applied.status == 0, applied.err);
  CHECK(p.run("verify").status == 0);
  // References of other tables are checked as ever.
  CHECK(p.shell("sqlite3 app.db 'insert into d values (2, 7)'") == 0);
  p.folder.write("schema/app.yaml", R"(tables:
  p: { columns: { id: integer primary key, code: text } }
  c: { columns: { id: integer primary key, code: text references p(code), n: text } }
  d: { columns: { id: integer primary key, p: integer references p(id) } }
)");
  CHECK(p.run("generate third").status == 0);
  CHECK(p.run("apply").status == 0);  // row 2 of d was broken before
}

TEST_CASE("cli/sqlite: `exists:` tells of a raw object whether the database has it") {
  const Project p;
  const auto write = [&](const std::string& version) {
    p.folder.write("schema/app.yaml",
                   std::string(first) + "raw:\n  our mark:\n    create: pragma user_version = " + version +
                       "\n    drop: pragma user_version = 0\n" +
                       "    exists: select 1 from pragma_user_version where user_version = " + version +
                       "\n");
  };
  write("7");
  CHECK(p.run("push").status == 0);
  const Run same = p.run("diff sqlite:app.db schema --exit-code");
  CHECK(same.status == 0);
  CHECK(has(same.err, "raw \"our mark\" is there by its `exists:`; its definition is not compared"));
  CHECK(p.run("diff schema sqlite:app.db --exit-code").status == 0);
  CHECK(p.run("generate first").status == 0);
  CHECK(p.run("baseline").status == 0);
  CHECK(p.run("verify").status == 0);
  CHECK(p.shell("sqlite3 app.db 'pragma user_version = 3'") == 0);
  const Run drift = p.run("verify");
  CHECK(drift.status == 1);
  CHECK(has(drift.out, "missing: raw \"our mark\""));
  write("8");
  CHECK(has(p.run("diff sqlite:app.db schema").out, "pragma user_version = 8;"));
  CHECK(p.run("push").status == 0);
  CHECK(p.run("diff sqlite:app.db schema --exit-code").status == 0);
  // What cannot be asked is taken for missing, and said.
  p.folder.write("schema/app.yaml",
                 std::string(first) +
                     "raw:\n  m: { create: create table t2 (a), drop: drop table t2, exists: "
                     "select 1 from t2 }\n");
  const Run missing = p.run("diff sqlite:app.db schema --exit-code");
  CHECK(missing.status == 1);
  CHECK(has(missing.err, "raw m is taken for missing: no such table: t2"));
  p.folder.write("schema/app.yaml",
                 std::string(first) +
                     "raw:\n  m: { create: create table t2 (a), drop: drop table t2, exists: "
                     "delete from users }\n");
  CHECK(has(p.run("diff sqlite:app.db schema").err, "`exists:` must be a SELECT"));
  CHECK(p.run("generate bad").status == 2);
}

TEST_CASE("cli/sqlite: what a file or the engine cannot keep is refused by name") {
  const Project p;
  p.folder.write("schema/app.yaml",
                 "tables: { t: { columns: { id: integer primary key, body: { type: text, default: "
                 "\"'a\\r\\nb'\" } } } }\n");
  const Run ends = p.run("generate");
  CHECK(ends.status == 2);
  CHECK(has(ends.err, "table t: holds a carriage return before a line end"));
  p.folder.write("schema/app.yaml",
                 "tables: { t: { columns: { id: integer primary key, n: integer, r: real, t: text } } }\n"
                 "data: { t: { rows: [ { id: 1, n: 9223372036854775808, r: 9223372036854775808, "
                 "t: 9223372036854775808 } ] } }\n");
  const Run large = p.run("generate");
  CHECK(large.status == 2);
  CHECK(has(large.err, "SQLite has no whole number as large as 9223372036854775808, the value of n"));
  CHECK_FALSE(has(large.err, "the value of t"));
  p.folder.write("schema/rows.csv", "id,r,t\n1,1e300,1e400\n2,1e400,\n");
  p.folder.write("schema/app.yaml",
                 "tables: { t: { columns: { id: integer primary key, r: real, t: text } } }\n"
                 "data: { t: { from: rows.csv } }\n");
  const Run beyond = p.run("generate");
  CHECK(beyond.status == 2);
  CHECK(has(beyond.err, "schema/rows.csv:3:1: row t."));
  CHECK(has(beyond.err, "no floating point number is near to 1e400, the value of r"));
  CHECK_FALSE(has(beyond.err, "the value of t"));
}
