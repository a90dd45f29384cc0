// ClickHouse: what migrations are tried out on, and what is sent to a cluster.
#include <doctest/doctest.h>

#include "engine/clickhouse/dialect.hpp"
#include "support/program.hpp"

namespace trueup::test {
TEST_CASE("clickhouse: functions that migrations are tried out with are not the server's") {
  const auto server = test_server("TRUEUP_TEST_CLICKHOUSE");
  if (!server) return;
  const TestDatabase database(*server);
  const TestFolder folder;
  const auto schema = [&](const std::string& function) {
    folder.write("schema/s.yaml",
                 "engines: [clickhouse]\nfunctions:\n" + function +
                     "tables: { t: { order_by: id, columns: { id: UInt64, n: { type: UInt64, generated: "
                     "trueup_live_f(id) } } } }\nviews: { v: select trueup_live_f(n) as x from t }\n");
  };
  const auto kept = [&] {
    return ask(database,
               "select toString(groupArray((name, create_query))) from (select name, create_query from "
               "system.functions where name like 'trueup%' and name != 'trueup_live_gone' order by name)");
  };
  auto connection = database.open();
  connection->execute("create or replace function trueup_live_f as x -> 42");
  const std::string before = kept();
  schema("  trueup_live_f: { body: x -> x + 1 }\n");
  expect(0, "generate one --scratch " + database.url(), folder.path());
  CHECK(kept() == before);
  expect(0, "apply " + database.url(), folder.path());
  connection->execute("insert into t values (1)");
  CHECK(ask(database, "select x from v") == "3");
  expect(0, "verify " + database.url() + " --scratch " + database.url(), folder.path());
  const std::string applied = kept();
  CHECK(applied != before);
  schema("  trueup_live_f: { body: x -> x + 2 }\n  trueup_live_g: { body: y -> trueup_live_f(y) * 2 }\n");
  expect(0, "generate two --scratch " + database.url(), folder.path());
  CHECK(kept() == applied);
  expect(0, "apply " + database.url(), folder.path());
  CHECK(ask(database, "select trueup_live_g(1)") == "6");
  // What called the function had its former body written into it, and came with it.
  connection->execute("insert into t values (2)");
  CHECK(ask(database,
            "select toString(groupArray((id, n, x))) from (select id, n, trueup_live_f(n) as x from t "
            "order by id)") == "[(1,2,4),(2,4,6)]");
  CHECK(ask(database, "select toString(groupArray(x)) from (select x from v order by x)") == "[4,6]");
  expect(0, "verify " + database.url() + " --scratch " + database.url(), folder.path());
  expect(0, "rollback " + database.url() + " --to 1 --allow-destructive", folder.path());
  connection->execute("insert into t values (3)");
  CHECK(ask(database, "select n from t where id = 3") == "4");
  expect(0, "verify " + database.url() + " --scratch " + database.url(), folder.path());
  connection->execute("drop function if exists trueup_live_f; drop function if exists trueup_live_g");
}

TEST_CASE("clickhouse: migrations of a cluster that the scratch server does not have") {
  const auto server = test_server("TRUEUP_TEST_CLICKHOUSE");
  if (!server) return;
  const TestDatabase database(*server);
  const TestFolder folder;
  const auto schema = [&](const std::string& more) {
    folder.write("schema/s.yaml",
                 "engines: [clickhouse]\ntables:\n  t: { order_by: id, columns: { id: UInt64" + more +
                     " } }\n  d: { engine: \"Distributed(nowhere, app, t, id)\", columns: { id: UInt64" +
                     more + " } }\nviews: { v: \"select count(*) as n from d where id in (1)\" }\n");
  };
  schema("");
  const Run one = expect(0, "generate one --scratch " + database.url(), folder.path());
  CHECK(has(one.err + one.out, "verified: ClickHouse"));
  schema(", a: String");
  expect(0, "generate two --scratch " + database.url(), folder.path());
  CHECK(has(expect(0, "generate three --scratch " + database.url(), folder.path()).err, "nothing"));
  CHECK(ask(database, "select count() from system.tables where database = currentDatabase()") == "0");
}

TEST_CASE("clickhouse: what goes to a cluster is SQL of this server, for every server of the cluster") {
  const auto server = test_server("TRUEUP_TEST_CLICKHOUSE");
  if (!server) return;
  const TestDatabase database(*server);
  const TestFolder folder;
  folder.write("trueup.yaml", "cluster: { name: main, path: '/t/{shard}/{table}', replica: '{replica}' }\n");
  folder.write("schema/s.yaml", R"yaml(
engines: [clickhouse]
functions: { half: { body: x -> x / 2 }, gone: { body: x -> x } }
tables:
  t: { engine: ReplicatedMergeTree, order_by: id, columns: { id: UInt64, at: DateTime, n: Float64 } }
  old_name: { engine: ReplicatedMergeTree, order_by: id, columns: { id: UInt64, n: Float64 } }
  target: { order_by: id, columns: { id: UInt64, n: Float64 } }
views: { v: select half(n) as h from t }
materialized_views:
  m: { to: target, query: "select id, n from t" }
  hourly: { refresh: every 1 hour, to: target, query: "select id, n from t" }
dictionaries:
  d: { columns: { id: UInt64, n: Float64 }, primary_key: [id], source: "clickhouse(table 'target')", layout: flat(), lifetime: "300" }
)yaml");
  expect(0, "generate one", folder.path());
  folder.write("schema/s.yaml", R"yaml(
engines: [clickhouse]
functions: { half: { body: x -> x / 2.0 } }
tables:
  t:
    engine: ReplicatedMergeTree
    order_by: id
    ttl: at + interval 1 year
    comment: kept for a year
    options: { clickhouse: { ttl_only_drop_parts: true } }
    columns: { id: UInt64, at: DateTime, value: { type: Float64, renamed_from: n }, more: String }
    indexes: { i: { on: [more], using: bloom_filter } }
    projections: { p: select id order by more }
    checks: { positive: id > 0 }
  new_name: { engine: ReplicatedMergeTree, renamed_from: old_name, order_by: id, columns: { id: UInt64, n: Float64 } }
  target: { order_by: id, columns: { id: UInt64, n: Float64 } }
views: { v: select half(value) as h from t }
materialized_views:
  m: { to: target, query: "select id, value as n from t" }
  hourly: { refresh: every 2 hour, to: target, query: "select id, value as n from t" }
dictionaries:
  d: { columns: { id: UInt64, n: Float64 }, primary_key: [id], source: "clickhouse(table 'target')", layout: hashed(), lifetime: "600" }
)yaml");
  expect(0, "generate two --allow-destructive", folder.path());
  std::size_t seen = 0;
  for (const std::string file : {"000001_one.up", "000001_one.down", "000002_two.up", "000002_two.down"}) {
    const std::string text = read_text(folder / "generated/clickhouse/" + file + ".sql");
    for (const auto& s : clickhouse_dialect().split(text)) {
      CAPTURE(s.sql);
      const std::string form =
          ask(database, "select formatQuery(" + clickhouse_dialect().literal(s.sql) + ")");
      const bool looks = form.starts_with("SELECT");
      CHECK(has(form, looks ? "clusterAllReplicas('main'" : "ON CLUSTER main"));
      ++seen;
    }
  }
  CHECK(seen > 30);
}
}  // namespace trueup::test
