// What `trueup diff` prints, run by the engines' own clients as people run them: clients that go on after
// errors.
#include <doctest/doctest.h>

#include <cstdlib>
#include <sstream>

#include "support/server.hpp"

using namespace trueup::test;

namespace {
/// A database with a counter, children that cascade, an index, a view and triggers, and a change that needs a
/// rebuild.
const char* const current = R"(
pragma foreign_keys = on;
create table t (id integer primary key autoincrement, a text, b int);
create table c (id integer primary key, t int references t (id) on delete cascade);
create index t_b on t (b);
create view v as select t.a from t;
create trigger t_touch after insert on t begin update t set b = b + 1 where t.id = new.id; end;
create trigger c_touch after insert on c begin update t set b = 0 where t.id = new.t; end;
insert into t (id, a, b) values (1, 'x', 1), (2, 'y', 2), (3, 'z', null), (90, 'gone', 4);
delete from t where id = 90;
insert into c values (1, 1), (2, 2), (3, 2);
)";
const char* const desired = R"(tables:
  t:
    columns:
      id: { type: integer, options: { sqlite: { autoincrement: "true" } } }
      a: text not null
      b: int
      d: text not null default 'new'
    primary_key: [id]
    unique:
      t_a_key: [a]
    indexes:
      t_b: { on: [b] }
    triggers:
      t_touch: { timing: after, events: [insert], body: "update t set b = b + 1 where t.id = new.id;" }
  c:
    columns:
      id: integer primary key
      t: int references t(id) on delete cascade
    triggers:
      c_touch: { timing: after, events: [insert], body: "update t set b = 0 where t.id = new.t;" }
views:
  v: { query: select t.a from t }
)";

struct Database {
  TestFolder folder;
  explicit Database(const std::string& sql, const std::string& schema = desired) {
    folder.write("schema.yaml", schema);
    folder.write("current.sql", sql);
    REQUIRE(client("current.sql").empty());
  }
  /// Runs a script in the sqlite3 client, which goes on after errors; returns what it said.
  std::string client(const std::string& script) const {
    const std::string command = "cd '" + folder.path() + "' && sqlite3 app.db < " + script + " > out 2>&1";
    (void)std::system(command.c_str());
    return read_text(folder / "out");
  }
  std::string dump() const {
    folder.write("dump.sql", ".dump\n");
    return client("dump.sql");
  }
  std::string diff() const {
    const Run run = run_trueup("diff sqlite:app.db schema.yaml", folder.path());
    REQUIRE_MESSAGE(run.status == 0, run.err);
    return run.out;
  }
  std::string scalar(const std::string& sql) const {
    folder.write("scalar.sql", sql + ";\n");
    const std::string out = client("scalar.sql");
    return out.substr(0, out.find('\n'));
  }
};

std::vector<std::string> statements_of(const std::string& script) {
  std::vector<std::string> out;
  std::string one;
  std::istringstream in(script);
  for (std::string line; std::getline(in, line);) {
    one += line + "\n";
    const bool body = one.find("create trigger") != std::string::npos;
    if (body ? line == "end;" : line.ends_with(";")) out.push_back(std::exchange(one, {}));
  }
  return out;
}
bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}
}  // namespace

TEST_CASE("client script/sqlite: the way succeeds and keeps rows, counter, view and triggers") {
  const Database db(current);
  db.folder.write("up.sql", db.diff());
  CHECK(db.client("up.sql") == "");
  CHECK(db.diff() == "");
  CHECK(db.scalar("select group_concat(id || a || ifnull(b, '-') || d, ' ') from t") ==
        "1x0new 2y0new 3z-new");
  CHECK(db.scalar("select count(*) from c") == "3");
  CHECK(db.scalar("select seq from sqlite_sequence where name = 't'") == "90");
  CHECK(db.scalar("select count(*) from sqlite_sequence") == "1");
}

TEST_CASE("client script/sqlite: a copy that fails changes nothing, though the client goes on") {
  const std::vector<std::string> spoilers{
      "insert into t (a) values ('x')",  // not unique
      "insert into t (b) values (7)",    // null
  };
  for (const auto& spoil : spoilers) {
    CAPTURE(spoil);
    const Database db(current + spoil + ";");
    const std::string before = db.dump();
    db.folder.write("up.sql", db.diff());
    CHECK(has(db.client("up.sql"), "constraint failed"));
    CHECK(db.dump() == before);
  }
}

TEST_CASE("client script/sqlite: values that a strict table refuses stay") {
  const Database db("create table t (a int); insert into t values (1), ('word');",
                    "tables: { t: { columns: { a: int }, options: { sqlite: { strict: 'true' } } } }");
  const std::string before = db.dump();
  db.folder.write("up.sql", db.diff());
  CHECK(has(db.client("up.sql"), "cannot store TEXT value"));
  CHECK(db.dump() == before);
}

TEST_CASE("client script/sqlite: a full disk in any place loses nothing") {
  std::string sql = current;
  sql +=
      "insert into t (a) with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000)"
      " select 'value ' || i from n;";
  const Database start(sql);
  const std::string script = start.diff();
  const int pages = std::stoi(start.scalar("pragma page_count"));
  bool failed = false;
  for (int room = 0; room < 60; room += 3) {
    CAPTURE(room);
    const Database db(sql);
    db.folder.write("up.sql", "pragma max_page_count = " + std::to_string(pages + room) + ";\n" + script);
    failed = failed || has(db.client("up.sql"), "full");
    CHECK(db.scalar("select count(*) from t") == "3003");
    CHECK(db.scalar("select count(*) from c") == "3");
    CHECK(db.scalar("pragma integrity_check") == "ok");
  }
  CHECK(failed);
}

