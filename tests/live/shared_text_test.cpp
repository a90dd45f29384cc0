// Texts that stay as they are while the server spells them anew, because what they read changes.
#include <doctest/doctest.h>

#include "support/server.hpp"

using namespace trueup::test;

namespace {
struct Pair {
  const char* what;
  const char* before;
  const char* after;
};
constexpr Pair pairs[] = {
    {"a default under a new type",
     R"yaml(tables: { job: { columns: { id: bigint primary key, s: "varchar(10) not null default 'open'" } } })yaml",
     R"yaml(tables: { job: { columns: { id: bigint primary key, s: "text not null default 'open'" } } })yaml"},
    {"a default of an enum",
     R"yaml(enums: { st: [open, closed] }
tables: { job: { columns: { id: bigint primary key, s: "varchar(10) not null default 'open'" } } })yaml",
     R"yaml(enums: { st: [open, closed] }
tables:
  job:
    columns: { id: bigint primary key, s: { type: st, not_null: true, default: "'open'", using: "s::st" } })yaml"},
    {"a check, an index, a view and a view over it",
     R"yaml(tables:
  job:
    columns: { id: bigint primary key, s: varchar(10) }
    checks: { c: "s <> 'x'" }
    indexes: { i: { on: [id], where: "s in ('a', 'b')" } }
views:
  v: select id, s from job where s = 'a'
  w: select s from v where s <> 'b')yaml",
     R"yaml(tables:
  job:
    columns: { id: bigint primary key, s: text }
    checks: { c: "s <> 'x'" }
    indexes: { i: { on: [id], where: "s in ('a', 'b')" } }
views:
  v: select id, s from job where s = 'a'
  w: select s from v where s <> 'b')yaml"},
    {"the condition of a trigger",
     R"yaml(enums: { st: [open, closed] }
functions:
  f: { returns: trigger, language: plpgsql, body: "begin return new; end" }
tables:
  job:
    columns: { id: bigint primary key, s: varchar(10) }
    triggers:
      t: { timing: before, events: [update], level: row, when: "old.s is distinct from new.s", execute: f() })yaml",
     R"yaml(enums: { st: [open, closed] }
functions:
  f: { returns: trigger, language: plpgsql, body: "begin return new; end" }
tables:
  job:
    columns: { id: bigint primary key, s: { type: st, using: "s::st" } }
    triggers:
      t: { timing: before, events: [update], level: row, when: "old.s is distinct from new.s", execute: f() })yaml"},
    {"all columns",
     R"yaml(tables: { job: { columns: { id: bigint primary key, kind: text } } }
views: { v: select * from job, w: select v.* from v }
materialized_views: { m: "select j.*, 1 as one from job j" })yaml",
     R"yaml(tables: { job: { columns: { id: bigint primary key, kind: text, prio: integer } } }
views: { v: select * from job, w: select v.* from v }
materialized_views: { m: "select j.*, 1 as one from job j" })yaml"},
};
}  // namespace

TEST_CASE("postgres: a text that stays the same changes with the types and columns that it reads") {
  const auto server = test_server("TRUEUP_TEST_POSTGRES");
  if (!server) return;
  for (const auto& pair : pairs)
    for (const bool scratch : {true, false}) {
      CAPTURE(pair.what);
      CAPTURE(scratch);
      const TestDatabase database(*server);
      const TestFolder folder;
      folder.write("trueup.yaml", scratch
                                      ? "engines: [postgres]\nscratch: { postgres: \"" + *server + "\" }\n"
                                      : "engines: [postgres]\n");
      const auto run = [&](const std::string& arguments) {
        const Run out = run_trueup(arguments, folder.path());
        CAPTURE(arguments);
        CAPTURE(out.err);
        CHECK(out.status == 0);
      };
      folder.write("schema/app.yaml", pair.before);
      run("generate initial");
      run("apply " + database.url());
      folder.write("schema/app.yaml", pair.after);
      run("generate next --allow-drop job.s");
      run("apply " + database.url());
      run("verify " + database.url());
      run("diff " + database.url() + " schema --exit-code");
      run("generate");
      run("rollback --to 1 --allow-destructive " + database.url());
      folder.write("schema/app.yaml", pair.before);
      run("diff " + database.url() + " schema --exit-code");
    }
}
