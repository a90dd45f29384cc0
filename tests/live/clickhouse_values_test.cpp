// ClickHouse: what becomes of values when the type of their column changes.
#include <doctest/doctest.h>

#include "support/clickhouse_push.hpp"

namespace trueup::test {
TEST_CASE("clickhouse: a type that would change a value is refused, one that keeps them all is taken") {
  const auto server = test_server("TRUEUP_TEST_CLICKHOUSE");
  if (!server) return;
  struct Conversion {
    std::string from, to, bad, good, flags{};
  };
  const std::vector<Conversion> conversions{
      {"String", "Int32", "'12a'", "'12'"},
      {"String", "UInt8", "'300'", "'200'"},
      {"String", "UInt32", "'012'", "'12'"},
      {"FixedString(4)", "Int32", "'+7'", "'7'"},
      {"String", "Float64", "'1.5x'", "'1.5'"},
      {"String", "Float64", "'1.00000000000000000001'", "'-1.50'"},
      {"String", "Decimal(10, 2)", "'01.5'", "'0.50'"},
      {"String", "Decimal(10, 2)", "'1.239'", "'1.50'"},
      {"String", "Date", "'2020-13-01'", "'2020-12-01'"},
      {"String", "DateTime('UTC')", "'yesterday'", "'2020-12-01 10:00:00'"},
      {"String", "DateTime64(3, 'UTC')", "'2020-12-01 25:00:00'", "'2020-12-01 10:00:00.5'"},
      {"String", "UUID", "'no uuid'", "'61f0c404-5cb3-11e7-907b-a6006ad3dba0'"},
      {"String", "IPv4", "'1.2.3'", "'1.2.3.4'"},
      {"String", "Bool", "'maybe'", "'true'"},
      {"String", "FixedString(2)", "'abc'", "'ab'"},
      {"String", "Enum8('a' = 1, 'b' = 2)", "'c'", "'b'"},
      {"String", "LowCardinality(FixedString(2))", "'abc'", "'ab'"},
      {"LowCardinality(String)", "UInt16", "'x'", "'7'"},
      {"LowCardinality(Nullable(String))", "LowCardinality(String)", "null", "'x'"},
      {"Nullable(String)", "String", "null", "'x'"},
      {"Nullable(Int64)", "Int32", "null", "7"},
      {"Int64", "Int32", "5000000000", "-5"},
      {"Int32", "UInt32", "-1", "1"},
      {"UInt64", "Int64", "18446744073709551615", "1"},
      {"UInt8", "Bool", "7", "1"},
      {"UInt8", "Enum8('a' = 1, 'b' = 2)", "3", "2"},
      {"Int64", "DateTime('UTC')", "-1", "1700000000"},
      {"UInt64", "Float32", "16777217", "16777216"},
      {"Float64", "Int32", "1.5", "2"},
      {"Float64", "Decimal(10, 2)", "1.239", "1.25"},
      {"Int64", "Decimal(5, 2)", "50000", "500"},
      {"Decimal(18, 4)", "Decimal(18, 2)", "1.2345", "1.25"},
      {"Decimal(18, 1)", "Decimal(5, 1)", "12345678.5", "8.5"},
      {"Decimal(10, 2)", "Int32", "1.5", "2"},
      {"DateTime64(6, 'UTC')", "DateTime64(3, 'UTC')", "'2020-01-01 00:00:00.123456'",
       "'2020-01-01 00:00:00.123'"},
      {"DateTime64(3, 'UTC')", "DateTime('UTC')", "'1950-01-01 00:00:00'", "'2020-01-01 00:00:00'"},
      {"DateTime64(0)", "DateTime", "'1950-01-01 00:00:00'", "'2020-01-01 00:00:00'"},
      {"Nullable(DateTime64(0, 'UTC'))", "Nullable(DateTime('UTC'))", "'1950-01-01 00:00:00'", "null"},
      {"Array(DateTime64(0))", "Array(DateTime)", "['1950-01-01 00:00:00']", "['2020-01-01 00:00:00']"},
      {"DateTime64(0)", "DateTime64(9)", "'2280-01-01 00:00:00'", "'2020-01-01 00:00:00'"},
      {"DateTime64(3)", "DateTime64(9)", "'2280-01-01 00:00:00'", "'2020-01-01 00:00:00'"},
      {"SimpleAggregateFunction(max, DateTime64(3))", "SimpleAggregateFunction(max, DateTime)",
       "'1950-01-01 00:00:00'", "'2020-01-01 00:00:00'"},
      {"DateTime('UTC')", "Date", "'2020-01-01 10:00:00'", "'2020-01-01 00:00:00'"},
      {"Date32", "Date", "'1920-01-01'", "'2020-01-01'"},
      {"Enum8('a' = 1, 'b' = 2)", "Enum8('a' = 1)", "'b'", "'a'"},
      {"FixedString(4)", "FixedString(2)", "'abcd'", "'ab'"},
      {"IPv6", "IPv4", "'2001:db8::1'", "'::ffff:1.2.3.4'"},
      {"Array(UInt16)", "Array(UInt8)", "[300]", "[200]"},
      {"Map(String, Int64)", "Map(String, Int32)", "{'a': 5000000000}", "{'a': 5}"},
      {"Tuple(a Decimal(10, 4), b String)", "Tuple(a Decimal(10, 2), b String)", "(1.2345, 'x')",
       "(1.25, 'x')"},
      {"Array(Nullable(Int32))", "Array(Int32)", "[null]", "[1]"},
      {"Array(String)", "Array(Int32)", "['x']", "['7']"},
      {"Map(String, Nullable(String))", "Map(String, String)", "{'a': null}", "{'a': 'x'}"},
      {"Tuple(a Nullable(String))", "Tuple(a String)", "tuple(null)", "tuple('x')"},
      {"Tuple(a UInt8, b String)", "Tuple(a UInt8)", "(1, 'x')", "(1, '')"},
      {"Tuple(a UInt16, b UInt16)", "Tuple(b UInt8, a UInt16)", "(1, 300)", "(300, 1)"},
      {"Array(Enum8('a' = 1, 'b' = 2))", "Array(Enum8('a' = 1))", "['a', 'b']", "['a']"},
      {"Tuple(x Enum8('a' = 1, 'b' = 2))", "Tuple(x Enum8('a' = 1))", "tuple('b')", "tuple('a')"},
      {"Tuple(x Enum8('a' = 1, 'b' = 2))", "Tuple(x Enum8('a' = 1), y String)", "tuple('b')", "tuple('a')"},
      {"Map(Enum8('a' = 1, 'b' = 2), UInt8)", "Map(Enum8('a' = 1), UInt8)", "{'b': 1}", "{'a': 1}"},
      {"Map(String, Array(Nullable(Enum8('a' = 1, 'b' = 2))))",
       "Map(String, Array(Nullable(Enum8('a' = 1))))", "{'k': ['b']}", "{'k': ['a', null]}"},
      {"Array(Tuple(x LowCardinality(String)))", "Array(Tuple(x Enum8('a' = 1)))", "[tuple('b')]",
       "[tuple('a')]"},
      {"String", "Array(UInt8)", "'[300]'", "'[200]'"},
      {"String", "Tuple(UInt8, String)", "'(300,\\'x\\')'", "'(200,\\'x\\')'"},
      {"String", "Array(UInt8)", "'oops'", "'[]'"},
      {"Nullable(String)", "Array(String)", "'[1'", "'[\\'a\\']'"},
      {"LowCardinality(String)", "Tuple(UInt8, String)", "'(1'", "'(200,\\'x\\')'"},
      {"Array(String)", "Array(Tuple(UInt8))", "['(1)', 'x']", "['(1)', '(2)']"},
      {"String", "Variant(Bool, UInt32)", "'x'", "'true'"},
      {"String", "Point", "'x'", "'(1,2)'"},
      {"String", "Point", "'(1,2.0000000000000000001)'", "'(1,2)'"},
      {"String", "Variant(Bool, UInt32)", "'012'", "'12'"},
      {"Dynamic", "UInt32", "1.5", "7"},
      {"Dynamic", "UInt32", "'x'", "'7'"},
      {"Dynamic", "UInt32", "null", "7"},
      {"Dynamic", "DateTime64(3, 'UTC')", "'soon'", "'2020-01-01 00:00:00.500'"},
      {"Variant(String, UInt32)", "UInt32", "'x'", "7"},
      {"Variant(String, UInt32)", "Nullable(UInt32)", "'x'", "null"},
      {"Variant(String, UInt32)", "String", "null", "7"},
      {"JSON", "JSON(a UInt32)", "'{\"a\":1.5}'", "'{\"b\":1}'"},
      {"JSON", "JSON(a UInt32)", "'{\"a\":{\"b\":1}}'", "'{\"a\":\"7\"}'"},
      {"JSON(a UInt32)", "JSON(a UInt8)", "'{\"a\":300}'", "'{\"a\":7}'"},
      {"JSON", "JSON(at DateTime)", "'{\"at\":\"soon\"}'", "'{\"at\":\"2020-01-01 00:00:00\"}'"},
      {"JSON(e Enum8('a' = 1, 'b' = 2))", "JSON(e Enum8('a' = 1))", "'{\"e\":\"b\"}'", "'{\"e\":\"a\"}'"},
      {"String", "JSON", "'[1]'", "'{\"a\":1}'", "--allow-drop t.v"},
      {"Nullable(String)", "JSON", "null", "'{\"a\":1}'", "--allow-drop t.v"},
      {"Array(String)", "Array(JSON)", "['{']", "['{\"a\":1}']", "--allow-drop t.v"},
  };
  for (const auto& c : conversions) {
    CAPTURE(c.from);
    CAPTURE(c.to);
    const auto with = [](const std::string& type) {
      return "tables: { t: { order_by: id, columns: { id: UInt64, v: \"" + type + "\" } } }\n";
    };
    for (const bool bad : {true, false}) {
      CAPTURE(bad);
      const TestDatabase database(*server);
      push(database, with(c.from));
      const std::string good = c.from.starts_with("FixedString") ? "'ab'" : c.good;
      database.open()->execute("insert into t values (1, " + good + ")" +
                               (bad ? ", (2, " + c.bad + ")" : ""));
      const std::string before = ask(database, "select groupArray(toString(v)) from t");
      if (bad) {
        CHECK(has(refusal(database, with(c.to), c.flags), "error: values of t.v do not fit the type"));
        CHECK(ask(database, "select groupArray(toString(v)) from t") == before);
      } else if (!c.from.starts_with("FixedString")) {
        push(database, with(c.to), c.flags);
        CHECK(ask(database, "select count() from t where not ignore(v)") == "1");
      }
    }
  }
}

TEST_CASE("clickhouse: rows keep what the expression of a column gave them when it goes or changes") {
  const auto server = test_server("TRUEUP_TEST_CLICKHOUSE");
  if (!server) return;
  struct Change {
    std::string before, after, values;
  };
  const std::vector<Change> changes{
      {"{ type: Int64, generated: id*2, generated_kind: virtual }", "Int64", "2,4"},
      {"{ type: Int64, generated: id*2, generated_kind: virtual }", "{ type: Int64, default: 7 }", "2,4"},
      {"{ type: Int64, generated: id*2, generated_kind: virtual }", "String", "2,4"},
      {"{ type: Int64, generated: id*2 }", "Int64", "2,4"},
      {"{ type: Int64, default: 5 }", "Int64", "5,5"},
      {"{ type: Int64, default: 5 }", "{ type: Int64, default: 6 }", "5,5"},
      {"{ type: Int64, default: 5 }", "{ type: Int32, default: 6 }", "5,5"},
  };
  const std::string start = "tables: { t: { order_by: id, columns: { id: UInt64";
  for (const auto& change : changes) {
    CAPTURE(change.before);
    CAPTURE(change.after);
    const TestDatabase database(*server);
    push(database, start + " } } }\n");
    database.open()->execute("insert into t select number + 1 from numbers(2)");
    push(database, start + ", v: " + change.before + " } } }\n");  // no part holds it
    push(database, start + ", v: " + change.after + " } } }\n");
    CHECK(ask(database, "select arrayStringConcat(groupArray(toString(v)), ',') from t") == change.values);
  }
  {
    const TestDatabase database(*server);
    const std::string given = start + ", x: { type: String, options: { clickhouse: { ephemeral: true } } }";
    push(database, given + " } } }\n");
    database.open()->execute("insert into t (id) values (1)");
    push(database, given + ", v: { type: String, generated: upper(x) } } } }\n");
    database.open()->execute("insert into t (id, x) values (2, 'a')");
    push(database, given + ", v: String } } }\n");  // the server cannot compute it where it is not stored
    CHECK(ask(database, "select arrayStringConcat(groupArray(v), ',') from (select * from t order by id)") ==
          ",A");
  }
  const TestDatabase database(*server);
  const auto with = [&](const std::string& v) {
    return "tables: { t: { engine: Memory, columns: { id: UInt64, v: " + v + " } } }\n";
  };
  push(database, with(changes[0].before));
  database.open()->execute("insert into t (id) values (1)");
  CHECK(has(refusal(database, with("Int64")), "values are computed and stored nowhere"));
  CHECK(ask(database, "select v from t") == "2");
  push(database, with("Int64"), "--allow-drop t.v");
}

TEST_CASE("clickhouse: what a conversion to JSON loses is asked for") {
  const auto server = test_server("TRUEUP_TEST_CLICKHOUSE");
  if (!server) return;
  const TestDatabase database(*server);
  const auto with = [](const std::string& type) {
    return "tables: { t: { order_by: id, columns: { id: UInt64, v: \"" + type + "\" } } }\n";
  };
  push(database, with("String"));
  database.open()->execute("insert into t values (1, '{\"a\":null,\"b\":2}')");
  CHECK(has(refusal(database, with("JSON")), "--allow-drop t.v"));
  CHECK(ask(database, "select v from t") == "{\"a\":null,\"b\":2}");
  push(database, with("JSON"), "--allow-drop t.v");
  CHECK(has(refusal(database, with("JSON(SKIP b)")), "--allow-drop t.v"));
  CHECK(has(refusal(database, with("Nullable(JSON(SKIP REGEXP 'b'))")), "--allow-drop t.v"));
  CHECK(ask(database, "select toString(v) from t") == "{\"b\":2}");
  push(database, with("JSON(SKIP b)"), "--allow-drop t.v");
  push(database, with("JSON"));
}
}  // namespace trueup::test
