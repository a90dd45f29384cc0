// The built binary where no database is needed.
#include <doctest/doctest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "support/server.hpp"

using namespace trueup::test;
using Json = nlohmann::json;

namespace {
bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}
}  // namespace

TEST_CASE("cli: help and version exit with 0, wrong usage with 2") {
  CHECK(run_trueup("--help").status == 0);
  CHECK(has(run_trueup("--help").out, "introspect"));
  CHECK(has(run_trueup("diff --help").out, "Examples:"));
  CHECK(run_trueup("").status == 2);
  CHECK(run_trueup("nonsense").status == 2);
  const Run unknown = run_trueup("diff --nonsense a b");
  CHECK(unknown.status == 2);
  CHECK(unknown.out.empty());
  const Run misspelt = run_trueup("aply --json");
  CHECK(misspelt.status == 2);
  CHECK(has(misspelt.err, "there is no command `aply`"));
  CHECK(has(misspelt.err, "did you mean `apply`?"));
  CHECK(Json::parse(misspelt.out)["command"] == "aply");
  CHECK(run_trueup("--version").out == run_trueup("version").out);
  CHECK(has(run_trueup("apply --to x").err, "--to: Value x not in range"));
  CHECK(has(unknown.err, "--nonsense"));
}

TEST_CASE("cli: every command has help with examples") {
  for (const char* name : {"init", "introspect", "generate", "new", "diff", "push", "apply", "status",
                           "verify", "baseline", "rollback", "completion", "version"}) {
    CAPTURE(name);
    const Run run = run_trueup(std::string(name) + " --help");
    CHECK(run.status == 0);
    CHECK(has(run.out, "Examples:"));
    CHECK(has(run.out, "trueup " + std::string(name)));
  }
}

TEST_CASE("cli: with --json errors are one document too, wherever the flag stands") {
  for (const char* arguments :
       {"--json diff nowhere empty", "diff nowhere empty --json", "nonsense --json"}) {
    CAPTURE(arguments);
    const Run run = run_trueup(arguments);
    CHECK(run.status == 2);
    Json document = Json::parse(run.out);
    CHECK(document["ok"] == false);
    CHECK(document["exit"] == 2);
    CHECK(document["error"].contains("message"));
  }
}

TEST_CASE("cli: no password in any message") {
  for (const char* arguments :
       {"diff 'mssql://u:S3CRET@h/app' empty", "diff 'postgres://u:S3CRET@h:99999/app' empty",
        "introspect 'postgres://u:S3CRET@127.0.0.1:1/app'",
        "diff 'host=x password=S3CRET' empty --engine sqlite",
        "introspect 'postgres://127.0.0.1:1/app?pasword=S3CRET'",
        "introspect 'postgres://u:S3CRET@127.0.0.1:1/app' surplus",
        "diff 'postgres://u:S3/CRET@h/app' empty"}) {
    CAPTURE(arguments);
    for (const std::string flag : {"", " --json"}) {
      const Run run = run_trueup(arguments + flag);
      CHECK(run.status == 2);
      CHECK_FALSE(has(run.out + run.err, "S3CRET"));
      CHECK_FALSE(has(run.out + run.err, "CRET@"));
      CHECK_FALSE(run.err.empty());
    }
  }
}

TEST_CASE("cli: trueup.yaml is read strictly, with file and line") {
  const TestFolder folder;
  folder.write("trueup.yaml",
               "schemas: schema\nengines: [oracle]\ntargets:\n  dev: { path: x }\ndefault_target: prod\n");
  const Run run = run_trueup("status", folder.path());
  CHECK(run.status == 2);
  CHECK(has(run.err, "trueup.yaml:1:1: unknown key `schemas`"));
  CHECK(has(run.err, "did you mean `schema`?"));
  CHECK(has(run.err, "trueup.yaml:2:11: unknown engine `oracle`"));
  CHECK(has(run.err, "trueup.yaml:4:"));
  CHECK(has(run.err, "names no target: `prod`"));
  CHECK(run_trueup("status --config absent.yaml", folder.path()).status == 2);
}

TEST_CASE("cli: generate tells what is wrong for all engines at once") {
  const TestFolder folder;
  folder.write("trueup.yaml", "engines: [mysql, postgres, sqlite]\n");
  folder.write("schema/s.yaml", R"yaml(tables:
  t: { columns: { id: integer primary key, a: { type: geometry, typo: 1 } } }
extensions: [{ name: citext, engines: [mysql] }]
)yaml");
  const auto times = [](const std::string& text, std::string_view part) {
    int out = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++out;
    return out;
  };
  const Run wrong = run_trueup("generate a", folder.path());
  CAPTURE(wrong.err);
  CHECK(wrong.status == 2);
  CHECK(times(wrong.err, "typo") == 2);  // the message and its line, once for three engines
  CHECK(has(wrong.err, "schema/s.yaml:2:"));
  // What is refused to one and wrong for another, with the engine of each.
  folder.write("schema/s.yaml", "tables: { t: { columns: { id: integer primary key, a: integer } } }\n");
  REQUIRE(run_trueup("generate a", folder.path()).status == 0);
  folder.write("schema/s.yaml",
               "tables:\n  t: { columns: { id: integer primary key } }\n  u: { columns: {} }\n");
  const Run both = run_trueup("generate b", folder.path());
  CAPTURE(both.err);
  CHECK(both.status == 2);
  CHECK(times(both.err, "it has no columns (mysql, sqlite)") == 1);
  CHECK(has(both.err, "schema/s.yaml:3:3"));
  CHECK(times(both.err, "column public.t.a") == 1);
  CHECK(has(both.err, "(postgres)"));
  CHECK(has(both.err, "--allow-drop"));
  CHECK(times(run_trueup("status sqlite:x.db", folder.path()).out, "000002") == 0);  // nothing was written
}

