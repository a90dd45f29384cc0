// ClickHouse: what is introspected comes out the same when pushed, changes in place, what is refused.
#include <doctest/doctest.h>

#include <cstdlib>

#include "base/error.hpp"
#include "support/clickhouse_push.hpp"

namespace trueup::test {
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

TEST_CASE("clickhouse: the connected user may be named as the definer of a view") {
  const auto server = test_server("TRUEUP_TEST_CLICKHOUSE");
  if (!server) return;
  const TestDatabase database(*server);
  const std::string user = ask(database, "select currentUser()");
  const std::string tables = "tables: { t: { order_by: id, columns: { id: UInt64 } } }\nviews:\n";
  const auto view = [](const std::string& name, const std::string& options) {
    return "  " + name + ": { query: select id from t, options: { clickhouse: { " + options + " } } }\n";
  };
  const std::string m =
      "materialized_views:\n  r: { to: t, query: select id from t, refresh: every 1 year append"
      ", options: { clickhouse: { definer: " +
      user + " } } }\n";
  push(database, tables + view("a", "definer: " + user) +
                     view("b", "definer: " + user + ", sql_security: definer") +
                     view("c", "definer: " + user + ", sql_security: invoker") + m);
  push(database,
       tables + view("a", "sql_security: definer") + view("b", "sql_security: definer") +
           view("c", "sql_security: invoker"),
       "--allow-destructive");
  // Who has no definer at all gets one.
  push(database, tables + view("a", "sql_security: invoker"), "--allow-destructive");
  push(database, tables + view("a", "definer: " + user));
  CHECK(has(ask(database,
                "select create_table_query from system.tables where database = currentDatabase() "
                "and name = 'a'"),
            "DEFINER = " + user + " SQL SECURITY DEFINER"));
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
       "--allow-drop t");
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

TEST_CASE("clickhouse: spellings that the server keeps are modelled") {
  const auto server = test_server("TRUEUP_TEST_CLICKHOUSE");
  if (!server) return;
  const TestDatabase database(*server);
  database.open()->execute(
      "create table t (a UInt64, r JSON(max_dynamic_paths=100, max_dynamic_types=4, c.d UInt8, b UInt8), s "
      "String "
      "settings (min_compress_block_size = 16384, max_compress_block_size = 32768), index n (a) type "
      "set(25), "
      "index m (a + 1) type minmax, index k (a, s) type minmax) engine = MergeTree order by a");
  const TestFolder folder;
  CHECK(has(expect(0, "introspect " + database.url() + " --strict -o schema/a.yaml", folder.path()).err,
            " 0 unmodelled"));
  CHECK(expect(0, "diff " + database.url() + " schema/a.yaml", folder.path()).out == "");
}

TEST_CASE("clickhouse: what cannot be read is not to be dropped for a schema that names it") {
  const auto server = test_server("TRUEUP_TEST_CLICKHOUSE");
  if (!server) return;
  const TestDatabase database(*server);
  database.open()->execute("create table t as numbers(10)");
  const std::string why =
      refusal(database, "tables: { t: { order_by: number, columns: { number: UInt64 } } }\n");
  CHECK(has(why, "trueup introspect"));
  CHECK(!has(why, "drop"));
}

TEST_CASE("clickhouse: views follow the types of what they read") {
  const auto server = test_server("TRUEUP_TEST_CLICKHOUSE");
  if (!server) return;
  const TestDatabase database(*server);
  const auto schema = [](const std::string& columns) {
    return "tables:\n  s: { order_by: id, columns: { id: UInt64, " + columns +
           " } }\n  t: { order_by: id, columns: { id: UInt64, v: UInt64 } }\n"
           "views: { all_of: select * from s, one: select v from all_of, two: select v + 0 as w from one }\n"
           "materialized_views: { mv: { to: t, query: \"select id, v from s\" } }\n";
  };
  push(database, schema("v: UInt8"));
  push(database, schema("v: UInt64, more: String"));
  database.open()->execute("insert into s values (1, 1000, 'x')");
  CHECK(ask(database, "select toString((id, v, more)) from all_of") == "(1,1000,'x')");
  CHECK(ask(database, "select v from one") == "1000");
  CHECK(ask(database, "select w from two") == "1000");
  CHECK(ask(database, "select v from t") == "1000");
  CHECK(ask(database, "select v from mv") == "1000");
  push(database, schema("v: UInt64"), "--allow-drop s.more");
  CHECK(ask(database, "select toString(tuple(*)) from all_of") == "(1,1000)");
  // A table that the view has for itself keeps the former type, and would take values cut to it.
  const TestDatabase other(*server);
  const std::string own =
      "materialized_views: { own: { storage: engine = MergeTree order by id, query: \"select id, v from s\" "
      "} }\n";
  push(other, "tables: { s: { order_by: id, columns: { id: UInt64, v: UInt8 } } }\n" + own);
  CHECK(has(refusal(other, "tables: { s: { order_by: id, columns: { id: UInt64, v: UInt64 } } }\n" + own),
            "materialized view own has a table of its own"));
}

TEST_CASE("clickhouse: pairs of schemas of many sorts, there and back, by the server's own definitions") {
  const auto server = test_server("TRUEUP_TEST_CLICKHOUSE");
  if (!server) return;
  const std::string root = TRUEUP_SOURCE_DIR;
  CHECK(std::system(("python3 '" + root +
                     "/tools/corpus/run' --engine clickhouse --reverse --jobs 2 --trueup '" +
                     std::string(TRUEUP_BINARY) + "' --server '" + *server + "' '" + root +
                     "/tests/pairs/clickhouse' >&2")
                        .c_str()) == 0);
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
       "toYYYYMM(at), columns: { id: UInt32, at: Date, n: Int32, extra: UInt8 default 4 } } }\n",
       "--allow-drop t");
  CHECK(ask(database, "select toString((count(), sum(id), any(extra))) from t") == "(1000,499500,4)");
}

