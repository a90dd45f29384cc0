// Views whose column list is written apart from their query.
#include <doctest/doctest.h>

#include "support/server.hpp"

using namespace trueup::test;

TEST_CASE("views: a column list converges and keeps its names") {
  const auto server = test_server("TRUEUP_TEST_POSTGRES");
  if (!server) return;
  const TestDatabase database(*server);
  const TestFolder folder;
  folder.write("trueup.yaml", "engines: [postgres]\nscratch: { postgres: \"" + *server + "\" }\n");
  folder.write("schema/app.yaml",
               "tables: { t: { columns: { a: int, b: int } } }\n"
               "views: { v: { query: \"select a, b from t\", columns: [x, y] } }\n"
               "materialized_views: { m: { query: \"select a, b from t\", columns: [x, y] } }\n");
  for (const char* command : {"generate initial", "generate", "apply", "verify", "generate"}) {
    CAPTURE(command);
    const std::string url = std::string(command).starts_with("generate") ? "" : " " + database.url();
    const Run run = run_trueup(command + url, folder.path());
    CAPTURE(run.err);
    CHECK(run.status == 0);
  }
  CHECK(read_text(folder / "generated/postgres/000001_initial.up.sql").find("AS x") != std::string::npos);
  CHECK(run_trueup("diff " + database.url() + " schema --exit-code", folder.path()).status == 0);
  CHECK(database.open()->query("select x, y from v union all select x, y from m").empty());
}

namespace {
/// Name and type of every column of the tables and views, but for one.
std::string shown(const TestDatabase& database, const std::string& but = "") {
  std::string out;
  for (const auto& row : database.open()->query("SELECT table || '.' || name || ' ' || type FROM "
                                                "system.columns WHERE database = currentDatabase() "
                                                "AND table NOT LIKE 'trueup%' AND table != '" +
                                                but + "' ORDER BY table, position"))
    out += row.at(0).value_or("") + "\n";
  return out;
}
}  // namespace

TEST_CASE("views: columns of views over what changes are as in a fresh database") {
  const auto server = test_server("TRUEUP_TEST_CLICKHOUSE");
  if (!server) return;
  const TestDatabase database(*server);
  const TestFolder folder;
  const auto schema = [&](const std::string& id, const std::string& a) {
    folder.write("schema/app.yaml",
                 "tables:\n"
                 "  t: { rebuild: true, order_by: id, columns: { id: " +
                     id +
                     ", a: UInt32 } }\n"
                     "  kept: { order_by: a, columns: { id: UInt64, a: UInt64 } }\n"
                     "views:\n"
                     "  low: { query: \"select id, " +
                     a +
                     " as a from t\" }\n"
                     "  middle: { query: select * from low }\n"
                     "  top: { query: \"select max(a) as a, max(id) as id from middle\" }\n"
                     "  of_collected: { query: select a from collect }\n"
                     "materialized_views:\n"
                     "  collect: { to: kept, query: \"select id, " +
                     a + " as a from t\" }\n");
  };
  folder.write("trueup.yaml", "engines: [clickhouse]\n");
  for (const auto& types : {std::pair{"UInt32", "a"}, std::pair{"UInt32", "toUInt64(a) * 3"},
                            std::pair{"UInt64", "toUInt64(a) * 3"}, std::pair{"UInt32", "a"}}) {
    schema(types.first, types.second);
    CAPTURE(types.first);
    CAPTURE(types.second);
    const Run push = run_trueup("push " + database.url() + " --allow-destructive", folder.path());
    CAPTURE(push.err);
    CHECK(push.status == 0);
    const TestDatabase other(*server);
    CHECK(run_trueup("push " + other.url(), folder.path()).status == 0);
    CHECK(shown(database) == shown(other));
    CHECK(run_trueup("diff " + database.url() + " schema --exit-code", folder.path()).status == 0);
  }
}

TEST_CASE("views: columns that no longer are those of the query are a difference") {
  const auto server = test_server("TRUEUP_TEST_CLICKHOUSE");
  if (!server) return;
  const TestDatabase database(*server), fresh(*server);
  const TestFolder folder;
  folder.write("trueup.yaml", "engines: [clickhouse]\n");
  const auto schema = [&](const std::string& e, const std::string& n) {
    folder.write(
        "schema/app.yaml",
        "tables:\n"
        "  t: { order_by: id, columns: { id: UInt64, e: \"" +
            e + "\", n: " + n +
            " } }\n"
            "  kept: { order_by: id, columns: { id: UInt64, e: String, n: Float64 } }\n"
            "views:\n"
            "  of_all: { query: \"select * from wide where n > (select min(n) from t)\" }\n"
            "  wide: { query: \"select *, n + 1 as more, map(e, [n]) as m from v\" }\n"
            "  v: { query: \"select id, e, n, tuple(n, e) as p, toLowCardinality(toString(e)) as l from t\" "
            "}\n"
            "  named: { query: \"select id, n from t\", columns: [date, index] }\n"
            "  asked: { query: \"select n from t where id = {id:UInt64}\" }\n"
            "  apart: { query: \"select countIf(e = 'a') as c, any(number) as x from t, numbers(3) as k\" }\n"
            "  joined: { query: \"select a.id, b.n as other, sum(b.n) over () as s, "
            "quantiles(0.5)(b.n) over () as q, null as nothing from t as a left join v as b using id "
            "settings join_use_nulls = 1\" }\n"
            "materialized_views: { mv: { to: kept, query: \"select id, e, n from t\" } }\n");
  };
  schema("String", "UInt64");
  CHECK(run_trueup("push " + database.url(), folder.path()).status == 0);
  CHECK(run_trueup("diff " + database.url() + " schema --exit-code", folder.path()).status == 0);
  const auto connection = database.open();
  connection->execute("alter table t modify column e Enum8('a' = 1, 'b' = 2), modify column n UInt32");
  connection->execute("insert into t values (1, 'b', 5)");
  schema("Enum8('a' = 1, 'b' = 2)", "UInt32");
  const Run diff = run_trueup("diff " + database.url() + " schema --exit-code", folder.path());
  CAPTURE(diff.out);
  CHECK(diff.status != 0);
  CHECK(diff.out.find("apart") == std::string::npos);
  const Run push = run_trueup("push " + database.url(), folder.path());
  CAPTURE(push.out);
  CAPTURE(push.err);
  CHECK(push.status == 0);
  const Run again = run_trueup("diff " + database.url() + " schema --exit-code", folder.path());
  CAPTURE(again.out);
  CHECK(again.status == 0);
  CHECK(run_trueup("push " + fresh.url(), folder.path()).status == 0);
  CHECK(shown(database, "mv") == shown(fresh, "mv"));
  CHECK(connection->query("select e from v").at(0).at(0) == "b");
}
