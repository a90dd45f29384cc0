#include "engine/sqlite/lexer.hpp"
#include "engine/sqlite/types.hpp"

using namespace std::string_view_literals;
using namespace trueup;

namespace {
std::string joined(std::string_view sql) {
  std::string out;
  for (const auto& t : sqlite::significant(sql)) out += (out.empty() ? "" : "|") + std::string(t.text);
  return out;
}
std::vector<std::string> cut(std::string_view script) {
  std::vector<std::string> out;
  for (const auto& s : sqlite::split(script)) out.push_back(s.sql);
  return out;
}
}  // namespace

TEST_CASE("sqlite lexer: tokens put together give the text again, whatever it is") {
  for (const std::string sql :
       {"select 1", "'open", "\"open", "[open", "`open", "/* open", "-- line", "x'00",
        "'it''s' \"a\"\"b\" [c d] `e``f`", "a<=b>=c<>d!=e==f||g->h->>i<<1>>2",
        ".5 1.5e-10 0x1F 1e 1_000 ?1 :a @b $c", "\xF0\x9F\x8D\x8E \x01\xFF", "a--b\nc/*d*/e", ""}) {
    std::string again;
    for (const auto& t : sqlite::tokens(sql)) {
      CHECK(!t.text.empty());
      again += t.text;
    }
    CHECK(again == sql);
  }
}

TEST_CASE("sqlite lexer: kinds of tokens") {
  CHECK(joined("a.b<>c||'x;y'--z\n+1.5e3") == "a|.|b|<>|c||||'x;y'|+|1.5e3");
  const auto all = sqlite::significant("\"a\"\"b\" [c]]"sv);
  CHECK(all.at(0).value() == "a\"b");
  CHECK(all.at(1).value() == "c");
  CHECK(sqlite::significant("X'0a'"sv).at(0).type == Token::Type::string);
}

TEST_CASE("sqlite lexer: quoting") {
  CHECK(sqlite::quote("users") == "users");
  CHECK(sqlite::quote("Order") == "\"Order\"");
  CHECK(sqlite::quote("true") == "\"true\"");
  CHECK(sqlite::quote("a b\"c") == "\"a b\"\"c\"");
  CHECK(sqlite::quote("") == "\"\"");
  CHECK(sqlite::quote("1a") == "\"1a\"");
  CHECK(sqlite::literal("it's") == "'it''s'");
  CHECK(sqlite::literal(std::string_view("a\0b", 3)) == "cast(x'610062' as text)");
}

TEST_CASE("sqlite lexer: lexical form") {
  auto form = [](std::string_view s) { return sqlite::lexical_form(s); };
  CHECK(form(" ( ( A  >0 ) ) ") == "A > 0");
  CHECK(form("(a) + (b)") == "(a) + (b)");
  CHECK(form("SELECT \"t\".a , `b` FROM [T];") == form("select t.a,b from T"));
  CHECK(form("SELECT \"a\"") != form("select a"));  // it may be text
  CHECK(form("\"select\"") == "\"select\"");
  CHECK(form("lower (a)") == form("LOWER(a)").replace(0, 5, "lower"));
  CHECK(form("a in (1,2)") == form("a IN(1 , 2)"));
  CHECK(form("a - -1") != form("a --1"));
  CHECK(form("(select 1)") != form("select 1"));
  CHECK(form("(a, b)") != form("a, b"));
  CHECK(form("'A'") != form("'a'"));
  CHECK(form("\"true\"") != form("true"));
  CHECK(form("a /* x */ + -- y\n b") == "a + b");
  for (const auto* sql :
       {"CASE WHEN a THEN 'x' END", "count(*) FILTER (WHERE a)", "((a))", "x'AB'", "a.b.c", "-1"})
    CHECK(form(form(sql)) == form(sql));
}

TEST_CASE("sqlite lexer: scripts are cut where sqlite3_complete sees an end") {
  CHECK(cut("") == std::vector<std::string>{});
  CHECK(cut(" ; ;; -- nothing\n") == std::vector<std::string>{});
  CHECK(cut("select 1; select ';' ; ") == std::vector<std::string>{"select 1", "select ';'"});
  CHECK(cut("select 1 -- a; b\n; select [;], `;`, \";\" /* ; */") ==
        std::vector<std::string>{"select 1 -- a; b", "select [;], `;`, \";\" /* ; */"});
  const std::string trigger =
      "create temp trigger t after insert on a begin update b set x = case when 1 then 2 end; select 'end;'; "
      "END";
  CHECK(cut(trigger + " ; drop table x") == std::vector<std::string>{trigger, "drop table x"});
  CHECK(cut("CREATE TRIGGER IF NOT EXISTS t BEFORE DELETE ON a BEGIN\n DELETE FROM b;\nEND;\nselect 2") ==
        std::vector<std::string>{
            "CREATE TRIGGER IF NOT EXISTS t BEFORE DELETE ON a BEGIN\n DELETE FROM b;\nEND", "select 2"});
  CHECK(cut("create table begin_ (a); select 2").size() == 2);
  CHECK(cut("begin; insert into t values (1); end; select 1").size() == 4);
  const auto lines = sqlite::split("-- head\nselect 1;\n\nselect 2");
  CHECK(lines.at(0).sql == "-- head\nselect 1");
  CHECK(lines.at(0).line == 1);
  CHECK(lines.at(1).line == 4);
}

TEST_CASE("sqlite lexer: settings that only work outside a transaction are marked") {
  const auto s = sqlite::split(
      "pragma foreign_keys = off; create table t (a); PRAGMA foreign_keys=ON; vacuum; pragma "
      "foreign_key_check");
  CHECK(s.at(0).tx == TxMode::before);
  CHECK(s.at(1).tx == TxMode::inside);
  CHECK(s.at(2).tx == TxMode::after);
  CHECK(s.at(3).tx == TxMode::outside);
  CHECK(s.at(4).tx == TxMode::inside);
}

TEST_CASE("sqlite types") {
  CHECK(sqlite::type_text(" varchar  ( 20 ) /* x */ ") == "varchar ( 20 )");
  CHECK(sqlite::type_key("VARCHAR ( 20 )") == sqlite::type_key("varchar(20)"));
  CHECK(sqlite::type_key("double  PRECISION") == "double precision");
  CHECK(sqlite::affinity("POINT") == sqlite::Affinity::integer);
  CHECK(sqlite::affinity("charint") == sqlite::Affinity::integer);
  CHECK(sqlite::affinity("") == sqlite::Affinity::blob);
  CHECK(sqlite::affinity("timestamp") == sqlite::Affinity::numeric);
  CHECK(sqlite::affinity("double precision") == sqlite::Affinity::real);
  CHECK(sqlite::strict_type("varchar(255)") == "text");
  CHECK(sqlite::strict_type("INTEGER") == "INTEGER");
  CHECK(sqlite::strict_type("numeric(10,2)") == "");
}
