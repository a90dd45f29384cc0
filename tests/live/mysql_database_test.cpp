// MySQL and MariaDB: the database's own character set and collation, and the programs that remember them.
#include <doctest/doctest.h>

#include "engine/mysql/dialect.hpp"
#include "support/program.hpp"

namespace trueup::test {
namespace {
void execute(const TestDatabase& database, const std::string& script) {
  const auto connection = database.open();
  for (const auto& s : mysql_dialect().split(script)) {
    CAPTURE(s.sql);
    connection->execute(s.sql);
  }
}
}  // namespace

TEST_CASE("mysql: the database's own collation, and programs that remember a former one") {
  for (const char* variable : {"TRUEUP_TEST_MARIADB", "TRUEUP_TEST_MARIADB_118", "TRUEUP_TEST_MYSQL"}) {
    const auto server = test_server(variable);
    if (!server) continue;
    CAPTURE(variable);
    const TestDatabase database(*server), copy(*server);
    execute(database,
            "alter database character set latin1 collate latin1_swedish_ci;"
            "create table t (a varchar(10)) charset utf8mb4;"
            "create procedure old_p() begin declare v varchar(10); set v = 'x'; end;"
            "create trigger old_t before insert on t for each row set new.a = 'x';"
            "create event old_e on schedule every 1 day starts '2035-01-01' disable do set @a = 1;"
            "alter database character set utf8mb4 collate utf8mb4_bin;"
            "create function new_f() returns int deterministic return 1");
    const auto programs = [](const TestDatabase& d) {
      return ask(d,
                 "select group_concat(concat(n, ' ', c) order by n) from (select routine_name as n, "
                 "database_collation as c from information_schema.routines where routine_schema = database() "
                 "union select trigger_name, database_collation from information_schema.triggers where "
                 "trigger_schema = database() union select event_name, database_collation from "
                 "information_schema.events where event_schema = database()) p");
    };
    const std::string mixed =
        "new_f utf8mb4_bin,old_e latin1_swedish_ci,old_p latin1_swedish_ci,old_t latin1_swedish_ci";
    REQUIRE(programs(database) == mixed);
    const TestFolder folder;
    folder.write("trueup.yaml", "engines: [mysql]\n");
    expect(0, "introspect " + database.url() + " --strict -o schema/s.yaml", folder.path());
    CHECK(has(read_text(folder / "schema/s.yaml"), "database_collation: latin1_swedish_ci"));
    expect(0, "generate one", folder.path());
    expect(0, "apply " + copy.url(), folder.path());
    expect(0, "verify " + copy.url(), folder.path());
    CHECK(programs(copy) == mixed);
    CHECK(ask(copy, "select @@collation_database") == "utf8mb4_bin");
    // Somebody changes it behind our back.
    execute(copy, "alter database collate utf8mb4_general_ci");
    CHECK(has(expect(1, "verify " + copy.url(), folder.path()).out, "differs: database (options)"));
    CHECK(has(expect(1, "diff " + copy.url() + " schema --exit-code", folder.path()).out,
              "ALTER DATABASE COLLATE = utf8mb4_bin"));
    expect(0, "push " + copy.url(), folder.path());
    expect(0, "verify " + copy.url(), folder.path());
    // Programs that were made under the former collation are made again with the change of it.
    std::string schema = read_text(folder / "schema/s.yaml");
    for (auto at = schema.find("utf8mb4_bin"); at != std::string::npos; at = std::string::npos)
      schema.replace(at, std::string_view("utf8mb4_bin").size(), "utf8mb4_unicode_ci");
    folder.write("schema/s.yaml", schema);
    expect(0, "generate two", folder.path());
    expect(0, "apply " + copy.url(), folder.path());
    expect(0, "verify " + copy.url(), folder.path());
    CHECK(programs(copy) ==
          "new_f utf8mb4_unicode_ci,old_e latin1_swedish_ci,old_p latin1_swedish_ci,old_t latin1_swedish_ci");
    expect(0, "rollback " + copy.url() + " --to 1", folder.path());
    expect(0, "verify " + copy.url(), folder.path());
    CHECK(programs(copy) == mixed);
    // A schema that does not speak of the database leaves it, and what its programs remember.
    const TestDatabase other(*server);
    execute(other, "alter database collate utf8mb4_bin");
    folder.write("schema/s.yaml", "tables: { t: { columns: { a: varchar(10) } } }\n");
    expect(0, "push " + other.url(), folder.path());
    CHECK(ask(other, "select @@collation_database") == "utf8mb4_bin");
  }
}

}  // namespace trueup::test
