// ClickHouse's spelling of types and texts, without a server.
#include <doctest/doctest.h>

#include "engine/clickhouse/definition.hpp"
#include "engine/clickhouse/lexer.hpp"
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
}  // namespace trueup::clickhouse