TEST_CASE("clickhouse: a rebuild keeps what was computed when rows came, and changes no value in silence") {
  const auto server = test_server("TRUEUP_TEST_CLICKHOUSE");
  if (!server) return;
  const TestDatabase database(*server);
  const auto table = [](const std::string& order_by, const std::string& n) {
    return "tables: { t: { rebuild: true, order_by: " + order_by +
           ", columns: { id: UInt64, came: { type: DateTime64(6), generated: now64(6) }, n: " + n +
           " } } }\n";
  };
  push(database, table("id", "Nullable(Int32)"));
  database.open()->execute("insert into t (id, n) select number, number from numbers(300)");
  const std::string before = ask(database, "select toString((min(came), max(came), sum(n))) from t");
  push(database, table("(came, id)", "Nullable(Int32)"));
  CHECK(ask(database, "select toString((min(came), max(came), sum(n))) from t") == before);
  CHECK(has(refusal(database, table("id", "Nullable(UInt8)")), "values of t.n do not fit the type"));
  database.open()->execute("insert into t (id, n) values (1000, null)");
  CHECK(has(refusal(database, table("id", "Int32")), "values of t.n do not fit the type"));
  CHECK(ask(database, "select toString((count(), count(n))) from t") == "(301,300)");
}

TEST_CASE("clickhouse: a new TTL takes old rows only with leave") {
  const auto server = test_server("TRUEUP_TEST_CLICKHOUSE");
  if (!server) return;
  const TestDatabase database(*server);
  const auto table = [](const std::string& ttl) {
    return "tables: { t: { order_by: id, " + ttl + "columns: { id: UInt64, at: DateTime } } }\n";
  };
  push(database, table("ttl: at + interval 10 year, "));
  database.open()->execute("insert into t select number, now() - interval number month from numbers(100)");
  const std::string why = refusal(database, table("ttl: at + interval 1 year, "));
  CHECK(has(why, "rows that are older than the new TTL go"));
  CHECK(has(why, "--allow-drop t"));
  CHECK(ask(database, "select count() from t") == "100");
  push(database, table("ttl: at + interval 20 year, "));
  push(database, table(""));
  CHECK(has(refusal(database, table("ttl: at + interval 1 year, ")), "rows that are older"));
  push(database, table("ttl: at + interval 1 year, "), "--allow-drop t");
  CHECK(ask(database, "select count() < 14 from t") == "1");
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

TEST_CASE("clickhouse: reference rows with values that the former type of their column does not hold") {
  const auto server = test_server("TRUEUP_TEST_CLICKHOUSE");
  if (!server) return;
  const TestDatabase database(*server);
  push(database, R"yaml(
tables: { t: { order_by: id, columns: { id: UInt8, e: "Enum8('x' = 1)", d: Date, n: UInt8, s: String } } }
data: { t: { key: [id], rows: [ { id: 1, e: x, d: 2020-01-01, n: 44, s: a } ] } }
)yaml");
  push(database, R"yaml(
tables:
  t: { order_by: id, columns: { id: UInt8, e: "Enum8('x' = 1, 'y' = 2)", d: "DateTime('UTC')", n: UInt16, s: Nullable(String) } }
data: { t: { key: [id], rows: [ { id: 1, e: y, d: "2020-01-01 10:00:00", n: 300, s: null } ] } }
)yaml");
  CHECK(ask(database, "select toString((id, e, d, n, s)) from t") ==
        "(1,'y','2020-01-01 10:00:00',300,NULL)");
}

TEST_CASE("clickhouse: a changed reference row keeps the values that nobody declares") {
  const auto server = test_server("TRUEUP_TEST_CLICKHOUSE");
  if (!server) return;
  for (const std::string engine : {"MergeTree", "ReplacingMergeTree", "Memory"}) {
    CAPTURE(engine);
    const TestDatabase database(*server);
    const auto state = [&](const std::string& kind, const std::string& name) {
      const std::string keys = engine == "Memory" ? "" : "order_by: (kind, id), ";
      return "tables: { t: { engine: " + engine + ", " + keys +
             "columns: { kind: String, id: UInt32, name: String, mine: Int32 default 5 } } }\n"
             "data: { t: { key: [id], rows: [ { id: 1, kind: " +
             kind + ", name: " + name + " } ] } }\n";
    };
    const std::string all = engine == "ReplacingMergeTree" ? "t final" : "t";
    push(database, state("a", "x"));
    database.open()->execute("insert into t values ('a', 2, 'other', 2)");
    database.open()->execute("alter table t update mine = 9 where id = 1 settings mutations_sync = 1");
    push(database, state("a", "y"));
    CHECK(ask(database, "select arraySort(groupArray((kind, id, name, mine))) from " + all) ==
          "[('a',1,'y',9),('a',2,'other',2)]");
    push(database, state("b", "z"));
    CHECK(ask(database, "select arraySort(groupArray((kind, id, name, mine))) from " + all) ==
          "[('a',2,'other',2),('b',1,'z',9)]");
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
