#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "migration/apply.hpp"
#include "migration/status.hpp"
#include "support/server.hpp"

using namespace trueup;
using namespace trueup::test;
using std::chrono::milliseconds;

namespace {
/// A database, a migrations folder, and apply with what a test wants.
struct Bench {
  explicit Bench(const std::string& server) : database(server), connection(database.open()) {}
  void up(const std::string& stem, const std::string& sql) { folder.write("g/" + stem + ".up.sql", sql); }
  void down(const std::string& stem, const std::string& sql) { folder.write("g/" + stem + ".down.sql", sql); }
  Directory directory() const { return read_directory_at(folder / "g", folder / "s"); }
  const EngineDialect& dialect() const { return *trueup::dialect("postgres"); }
  ApplyResult run(const ApplyOptions& options = {}) {
    return apply(*connection, directory(), dialect(), options);
  }
  std::string error(const ApplyOptions& options = {}) {
    try {
      run(options);
      return "";
    } catch (const std::runtime_error& e) {
      return e.what();
    }
  }
  std::string one(const std::string& sql, Connection* c = nullptr) {
    const auto rows = (c != nullptr ? *c : *connection).query(sql);
    return rows.empty() ? "none" : rows[0][0].value_or("null");
  }
  Stage stage(std::size_t index) {
    return status(*connection, directory(), dialect(), {}).migrations.at(index).stage;
  }

  TestDatabase database;
  TestFolder folder;
  std::unique_ptr<Connection> connection;
};

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}
}  // namespace

#define BENCH(name)                                        \
  const auto server = test_server("TRUEUP_TEST_POSTGRES"); \
  if (!server) return;                                     \
  Bench name(*server)

TEST_CASE("postgres: pending migrations run once, in order, with their history") {
  BENCH(b);
  b.up("000001_a", "-- create table a\nCREATE TABLE a (id int);\nINSERT INTO a VALUES (1);\n");
  b.up("000002_b", "ALTER TABLE a ADD COLUMN n int;\n");
  std::vector<Progress::What> seen;
  ApplyOptions options;
  options.progress = [&](const Progress& p) { seen.push_back(p.what); };
  options.dry_run = true;
  CHECK(b.run(options).migrations.size() == 2);
  CHECK(b.one("select to_regclass('trueup_history')") == "null");
  options.dry_run = false;
  options.to = 1;
  CHECK(b.run(options).version_after == 1);
  CHECK(seen.size() == 6);
  CHECK(b.stage(1) == Stage::pending);
  CHECK(b.run().migrations.size() == 1);
  CHECK(b.run().migrations.empty());
  CHECK(b.one("select string_agg(version || name || status || done || total, ' ' order by version) "
              "from public.trueup_history") == "1aapplied22 2bapplied11");
  CHECK(b.one("select count(*) from public.trueup_history where finished >= started and who <> '' "
              "and length(checksum) = 64 and tool_version <> ''") == "2");
  CHECK(b.one("select count(*) from a") == "1");
}

TEST_CASE("postgres: a failed statement leaves nothing behind, says where, and can be corrected") {
  BENCH(b);
  b.up("000001_a", "CREATE TABLE a (id int);\n\n-- create index a.i\nCREATE INDEX i ON a (nope);\n");
  try {
    b.run();
    FAIL("expected an error");
  } catch (const WorldError& e) {
    CHECK(contains(e.what(), "000001_a.up.sql:4: create index a.i"));
    CHECK(e.facts().code == "42703");
    CHECK(e.facts().place.line == 4);
    CHECK(contains(e.facts().statement, "nope"));
    CHECK(contains(e.facts().remedy, "nothing of this migration was changed"));
  }
  CHECK(b.one("select to_regclass('a')") == "null");
  CHECK(b.stage(0) == Stage::failed);
  CHECK(contains(b.one("select error from public.trueup_history"), "nope"));
  b.up("000001_a", "CREATE TABLE a (id int);\nCREATE INDEX i ON a (id);\n");
  CHECK(b.error() == "");
  CHECK(b.stage(0) == Stage::applied);
}

TEST_CASE("postgres: edited, missing and out-of-order migrations stop everything by name") {
  BENCH(b);
  for (const char* name : {"000001_a", "000002_b", "000003_c"}) b.up(name, "SELECT 1;\n");
  CHECK(b.error() == "");
  b.up("000002_b", "SELECT 2;\n");
  CHECK(contains(b.error(), "000002_b.up.sql: was changed after it was applied"));
  CHECK(b.stage(1) == Stage::edited);
  b.up("000002_b", "SELECT 1;\r\n");  // line ends do not count
  CHECK(b.error() == "");
  ::unlink((b.folder / "g/000003_c.up.sql").c_str());
  CHECK(contains(b.error(), "000003_c was applied, but there is no file"));
  CHECK(b.stage(2) == Stage::missing);
  b.up("000003_c", "SELECT 1;\n");
  b.connection->execute("delete from public.trueup_history where version = 2");
  CHECK(contains(b.error(), "000002_b.up.sql: is not applied although a newer one is"));
  CHECK(b.stage(1) == Stage::out_of_order);
}

