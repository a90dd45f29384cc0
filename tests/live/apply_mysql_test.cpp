// Applying on MySQL and MariaDB, where nothing but DML is transactional: journal, kill -9, going on.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "engine/mysql/dialect.hpp"
#include "migration/apply.hpp"
#include "migration/resume.hpp"
#include "migration/status.hpp"
#include "support/server.hpp"

using namespace trueup;
using namespace trueup::test;
using std::chrono::milliseconds;

namespace {
constexpr std::array servers{"TRUEUP_TEST_MARIADB", "TRUEUP_TEST_MARIADB_118", "TRUEUP_TEST_MYSQL"};
const EngineDialect& dialect_alone = mysql_dialect();

/// A database, a migrations folder, and apply with what a test wants.
struct Bench {
  explicit Bench(const std::string& server) : database(server), connection(database.open()) {}
  void up(const std::string& stem, const std::string& sql) { folder.write("g/" + stem + ".up.sql", sql); }
  void down(const std::string& stem, const std::string& sql) { folder.write("g/" + stem + ".down.sql", sql); }
  Directory directory() const { return read_directory_at(folder / "g", folder / "s"); }
  /// What the migrations here delete is meant.
  template <class Options>
  static Options meant(Options options) {
    options.allowed.destructive = true;
    return options;
  }
  ApplyResult run(const ApplyOptions& options = {}) {
    return apply(*connection, directory(), dialect_alone, meant(options));
  }
  ApplyResult back(std::int64_t to, const RollbackOptions& given = {}) {
    RollbackOptions options = meant(given);
    options.to = to;
    return rollback(*connection, directory(), dialect_alone, options);
  }
  template <class F>
  std::string error(const F& f) {
    try {
      f();
      return "";
    } catch (const InputError& e) {
      return std::string(e.what()) + " | " + e.diagnostics().at(0).remedy;
    } catch (const std::runtime_error& e) {
      return e.what();
    }
  }
  std::string error(const ApplyOptions& options = {}) {
    return error([&] { run(options); });
  }
  std::string one(const std::string& sql) {
    const auto rows = connection->query(sql);
    return rows.empty() ? "none" : rows[0][0].value_or("null");
  }
  /// In a process of its own, which a test may kill.
  template <class F>
  pid_t elsewhere(const F& f) {
    const pid_t child = ::fork();
    if (child != 0) return child;
    try {
      const auto mine = database.open();
      f(*mine);
      ::_exit(0);
    } catch (const std::exception&) {
      ::_exit(1);
    }
  }
  /// Connection of that process, once it waits in a statement like this.
  std::string wait_for(const std::string& statement) {
    for (int i = 0; i < 2000; ++i) {
      const std::string id =
          one("select id from information_schema.processlist where db = database() and command = 'Query' and "
              "info like '" +
              statement + "%' and id <> connection_id()");
      if (id != "none" && ++seen_ > 3) return seen_ = 0, id;
      std::this_thread::sleep_for(milliseconds{3});
    }
    return "nobody waits";
  }
  /// Returns when the session is gone: until then its statement may still get the lock it waits for.
  void kill_session(const std::string& id) {
    try {
      connection->execute("kill " + id);
    } catch (const WorldError&) {  // gone already
    }
    for (int i = 0; i < 2000 && one("select id from information_schema.processlist where id = " + id) == id;
         ++i)
      std::this_thread::sleep_for(milliseconds{3});
  }

  TestDatabase database;
  TestFolder folder;
  std::unique_ptr<Connection> connection;
  int seen_ = 0;
};

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

void reap(pid_t child) {
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
}

/// Ten statements, each on a table of its own that another session can lock.
struct Ten {
  std::string table, title, sql;
};
const std::array<Ten, 10> ten{{
    {"g1", "create table c1", "CREATE TABLE c1 LIKE g1"},
    {"g2", "create column g2.n", "ALTER TABLE g2 ADD COLUMN n int"},
    {"g3", "create index g3.i3", "CREATE INDEX i3 ON g3 (a)"},
    {"g4", "create row g4.\"[1]\"", "INSERT INTO g4 VALUES (1, 1)"},
    {"g5", "drop column g5.b", "ALTER TABLE g5 DROP COLUMN b"},
    {"g6", "rename table h6", "RENAME TABLE g6 TO h6"},
    {"g7", "create view v7", "CREATE VIEW v7 AS SELECT a FROM g7"},
    {"g8", "create trigger g8.t8",
     "CREATE TRIGGER t8 BEFORE INSERT ON g8 FOR EACH ROW SET NEW.a = NEW.a + 1"},
    {"g9", "alter column g9.b", "ALTER TABLE g9 MODIFY b bigint"},
    {"g10", "drop table g10", "DROP TABLE g10"},
}};

void prepare_ten(Bench& b) {
  std::string script;
  for (const auto& t : ten) {
    b.connection->execute("create table " + t.table + " (a int, b int)");
    script += "-- " + t.title + " [other: a hazard]\n" + t.sql + ";\n";
  }
  b.up("000001_ten", script);
}

void expect_all_ten(Bench& b) {
  CHECK(b.one("select count(*) from information_schema.tables where table_schema = database() and "
              "table_name in ('c1', 'h6', 'v7')") == "3");
  CHECK(b.one("select count(*) from information_schema.tables where table_schema = database() and "
              "table_name in ('g6', 'g10')") == "0");
  CHECK(b.one("select group_concat(table_name, '.', column_name, data_type order by 1) from "
              "information_schema.columns where table_schema = database() and (table_name = 'g2' and "
              "column_name = 'n' or table_name in ('g5', 'g9') and column_name = 'b')") ==
        "g2.nint,g9.bbigint");
  CHECK(b.one("select count(*) from information_schema.statistics where table_schema = database() and "
              "index_name = 'i3'") == "1");
  CHECK(b.one("select count(*) from g4") == "1");
  b.connection->execute("insert into g8 values (1, 1)");
  CHECK(b.one("select a from g8") == "2");
  CHECK(b.one("select concat(status, done, total, in_flight, in_doubt) from trueup_history") ==
        "applied10100");
}
}  // namespace

