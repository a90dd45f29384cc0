// `generate --scratch` on servers: what an earlier generate without one left as the author spelled it.
#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "support/server.hpp"

using namespace trueup::test;

namespace {
struct Engine {
  const char* variable;
  const char* name;
  const char* schema;  ///< expressions that the server spells otherwise
  const char* more;    ///< one more column
  const char* says;    ///< in the line `verified:`
};

constexpr const char* postgres_schema = R"yaml(
enums: { state: [new, paid] }
domains:
  mail: { type: text, checks: { mail_ok: "value ~ '^[^@]+@[^@]+$'" } }
tables:
  orders:
    columns:
      id: bigint primary key
      state: state not null default 'new'
      tags: text[] not null default '{}'
      contact: mail
      total: numeric(12,2) check (total between 0 and 9)
    indexes: { open_idx: { on: [id], where: "state <> 'paid'" } }
views: { open_orders: { query: "select id, total from orders where state in ('new')" } }
)yaml";
constexpr const char* mysql_schema = R"yaml(
tables:
  orders:
    columns:
      id: bigint primary key
      state: varchar(20) not null default 'new'
      total: decimal(12,2) check (total between 0 and 9 or state in ('x'))
      twice: decimal(12,2) as (total * 2) stored
views: { open_orders: { query: "select id, total from orders where state in ('new')" } }
)yaml";
constexpr std::array engines{Engine{"TRUEUP_TEST_POSTGRES", "postgres", postgres_schema,
                                    "      note: text not null default lower('N')\n", "verified: PostgreSQL"},
                             Engine{"TRUEUP_TEST_POSTGRES_17", "postgres", postgres_schema,
                                    "      note: text not null default lower('N')\n", "verified: PostgreSQL"},
                             Engine{"TRUEUP_TEST_MYSQL", "mysql", mysql_schema,
                                    "      note: varchar(9) default (lower('N'))\n", "verified: MySQL"},
                             Engine{"TRUEUP_TEST_MARIADB", "mysql", mysql_schema,
                                    "      note: varchar(9) default (lower('N'))\n", "verified: MariaDB"},
                             Engine{"TRUEUP_TEST_MARIADB_118", "mysql", mysql_schema,
                                    "      note: varchar(9) default (lower('N'))\n", "verified: MariaDB"}};
}  // namespace

TEST_CASE("scratch: a later generate tries out what an earlier one only wrote down") {
  for (const Engine& engine : engines) {
    const auto server = test_server(engine.variable);
    if (!server) continue;
    CAPTURE(engine.variable);
    const TestDatabase database(*server);
    const TestFolder folder;
    folder.write("trueup.yaml", std::string("engines: [") + engine.name + "]\n");
    std::string schema = engine.schema;
    folder.write("schema/app.yaml", schema);
    const auto run = [&](const std::string& arguments) {
      const Run done = run_trueup(arguments, folder.path());
      CAPTURE(arguments);
      CAPTURE(done.out);
      CAPTURE(done.err);
      CHECK(done.status == 0);
      return done;
    };
    run("generate initial");
    run("apply '" + database.url() + "'");
    folder.write("schema/app.yaml", schema.insert(schema.find("      id:"), engine.more));
    const Run next = run("generate next --scratch '" + database.url() + "'");
    CHECK(next.out.find(engine.says) != std::string::npos);
    run("apply '" + database.url() + "'");
    run("verify '" + database.url() + "'");
    run("diff '" + database.url() + "' schema --exit-code");
    CHECK(run("generate --scratch '" + database.url() + "'").err.find("nothing to do") != std::string::npos);
    run("rollback --to 1 --allow-destructive '" + database.url() + "'");
    run("verify '" + database.url() + "'");
  }
}

TEST_CASE("scratch: a server of the other vendor says what only the other has, and what to do") {
  const TestFolder folder;
  folder.write("trueup.yaml", "engines: [mysql]\n");
  const auto refused = [&](const char* variable, const std::string& schema, const std::string& says) {
    const auto server = test_server(variable);
    if (!server) return;
    const TestDatabase database(*server);
    folder.write("schema/app.yaml", schema);
    const Run run = run_trueup("generate one --scratch '" + database.url() + "'", folder.path());
    CAPTURE(run.err);
    CHECK(run.status == 2);
    CHECK(run.err.find(says) != std::string::npos);
    CHECK(run.err.find("of production's vendor") != std::string::npos);
    CHECK(run.err.find("report") == std::string::npos);
    CHECK_FALSE(std::filesystem::exists(folder / "generated"));
  };
  refused("TRUEUP_TEST_MYSQL", "tables: { t: { columns: { id: uuid primary key } } }\n",
          "MariaDB only: type uuid of column t.id");
  refused("TRUEUP_TEST_MARIADB",
          "tables: { t: { columns: { id: int, a: int }, indexes: { i: [(a + 1)] } } }\n",
          "MySQL only: expression of index t.i");
  // What the author wrote and no server takes is not ours to be told of first.
  if (const auto server = test_server("TRUEUP_TEST_MYSQL")) {
    folder.write("schema/app.yaml", "procedures: { p: { body: selct 1 } }\n");
    const TestDatabase database(*server);
    const Run run = run_trueup("generate one --scratch '" + database.url() + "'", folder.path());
    CHECK(run.status == 2);
    CHECK(run.err.find("procedure p") != std::string::npos);
    CHECK(run.err.find("correct the schema where this server is right") != std::string::npos);
  }
}

