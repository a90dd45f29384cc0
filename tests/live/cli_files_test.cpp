// What the commands make of migration files and snapshots that people, merges and accidents have changed.
#include <doctest/doctest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "support/server.hpp"

using namespace trueup::test;

namespace {
bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A project with one database, `app.db`, and one table.
struct Project {
  TestFolder folder;
  Project() {
    folder.write("trueup.yaml",
                 "engines: [sqlite]\ntargets: { dev: \"sqlite:app.db\" }\ndefault_target: dev\n");
    columns("");
  }
  /// The table has `id` and these, in flow style.
  void columns(const std::string& more) const {
    folder.write("schema/app.yaml", "tables: { t: { columns: { id: integer primary key" + more + " } } }\n");
  }
  Run run(const std::string& arguments) const { return run_trueup(arguments, folder.path()); }
  void must(const std::string& arguments, const std::string& beside = "") const {
    const Run done = run_trueup(arguments, folder / beside);
    CAPTURE(arguments);
    CAPTURE(done.err);
    REQUIRE(done.status == 0);
  }
  void shell(const std::string& command) const {
    CAPTURE(command);
    REQUIRE(std::system(("cd '" + folder.path() + "' && { " + command + "; } >/dev/null 2>&1").c_str()) == 0);
  }
  /// Appends to the file of generated/sqlite whose name the pattern matches.
  void append(const std::string& file, const std::string& text) const {
    folder.write("append.txt", text);
    shell("cat append.txt >> generated/sqlite/" + file);
  }
};
}  // namespace

TEST_CASE("cli/files: a damaged newest snapshot is refused, also where nothing is to do") {
  const Project p;
  p.columns(", s: text");
  p.must("generate a");
  p.must("generate");  // nothing to do
  p.shell("sed -i 's/\"column t.s\",\"type\":\"text\"/\"column t.s\",\"type\":\"blob\"/' snapshots/sqlite/*");
  p.shell("grep -q blob snapshots/sqlite/000001_a.json");
  const Run run = p.run("generate x");
  CHECK(run.status == 2);
  CHECK(has(run.err, "do not add up to the state the snapshot names"));
}

TEST_CASE("cli/files: the snapshot that is missing is named") {
  const Project p;
  p.must("generate a");
  p.columns(", b: text");
  p.must("generate b");
  p.columns(", b: text, c: text");
  p.must("generate c");
  p.shell("rm snapshots/sqlite/000002*");
  const Run run = p.run("generate x");
  CHECK(run.status == 2);
  CHECK(has(run.err, "migration 000002_b has no snapshot"));
}

TEST_CASE("cli/files: a down file that says nothing is no way back") {
  const Project p;
  p.must("generate a");
  p.must("new fill");
  p.append("000002_fill.up.sql", "insert into t values (1);\n");
  p.must("apply");
  const Run run = p.run("rollback --to 1");
  CHECK(run.status == 2);
  CHECK(has(run.err, "000002_fill.down.sql: has no statement"));
  p.append("000002_fill.down.sql", "select 1;\n");
  p.must("rollback --to 1");
  p.must("new nothing");  // both files without a statement: nothing to take back
  p.shell("sqlite3 app.db 'delete from t'");
  p.must("apply");
  p.must("rollback --to 1");
}

TEST_CASE("cli/files: a migration cannot start from another state than its predecessor's") {
  const Project p;
  p.must("generate a");
  p.must("apply");
  p.columns(", n: text");
  const Run wrong = p.run("generate x --from empty");
  CHECK(wrong.status == 2);
  CHECK(has(wrong.err, "--from: a migration after 000001_a starts from the state that it leads to"));
  CHECK(p.run("generate x --from empty --dry-run").status == 0);
  p.must("generate x --from sqlite:app.db");  // which has that state
  p.must("apply");
  p.must("verify");
}

TEST_CASE("cli/files: status tells what apply would refuse") {
  const Project p;
  p.must("generate a");
  p.must("apply");
  p.shell("cp -r . ../$(basename $PWD).bob && mv ../$(basename $PWD).bob bob");
  p.columns(", email: text");
  p.must("generate email");
  p.shell("sed -i 's/primary key/primary key, p: text/' bob/schema/app.yaml");
  p.must("generate p", "bob");
  p.shell(
      "for f in up.sql down.sql; do cp bob/generated/sqlite/000002_p.$f generated/sqlite/000003_p.$f; done");
  p.shell("cp bob/snapshots/sqlite/000002_p.json snapshots/sqlite/000003_p.json");
  const Run fork = p.run("status");
  CHECK(fork.status == 0);
  CHECK(has(fork.out, "refused       000003_p"));
  CHECK(has(fork.out, "two branches generated from the same parent"));
  CHECK(has(fork.out, "1 pending, 1 problem\n"));
  CHECK(p.run("status --exit-code").status == 1);
  CHECK(p.run("apply").status == 2);
  p.shell("rm */sqlite/000003*");
  p.append("000002_email.up.sql", "begin;\n");
  const Run unreadable = p.run("status --json");
  CHECK(unreadable.status == 0);
  const auto json = nlohmann::json::parse(unreadable.out);
  CHECK(json["problems"] == 1);
  CHECK(json["migrations"][1]["stage"] == "refused");
  CHECK(has(json["migrations"][1]["problem"], "BEGIN in a migration"));
  CHECK(p.run("verify").status == 0);  // of what is applied
  p.shell(
      "sed -i '/begin/d; s/^-- state:/-- deletes: column t.id\\n-- state:/' "
      "generated/sqlite/000002_email.up.sql");
  CHECK(has(p.run("status").out, "its data would be lost"));
}

