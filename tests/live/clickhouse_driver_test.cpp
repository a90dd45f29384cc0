// The driver of ClickHouse against the real engine.
#include <doctest/doctest.h>

#include <array>

#include "base/error.hpp"
#include "support/server.hpp"

namespace trueup::test {
namespace {
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

TEST_CASE("clickhouse driver: rows, arguments, several statements, errors, settings of the session") {
  const auto server = test_server("TRUEUP_TEST_CLICKHOUSE");
  if (!server) return;
  const TestDatabase database(*server);
  const auto c = database.open();
  CHECK(c->version() >= 230800);
  c->execute(
      "create table t (a Int32, b Nullable(String)) engine = Memory; insert into t values (1, 'x;y'), (2, "
      "null);");
  const std::array<Cell, 2> args{Cell{"it's \\ a\t\"?\"\n"}, Cell{}};
  const auto row = c->query("select ?, '?', `b`, ? /* ? */ from t -- ?\n where a = 2", args).at(0);
  CHECK(row == ResultRow{"it's \\ a\t\"?\"\n", "?", std::nullopt, std::nullopt});
  CHECK(c->query("select $$a;b$$, '\\\\N', ''").at(0) == ResultRow{"a;b", "\\N", ""});
  CHECK(code_of(*c, "select nothing from t") == "47");
  CHECK(code_of(*c, "select * from nowhere") == "60");
  CHECK(c->query("select 5").at(0).at(0) == "5");
  c->execute("set max_threads = 3");
  CHECK(c->query("select getSetting('max_threads')").at(0).at(0) == "3");
  CHECK(database.open()->query("select getSetting('max_threads')").at(0).at(0) != "3");
  const auto beside = c->sibling("system");
  CHECK(beside->query("select currentDatabase()").at(0).at(0) == "system");
  CHECK(c->query("select currentDatabase()").at(0).at(0) == c->url().database);
}

TEST_CASE("clickhouse driver: a password authenticates and is never shown") {
  const auto server = test_server("TRUEUP_TEST_CLICKHOUSE");
  if (!server) return;
  const Url good = parse_url(*server);
  const auto url = [&](const std::string& password, const std::string& parameters = "") {
    return parse_url("clickhouse://" + good.user + ":" + password + "@" + good.host + ":" +
                     std::to_string(good.port) + "/default" + parameters);
  };
  CHECK(connect(url(good.password, "?compress=false"))->query("select 1").at(0).at(0) == "1");
  try {
    connect(url("wr0ng%2Fpw"));
    FAIL("a wrong password was accepted");
  } catch (const WorldError& e) {
    CHECK(std::string(e.what()).find("wr0ng") == std::string::npos);
    CHECK(e.facts().code == "516");
  }
  CHECK_THROWS_AS(connect(url(good.password, "?secur=true")), InputError);
  CHECK_THROWS_AS(connect(parse_url("clickhouse://127.0.0.1:1/x?connect-timeout=2")), WorldError);
}
}  // namespace trueup::test
