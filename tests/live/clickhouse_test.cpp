// ClickHouse: what is introspected comes out the same when pushed, changes in place, what is refused.
#include <doctest/doctest.h>

#include <cstdlib>

#include "base/error.hpp"
#include "support/server.hpp"

namespace trueup::test {
namespace {
bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

Run expect(int status, const std::string& arguments, const std::string& folder) {
  Run run = run_trueup(arguments, folder);
  CAPTURE(arguments);
  CAPTURE(run.out);
  CAPTURE(run.err);
  CHECK(run.status == status);
  return run;
}

/// Pushes the text, then pushes it again: the second time there must be nothing to do.
void push(const TestDatabase& database, const std::string& yaml, const std::string& flags = "") {
  const TestFolder folder;
  folder.write("schema/s.yaml", "engines: [clickhouse]\n" + yaml);
  const Run first = expect(0, "push " + database.url() + " " + flags, folder.path());
  const Run again = expect(0, "diff " + database.url() + " schema/s.yaml", folder.path());
  CAPTURE(first.out);
  CHECK(again.out == "");
}

std::string refusal(const TestDatabase& database, const std::string& yaml, const std::string& flags = "") {
  const TestFolder folder;
  folder.write("schema/s.yaml", "engines: [clickhouse]\n" + yaml);
  return expect(2, "push " + database.url() + " " + flags, folder.path()).err;
}

std::string ask(const TestDatabase& database, const std::string& sql) {
  const auto rows = database.open()->query(sql);
  return rows.empty() ? "" : rows.at(0).at(0).value_or("null");
}
}  // namespace

TEST_CASE("clickhouse: 200 tables, views and dictionaries of plain SQL come back the same") {
  const auto server = test_server("TRUEUP_TEST_CLICKHOUSE");
  if (!server) return;
  const TestDatabase first(*server), second(*server);
  const TestFolder folder;
  folder.write("schema/a.yaml", "");
  REQUIRE(std::system(("python3 " TRUEUP_SOURCE_DIR "/tests/support/clickhouse_analytics.py > '" +
                       folder / "a.sql" + "'")
                          .c_str()) == 0);
  first.open()->execute(read_text(folder / "a.sql"));
  REQUIRE(ask(first, "select count() from system.tables where database = currentDatabase()") == "200");
  const Run a = expect(0, "introspect " + first.url() + " --strict -o schema/a.yaml", folder.path());
  CHECK(has(a.err, " 0 unmodelled"));
  expect(0, "push " + second.url(), folder.path());
  expect(0, "introspect " + second.url() + " --strict -o b.yaml", folder.path());
  CHECK(read_text(folder / "schema/a.yaml") == read_text(folder / "b.yaml"));
  CHECK(ask(second, "select count() from system.tables where database = currentDatabase()") == "200");
  CHECK(expect(0, "diff " + first.url() + " " + second.url(), folder.path()).out == "");
}

TEST_CASE("clickhouse: an author's spelling is not the server's, and yet no difference") {
  const auto server = test_server("TRUEUP_TEST_CLICKHOUSE");
  if (!server) return;
  const TestDatabase database(*server);
  push(database, R"yaml(
tables:
  events:
    engine: ReplacingMergeTree(version)
    order_by: (toDate(ts), id)
    primary_key: [toDate(ts)]
    partition_by: toYYYYMM(ts)
    ttl: toDateTime(ts) + interval 1 month delete where kind = 'a'
    options: { clickhouse: { ttl_only_drop_parts: true, index_granularity: 8192 } }
    columns:
      id: bigint
      ts: { type: "DateTime64(3,'UTC')", codec: "Delta, ZSTD" }
      kind: enum('a','b')
      label: Nullable(varchar(20)) default null
      n: Nested(a String, b Array(int))
      raw: { type: String, ttl: toDateTime(ts) + interval 1 day, comment: as it came }
      price: decimal64(4) default 0
      day: { type: date, generated: toDate(ts) }
      twice: { type: Int64, generated: "id*2", generated_kind: virtual }
      given: { type: UInt8, options: { clickhouse: { ephemeral: true } } }
      version: UInt64
    checks:
      positive: id>0 and id<>7
      assumed: { expression: price>=0, not_enforced: true }
    indexes:
      i1: { on: [kind, label], using: set(100), with: { granularity: 2 } }
      i2: { on: [lower(raw)], using: bloom_filter }
  totals: { engine: SummingMergeTree, order_by: kind, columns: { kind: "enum('a','b')", c: UInt64 } }
views:
  v: select id,kind from events where kind in ('a') and not(id=3)
materialized_views:
  mv: { to: totals, query: "select kind,count(*) as c from events group by kind" }
  inner_mv: { storage: engine=SummingMergeTree order by kind, query: "select kind,count() as c from events group by kind" }
dictionaries:
  d: { columns: { id: UInt64, name: "String default ''" }, primary_key: [id], source: "clickhouse(table 'totals')", layout: flat(), lifetime: "300" }
)yaml");
  CHECK(
      ask(database, "select type from system.columns where database = currentDatabase() and name = 'n.b'") ==
      "Array(Array(Int32))");
}

TEST_CASE("clickhouse: columns, settings, parts and views change in place") {
  const auto server = test_server("TRUEUP_TEST_CLICKHOUSE");
  if (!server) return;
  const TestDatabase database(*server);
  push(database, R"yaml(
tables:
  t:
    order_by: id
    columns: { id: UInt64, a: String, b: UInt8 default 1, c: "Enum8('x' = 1)", d: Nullable(Int32), e: String }
    indexes: { i: { on: [a], using: bloom_filter } }
    checks: { positive: id > 0 }
  target: { order_by: id, columns: { id: UInt64 } }
views: { v: select id from t }
materialized_views: { mv: { to: target, query: select id from t } }
)yaml");
  database.open()->execute("insert into t (id, a, d, e) values (1, '12', 7, 'gone')");
  push(database, R"yaml(
tables:
  t:
    order_by: (id, f)
    comment: changed
    ttl: day + interval 1 year
    options: { clickhouse: { ttl_only_drop_parts: true } }
    columns:
      id: UInt64
      a: { type: Int32, comment: was text, codec: T64 }
      b: { type: UInt8, generated: toUInt8(id) }
      c: Enum8('x' = 1, 'y' = 2)
      d: { type: Int32, default: 3 }
      f: UInt32
      day: { type: Date, default: today() }
    indexes: { i: { on: [a], using: minmax } }
    checks: { positive: id > 0 and id < 100 }
    projections: { p: select a, count() group by a }
  target: { order_by: id, columns: { id: UInt64, a: Int32 } }
views: { v: "select id, a from t where a > 0" }
materialized_views: { mv: { to: target, query: "select id, a from t" } }
)yaml",
       "--allow-drop t.e");
  CHECK(ask(database, "select toString((id, a, b, c, d)) from t") == "(1,12,1,'x',7)");
  database.open()->execute("insert into t (id, a) values (2, 5)");
  CHECK(ask(database, "select a from target where id = 2") == "5");
}