#define EACH_SERVER(name)                                  \
  for (const char* variable : servers)                     \
    if (const auto server = test_server(variable); server) \
      if (Bench name(*server); true)

TEST_CASE("mysql apply: once, in order, with history; DML shares its record's transaction") {
  EACH_SERVER(b) {
    CAPTURE(variable);
    b.up("000001_a", "-- create table a\nCREATE TABLE a (id int);\nINSERT INTO a VALUES (1);\n");
    b.up("000002_b", "INSERT INTO a VALUES (2);\nUPDATE a SET id = 3 WHERE id = 2;\n");
    CHECK(b.run().version_after == 2);
    CHECK(b.run().migrations.empty());
    CHECK(b.one("select group_concat(version, name, status, done, total order by version) from "
                "trueup_history") == "1aapplied22,2bapplied22");
    CHECK(b.one("select group_concat(id order by id) from a") == "1,3");
    // A migration of nothing but DML is one transaction.
    b.up("000003_c", "INSERT INTO a VALUES (4);\nINSERT INTO a VALUES ('x');\n");
    CHECK(contains(b.error(), "000003_c.up.sql:2"));
    CHECK(b.one("select count(*) from a where id = 4") == "0");
    b.up("000003_c", "INSERT INTO a VALUES (4);\n");
    CHECK(b.run().migrations.size() == 1);
    // A statement that fails says so, and the next run goes on there.
    b.up("000004_d", "ALTER TABLE a ADD x int;\nALTER TABLE a ADD x int;\nALTER TABLE a ADD y int;\n");
    const std::string failed = b.error();
    CHECK(contains(failed, "000004_d.up.sql:2"));
    CHECK(contains(failed, "1060"));
    b.up("000004_d", "ALTER TABLE a ADD x int;\nALTER TABLE a ADD z int;\nALTER TABLE a ADD y int;\n");
    CHECK(b.run().migrations.at(0).resumed_at == 1);
    CHECK(b.one("select count(*) from information_schema.columns where table_schema = database() and "
                "table_name = 'a'") == "4");
  }
}

TEST_CASE("mysql apply: settings of a migration end with it; its strings are strict") {
  EACH_SERVER(b) {
    CAPTURE(variable);
    b.up("000001_a",
         "SET sql_mode = 'ANSI_QUOTES', time_zone = '+05:00';\nCREATE TABLE \"a\" (t timestamp);\n"
         "INSERT INTO a VALUES ('2020-01-01 05:00:00');\n");
    b.up("000002_b", "INSERT INTO a VALUES (\"2020-01-01 00:00:00\");\nCREATE TABLE s (c char(1));\n");
    CHECK(b.run().migrations.size() == 2);
    CHECK(b.one("select count(distinct t) from a") == "1");
    b.up("000003_c", "INSERT INTO s VALUES ('too long');\n");
    CHECK(contains(b.error(), "1406"));
  }
}

TEST_CASE("mysql apply: one runner at a time; the other is told who it waits for") {
  EACH_SERVER(b) {
    CAPTURE(variable);
    b.up("000001_a", "CREATE TABLE a (id int);\n");
    const auto other = b.database.open();
    const auto lock = mysql_apply_support().try_lock(*other, {});
    REQUIRE(lock);
    CHECK(lock->held());
    ApplyOptions options;
    options.lock_wait = milliseconds{100};
    const std::string told = b.error(options);
    CHECK(contains(told, "another runner holds the lock"));
    CHECK(contains(told,
                   "connection " + other->query("select connection_id()")[0][0].value_or("?") + " (root"));
    HistoryTable elsewhere;
    elsewhere.name = "other_history";
    CHECK(mysql_apply_support().try_lock(*b.connection, elsewhere));  // another target
  }
}

