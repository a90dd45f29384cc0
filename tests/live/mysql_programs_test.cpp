// MySQL and MariaDB: what stored programs and views remember, the order of triggers, and what clients run.
#include <doctest/doctest.h>

#include "base/text.hpp"
#include "engine/mysql/dialect.hpp"
#include "support/program.hpp"

namespace trueup::test {
namespace {
/// URLs of those that are there.
std::vector<std::string> servers(std::initializer_list<const char*> variables = {
                                     "TRUEUP_TEST_MARIADB", "TRUEUP_TEST_MARIADB_118", "TRUEUP_TEST_MYSQL"}) {
  std::vector<std::string> out;
  for (const char* variable : variables)
    if (auto url = test_server(variable)) out.push_back(std::move(*url));
  return out;
}
void execute(const TestDatabase& database, const std::string& script) {
  const auto connection = database.open();
  for (const auto& s : mysql_dialect().split(script)) connection->execute(s.sql);
}
/// A project with one database.
struct Project {
  TestFolder folder;
  std::string url;
  explicit Project(const TestDatabase& database) : url(database.url()) {
    folder.write("trueup.yaml", "engines: [mysql]\n");
  }
  void write(const std::string& schema) const { folder.write("schema/s.yaml", schema); }
  Run run(int status, const std::string& arguments) const { return expect(status, arguments, folder.path()); }
  void migrate(const std::string& name, const std::string& schema, const std::string& flags = "") const {
    write(schema);
    run(0, "generate " + name + " " + flags);
    run(0, "apply " + url + " " + flags);
    run(0, "verify " + url);
  }
};
}  // namespace

TEST_CASE("mysql: triggers run in the wanted order after the first of them changes, and after going back") {
  for (const auto& server : servers()) {
    CAPTURE(server);
    const TestDatabase database(server);
    const Project project(database);
    const auto schema = [](const std::string& first, const std::string& columns) {
      return "tables:\n  t:\n    columns: { id: int primary key, log: text" + columns +
             " }\n    triggers:\n      ta: { timing: before, events: [insert], body: \"set new.log = " +
             first +
             "\" }\n"
             "      tb: { timing: before, events: [insert], body: \"set new.log = concat(new.log, 'b')\", "
             "options: { mysql: { follows: ta } } }\n"
             "      tc: { timing: before, events: [insert], body: \"set new.log = concat(new.log, 'c')\", "
             "options: { mysql: { follows: tb } } }\n";
    };
    const auto logged = [&] {
      execute(database, "delete from t; insert into t (id) values (1)");
      return ask(database, "select log from t");
    };
    project.migrate("one", schema("'a'", ""));
    CHECK(logged() == "abc");
    project.migrate("two", schema("'A'", ""));
    CHECK(logged() == "Abc");
    project.migrate("three", schema("'x'", ", z: int"));
    CHECK(logged() == "xbc");
    project.run(0, "rollback " + project.url + " --to 1 --allow-destructive");
    project.run(0, "verify " + project.url + "");
    CHECK(logged() == "abc");
  }
}

TEST_CASE(
    "mysql: a virtual column that becomes plain keeps its values, a plain one gives them up when allowed") {
  for (const auto& server : servers()) {
    CAPTURE(server);
    const TestDatabase database(server);
    const Project project(database);
    const auto schema = [](const std::string& type) {
      return "tables: { t: { columns: { id: int primary key, g: " + type + " } } }\n";
    };
    project.migrate("one", schema("int generated always as (id + 1) virtual"));
    execute(database, "insert into t (id) values (1), (2)");
    project.migrate("two", schema("int"));
    CHECK(ask(database, "select group_concat(g order by id) from t") == "2,3");
    execute(database, "update t set g = 777");
    project.write(schema("int generated always as (id + 1) stored"));
    CHECK(has(project.run(2, "generate three").err, "its values are replaced by computed ones"));
    CHECK(has(project.run(2, "push " + project.url).err, "its values are replaced by computed ones"));
    CHECK(ask(database, "select group_concat(g) from t") == "777,777");
  }
}

TEST_CASE("mysql: a program keeps the modes that decide what it does, and their difference is seen") {
  for (const auto& server : servers()) {
    CAPTURE(server);
    const TestDatabase one(server), two(server);
    for (const auto* database : {&one, &two})
      execute(*database, "create table t (id int auto_increment primary key, d date, g int)");
    const std::string modes =
        "set sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,"
        "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';";
    const std::string program = "create procedure p(x varchar(20)) insert into t (d) values (x);";
    execute(one, modes + program);
    execute(two, program);
    const Project project(two);
    CHECK(has(project.run(1, "diff " + one.url() + " " + two.url() + " --exit-code").out, "`p`"));
    project.run(0, "introspect " + one.url() + " -o schema/s.yaml");
    CHECK(
        has(read_text(project.folder / "schema/s.yaml"), "NO_ZERO_DATE,NO_ZERO_IN_DATE,ONLY_FULL_GROUP_BY"));
    project.run(0, "push " + two.url());
    CHECK(project.run(0, "diff " + one.url() + " " + two.url()).out == "");
    CHECK_THROWS_AS(execute(two, modes + "call p('0000-00-00')"), WorldError);
    // What a migration makes needs no word about it, and TRADITIONAL is what it stands for.
    project.write(
        "procedures:\n  q(): { body: select 1 }\n  r():\n    body: select 2\n"
        "    options: { mysql: { sql_mode: traditional } }\n");
    project.run(0, "push " + two.url() + " --allow-destructive");
    CHECK(project.run(0, "diff " + two.url() + " schema").out == "");
    CHECK(has(ask(two,
                  "select sql_mode from information_schema.routines where routine_schema = database() and "
                  "routine_name = 'r'"),
              "NO_ZERO_DATE"));
  }
}

TEST_CASE("mysql: a view whose definer is not there goes to another database") {
  for (const auto& server : servers({"TRUEUP_TEST_MARIADB", "TRUEUP_TEST_MARIADB_118"})) {
    CAPTURE(server);
    const TestDatabase one(server), two(server);
    execute(one,
            "create table t (id int, a int); create definer = `gone`@`%` view v as select id, t.a + 1 as b "
            "from t where a > 0;");
    const Project project(two);
    project.run(0, "introspect " + one.url() + " -o schema/s.yaml");
    CHECK(!has(read_text(project.folder / "schema/s.yaml"), "`.`t`"));
    project.run(0, "push " + two.url());
    CHECK(project.run(0, "diff " + one.url() + " " + two.url()).out == "");
  }
}

TEST_CASE("mysql: a renamed table keeps the character set that it has") {
  for (const auto& server : servers()) {
    CAPTURE(server);
    const TestDatabase database(server);
    const Project project(database);
    const auto schema = [](const std::string& name, const std::string& hint) {
      return "tables:\n  " + name + ":" + hint +
             "\n    columns: { id: int primary key, c: varchar(50) }\n"
             "    options: { mysql: { charset: utf8mb4, collation: utf8mb4_general_ci } }\n";
    };
    execute(database, "alter database character set utf8mb4 collate utf8mb4_general_ci");
    project.write(schema("t", ""));
    project.run(0, "push " + project.url);
    project.write(schema("t9", "\n    renamed_from: t"));
    const std::string sql = project.run(0, "diff " + project.url + " schema").out;
    CHECK(has(sql, "RENAME TABLE"));
    CHECK_MESSAGE(!has(sql, "MODIFY"), sql);
    CHECK_MESSAGE(!has(sql, "COLLATE"), sql);
  }
}

TEST_CASE("mysql: SQL of zero dates and of programs runs under a server's own mode, and means the same") {
  for (const auto& server : servers()) {
    CAPTURE(server);
    const TestDatabase database(server);
    const Project project(database);
    const std::string head = "tables:\n  wp:\n    columns: { id: int primary key, ";
    const std::string date = "d: \"datetime not null default '0000-00-00 00:00:00'\"";
    const std::string program =
        "procedures: { p(): { body: \"insert into wp values (1, '0000-00-00')\" } }\n";
    const auto run_as_client = [&] {
      const std::string sql = project.run(0, "diff " + project.url + " schema").out;
      const auto connection = database.open();
      connection->execute(
          "set sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE'");
      for (const auto& s : mysql_dialect().split(sql)) connection->execute(s.sql);
      CHECK(project.run(0, "diff " + project.url + " schema").out == "");
      return sql;
    };
    project.write(head + date + " }\n" + program);
    CHECK(run_as_client().starts_with("-- create"));
    project.write(head + date + ", n: int }\n" + program);  // the statement itself says no date
    CHECK(has(run_as_client(), "SET sql_mode"));
    project.write(head + date + ", n: int }\n  b: { columns: { id: int primary key } }\n" + program);
    CHECK(!has(run_as_client(), "SET sql_mode"));
  }
}

}  // namespace trueup::test