TEST_CASE("clickhouse: what the server takes and then breaks on is found before it") {
  const auto server = test_server("TRUEUP_TEST_CLICKHOUSE");
  if (!server) return;
  const TestDatabase database(*server);
  push(database, R"yaml(
tables:
  t: { order_by: id, columns: { id: UInt64, kind: "Enum8('a' = 1, 'b' = 2)", text: String, wide: Int64, maybe: Nullable(String) } }
)yaml");
  database.open()->execute("insert into t values (1, 'b', 'no number', 5000000000, null)");
  const auto with = [&](const std::string& columns) {
    return "tables: { t: { order_by: id, columns: { id: UInt64, " + columns + " } } }\n";
  };
  const std::string kind = "kind: \"Enum8('a' = 1, 'b' = 2)\"",
                    rest = ", text: String, wide: Int64, maybe: Nullable(String)";
  CHECK(has(refusal(database, with("kind: \"Enum8('a' = 1)\"" + rest)), "values of t.kind do not fit"));
  CHECK(has(refusal(database, with(kind + ", text: Int32, wide: Int64, maybe: Nullable(String)")), "t.text"));
  CHECK(
      has(refusal(database, with(kind + ", text: String, wide: Int32, maybe: Nullable(String)")), "t.wide"));
  CHECK(has(refusal(database, with(kind + ", text: String, wide: Int64, maybe: String")), "t.maybe"));
  CHECK(ask(database, "select toString((kind, text, wide, maybe)) from t") ==
        "('b','no number',5000000000,NULL)");
}

TEST_CASE("clickhouse: keys and engines change by a rebuild that was asked for, or not at all") {
  const auto server = test_server("TRUEUP_TEST_CLICKHOUSE");
  if (!server) return;
  const TestDatabase database(*server);
  push(database, "tables: { t: { order_by: id, columns: { id: UInt64, at: Date, n: Int32 } } }\n");
  database.open()->execute("insert into t select number, '2026-01-01', 1 from numbers(1000)");
  for (const std::string change :
       {"order_by: n", "order_by: id, partition_by: toYYYYMM(at)", "order_by: id, engine: SummingMergeTree",
        "order_by: id, primary_key: []"}) {
    if (change.ends_with("[]")) continue;
    CHECK(has(
        refusal(database, "tables: { t: { " + change + ", columns: { id: UInt64, at: Date, n: Int32 } } }\n"),
        "rebuild: true"));
  }
  CHECK(
      has(refusal(database, "tables: { t: { order_by: id, columns: { id: UInt32, at: Date, n: Int32 } } }\n"),
          "keys"));
  push(database,
       "tables: { t: { rebuild: true, engine: ReplacingMergeTree, order_by: (at, id), partition_by: "
       "toYYYYMM(at), columns: { id: UInt32, at: Date, n: Int32, extra: UInt8 default 4 } } }\n");
  CHECK(ask(database, "select toString((count(), sum(id), any(extra))) from t") == "(1000,499500,4)");
}

