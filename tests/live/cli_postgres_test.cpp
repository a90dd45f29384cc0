// The built binary from a YAML file to a migrated PostgreSQL database and back.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "support/server.hpp"

using namespace trueup::test;
using Json = nlohmann::json;

namespace {
bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const char* const first = R"yaml(namespace: app
enums: { status: [draft, done] }
tables:
  users:
    columns:
      id: bigint identity primary key
      email: varchar(255) not null unique
      st: status not null default 'draft'
      n: integer check (n > 0 and n < 10)
    indexes:
      users_low_idx: { on: ["lower(email)"], where: "n > 3"
}
views:
  v: { query: "select id, email from users where st = 'done'" }
)yaml";
const char* const second = R"yaml(namespace: app
enums: { status: [draft, done, gone] }
tables:
  users:
    columns:
      id: bigint identity primary key
      mail: { type: varchar(300), not_null: true, unique: true, renamed_from: email }
      st: status not null default 'draft'
    indexes:
      users_low_idx: { on: ["lower(mail)"]
}
views:
  v: { query: "select id, mail from users where st = 'done'" }
)yaml";
}  // namespace

TEST_CASE("cli/postgres: views name tables of their own namespace without saying it") {
  const auto server = test_server("TRUEUP_TEST_POSTGRES");
  if (!server) return;
  const TestDatabase database(*server);
  const TestFolder folder;
  folder.write("trueup.yaml", "engines: [postgres]\ntargets: { dev: \"${DB}\" }\ndefault_target: dev\n");
  folder.write("schema/app.yaml", first);
  const auto run = [&](const std::string& arguments) {
    return run_trueup(arguments, folder.path(), "DB='" + database.url() + "'");
  };
  REQUIRE(run("generate initial").status == 0);
  const Run apply = run("apply");
  CAPTURE(apply.err);
  REQUIRE(apply.status == 0);
  CHECK(run("verify").status == 0);
  CHECK(run("diff '" + database.url() + "' schema --exit-code").status == 0);

  folder.write("schema/app.yaml", second);
  const Run refused = run("generate next");
  CHECK(refused.status == 2);
  CHECK(has(refused.err, "--allow-drop app.users.n"));
  REQUIRE(run("generate next --allow-drop users.n").status == 0);
  const Run next = run("apply");
  CAPTURE(next.err);
  REQUIRE(next.status == 0);
  CHECK(run("verify").status == 0);
  const Run same = run("diff '" + database.url() + "' schema --exit-code");
  CAPTURE(same.out);
  CHECK(same.status == 0);
  CHECK(Json::parse(run("status --json").out)["version"] == 2);
}

TEST_CASE("cli/postgres: `exists:` tells of a raw object whether the database has it") {
  const auto server = test_server("TRUEUP_TEST_POSTGRES");
  if (!server) return;
  const TestDatabase database(*server);
  const TestFolder folder;
  folder.write("trueup.yaml", "engines: [postgres]\ntargets: { dev: \"${DB}\" }\ndefault_target: dev\n");
  folder.write("schema/app.yaml", R"yaml(tables:
  t: { columns: { a: integer, b: integer } }
raw:
  t statistics:
    create: create statistics public.t_ab (dependencies) on a, b from public.t
    drop: drop statistics public.t_ab
    exists: select 1 from pg_statistic_ext where stxrelid = 'public.t'::regclass and stxname = 't_ab'
    depends_on: [t]
)yaml");
  const auto run = [&](const std::string& arguments) {
    return run_trueup(arguments, folder.path(), "DB='" + database.url() + "'");
  };
  REQUIRE(run("generate initial --scratch '" + database.url() + "'").status == 0);
  const Run first_diff = run("diff '" + database.url() + "' schema");
  CHECK(has(first_diff.out, "create statistics public.t_ab"));  // where its table is missing, too
  REQUIRE(run("apply").status == 0);
  CHECK(run("verify").status == 0);
  CHECK(run("diff '" + database.url() + "' schema --exit-code").status == 0);
  CHECK(run("push").status == 0);
  database.open()->execute("drop statistics public.t_ab");
  const Run drift = run("verify");
  CHECK(drift.status == 1);
  CHECK(has(drift.out, "missing: raw \"t statistics\""));
  CHECK(run("push").status == 0);
  CHECK(run("verify").status == 0);
}
