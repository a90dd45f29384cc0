// The driver of MySQL and MariaDB against the real servers.
#include <doctest/doctest.h>

#include <array>

#include "base/error.hpp"
#include "support/server.hpp"

namespace trueup::test {
namespace {
constexpr std::array servers{"TRUEUP_TEST_MARIADB", "TRUEUP_TEST_MARIADB_118", "TRUEUP_TEST_MYSQL"};

std::string code_of(Connection& c, const std::string& sql) {
  try {
    c.execute(sql);
  } catch (const WorldError& e) {
    CHECK(e.facts().statement == sql);
    return e.facts().code;
  }
  return "no error";
}
}  // namespace

TEST_CASE("mysql driver: rows, arguments, several statements, errors") {
  for (const char* variable : servers) {
    CAPTURE(variable);
    const auto server = test_server(variable);
    if (!server) continue;
    const TestDatabase database(*server);
    const auto c = database.open();
    CHECK(c->vendor() ==
          (std::string_view(variable).find("MARIADB") != std::string_view::npos ? "MariaDB" : "MySQL"));
    CHECK(c->version() >= 80000);
    c->execute("create table t (a int, b text); insert into t values (1, 'x'), (2, null)");
    const std::array<Cell, 2> args{Cell{"it's \\ a \"?\""}, Cell{}};
    const auto row = c->query("select ?, '?', `b`, ? /* ? */ from t -- ?\n where a = 2", args).at(0);
    CHECK(row == ResultRow{"it's \\ a \"?\"", "?", std::nullopt, std::nullopt});
    CHECK(c->query("select a from t order by a; select 7").size() == 3);
    CHECK(code_of(*c, "select nothing from t") == "1054");
    CHECK(code_of(*c, "select 1; select nothing from t; select 2") == "1054");
    CHECK(c->query("select 5").at(0).at(0) == "5");  // nothing is left of what failed
    CHECK(c->query("select @@session.time_zone").at(0).at(0) == "+00:00");
    c->execute("create table e (v varchar(9)); insert into e values (_utf8mb4 x'f09f9880')");
    CHECK(c->query("select v from e").at(0).at(0) == "\xF0\x9F\x98\x80");
    const auto beside = c->sibling("information_schema");
    CHECK(beside->query("select database()").at(0).at(0) == "information_schema");
  }
}

TEST_CASE("mysql driver: a password authenticates and is never shown") {
  for (const char* variable : servers) {
    CAPTURE(variable);
    const auto server = test_server(variable);
    if (!server) continue;
    const TestDatabase database(*server);
    const auto root = database.open();
    const std::string name = root->url().database;
    root->execute("create user '" + name + "'@'%' identified by 's3cret/@pw'; grant all on " + name +
                  ".* to '" + name + "'@'%'");
    const Url plain = parse_url(database.url());
    const auto url = [&](const std::string& password, const std::string& parameters = "") {
      return parse_url("mysql://" + name + ":" + password + "@" + plain.host + ":" +
                       std::to_string(plain.port) + "/" + name + parameters);
    };
    CHECK(connect(url("s3cret%2F%40pw"))->query("select 1").at(0).at(0) == "1");
    try {
      connect(url("s3cret%2F%40wrong"));
      FAIL("a wrong password was accepted");
    } catch (const WorldError& e) {
      CHECK(std::string(e.what()).find("s3cret") == std::string::npos);
      CHECK(e.facts().code == "1045");
    }
    CHECK_THROWS_AS(connect(url("s3cret%2F%40pw", "?ssl-mood=required")), InputError);
    root->execute("drop user '" + name + "'@'%'");
  }
}

TEST_CASE("mysql driver: a session that the server ended says that the outcome is open") {
  const auto server = test_server("TRUEUP_TEST_MARIADB");
  if (!server) return;
  const TestDatabase database(*server);
  const auto c = database.open();
  const auto id = c->query("select connection_id()").at(0).at(0).value();
  database.open()->execute("kill " + id);
  CHECK(code_of(*c, "select 1") == "08S01");
}
}  // namespace trueup::test