TEST_CASE("clickhouse: reference rows by key") {
  const auto server = test_server("TRUEUP_TEST_CLICKHOUSE");
  if (!server) return;
  const TestDatabase database(*server);
  for (const std::string engine : {"MergeTree", "ReplacingMergeTree"}) {
    const std::string table =
        "tables: { " + engine + "_t: { engine: " + engine +
        ", order_by: id, columns: { id: UInt32, name: String, rate: \"Decimal(10, 2)\" } } }\n";
    const auto rows = [&](const std::string& list) {
      return table + "data: { " + engine + "_t: { key: [id], on_removed: delete, rows: [" + list + "] } }\n";
    };
    CAPTURE(engine);
    push(database, rows("{ id: 1, name: \"it's\", rate: 1.5 }, { id: 2, name: b, rate: 2 }"),
         "--allow-destructive");
    push(database, rows("{ id: 1, name: changed, rate: 1.5 }, { id: 2, name: b, rate: 2 }"),
         "--allow-destructive");
    // Rows that nobody declares go, where the author said so.
    database.open()->execute("insert into " + engine + "_t values (7, 'stray', 1), (2, 'b', 2)");
    push(database, rows("{ id: 1, name: changed, rate: 1.5 }, { id: 2, name: b, rate: 2 }"),
         "--allow-destructive");
    if (engine == "MergeTree") {  // the second row of that key is not ours to choose from
      CHECK(ask(database, "select count() from " + engine + "_t where id = 2") == "2");
      database.open()->execute("delete from " + engine + "_t where id = 2; insert into " + engine +
                               "_t values (2, 'b', 2)");
    }
    CHECK(ask(database, "select groupArray((id, name, rate)) from (select * from " + engine + "_t" +
                            (engine == "MergeTree" ? "" : " final") + " order by id)") ==
          "[(1,'changed',1.5),(2,'b',2)]");
  }
}

TEST_CASE("clickhouse: migrations are applied once, by one runner, and taken back") {
  const auto server = test_server("TRUEUP_TEST_CLICKHOUSE");
  if (!server) return;
  const TestDatabase database(*server);
  const TestFolder folder;
  const auto schema = [&](const std::string& columns) {
    folder.write(
        "schema/s.yaml",
        "engines: [clickhouse]\ntables: { t: { order_by: id, columns: { id: UInt64" + columns + " } } }\n");
  };
  schema("");
  expect(0, "generate one", folder.path());
  schema(", a: String, b: UInt8 default 2");
  expect(0, "generate two", folder.path());
  expect(0, "apply " + database.url(), folder.path());
  CHECK(has(expect(0, "status " + database.url(), folder.path()).out, "two"));
  CHECK(expect(0, "verify " + database.url(), folder.path()).status == 0);
  expect(0, "apply " + database.url(), folder.path());
  CHECK(ask(database, "select count() from trueup_history final") == "2");
  // A runner that died left its lock behind; it runs out.
  database.open()->execute(
      "create table trueup_history_lock (nothing UInt8) engine = Memory comment "
      "'trueup lock abc until 100 held by pid 1 on nowhere'");
  expect(0, "rollback " + database.url() + " --to 1 --allow-destructive", folder.path());
  CHECK(
      ask(database,
          "select groupArray(name) from system.columns where database = currentDatabase() and table = 't'") ==
      "['id']");
  CHECK(ask(database,
            "select count() from system.tables where database = currentDatabase() and name like '%lock%'") ==
        "0");
  // One that lives is waited for.
  database.open()->execute(
      "create table trueup_history_lock (nothing UInt8) engine = Memory comment "
      "'trueup lock abc until 9999999999 held by pid 1 on elsewhere'");
  CHECK(has(expect(2, "apply " + database.url() + " --lock-wait 0.2", folder.path()).err,
            "pid 1 on elsewhere"));
}

TEST_CASE("clickhouse: the orchestrator's usage, applied, used, verified and taken back") {
  const auto server = test_server("TRUEUP_TEST_CLICKHOUSE");
  if (!server) return;
  const TestDatabase database(*server);
  const std::string config = "--config tests/examples/orchestrator/trueup.yaml ";
  const std::string root = TRUEUP_SOURCE_DIR;
  expect(0, config + "apply " + database.url(), root);
  expect(0, config + "verify " + database.url(), root);
  database.open()->execute(
      "insert into llm_usage (id, user_id, prompt_tokens, cached_tokens, cost_usd, status, created_at) "
      "select "
      "generateUUIDv4(), toUUID('00000000-0000-0000-0000-000000000001'), 10, 4, 0.5, 'ok', '2026-01-02 "
      "03:04:05' "
      "from numbers(20)");
  CHECK(ask(database,
            "select toString((sum(calls), sum(prompt_tokens), sum(cached_tokens), sum(cost_usd))) from "
            "llm_usage_daily") == "(20,200,80,10)");
  expect(0, config + "rollback " + database.url() + " --to 1 --allow-destructive", root);
  expect(0, config + "verify " + database.url(), root);
  CHECK(ask(database, "select sum(calls) from llm_usage_daily") == "20");
}
}  // namespace trueup::test