TEST_CASE("client script/sqlite: whichever statement fails, every row is still there") {
  const std::string script = Database(current).diff();
  const auto statements = statements_of(script);
  REQUIRE(statements.size() > 15);
  for (std::size_t broken = 0; broken < statements.size(); ++broken) {
    CAPTURE(statements[broken]);
    std::string text;
    for (std::size_t i = 0; i < statements.size(); ++i)
      text += i == broken ? "select nonsense;\n" : statements[i];
    const Database db(current);
    db.folder.write("up.sql", text);
    CHECK(has(db.client("up.sql"), "nonsense"));
    CHECK(db.scalar("select group_concat(id || a, ' ') from t") == "1x 2y 3z");
    CHECK(db.scalar("select count(*) from c") == "3");
    CHECK(db.scalar("select seq from sqlite_sequence where name = 't'") == "90");
  }
}

TEST_CASE("client script/sqlite: inside a transaction of the client's own, nothing cascades") {
  const Database db(current);
  const std::string before = db.dump();
  db.folder.write("up.sql", "pragma foreign_keys = on;\nbegin;\n" + db.diff() + "commit;\n");
  CHECK(has(db.client("up.sql"), "as_known_and_all_copied"));
  CHECK(db.dump() == before);
}

TEST_CASE("client script/sqlite: checks that say the table's own name") {
  const std::string qualified = R"(
create table "t" (id integer primary key autoincrement, a int, constraint positive check ("t"."a" > 0));
create index t_a on t (a) where "t"."a" > 5;
insert into t values (1, 2), (7, 8);
)";
  const std::string schema = R"(tables:
  t:
    columns:
      id: { type: integer, options: { sqlite: { autoincrement: "true" } } }
      a: int not null
    primary_key: [id]
    checks: { positive: '"t"."a" > 0', small: '"t"."a" < 9' }
    indexes: { t_a: { on: [a], where: '"t"."a" > 5' } }
)";
  const Database db(qualified, schema);
  db.folder.write("up.sql", db.diff());
  CHECK(db.client("up.sql") == "");
  CHECK(db.diff() == "");
  CHECK(db.scalar("select group_concat(id || ' ' || a) from t") == "1 2,7 8");
  CHECK(db.scalar("select group_concat(name || seq) from sqlite_sequence") == "t7");

  const Database bad(qualified + "insert into t values (8, 10);", schema);
  const std::string before = bad.dump();
  bad.folder.write("up.sql", bad.diff());
  CHECK(has(bad.client("up.sql"), "constraint failed: small"));
  CHECK(bad.dump() == before);
}

TEST_CASE("client script/sqlite: conversions mean the rows as they were") {
  const Database db(
      "create table t (a int); insert into t values (1), (5);",
      "tables: { t: { columns: { a: { type: text, using: \"t.a || '/' || (select max(a) from t)\" } } } }");
  db.folder.write("up.sql", db.diff());
  CHECK(db.client("up.sql") == "");
  CHECK(db.scalar("select group_concat(a, ' ') from t") == "1/5 5/5");
}

namespace {
/// Runs a script in psql, which goes on after errors.
std::string psql(const TestDatabase& db, const TestFolder& folder, const std::string& script) {
  folder.write("script.sql", script);
  const std::string command =
      "psql -X -q -At '" + db.url() + "' -f '" + folder / "script.sql" + "' > '" + folder / "out" + "' 2>&1";
  (void)std::system(command.c_str());
  return read_text(folder / "out");
}
}  // namespace

TEST_CASE("client script/postgres: what fails is undone, and what comes after it does nothing") {
  const auto server = test_server("TRUEUP_TEST_POSTGRES");
  if (!server) return;
  const TestDatabase db(*server);
  const TestFolder folder;
  folder.write("schema.yaml", R"(enums: { state: [draft, done, kept] }
tables:
  t:
    columns: { id: int primary key, s: "state not null default 'kept'", name: text unique }
)");
  const std::string current_sql = R"(
create type state as enum ('draft', 'done');
create table t (id int primary key, s state not null, name text, old text);
insert into t values (1, 'draft', 'x', 'dear'), (2, 'done', 'x', 'dear');
)";
  CHECK(psql(db, folder, current_sql) == "");
  const auto diff = [&] { return run_trueup("diff '" + db.url() + "' schema.yaml", folder.path()); };
  const std::string script = diff().out;
  CAPTURE(script);
  // The column cannot be dropped: the new enum value, outside of transactions, comes; nothing behind it does.
  CHECK(psql(db, folder, "create view v as select old from t") == "");
  const std::string said = psql(db, folder, script);
  CHECK(has(said, "cannot drop column"));
  CHECK(has(said, "what comes before this transaction failed"));
  CHECK(psql(db, folder, "select count(*) from pg_attrdef where adrelid = 't'::regclass") == "0\n");
  // A transaction that fails leaves nothing of itself.
  CHECK(psql(db, folder, "drop view v") == "");
  CHECK(has(psql(db, folder, diff().out), "could not create unique index"));
  CHECK(psql(db, folder, "select count(old) from t") == "2\n");
  CHECK(psql(db, folder, "delete from t where id = 2") == "");
  CHECK(psql(db, folder, diff().out) == "");
  CHECK(diff().out == "");
}