TEST_CASE("cli/files: a comment or a quote that does not end is refused before anything runs") {
  const Project p;
  p.must("generate a");
  p.must("apply");
  p.must("new c");
  p.append("000002_c.up.sql", "insert into t values (1); /* why\ninsert into t values (2);\n");
  const Run run = p.run("apply");
  CHECK(run.status == 2);
  CHECK(has(run.err, "generated/sqlite/000002_c.up.sql:11: the comment that begins here does not end"));
  p.shell("test -z \"$(sqlite3 app.db 'select * from t')\"");
}

TEST_CASE("cli/files: a rename that is done stays done when the old name is used again") {
  const Project p;
  p.columns(", mail: text");
  p.must("generate a");
  p.columns(", email: { type: text, renamed_from: mail }");
  p.must("generate b");
  p.must("apply");
  p.shell("sqlite3 app.db 'alter table t add column mail text'");
  const Run drift = p.run("verify");
  CHECK(drift.status == 1);
  CHECK(has(drift.out, "unexpected: column t.mail"));
  p.shell("sqlite3 app.db 'alter table t drop column mail'");
  p.columns(", email: { type: text, renamed_from: mail }, mail: text");
  p.must("generate c");
  p.must("apply");
  p.must("verify");
  p.must("push");
  p.shell("sqlite3 app.db \"insert into t values (1, 'new', 'old')\"");
  p.columns(", email: { type: text, renamed_from: mail }");
  const Run loss = p.run("generate d");
  CHECK(loss.status == 2);
  CHECK(has(loss.err, "allow it with --allow-drop t.mail"));
  p.must("generate d --allow-drop t.mail");
  p.must("apply");
  p.shell("test new = $(sqlite3 app.db 'select email from t')");
}

TEST_CASE("cli/files: two names cannot be swapped by hints") {
  const Project p;
  p.columns(", a: text, b: text");
  p.must("generate a");
  p.columns(", a: { type: text, renamed_from: b }, b: { type: text, renamed_from: a }");
  const Run run = p.run("generate swap");
  CHECK(run.status == 2);
  CHECK(has(run.err, "is still declared"));
  p.columns(", b: { type: text, renamed_from: a }");  // a hint that was not there before
  CHECK(has(p.run("generate merge").err, "the current state holds both 'a' and 'b'"));
}

TEST_CASE("cli/files: migrations that are written at once do not share a number") {
  const Project p;
  p.shell(std::string("for n in a b c d e f; do (") + TRUEUP_BINARY +
          " new $n; echo $? >> statuses) & done; wait");
  p.shell("test $(ls generated/sqlite/*.up.sql | wc -l) = $(grep -cx 0 statuses)");
  CHECK(p.run("diff empty generated/sqlite").status == 0);  // a number used twice would be an error
}

TEST_CASE("cli/files: rollback names all that is lost at once, and a dry run asks nothing") {
  const Project p;
  p.must("generate a");
  p.columns(", b: text");
  p.must("generate b");
  p.columns(", b: text, c: text");
  p.must("generate c");
  p.must("apply");
  const Run run = p.run("rollback --to 0");
  CHECK(run.status == 2);
  for (const char* each : {"--allow-drop t.c", "--allow-drop t.b", "--allow-drop t\n"})
    CHECK(has(run.err, each));
  const Run dry = p.run("rollback --to 0 --dry-run");
  CHECK(dry.status == 0);
  CHECK(has(dry.out, "drop table t"));
  p.must("rollback --to 0 --allow-drop t");
}

TEST_CASE("cli/files: a database with a migration that a merge has renumbered") {
  const Project p;
  p.must("generate a");
  p.shell("mkdir bob && cp -r trueup.yaml schema generated snapshots bob");
  p.columns(", email: text");
  p.must("generate email");
  p.folder.write("bob/schema/p.yaml", "tables: { p: { columns: { id: integer primary key } } }\n");
  p.must("generate p", "bob");
  p.must("apply", "bob");
  // The merge: Bob makes his migration again on top of the other.
  p.shell("cp bob/schema/p.yaml schema && cp bob/app.db app.db");
  p.must("generate p");
  const Run refused = p.run("apply");
  CHECK(refused.status == 2);
  CHECK(has(refused.err, "it was applied as 000002_p, which two branches have made 000003_p"));
  CHECK(has(refused.err, "roll back to 1"));
  p.shell("cp app.db other.db");
  // One way out: the way back of the files that applied it.
  p.shell("cp app.db bob/app.db");
  p.must("rollback --to 1 --allow-drop p", "bob");
  p.shell("cp bob/app.db app.db");
  p.must("apply");
  p.must("verify");
  // The other: what is missing without migrations, and then the record.
  p.must("push sqlite:other.db");
  p.must("baseline sqlite:other.db");
  p.must("status sqlite:other.db --exit-code");
}

TEST_CASE("cli/files: what `new` writes into a file is no statement's comment") {
  const Project p;
  p.must("generate a");
  p.must("new c");
  p.append("000002_c.up.sql", "-- create index t.i\ncreate index i on t(nope);\n");
  const auto json = nlohmann::json::parse(p.run("apply --json").out);
  CHECK(json["error"]["object"] == "create index t.i");
}
