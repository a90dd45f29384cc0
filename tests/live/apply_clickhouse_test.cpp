// Applying on ClickHouse, where nothing is transactional: journal, kill -9, going on.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "engine/clickhouse/dialect.hpp"
#include "migration/apply.hpp"
#include "migration/status.hpp"
#include "support/program.hpp"

using namespace trueup;
using namespace trueup::test;
using std::chrono::milliseconds;

namespace {
const EngineDialect& clickhouse = clickhouse_dialect();
constexpr const char* variable = "TRUEUP_TEST_CLICKHOUSE";

/// A database, a migrations folder, and apply with what a test wants.
struct Bench {
  explicit Bench(const std::string& server) : database(server), connection(database.open()) {}
  void up(const std::string& stem, const std::string& sql) { folder.write("g/" + stem + ".up.sql", sql); }
  Directory directory() const { return read_directory_at(folder / "g", folder / "s"); }
  /// What the migrations here delete is meant.
  static ApplyOptions meant(ApplyOptions options) {
    options.allowed.destructive = true;
    return options;
  }
  ApplyResult run(const ApplyOptions& options = {}) {
    return apply(*connection, directory(), clickhouse, meant(options));
  }
  std::string error(const ApplyOptions& options = {}) {
    try {
      run(options);
      return "";
    } catch (const InputError& e) {
      return std::string(e.what()) + " | " + e.diagnostics().at(0).remedy;
    } catch (const WorldError& e) {
      return std::string(e.what()) + " | " + e.facts().remedy;
    }
  }
  std::string one(const std::string& sql) {
    const auto rows = connection->query(sql);
    return rows.empty() ? "none" : rows[0][0].value_or("null");
  }
  /// Notes what it is told while a statement runs, and runs `release` at the second time.
  ApplyOptions telling(std::vector<std::string>& told, const std::string& release = "") const {
    ApplyOptions options;
    options.progress = [this, &told, release](const Progress& p) {
      if (p.what != Progress::What::statement_running) return;
      told.emplace_back(p.detail);
      if (told.size() == 2 && !release.empty()) database.open()->execute(release);
    };
    return options;
  }
  /// Applies in a process of its own that kills itself at that moment of that statement.
  void killed_at(Progress::What moment, std::size_t statement) {
    const pid_t child = ::fork();
    if (child == 0) {
      try {
        ApplyOptions options;
        options.progress = [&](const Progress& p) {
          if (p.what == moment && p.statement == statement) ::kill(::getpid(), SIGKILL);
        };
        apply(*database.open(), directory(), clickhouse, meant(options));
      } catch (const std::exception&) {  // not killed: the parent sees that
      }
      ::_exit(1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    REQUIRE(WIFSIGNALED(status));
    REQUIRE(WTERMSIG(status) == SIGKILL);
  }

  TestDatabase database;
  TestFolder folder;
  std::unique_ptr<Connection> connection;
};

/// Ten statements as trueup writes them. Most fail when they are run twice; the others show it.
constexpr std::string_view ten = R"(-- create table a
CREATE TABLE a (id UInt64, n Int32) ENGINE = MergeTree ORDER BY id;
-- alter column old.n [scans-table: only looks]
SELECT throwIf(count() > 0, 'values do not fit') FROM old WHERE n < 0;
-- alter column old.n [rewrites-table: rewrites the column]
ALTER TABLE old MODIFY COLUMN n UInt64;
-- create column old.extra
ALTER TABLE old ADD COLUMN IF NOT EXISTS extra String;
-- create index old.i
ALTER TABLE old ADD INDEX i n TYPE minmax GRANULARITY 1;
-- create index old.i [builds-index: reads]
ALTER TABLE old MATERIALIZE INDEX i;
-- rename table moved
RENAME TABLE other TO moved;
-- create materialized view mv
CREATE MATERIALIZED VIEW mv TO a AS SELECT id, toInt32(n) AS n FROM old;
-- create row old."[7]"
INSERT INTO old (id, n) SELECT 7, 70 WHERE NOT EXISTS (SELECT 1 FROM old WHERE id = 7);
-- drop table gone [deletes-data: deletes the table]
DROP TABLE gone SYNC;
)";

void prepare_ten(Bench& b) {
  b.connection->execute(
      "create table old (id UInt64, n Int32) engine = MergeTree order by id;"
      "insert into old select number + 100, number from numbers(100);"
      "create table other (id UInt64) engine = MergeTree order by id;"
      "create table gone (id UInt64) engine = MergeTree order by id");
  b.up("000001_ten", std::string(ten));
}

void expect_all_ten(Bench& b) {
  CHECK(b.one("select groupArray(name) from (select name from system.tables where database = "
              "currentDatabase() order by name)") == "['a','moved','mv','old','trueup_history']");
  CHECK(b.one("select groupArray((name, type)) from system.columns where database = currentDatabase() and "
              "table = 'old'") == "[('id','UInt64'),('n','UInt64'),('extra','String')]");
  CHECK(b.one("select count() from old") == "101");
  CHECK(b.one("select toString((count(), sum(n))) from a") == "(1,70)");  // through the view, once
  CHECK(b.one("select count() from system.mutations where database = currentDatabase() and command like "
              "'%MATERIALIZE INDEX%'") == "1");
  CHECK(b.one("select toString((status, done, total, in_flight, in_doubt)) from trueup_history final") ==
        "('applied',10,10,0,'')");
}
}  // namespace

TEST_CASE("clickhouse apply: killed before or after any of ten statements, it goes on at the right one") {
  const auto server = test_server(variable);
  if (!server) return;
  for (std::size_t k = 1; k <= 10; ++k) {
    for (const bool after : {false, true}) {
      CAPTURE(k);
      CAPTURE(after);
      Bench b(*server);
      prepare_ten(b);
      b.killed_at(after ? Progress::What::statement_finished : Progress::What::statement_started, k);
      CHECK(b.one("select toString((status, done, in_flight)) from trueup_history final") ==
            "('running'," + std::to_string(k - 1) + ",1)");
      const auto result = b.run();
      REQUIRE(result.migrations.size() == 1);
      expect_all_ten(b);
    }
  }
}

TEST_CASE("clickhouse apply: a mutation that a dead runner left running is waited for, and shown") {
  const auto server = test_server(variable);
  if (!server) return;
  Bench b(*server);
  b.connection->execute(
      "create table slow (id UInt64, n UInt8 materialized sleepEachRow(0.25)) engine = MergeTree order by id;"
      "alter table slow clear column n settings mutations_sync = 1");
  b.connection->execute("insert into slow (id) select number from numbers(2)");
  b.up("000001_slow",
       "-- alter column slow.n\nALTER TABLE slow MATERIALIZE COLUMN n;\n"
       "-- create column slow.m\nALTER TABLE slow ADD COLUMN m UInt8;\n");
  b.connection->execute("system stop merges slow");  // and mutations with them
  b.killed_at(Progress::What::statement_running, 1);
  CHECK(b.one("select count() from system.mutations where database = currentDatabase() and not is_done") ==
        "1");
  std::vector<std::string> told;
  const ApplyOptions options = b.telling(told, "system start merges slow");
  CHECK(b.run(options).migrations.at(0).resumed_at == 1);
  REQUIRE(told.size() >= 2);
  CHECK(has(told[0], "waits: mutation mutation_"));
  CHECK(has(told[0], "of slow: 1 part to do"));
  CHECK(b.one("select count() from system.mutations where database = currentDatabase() and command like "
              "'%MATERIALIZE COLUMN n%'") == "1");
}

TEST_CASE("clickhouse apply: a mutation is shown while it runs") {
  const auto server = test_server(variable);
  if (!server) return;
  Bench b(*server);
  b.connection->execute(
      "create table slow (id UInt64, n UInt64) engine = MergeTree order by id;"
      "insert into slow select number, number from numbers(10)");
  b.up("000001_slow", "-- alter column slow.n\nALTER TABLE slow MODIFY COLUMN n Int32;\n");
  b.connection->execute("system stop merges slow");  // and mutations with them
  std::vector<std::string> told;
  const ApplyOptions options = b.telling(told, "system start merges slow");
  CHECK(b.run(options).migrations.size() == 1);
  REQUIRE(told.size() >= 2);
  CHECK(told[0].starts_with("mutation mutation_"));
  CHECK(has(told[0], "of slow: 1 part to do"));
  CHECK(b.one("select sum(n) from slow") == "45");
}

TEST_CASE("clickhouse apply: what nothing in the catalog tells is left to a person") {
  const auto server = test_server(variable);
  if (!server) return;
  for (const std::string statement : {"INSERT INTO t (id) VALUES (1)", "INSERT INTO t (id) SELECT 1",
                                      "ALTER TABLE t UPDATE n = n + 1 WHERE 1"}) {
    CAPTURE(statement);
    Bench b(*server);
    b.connection->execute("create table t (id UInt64, n UInt64 default 1) engine = MergeTree order by id");
    b.up("000001_a",
         "-- alter table t\n" + statement + ";\n-- create column t.m\nALTER TABLE t ADD COLUMN m UInt8;\n");
    b.killed_at(Progress::What::statement_finished, 1);
    const std::string told = b.error();
    CHECK(has(told, "000001_a.up.sql:2"));
    CHECK(has(told, "statement 1 of 2"));
    CHECK(has(told, "--resume-at 2"));
    ApplyOptions options;
    options.resume_at = 2;
    CHECK(b.run(options).migrations.at(0).resumed_at == 1);
    CHECK(b.one("select count() from t") == (statement.starts_with("INSERT") ? "1" : "0"));
  }
  // Where a second row of the key takes the place of the first, it is simply run again.
  Bench b(*server);
  b.connection->execute("create table t (id UInt64) engine = ReplacingMergeTree order by id");
  b.up("000001_a", "INSERT INTO t (id) VALUES (1);\n");
  b.killed_at(Progress::What::statement_finished, 1);
  CHECK(b.run().migrations.size() == 1);
  CHECK(b.one("select count() from t final") == "1");
  // So is an UPDATE whose new values do not look at the row.
  Bench u(*server);
  u.connection->execute("create table t (id UInt64, n UInt64, s String) engine = MergeTree order by id");
  u.connection->execute("insert into t values (1, 1, 'a')");
  u.up("000001_a", "ALTER TABLE t UPDATE n = CAST('2', 'UInt64'), s = 'b' WHERE id = 1;\n");
  u.killed_at(Progress::What::statement_finished, 1);
  CHECK(u.run().migrations.size() == 1);
  CHECK(u.one("select toString((n, s)) from t") == "(2,'b')");
}

TEST_CASE("clickhouse apply: a rebuild that was killed begins its copy again and loses nothing") {
  const auto server = test_server(variable);
  if (!server) return;
  for (std::size_t k = 1; k <= 5; ++k) {
    for (const bool after : {false, true}) {
      CAPTURE(k);
      CAPTURE(after);
      Bench b(*server);
      b.connection->execute(
          "create table t (id UInt64, at Date) engine = MergeTree partition by id % 3 order by id;"
          "insert into t select number, '2026-01-01'::Date + number from numbers(1000)");
      const std::string title = "-- rebuild table t\n";
      b.up("000001_r",
           title + "DROP TABLE IF EXISTS t_trueup_new SYNC;\n" + title +
               "CREATE TABLE t_trueup_new (id UInt64, at Date) ENGINE = MergeTree PARTITION BY at "
               "ORDER BY at;\n" +
               title + "INSERT INTO t_trueup_new (id, at) SELECT id, at FROM t;\n" + title +
               "EXCHANGE TABLES t_trueup_new AND t;\n" + title + "DROP TABLE t_trueup_new SYNC;\n");
      b.killed_at(after ? Progress::What::statement_finished : Progress::What::statement_started, k);
      std::vector<std::string> told;
      b.run(b.telling(told));
      CHECK(b.one("select toString((count(), sum(id), uniqExact(_partition_id))) from t") ==
            "(1000,499500,1000)");
      CHECK(b.one("select groupArray(name) from (select name from system.tables where database = "
                  "currentDatabase() order by name)") == "['t','trueup_history']");
      if (k <= 3) {
        REQUIRE(told.size() >= 3);
        CHECK(has(told.front(), "copies partition 1 of 3 of t: 334 rows"));
      }
    }
  }
}

TEST_CASE(
    "clickhouse apply: a dead runner on this machine does not hold the lock; a live one elsewhere does") {
  const auto server = test_server(variable);
  if (!server) return;
  Bench b(*server);
  b.up("000001_a", "-- create table t\nCREATE TABLE t (id UInt64) ENGINE = Memory;\n");
  b.killed_at(Progress::What::statement_started, 1);
  const std::string note = b.one(
      "select comment from system.tables where database = currentDatabase() and name = "
      "'trueup_history_lock'");
  CHECK(has(note, "trueup lock "));
  const auto dash = note.find('-');
  REQUIRE(dash != std::string::npos);
  // The same note from another machine: the process may live there.
  std::string elsewhere = note;
  elsewhere[dash + 1] = elsewhere[dash + 1] == 'x' ? 'y' : 'x';
  b.connection->execute("alter table trueup_history_lock modify comment '" + elsewhere + "'");
  ApplyOptions options;
  options.lock_wait = milliseconds{300};
  CHECK(has(b.error(options), "unless renewed it runs out in"));
  b.connection->execute("alter table trueup_history_lock modify comment '" + note + "'");
  const auto before = std::chrono::steady_clock::now();
  CHECK(b.run().migrations.size() == 1);
  CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds{10});
}
