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
/// Name and type of every column of the views.
std::string shown(const TestDatabase& database) {
  std::string out;
  for (const auto& row : database.open()->query("SELECT table || '.' || name || ' ' || type FROM "
                                                "system.columns WHERE database = currentDatabase() "
                                                "AND table NOT LIKE 'trueup%' ORDER BY table, position"))
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
  for (const auto& [id, a] : {std::pair{"UInt32", "a"}, std::pair{"UInt32", "toUInt64(a) * 3"},
                              std::pair{"UInt64", "toUInt64(a) * 3"}, std::pair{"UInt32", "a"}}) {
    schema(id, a);
    CAPTURE(id);
    CAPTURE(a);
    const Run push = run_trueup("push " + database.url() + " --allow-destructive", folder.path());
    CAPTURE(push.err);
    CHECK(push.status == 0);
    const TestDatabase other(*server);
    CHECK(run_trueup("push " + other.url(), folder.path()).status == 0);
    CHECK(shown(database) == shown(other));
    CHECK(run_trueup("diff " + database.url() + " schema --exit-code", folder.path()).status == 0);
  }
}
