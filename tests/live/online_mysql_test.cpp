// What a change of a table costs on MySQL and MariaDB: the server refuses to do it at a higher cost than was
// said, and what copies a large table is handed to another program.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>

#include "base/text.hpp"
#include "support/server.hpp"

namespace trueup::test {
namespace {
constexpr std::array servers{"TRUEUP_TEST_MARIADB", "TRUEUP_TEST_MARIADB_118", "TRUEUP_TEST_MYSQL"};
bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A project, and a database that its first migration made.
class Project {
 public:
  Project(const std::string& server, const std::string& first) : database_(server) {
    configure("'false'", 1000000);
    generate("one", first);
    run(0, "apply");
  }
  void configure(const std::string& command, int rows) {
    folder_.write("trueup.yaml",
                  fmt::format("engines: [mysql]\nlarge_tables:\n  rows: {}\n  command: {}\n", rows, command));
  }
  void generate(const std::string& name, const std::string& schema) {
    folder_.write("schema/s.yaml", schema);
    const Run run = run_trueup("generate " + name, folder_.path());
    CAPTURE(run.err);
    REQUIRE(run.status == 0);
  }
  std::string run(int status, const std::string& command) {
    const Run run = run_trueup(command + " " + database_.url(), folder_.path());
    CAPTURE(command);
    CAPTURE(run.out);
    CAPTURE(run.err);
    CHECK(run.status == status);
    return run.err;
  }
  std::string ask(const std::string& sql) {
    const auto rows = database_.open()->query(sql);
    return rows.empty() ? "" : rows.at(0).at(0).value_or("null");
  }
  std::string type_of(const std::string& table, const std::string& column) {
    return ask(
        "select data_type from information_schema.columns where table_schema = database() and table_name = "
        "'" +
        table + "' and column_name = '" + column + "'");
  }
  const TestFolder& folder() const { return folder_; }
  const TestDatabase& database() const { return database_; }

 private:
  TestDatabase database_;
  TestFolder folder_;
};

/// Makes the change as a program for online changes would: with the names and clauses of its environment.
constexpr const char* client = R"sh(
table=$(printf '%s' "$TRUEUP_TABLE" | sed 's/`/``/g')
printf '%s' "$TRUEUP_ALTER" > alter
printf 'ALTER TABLE `%s` %s' "$table" "$TRUEUP_ALTER" |
  mariadb --no-defaults --protocol=tcp --skip-ssl -h "$TRUEUP_HOST" -P "$TRUEUP_PORT" -u "$TRUEUP_USER" "$TRUEUP_DATABASE"
)sh";
}  // namespace

namespace {
/// Each of them on a database of its own on each server.
template <class... Scenario>
void on_each_server(const std::string& first, const std::string& second, Scenario... scenarios) {
  for (const auto* variable : servers) {
    const auto server = test_server(variable);
    if (!server) continue;
    const auto one = [&](auto scenario) {
      CAPTURE(variable);
      Project project(*server, first);
      project.folder().write("client.sh", client);
      project.generate("two", second);
      scenario(project);
    };
    (one(scenarios), ...);
  }
}
constexpr const char* small = "tables: { t: { columns: { id: int primary key, a: int } } }\n";
}  // namespace

TEST_CASE("mysql: a change that copies a large table is handed over") {
  const auto fails_first = [](Project& project) {
    CHECK(
        has(read_text(project.folder() / "generated/mysql/000002_two.up.sql"), "[rewrites-table: copies t"));
    project.configure("exit 3", 0);
    CHECK(has(project.run(2, "apply"), "failed for t (exit status 3)"));
    project.configure("'true'", 0);
    CHECK(has(project.run(2, "apply"), "left it as it was"));
    project.configure("sh client.sh", 0);
    project.run(0, "apply");
    CHECK(read_text(project.folder() / "alter") ==
          "MODIFY COLUMN `a` bigint, ADD COLUMN `b` int, COMMENT='x,\\n  y'");
    project.run(0, "verify");
  };
  const auto handed_back = [](Project& project) {
    project.configure("exit 100", 0);
    project.run(0, "apply");
    project.run(0, "verify");
    project.configure("'false'", 1000);  // not the business of so small a table
    project.run(0, "rollback --to 1 --allow-destructive");
    CHECK(project.type_of("t", "a") == "int");
  };
  const auto killed_before = [](Project& project) {
    project.configure("kill -9 $PPID", 0);
    run_trueup("apply " + project.database().url(), project.folder().path());
    CHECK(project.type_of("t", "a") == "int");
    project.configure("sh client.sh", 0);
    project.run(0, "apply");
    project.run(0, "verify");
  };
  const auto killed_after = [](Project& project) {
    project.configure("sh client.sh; kill -9 $PPID", 0);
    run_trueup("apply " + project.database().url(), project.folder().path());
    CHECK(project.type_of("t", "a") == "bigint");
    project.configure("'false'", 0);
    project.run(0, "apply");
    project.run(0, "verify");
  };
  on_each_server(
      small,
      "tables: { t: { comment: \"x,\\n  y\", columns: { id: int primary key, a: bigint, b: int } } }\n",
      fails_first, handed_back, killed_before, killed_after);
}