TEST_CASE("mysql apply: waits for a table are bounded and tried again") {
  EACH_SERVER(b) {
    CAPTURE(variable);
    b.connection->execute("create table a (id int)");
    b.up("000001_a", "ALTER TABLE a ADD n int;\n");
    const auto reader = b.database.open();
    reader->execute("start transaction; select * from a");
    ApplyOptions options;
    options.lock_retries = 3;
    int retries = 0;
    options.progress = [&](const Progress& p) {
      if (p.what == Progress::What::retrying && ++retries == 1) reader->execute("rollback");
    };
    CHECK(b.run(options).migrations.size() == 1);
    CHECK(retries == 1);
    CHECK(b.one("select concat(status, in_flight) from trueup_history") == "applied0");
  }
}

TEST_CASE("mysql apply: killed before or after any of ten statements, it goes on at the right one") {
  for (const char* variable : servers) {
    const auto server = test_server(variable);
    if (!server) continue;
    CAPTURE(variable);
    for (std::size_t k = 0; k < ten.size(); ++k) {
      for (const bool after : {false, true}) {
        CAPTURE(k);
        CAPTURE(after);
        Bench b(*server);
        prepare_ten(b);
        const auto gate = b.database.open();
        gate->execute("lock tables " + ten.at(k).table + " write");
        const pid_t child = b.elsewhere([&](Connection& mine) {
          ApplyOptions patient;
          patient.lock_timeout = milliseconds{0};
          apply(mine, b.directory(), dialect_alone, Bench::meant(patient));
        });
        const std::string id = b.wait_for(ten.at(k).sql);
        REQUIRE(id != "nobody waits");
        const auto journal = b.database.open();
        if (after) {  // the statement goes through, but not the record of it
          journal->execute("start transaction; select * from trueup_history for update");
          gate->execute("unlock tables");
          REQUIRE(b.wait_for("UPDATE trueup_history") == id);
        }
        reap(child);
        if (after || k % 2 == 0)
          b.kill_session(id);  // else the server works on for a dead client, if it will
        journal->execute("rollback");
        gate->execute("unlock tables");
        const auto result = b.run();
        REQUIRE(result.migrations.size() == 1);
        expect_all_ten(b);
      }
    }
  }
}

TEST_CASE("mysql apply: a statement that the catalog tells nothing of is left to a person") {
  EACH_SERVER(b) {
    CAPTURE(variable);
    const std::string script = "CREATE TABLE a (id int);\nCALL fill();\nALTER TABLE a ADD n int;\n";
    b.connection->execute("create procedure fill() begin do sleep(60); insert into a values (1); end");
    b.up("000001_a", script);
    const pid_t child = b.elsewhere([&](Connection& mine) { apply(mine, b.directory(), dialect_alone, {}); });
    const std::string id = b.wait_for("do sleep(60)") == "nobody waits" ? b.wait_for("CALL") : "seen";
    reap(child);
    for (const auto& row : b.connection->query("select id from information_schema.processlist where db = "
                                               "database() and id <> connection_id()"))
      b.kill_session(row[0].value_or("0"));
    const std::string told = b.error();
    CHECK(contains(told, "000001_a.up.sql:2"));
    CHECK(contains(told, "statement 2 of 3 (`CALL fill()`)"));
    CHECK(contains(told, "--resume-at 3"));
    CHECK(contains(told, "--resume-at 2"));
    ApplyOptions options;
    options.resume_at = 5;
    CHECK(contains(b.error(options), "it can go on with statement 2 or 3"));
    options.resume_at = 3;
    CHECK(b.run(options).migrations.at(0).resumed_at == 2);
    CHECK(b.one("select count(*) from a where n is null") == "0");
    CHECK(contains(b.error(options), "no earlier run stopped"));
  }
}

TEST_CASE("mysql apply: a rollback that was killed goes on, and apply waits for it") {
  EACH_SERVER(b) {
    CAPTURE(variable);
    b.up("000001_a", "CREATE TABLE a (id int, x int);\nCREATE TABLE b (id int);\nCREATE TABLE c (id int);\n");
    b.down("000001_a",
           "-- drop table c\nDROP TABLE c;\n-- drop table b\nDROP TABLE b;\n-- drop table a\n"
           "DROP TABLE a;\n");
    b.run();
    const auto gate = b.database.open();
    gate->execute("lock tables b write");
    const pid_t child = b.elsewhere([&](Connection& mine) {
      RollbackOptions patient;
      patient.lock_timeout = milliseconds{0};
      rollback(mine, b.directory(), dialect_alone, Bench::meant(patient));
    });
    const std::string id = b.wait_for("DROP TABLE b");
    reap(child);
    b.kill_session(id);
    gate->execute("unlock tables");
    CHECK(b.one("select concat(status, done, total, in_flight) from trueup_history") == "reverting131");
    CHECK(contains(b.error(), "a rollback of it stopped in the middle"));
    CHECK(status(*b.connection, b.directory(), dialect_alone, {}).migrations.at(0).stage ==
          Stage::interrupted);
    CHECK(b.back(0).migrations.at(0).resumed_at == 1);
    CHECK(b.one("select count(*) from information_schema.tables where table_schema = database() and "
                "table_name in ('a', 'b', 'c')") == "0");
    CHECK(b.one("select concat(status, done, in_flight) from trueup_history") == "reverted00");
    CHECK(b.run().migrations.size() == 1);
  }
}
