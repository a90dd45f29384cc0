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