TEST_CASE("postgres: statements outside a transaction run one at a time and are resumed where they stopped") {
  BENCH(b);
  b.up("000001_a",
       "CREATE TABLE a (id int);\nINSERT INTO a VALUES (1), (1);\n"
       "CREATE UNIQUE INDEX CONCURRENTLY i ON a (id);\nINSERT INTO a VALUES (2);\n");
  const std::string error = b.error();
  CHECK(contains(error, "000001_a.up.sql:3"));
  CHECK(b.one("select status || done || total || in_flight from public.trueup_history") == "failed240");
  CHECK(b.one("select count(*) from a") == "2");
  b.connection->execute("delete from a where ctid = (select min(ctid) from a)");
  b.connection->execute("drop index if exists i");
  b.up("000001_a",
       "CREATE TABLE a (id bigint);\nINSERT INTO a VALUES (1), (1);\n"
       "CREATE UNIQUE INDEX CONCURRENTLY i ON a (id);\nINSERT INTO a VALUES (2);\n");
  CHECK(contains(b.error(), "were edited since"));
  b.up("000001_a",
       "CREATE TABLE a (id int);\nINSERT INTO a VALUES (1), (1);\n"
       "CREATE UNIQUE INDEX CONCURRENTLY i ON a (id);\nINSERT INTO a VALUES (3);\n");
  const auto result = b.run();
  REQUIRE(result.migrations.size() == 1);
  CHECK(result.migrations[0].resumed_at == 2);
  CHECK(b.one("select string_agg(id::text, ',' order by id) from a") == "1,3");
  CHECK(b.one("select status || done || total from public.trueup_history") == "applied44");
}

TEST_CASE("postgres: a run cut off in a statement outside a transaction is not guessed about") {
  BENCH(b);
  b.connection->execute("create table a (id int)");
  b.up("000001_a", "CREATE INDEX CONCURRENTLY i ON a (id);\nINSERT INTO a VALUES (1);\n");
  CHECK(b.error() == "");
  b.connection->execute(
      "update public.trueup_history set status = 'running', done = 0, done_checksum = '', in_flight = 1");
  CHECK(b.stage(0) == Stage::interrupted);
  const std::string error = b.error();
  CHECK(contains(error, "000001_a.up.sql:1: an earlier run was cut off in statement 1 of 2"));
  CHECK(contains(error, "--resume-at 2"));
  ApplyOptions options;
  options.resume_at = 2;
  CHECK(b.error(options) == "");
  CHECK(b.stage(0) == Stage::applied);
}

TEST_CASE("postgres: twelve runners at once apply everything exactly once") {
  BENCH(b);
  for (int i = 1; i <= 5; ++i)
    b.up(fmt::format("{:06}_m{}", i, i),
         fmt::format("CREATE TABLE t{} (id int);\nSELECT pg_sleep(0.02);\n", i));
  std::vector<pid_t> children;
  for (int i = 0; i < 12; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      int code = 1;
      try {
        const auto own = b.database.open();
        code = apply(*own, b.directory(), b.dialect(), {}).migrations.size() % 5 == 0 ? 0 : 2;
      } catch (...) {
      }
      ::_exit(code);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int code = 0;
    ::waitpid(child, &code, 0);
    CHECK(code == 0);
  }
  CHECK(b.one("select count(*) from public.trueup_history where status = 'applied'") == "5");
}

TEST_CASE("postgres: a runner waits for the lock within bounds and says who holds it") {
  BENCH(b);
  b.up("000001_a", "SELECT pg_sleep(1);\n");
  std::thread other([&] {
    const auto own = b.database.open();
    apply(*own, b.directory(), b.dialect(), {});
  });
  std::this_thread::sleep_for(milliseconds{300});
  ApplyOptions options;
  options.lock_wait = milliseconds{200};
  std::string holder;
  options.progress = [&](const Progress& p) {
    if (p.what == Progress::What::waiting) holder = p.detail;
  };
  const std::string error = b.error(options);
  CHECK(contains(error, "another runner holds the lock"));
  CHECK(contains(error, "(trueup as "));
  CHECK(contains(holder, "pid "));
  CHECK(b.run().migrations.empty());  // waits, then finds nothing to do
  other.join();
}

TEST_CASE("postgres: a runner that waits does not stop the holder from building an index concurrently") {
  BENCH(b);
  b.up("000001_a", "CREATE TABLE a (id int);\nSELECT pg_sleep(0.5);\n");
  b.up("000002_b", "CREATE INDEX CONCURRENTLY i ON a (id);\n");
  std::string failed;
  std::thread other([&] {
    try {
      const auto own = b.database.open();
      apply(*own, b.directory(), b.dialect(), {});
    } catch (const std::exception& e) {
      failed = e.what();
    }
  });
  std::this_thread::sleep_for(milliseconds{100});
  CHECK(b.error() == "");
  other.join();
  CHECK(failed == "");
  CHECK(b.one("select count(*) from public.trueup_history where status = 'applied'") == "2");
}

