// ClickHouse's spelling of types and texts, without a server.
#include <doctest/doctest.h>

#include "engine/clickhouse/build.hpp"
#include "engine/clickhouse/catalog.hpp"
#include "engine/clickhouse/cluster.hpp"
#include "engine/clickhouse/definition.hpp"
#include "engine/clickhouse/lexer.hpp"
#include "engine/clickhouse/ttl.hpp"
#include "engine/clickhouse/types.hpp"

namespace trueup::clickhouse {

TEST_CASE("clickhouse types: as the server prints them, and no further change") {
  const std::map<std::string, std::string> cases{
      {"int", "Int32"},
      {"varchar(10)", "String"},
      {"varchar(10) null", "Nullable(String)"},
      {"double precision", "Float64"},
      {"int(11) unsigned", "UInt32"},
      {"decimal64(4)", "Decimal(18, 4)"},
      {"numeric(12,6)", "Decimal(12, 6)"},
      {"DateTime64", "DateTime64(3)"},
      {"timestamptz", "DateTime64(6, 'UTC')"},
      {"DateTime64(3,'UTC')", "DateTime64(3, 'UTC')"},
      {"enum('b'=2,'a')", "Enum8('b' = 2, 'a' = 3)"},
      {"Enum('x'=200)", "Enum16('x' = 200)"},
      {"Map(text,Array(int))", "Map(String, Array(Int32))"},
      {"Tuple(a UInt8, `b c` text)", "Tuple(a UInt8, `b c` String)"},
      {"Variant(UInt8,String)", "Variant(String, UInt8)"},
      {"JSON(a.b UInt32, max_dynamic_paths=8)", "JSON(max_dynamic_paths=8, `a.b` UInt32)"},
      {"AggregateFunction(quantiles(0.5, 0.9),int)", "AggregateFunction(quantiles(0.5, 0.9), Int32)"},
      {"FixedString(16)", "FixedString(16)"},
      {"SomethingNew(1, 'a')", "SomethingNew(1, 'a')"},
  };
  for (const auto& entry : cases) {
    CAPTURE(entry.first);
    CHECK(canonical_type(entry.first) == entry.second);
    CHECK(canonical_type(entry.second) == entry.second);
  }
}

TEST_CASE("clickhouse text: one form for spellings that mean the same, and for no others") {
  CHECK(lexical_form("SELECT  a,b FROM `t` -- c\nWHERE (x<>1)") ==
        lexical_form("select a, b from t where (x != 1)"));
  CHECK(lexical_form("(a)") == "a");
  CHECK(lexical_form("(a, b)") == "(a, b)");
  CHECK(lexical_form("toDate(a)") != lexical_form("todate(a)"));
  CHECK(lexical_form("'A'") != lexical_form("'a'"));
  CHECK(quote("order") == "`order`");
  CHECK(quote("we`ird") == "`we\\`ird`");
  CHECK(unquoted(literal("it's \\ \n")) == "it's \\ \n");
  const auto parts = split("select ';'; -- x;\nselect $a$;$a$ /* ; */;\n;");
  REQUIRE(parts.size() == 2);
  CHECK(parts[1].sql == "-- x;\nselect $a$;$a$ /* ; */");
}

TEST_CASE("clickhouse definitions: the database is left out, and what is not understood is not taken") {
  CHECK(unqualified("SELECT db.t.a, dictGet('db.d', 'x', 1), 'db.t' FROM db.t, other.t", "db", {"t", "d"}) ==
        "SELECT t.a, dictGet('d', 'x', 1), 'db.t' FROM t, other.t");
  CHECK_THROWS_AS(unqualified("SELECT db.a FROM x AS db", "db", {"a"}), Unreadable);
  Catalog out;
  add_definition(Kind::table, "t",
                 "CREATE TABLE t (`a` UInt8 DEFAULT 1 COMMENT 'x', INDEX i a TYPE minmax GRANULARITY 1) "
                 "ENGINE = MergeTree PRIMARY KEY a ORDER BY (a, b) SETTINGS index_granularity = 8192",
                 out);
  CHECK(out.objects.size() == 4);
  CHECK_THROWS_AS(add_definition(Kind::table, "u", "CREATE TABLE u AS numbers(3)", out), Unreadable);
  CHECK_THROWS_AS(
      add_definition(Kind::table, "u", "CREATE TABLE u (`a` UInt8, NEWLY b) ENGINE = Memory", out),
      Unreadable);
}

TEST_CASE("clickhouse keys: a column is the same in backticks and without them") {
  using List = std::vector<std::string>;
  CHECK(elements_of("(project, date)") == elements_of("(`project`, `date`)"));
  CHECK(elements_of("(Date, n.a, DESC)") == elements_of("(`Date`, `n.a`, `DESC`)"));
  CHECK(elements_of("((`key`))") == elements_of("key"));
  CHECK(elements_of("Date") != elements_of("date"));
  CHECK(elements_of("(a, b DESC)") == List{"a", "b DESC"});
  CHECK(elements_of("toDate( date )") == elements_of("toDate(`date`)"));
  CHECK(elements_of("tuple()").empty());
  CHECK(!ttl_takes_more("date + toIntervalMonth(1)", "`date` + toIntervalMonth(2)"));
  CHECK(
      with_path_of("ReplicatedReplacingMergeTree(`date`)", "ReplicatedReplacingMergeTree('/p', 'r', date)") ==
      "ReplicatedReplacingMergeTree('/p', 'r', date)");
  // Keys of a table, as the server prints them, and its projections with settings.
  Catalog out;
  add_definition(
      Kind::table, "t",
      "CREATE TABLE t (`date` Date, `index` UInt64, INDEX i (date, index) TYPE minmax GRANULARITY 1, "
      "PROJECTION p (SELECT date ORDER BY index) WITH SETTINGS (index_granularity = 128)) "
      "ENGINE = MergeTree PARTITION BY date PRIMARY KEY (date, index) ORDER BY (date, index) "
      "SAMPLE BY index SETTINGS index_granularity = 8192",
      out);
  std::vector<Diagnostic> found;
  normalize(out, found);
  precheck(out, found);
  CHECK(found.empty());
  CHECK(!out.contains(child_key(Kind::primary_key, "t", "t_pkey")));
  CHECK(out.find<Index>(child_key(Kind::index, "t", "i"))->on[1].column.has_value());
  const ObjectKey p = child_key(Kind::projection, "t", "p");
  CHECK(projection_definition("p", *out.find<Projection>(p)) ==
        "PROJECTION p (SELECT date ORDER BY index) WITH SETTINGS (index_granularity = 128)");
}

TEST_CASE("clickhouse cluster: one line sends every statement to all of its servers") {
  const auto spread_one = [](const std::string& sql, const Cluster& cluster) {
    std::vector<Statement> all(1);
    all[0].sql = sql;
    all[0].source = {Kind::table, "", "", "t", ""};
    spread(all, cluster);
    return all[0].sql;
  };
  const std::map<std::string, std::string> cases{
      {"CREATE TABLE t (id UInt8)\nENGINE = Log", "CREATE TABLE t ON CLUSTER main (id UInt8)\nENGINE = Log"},
      {"CREATE TABLE IF NOT EXISTS `a b` (id UInt8)",
       "CREATE TABLE IF NOT EXISTS `a b` ON CLUSTER main (id UInt8)"},
      {"CREATE OR REPLACE DICTIONARY d (\n", "CREATE OR REPLACE DICTIONARY d ON CLUSTER main (\n"},
      {"CREATE OR REPLACE VIEW v\nAS SELECT 1", "CREATE OR REPLACE VIEW v ON CLUSTER main\nAS SELECT 1"},
      {"CREATE MATERIALIZED VIEW v\nTO t\nAS SELECT 1",
       "CREATE MATERIALIZED VIEW v ON CLUSTER main\nTO t\nAS SELECT 1"},
      {"CREATE FUNCTION f AS x -> x", "CREATE FUNCTION f ON CLUSTER main AS x -> x"},
      {"ALTER TABLE t ADD COLUMN a UInt8", "ALTER TABLE t ON CLUSTER main ADD COLUMN a UInt8"},
      {"DROP TABLE IF EXISTS t SYNC", "DROP TABLE IF EXISTS t ON CLUSTER main SYNC"},
      {"DROP VIEW v SYNC", "DROP VIEW v ON CLUSTER main SYNC"},
      {"RENAME TABLE a TO b", "RENAME TABLE a TO b ON CLUSTER main"},
      {"DELETE FROM t WHERE id = 1", "DELETE FROM t ON CLUSTER main WHERE id = 1"},
      {"INSERT INTO t (id) VALUES (1)", "INSERT INTO t (id) VALUES (1)"},
      {"SELECT throwIf(count() > 0, 'rows FROM t') FROM t WHERE id IS NULL",
       "SELECT throwIf(count() > 0, 'rows FROM t') FROM clusterAllReplicas('main', currentDatabase(), 't') "
       "WHERE id "
       "IS NULL"},
  };
  for (const auto& entry : cases) CHECK(spread_one(entry.first, {"main", "", ""}) == entry.second);
  CHECK(spread_one("DROP TABLE t", {"odd name", "", ""}) == "DROP TABLE t ON CLUSTER `odd name`");
  // Replicated engines that do not say where take the place of the line, all others keep theirs.
  const Cluster placed{"main", "/t/{shard}/{database}/{table}", ""};
  const std::string create = "CREATE TABLE t (v UInt8) ENGINE = ",
                    on = "CREATE TABLE t ON CLUSTER main (v UInt8) ENGINE = ";
  const std::string place = "'/t/{shard}/{database}/{table}', '{replica}'";
  CHECK(spread_one(create + "ReplicatedMergeTree ORDER BY v", placed) ==
        on + "ReplicatedMergeTree(" + place + ") ORDER BY v");
  CHECK(spread_one(create + "ReplicatedReplacingMergeTree(v) ORDER BY v", placed) ==
        on + "ReplicatedReplacingMergeTree(" + place + ", v) ORDER BY v");
  CHECK(spread_one(create + "ReplicatedMergeTree('/mine', 'r')", placed) ==
        on + "ReplicatedMergeTree('/mine', 'r')");
  CHECK(spread_one(create + "MergeTree", placed) == on + "MergeTree");
  // A rebuild would copy the rows of one server only.
  std::vector<Statement> rebuilt(1);
  rebuilt[0].sql = "EXCHANGE TABLES a AND b";
  rebuilt[0].verb = "rebuild";
  CHECK_THROWS_AS(spread(rebuilt, placed), RefusedError);
}

TEST_CASE("clickhouse: a replicated table is tried out without its coordination service") {
  const auto both = [](const std::string& sql, const std::string& engine) {
    const auto alone = without_replication(sql);
    REQUIRE(alone.has_value());
    CHECK(alone->object == "t");
    CHECK(alone->sql.find("ENGINE = " + engine) != std::string::npos);
    CHECK(alone->sql.find("Replicated") == std::string::npos);
    return alone->restored("CREATE TABLE db.t (`a` String DEFAULT 'ENGINE = x') ENGINE = " + engine +
                           " ORDER BY a");
  };
  const std::string head = "CREATE TABLE t (a String) ENGINE = ", shown =
                                                                      "CREATE TABLE db.t (`a` String DEFAULT "
                                                                      "'ENGINE = x') ENGINE = ";
  CHECK(both(head + "ReplicatedMergeTree ORDER BY a", "MergeTree") ==
        shown + "ReplicatedMergeTree ORDER BY a");
  CHECK(both(head + "ReplicatedMergeTree('/p/{shard}', '{replica}') ORDER BY a", "MergeTree()") ==
        shown + "ReplicatedMergeTree('/p/{shard}', '{replica}') ORDER BY a");
  CHECK(both(head + "ReplicatedReplacingMergeTree('/p', 'r', a) ORDER BY a", "ReplacingMergeTree(a)") ==
        shown + "ReplicatedReplacingMergeTree('/p', 'r', a) ORDER BY a");
  CHECK(both(head + "ReplicatedReplacingMergeTree(a) ORDER BY a", "ReplacingMergeTree(a)") ==
        shown + "ReplicatedReplacingMergeTree(a) ORDER BY a");
  CHECK(!without_replication(head + "MergeTree ORDER BY a"));
  CHECK(!without_replication("ALTER TABLE t ADD COLUMN b String DEFAULT 'ENGINE = ReplicatedMergeTree'"));
}

TEST_CASE("clickhouse: which TTLs take more than the ones before") {
  struct Pair {
    const char *before, *after;
    bool more;
  };
  for (const Pair& p : std::initializer_list<Pair>{
           {"", "at + interval 1 day", true},
           {"at + interval 1 day", "", false},
           {"at + interval 1 day", "at + toIntervalDay(1)", false},
           {"at + interval 1 day", "at + INTERVAL 25 hour", false},
           {"at + interval 1 day", "at + interval 23 hour", true},
           {"at + interval 1 month", "at + interval 30 day", true},
           {"at + interval 1 month", "at + interval 31 day", false},
           {"at + interval 1 month", "other + interval 2 month", true},
           {"at + interval n day", "at + interval n day", false},
           {"at + interval n day", "at + interval m day", true},
           {"at + interval 1 month", "at + interval -1 month", true},
           {"at + interval 1 day delete where a = 1", "at + interval 1 day delete where a = 2", true},
           {"at + interval 1 day", "at + interval 2 day delete where a = 2", false},
           {"at + interval 1 day", "at + interval 1 hour to volume 'slow'", false},
           {"at + interval 1 day to disk 'd'", "at + interval 1 day", true},
           {"at + interval 1 day", "at recompress codec(ZSTD(3)), at + interval 1 day", false},
           {"at + interval 1 year",
            "at + interval 1 day group by a, b set n = sum(n), m = max(m), at + interval 1 year", true},
           {"at + interval 1 day group by a, b set n = sum(n)",
            "at + interval 1 day group by a, b set n = sum(n)", false},
           {"at + interval 1 day group by a, b set n = sum(n)",
            "at + interval 1 day group by a set n = sum(n)", true},
           {"at + interval 1 day group by a set n = sum(n)", "at + interval 2 day", true},
       }) {
    CAPTURE(p.before);
    CAPTURE(p.after);
    CHECK(ttl_takes_more(p.before, p.after) == p.more);
  }
}

TEST_CASE("clickhouse cluster: a path that the schema leaves open is no difference") {
  const std::string path = "'/clickhouse/tables/{uuid}/{shard}', '{replica}'";
  CHECK(with_path_of("ReplicatedMergeTree", "ReplicatedMergeTree(" + path + ")") ==
        "ReplicatedMergeTree(" + path + ")");
  CHECK(with_path_of("ReplicatedMergeTree()", "ReplicatedMergeTree(" + path + ")") ==
        "ReplicatedMergeTree(" + path + ")");
  CHECK(with_path_of("ReplicatedReplacingMergeTree(v)", "ReplicatedReplacingMergeTree(" + path + ", v)") ==
        "ReplicatedReplacingMergeTree(" + path + ", v)");
  CHECK(with_path_of("ReplicatedMergeTree ORDER BY id", "ReplicatedMergeTree(" + path + ") ORDER BY n") ==
        "ReplicatedMergeTree(" + path + ") ORDER BY id");
  for (const std::string& same : {std::string("MergeTree"), std::string("ReplicatedMergeTree('/mine', 'r')"),
                                  std::string("ReplicatedReplacingMergeTree(w)")})
    CHECK(with_path_of(same, "ReplicatedReplacingMergeTree(" + path + ", v)") == same);
}

}  // namespace trueup::clickhouse