TEST_CASE("mysql: names are nothing but names to the command for large tables") {
  for (const auto* variable : servers) {
    const auto server = test_server(variable);
    if (!server) continue;
    CAPTURE(variable);
    const std::string name = "a\"b$(touch pwned)'c`; touch pwned; `touch pwned` --execute";
    const std::string yaml =
        "tables: { '\"a\"\"b$(touch pwned)''c`; touch pwned; `touch pwned` --execute\"': { columns: { id: "
        "int "
        "primary key, a: ";
    Project project(*server, yaml + "int } } }\n");
    project.folder().write("client.sh", client);
    project.configure("sh client.sh", 0);
    project.generate("two", yaml + "bigint } } }\n");
    project.run(0, "apply");
    CHECK(read_text(project.folder() / "alter") == "MODIFY COLUMN `a` bigint");
    CHECK(project.type_of(replace_all(name, "'", "''"), "a") == "bigint");
    CHECK(!std::filesystem::exists(project.folder() / "pwned"));
    project.run(0, "verify");
  }
}

TEST_CASE("mysql: a change costs what was said, or is not made") {
  // Nobody told trueup of this.
  constexpr const char* compress = "alter table t row_format=compressed";
  const auto refused = [&](Project& project) {
    CHECK(has(read_text(project.folder() / "generated/mysql/000002_two.up.sql"),
              "ADD COLUMN `b` int,\n  ALGORITHM=INSTANT;"));
    project.database().open()->execute(compress);
    const std::string said = project.run(2, "apply");
    CHECK(has(said, "ALGORITHM=INSTANT is not supported"));
    CHECK(has(said, "--allow-copy"));
    CHECK(project.type_of("t", "b").empty());
    project.run(0, "apply --allow-copy");
    CHECK(project.type_of("t", "b") == "int");
  };
  const auto pushed = [&](Project& project) {
    project.database().open()->execute(compress);
    project.run(0, "push");
    CHECK(project.type_of("t", "b") == "int");
  };
  on_each_server(small, "tables: { t: { columns: { id: int primary key, a: int, b: int } } }\n", refused,
                 pushed);
}

TEST_CASE("mysql: former rows of a versioned table stay when it changes") {
  for (const auto* variable : {"TRUEUP_TEST_MARIADB", "TRUEUP_TEST_MARIADB_118"}) {
    const auto server = test_server(variable);
    if (!server) continue;
    CAPTURE(variable);
    const std::string head =
        "tables: { t: { options: { mysql: { system_versioning: true } }, columns: { id: int primary key, a: ";
    Project project(*server, head + "int } } }\n");
    project.database().open()->execute("insert into t values (1, 1)");
    project.database().open()->execute("update t set a = 2");
    project.generate("two", head + "int, b: int not null default 7 } } }\n");
    project.run(0, "apply");
    project.run(0, "verify");
    CHECK(project.ask("select group_concat(a, ':', b order by a) from t for system_time all") == "1:7,2:7");
    project.run(0, "rollback --to 1 --allow-destructive");
    CHECK(project.ask("select count(*) from t for system_time all") == "2");
  }
}

TEST_CASE("mysql: MariaDB renames a column by which a table is partitioned, and copies nothing") {
  for (const auto* variable : {"TRUEUP_TEST_MARIADB", "TRUEUP_TEST_MARIADB_118"}) {
    const auto server = test_server(variable);
    if (!server) continue;
    CAPTURE(variable);
    const auto schema = [](const std::string& name, const std::string& column) {
      return fmt::format(
          "tables: {{ t: {{ options: {{ mysql: {{ partition_by: 'range ({0})', partitions: "
          "'partition p0 values less than (10), partition p1 values less than maxvalue' }} }}, "
          "columns: {{ id: int, {1} }}, primary_key: [id, {0}] }} }}\n",
          name, column);
    };
    Project project(*server, schema("at", "at: int"));
    for (const auto& [name, column] : {std::pair{"moment", "moment: { type: int, renamed_from: at }"},
                                       std::pair{"at", "at: { type: int, renamed_from: moment }"}}) {
      project.folder().write("schema/s.yaml", schema(name, column));
      const std::string said = project.run(0, "push");
      CAPTURE(said);
      CHECK(has(said, "push: 1 statement"));
      CHECK_FALSE(has(said, "rewrites-table"));
      const Run diff =
          run_trueup("diff " + project.database().url() + " schema --exit-code", project.folder().path());
      CHECK(diff.out == "");
      CHECK(diff.status == 0);
    }
  }
}

}  // namespace trueup::test