TEST_CASE("scratch: a private server is started from installed programs and leaves nothing") {
  if (!test_server("TRUEUP_TEST_MARIADB")) return;  // then its programs are installed
  const TestFolder folder, temporary;
  folder.write("trueup.yaml", "engines: [mysql]\nscratch: { mysql: private }\n");
  folder.write("schema/app.yaml", mysql_schema);
  const auto run = [&](const std::string& arguments) {
    return run_trueup(arguments, folder.path(), "TMPDIR='" + temporary.path() + "'");
  };
  const auto empty = [&] { return std::filesystem::is_empty(temporary.path()); };
  const Run made = run("generate initial");
  CAPTURE(made.err);
  CHECK(made.status == 0);
  CHECK(made.out.find("verified: M") != std::string::npos);
  CHECK(made.out.find(", scratch database") != std::string::npos);
  CHECK(empty());
  // Named by the option it goes before trueup.yaml, and is of use for every engine that has one.
  const Run again = run("generate --dry-run --scratch private --from empty");
  CAPTURE(again.err);
  CHECK(again.status == 0);
  CHECK(again.err.find("verified: M") != std::string::npos);
  const Run none = run_trueup("generate --engine postgres --scratch private", folder.path());
  CHECK(none.status == 2);
  CHECK(none.err.find("no private server of postgres") != std::string::npos);
  // Killed at any moment, nothing of it stays.
  for (const char* after : {"0.2", "1.5"}) {
    run_trueup("generate --dry-run --scratch private --from empty", folder.path(),
               "TMPDIR='" + temporary.path() + "' timeout -s KILL " + after);
    for (int i = 0; i < 300 && !empty(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(100));
    CHECK(empty());
  }
}

TEST_CASE("scratch: what one vendor spelled is true on a server of the other") {
  const auto tried = test_server("TRUEUP_TEST_MYSQL"), used = test_server("TRUEUP_TEST_MARIADB");
  if (!tried || !used) return;
  const TestDatabase scratch(*tried), database(*used);
  const TestFolder folder;
  folder.write("trueup.yaml", "engines: [mysql]\nscratch: { mysql: '" + scratch.url() + "' }\n");
  folder.write("schema/app.yaml", R"yaml(
tables:
  s: { columns: { id: integer primary key, name: "varchar(9) default (lower('N'))" } }
  d: { columns: { id: integer primary key, s: integer check (s between 0 and 9 or s in (11)) } }
views: { v: "select d.id, s.name as site from d join s on s.id = d.s" }
)yaml");
  const auto run = [&](const std::string& arguments, int status = 0) {
    const Run done = run_trueup(arguments, folder.path());
    CAPTURE(arguments);
    CAPTURE(done.out);
    CAPTURE(done.err);
    CHECK(done.status == status);
    return done;
  };
  run("generate one");
  run("apply '" + database.url() + "'");
  run("verify '" + database.url() + "'");
  run("diff '" + database.url() + "' schema --exit-code");
  database.open()->execute(
      "create or replace view v as select d.id, upper(s.name) as site from d join s on s.id = d.s");
  CHECK(run("verify '" + database.url() + "'", 1).out.find("view v (query)") != std::string::npos);
}

TEST_CASE("scratch: characters that a server does not show are refused by name") {
  const auto refused = [&](const char* variable, const std::string& columns, const std::string& says) {
    const auto server = test_server(variable);
    if (!server) return;
    const TestDatabase database(*server);
    const TestFolder folder;
    folder.write("trueup.yaml", "engines: [mysql]\n");
    folder.write("schema/app.yaml", "tables: { t: { columns: { id: int primary key, " + columns + " } } }\n");
    const Run run = run_trueup("generate one --scratch '" + database.url() + "'", folder.path());
    CAPTURE(run.err);
    CHECK(run.status == 2);
    CHECK(run.err.find("column t.a: " + says) != std::string::npos);
    CHECK(run.err.find("report") == std::string::npos);
  };
  refused("TRUEUP_TEST_MARIADB", "a: \"varchar(9) default '\\U0001F388'\"", "MariaDB shows a ?");
  refused("TRUEUP_TEST_MYSQL", "a: \"varchar(9) default (concat('\\U0001F388'))\"", "MySQL does not show");
  if (const auto server = test_server("TRUEUP_TEST_MYSQL")) {  // which shows a literal by its bytes
    const TestDatabase database(*server);
    const TestFolder folder;
    folder.write("trueup.yaml", "engines: [mysql]\n");
    folder.write("schema/app.yaml",
                 "tables: { t: { columns: { a: \"varchar(9) default 'it''s \\U0001F388'\" } } }\n");
    for (const char* arguments : {"generate one --scratch '", "apply '", "verify '"}) {
      const Run run = run_trueup(arguments + database.url() + "'", folder.path());
      CAPTURE(run.err);
      CHECK(run.status == 0);
    }
  }
}