TEST_CASE("postgres: an object lock in the way is tried for again, within bounds") {
  BENCH(b);
  b.connection->execute("create table a (id int)");
  b.up("000001_a", "ALTER TABLE a ADD COLUMN n int;\n");
  const auto reader = b.database.open();
  reader->execute("begin");
  reader->query("select * from a");
  ApplyOptions options;
  options.lock_timeout = milliseconds{20};
  options.lock_retries = 2;
  CHECK(contains(b.error(options), "55P03"));
  CHECK(b.stage(0) == Stage::failed);
  int retries = 0;
  options.lock_retries = 50;
  options.progress = [&](const Progress& p) {
    if (p.what == Progress::What::retrying && ++retries == 2) reader->execute("commit");
  };
  CHECK(b.error(options) == "");
  CHECK(retries >= 2);
}

TEST_CASE("postgres: what a migration file sets does not leak into the next one or the history") {
  BENCH(b);
  b.up("000001_a", "CREATE SCHEMA other;\nSET search_path = other;\nCREATE TABLE a (id int);\n");
  b.up("000002_b", "CREATE TABLE b (id int);\n");
  CHECK(b.error() == "");
  CHECK(b.one("select to_regclass('other.a') is not null and to_regclass('public.b') is not null") == "t");
  CHECK(b.one("select count(*) from public.trueup_history") == "2");
}

TEST_CASE("postgres: data that a migration deletes must be allowed by name, if it is there") {
  BENCH(b);
  const std::string head = "-- trueup migration\n-- version: {}\n-- name: {}\n-- engine: postgres\n";
  b.up("000001_a", "CREATE TABLE a (id int);\n");
  b.up("000002_b", "-- trueup migration\n-- deletes: table public.a\n\nDROP TABLE a;\n");
  CHECK(b.error() == "");  // made and dropped in one run: there is nothing to lose
  b.connection->execute("create table c (id int, n int)");
  b.up("000003_c", "-- trueup migration\n-- deletes: column public.c.n\n\nALTER TABLE c DROP COLUMN n;\n");
  const std::string error = b.error();
  CHECK(contains(error, "--allow-drop public.c.n"));
  CHECK(b.stage(2) == Stage::refused);
  ApplyOptions options;
  options.allowed.objects = {"c.n"};
  CHECK(b.error(options) == "");
}

TEST_CASE("postgres: rollback runs down files newest first, or none when one is missing") {
  BENCH(b);
  b.up("000001_a", "CREATE TABLE a (id int);\n");
  b.down("000001_a", "DROP TABLE a;\n");
  b.up("000002_b", "CREATE TABLE b (id int);\n");
  b.up("000003_c", "CREATE INDEX CONCURRENTLY i ON b (id);\n");
  b.down("000003_c", "DROP INDEX CONCURRENTLY i;\n");
  CHECK(b.error() == "");
  RollbackOptions options;
  options.allowed.destructive = true;
  CHECK_THROWS_WITH_AS(rollback(*b.connection, b.directory(), b.dialect(), options),
                       doctest::Contains("000002_b.up.sql: has no down file"), InputError);
  CHECK(b.one("select to_regclass('i') is null") == "f");
  b.down("000002_b", "DROP TABLE b;\n");
  options.to = 1;
  CHECK(rollback(*b.connection, b.directory(), b.dialect(), options).migrations.size() == 2);
  CHECK(b.one("select to_regclass('b') is null and to_regclass('a') is not null") == "t");
  CHECK(b.stage(2) == Stage::pending);
  CHECK(b.run().migrations.size() == 2);
  b.down("000003_c", "DROP INDEX nope;\n");
  CHECK_THROWS_AS(rollback(*b.connection, b.directory(), b.dialect(), options), WorldError);
  CHECK(b.stage(2) == Stage::applied);
}

TEST_CASE("postgres: history in a namespace of its own") {
  BENCH(b);
  b.up("000001_a", "SELECT 1;\n");
  ApplyOptions options;
  options.history = {"Migrations \"x\"", "ops"};
  CHECK(b.error(options) == "");
  CHECK(b.one("select count(*) from ops.\"Migrations \"\"x\"\"\"") == "1");
}

TEST_CASE("postgres: two branches from one parent are told apart by their states") {
  BENCH(b);
  const std::string p(64, 'a'), q(64, 'b'), r(64, 'c');
  b.up("000001_a", fmt::format("-- trueup migration\n-- parent: {}\n-- state: {}\n\nSELECT 1;\n", p, q));
  CHECK(b.error() == "");
  b.up("000002_b", fmt::format("-- trueup migration\n-- parent: {}\n-- state: {}\n\nSELECT 1;\n", p, r));
  CHECK(contains(b.error(), "two branches"));
}
