// Names that nobody should choose, the whole way: YAML, migration, server, introspection, rename, rollback.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "support/server.hpp"

using namespace trueup::test;
using Json = nlohmann::json;

namespace {
struct Engine {
  const char* variable;  ///< of the test server; empty: none is needed
  const char* name;
  std::size_t longest;  ///< bytes of a name; 0: any
};
constexpr std::array engines{Engine{"", "sqlite", 0}, Engine{"TRUEUP_TEST_POSTGRES", "postgres", 63},
                             Engine{"TRUEUP_TEST_MYSQL", "mysql", 64},
                             Engine{"TRUEUP_TEST_MARIADB", "mysql", 64},
                             Engine{"TRUEUP_TEST_CLICKHOUSE", "clickhouse", 0}};

const std::string emoji = "\xF0\x9F\x98\x80 emoji";
const std::array<std::string, 16> names{
    "select",
    "it's \"quoted\"",
    "back`tick",
    "two\nlines",
    "tab\there",
    emoji,
    "\xC3\xBC\xC3\xB1\xC3\xAF\xE6\xBC\xA2",
    "semi;colon -- comment",
    "/* not a comment */",
    "$1 ? %s {} \\",
    "dotted.name",
    "CamelCase",
    " leading and trailing",
    "$$",
    "[bracket]",
    std::string(63, 'x'),
};

std::string json(const std::string& text) {
  return Json(text).dump();
}

/// A project with one target.
struct Project {
  Project(const std::string& engine, const std::string& url) : url_(url) {
    folder.write("trueup.yaml",
                 "engines: [" + engine + "]\ntargets: { dev: \"${DB}\" }\ndefault_target: dev\n");
  }
  Run run(const std::string& arguments) const {
    return run_trueup(arguments, folder.path(), "DB='" + url_ + "'");
  }
  void succeed(const std::string& arguments) const {
    const Run done = run(arguments);
    CAPTURE(arguments);
    CAPTURE(done.out);
    CAPTURE(done.err);
    CHECK(done.status == 0);
  }
  const std::string& url() const { return url_; }
  TestFolder folder;

 private:
  std::string url_;
};

/// The same where a dot would end a namespace.
std::string reference(const std::string& name) {
  return json(name.find('.') == std::string::npos ? name : '"' + name + '"');
}

/// MariaDB before 10.11.19 does not double backticks in the names of foreign keys when it shows them, so that
/// no reader can tell where they end: there trueup calls the table unmodelled.
bool shows_keys_rightly(const TestDatabase& database) {
  const auto connection = database.open();
  connection->execute(
      "create table probe (a int primary key, b int, constraint `x``y` foreign key (b) references probe "
      "(a))");
  const auto shown = connection->query("show create table probe");
  connection->execute("drop table probe");
  return shown.at(0).at(1).value_or("").find("CONSTRAINT `x``y`") != std::string::npos;
}

/// A table of that name with columns, a key, an index and a check of that name, and a foreign key of the
/// other.
std::string schema(const std::string& engine, const std::string& name, const std::string& key_name,
                   bool more) {
  const std::string n = json(name), other = json(name.size() > 50 ? name.substr(0, 60) + "_2" : name + " 2");
  const bool keys = engine != "clickhouse";
  std::string text = "tables:\n  ? " + reference(name) + "\n  :\n";
  if (!keys) text += "    engine: MergeTree\n    order_by: id\n";
  text += "    columns:\n      id: " + std::string(keys ? "integer primary key" : "Int64") + "\n      ? " +
          n + "\n      : " + (keys ? "integer not null default 0" : "Int64") + "\n";
  if (more) text += "      ? " + other + "\n      : " + (keys ? "integer" : "Int64") + "\n";
  if (keys) {
    text += "    indexes:\n      ? " + other + "\n      : { on: [{ column: " + n + " }]" +
            (more ? ", unique: true" : "") + " }\n";
    text += "  child of it:\n    columns: { p: integer }\n    foreign_keys:\n      ? " + json(key_name) +
            "\n      : { columns: [p], references: { table: " + reference(name) + ", columns: [id] } }\n";
  }
  return text;
}
}  // namespace

TEST_CASE("hostile names: created, changed, read back and taken back on every engine") {
  for (const Engine& engine : engines) {
    std::optional<std::string> server;
    if (*engine.variable && !(server = test_server(engine.variable))) continue;
    for (const std::string& name : names) {
      std::optional<TestDatabase> database;
      if (server) database.emplace(*server);
      const std::string engine_name = engine.name, as_json = json(name);
      CAPTURE(engine_name);
      CAPTURE(as_json);
      const Project p(engine.name, database ? database->url() : "sqlite:app.db");
      const bool plain_key = engine_name == "mysql" && name.find('`') != std::string::npos && database &&
                             !shows_keys_rightly(*database);
      const std::string key_name = plain_key ? "plain" : name;
      p.folder.write("schema/app.yaml", schema(engine.name, name, key_name, false));
      if (engine_name == "mysql" && name == emoji) {
        const Run refused = p.run("generate initial");
        CHECK(refused.status == 2);
        CHECK(refused.err.find("schema/app.yaml:2") != std::string::npos);
        CHECK(refused.err.find("the server keeps no such characters in names") != std::string::npos);
        continue;
      }
      p.succeed("generate initial");
      p.succeed("apply");
      p.succeed("verify");
      p.succeed("diff '" + p.url() + "' schema --exit-code");
      p.succeed("introspect '" + p.url() + "' -o read.yaml");
      p.succeed("diff read.yaml schema --exit-code");
      p.folder.write("schema/app.yaml", schema(engine.name, name, key_name, true));
      p.succeed("generate more --down");
      p.succeed("apply");
      p.succeed("verify");
      p.succeed("rollback --to 1 --allow-destructive");
      p.succeed("verify");
    }
  }
}

TEST_CASE("hostile names: one byte more than the engine takes is an error with object and place") {
  for (const Engine& engine : engines) {
    if (engine.longest == 0) continue;
    const Project p(engine.name, "unused:");
    const std::string name(engine.longest + 1, 'n');
    p.folder.write("schema/app.yaml", "tables:\n  " + name + ": { columns: { a: integer } }\n");
    const Run run = p.run("diff empty schema");
    CHECK(run.status == 2);
    CHECK(run.err.find(name) != std::string::npos);
    CHECK(run.err.find("schema/app.yaml:2") != std::string::npos);
    CHECK(run.err.find(std::to_string(engine.longest)) != std::string::npos);
  }
}