TEST_CASE("cli: a target's variable is asked for only when the target is used") {
  const TestFolder folder;
  folder.write("trueup.yaml", "targets:\n  prod: { url: \"${TRUEUP_NO_SUCH_URL}\" }\n");
  const Run run = run_trueup("status --target prod", folder.path());
  CHECK(run.status == 2);
  CHECK(has(run.err, "trueup.yaml:2"));
  CHECK(has(run.err, "TRUEUP_NO_SUCH_URL is not set"));
  CHECK(has(run_trueup("status --target prd", folder.path()).err, "no target `prd`"));
  CHECK(has(run_trueup("status", folder.path(), "DATABASE_URL=").err, "no database is named"));
  const Run set =
      run_trueup("status --target prod", folder.path(), "TRUEUP_NO_SUCH_URL=mssql://u:S3CRET@h/x");
  CHECK(set.status == 2);
  CHECK(has(set.err, "unknown URL scheme"));
  CHECK_FALSE(has(set.err, "S3CRET"));
}

TEST_CASE("cli: init writes once and never overwrites") {
  const TestFolder folder;
  CHECK(run_trueup("init", folder.path()).status == 2);
  CHECK(run_trueup("init oracle", folder.path()).status == 2);
  CHECK(run_trueup("init sqlite", folder.path()).status == 0);
  CHECK(has(read_text(folder / "trueup.yaml"), "sqlite:app.db"));
  const Run again = run_trueup("init sqlite", folder.path());
  CHECK(again.status == 2);
  CHECK(has(again.err, "is already there"));
}

TEST_CASE("cli: what init writes can be generated, on every engine") {
  for (const char* engine : {"sqlite", "postgres", "mysql", "clickhouse"}) {
    CAPTURE(engine);
    const TestFolder folder;
    REQUIRE(run_trueup(std::string("init ") + engine, folder.path()).status == 0);
    const Run run = run_trueup("generate initial", folder.path());
    CAPTURE(run.err);
    CHECK(run.status == 0);
  }
}

TEST_CASE("cli: DATABASE_URL names the database, before the default of trueup.yaml") {
  const TestFolder folder;
  REQUIRE(run_trueup("init sqlite", folder.path()).status == 0);
  REQUIRE(run_trueup("generate initial", folder.path()).status == 0);
  CHECK(run_trueup("apply", folder.path(), "DATABASE_URL=sqlite:production.db").status == 0);
  CHECK(std::filesystem::exists(folder / "production.db"));
  CHECK_FALSE(std::filesystem::exists(folder / "app.db"));
  CHECK(run_trueup("apply --target dev", folder.path(), "DATABASE_URL=sqlite:production.db").status == 0);
  CHECK(std::filesystem::exists(folder / "app.db"));
}

TEST_CASE("cli: no folder of migrations is no success of apply") {
  const TestFolder folder;
  const Run run = run_trueup("apply sqlite:new.db", folder.path());
  CHECK(run.status == 2);
  CHECK(has(run.err, "generated/sqlite: there are no migrations"));
  CHECK_FALSE(std::filesystem::exists(folder / "new.db"));
}

TEST_CASE("cli: completion scripts name the commands") {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const Run run = run_trueup(std::string("completion ") + shell);
    CHECK(run.status == 0);
    for (const char* word : {"introspect", "rollback"}) CHECK(has(run.out, word));
    CHECK(has(run.out, "allow-drop"));
  }
  CHECK(run_trueup("completion tcsh").status == 2);
  const TestFolder folder;
  folder.write("c.sh", run_trueup("completion bash").out);
  CHECK(std::system(("bash -n " + folder.path() + "/c.sh").c_str()) == 0);
}

TEST_CASE("cli: output that cannot be written is an error") {
  const int status = std::system("'" TRUEUP_BINARY "' version >/dev/full 2>/dev/null");
  CHECK(WEXITSTATUS(status) == 2);
}

TEST_CASE("cli: a folder that cannot be read does not pass for an empty one") {
  const TestFolder folder;
  folder.write("trueup.yaml", "engines: [sqlite]\n");
  folder.write("schema/a.yaml", "tables: { t: { columns: { id: integer primary key } } }\n");
  // Even the superuser cannot follow a link to itself.
  std::filesystem::create_symlink("generated", folder / "generated");
  for (const char* command : {"generate first", "apply sqlite:app.db", "new second"}) {
    CAPTURE(command);
    const Run run = run_trueup(command, folder.path());
    CHECK(run.status == 2);
    CHECK(run.err.find("cannot read the folder generated/sqlite") != std::string::npos);
    CHECK(!std::filesystem::exists(folder / "snapshots"));
  }
}

TEST_CASE("cli: an endless file is not read to its end") {
  const Run run = run_trueup("diff empty /dev/zero --engine sqlite");
  CHECK(run.status == 2);
  CHECK(run.err.find("the file has more than") != std::string::npos);
}
