#include <doctest/doctest.h>

#include "engine/postgres/dialect.hpp"

using namespace trueup;

namespace {
std::string joined(std::string_view sql) {
  std::string out;
  for (const auto& t : postgres_dialect().tokens(sql)) out += t.text;
  return out;
}
std::vector<std::string> texts(std::string_view sql) {
  std::vector<std::string> out;
  for (const auto& t : postgres_dialect().tokens(sql))
    if (t.type != Token::Type::blank && t.type != Token::Type::comment) out.emplace_back(t.text);
  return out;
}
std::vector<std::string> statements(std::string_view script) {
  std::vector<std::string> out;
  for (const auto& s : postgres_dialect().split(script))
    out.push_back((s.tx == TxMode::outside ? "!" : "") + s.sql);
  return out;
}
using Strings = std::vector<std::string>;
}  // namespace

TEST_CASE("postgres tokens can be put together again") {
  for (const std::string_view sql : {"select 'it''s', E'a\\'b', $$x;y$$, $f$ $$ $f$ from \"A \"\"b\"\"\" -- "
                                     "c\n/* a /* b */ c */ where a<=-1 and $1 ~* 'x'",
                                     "'unclosed", "\"unclosed", "/* unclosed /* */", "$tag$ unclosed",
                                     "U&'d\\0061t' U&\"x\"", "1.5e-3 1..2 .5 0x1F", ""})
    CHECK(joined(sql) == sql);
}

TEST_CASE("postgres tokens are the server's") {
  CHECK(texts("a::text[]||'x'") == Strings{"a", "::", "text", "[", "]", "||", "'x'"});
  CHECK(texts("a=-1") == Strings{"a", "=", "-", "1"});
  CHECK(texts("a@-1") == Strings{"a", "@-", "1"});
  CHECK(texts("a<-- c\n>b") == Strings{"a", "<", ">", "b"});
  CHECK(texts("$1 $a$;$a$") == Strings{"$1", "$a$;$a$"});
  CHECK(texts("x$1") == Strings{"x$1"});
  const auto t = postgres_dialect().tokens("\"Mixed\"\"q\" PLAIN");
  CHECK(t[0].value() == "Mixed\"q");
  CHECK(t[2].value() == "plain");
}

TEST_CASE("postgres lexical form") {
  const auto& d = postgres_dialect();
  CHECK(d.lexical_form("( ( a  >  0 ) )") == d.lexical_form("A>0"));
  CHECK(d.lexical_form("(a) + (b)") != d.lexical_form("a) + (b"));
  CHECK(d.lexical_form("(1, 2)") == "(1, 2)");
  CHECK(d.lexical_form("\"a\" = 'X'") == d.lexical_form("a = 'X'"));
  CHECK(d.lexical_form("\"user\"") != d.lexical_form("user"));
  CHECK(d.lexical_form("\"A\"") != d.lexical_form("a"));
  CHECK(d.lexical_form("lower (x) -- c\n") == "lower(x)");
  CHECK(d.lexical_form("SELECT 1;") == "select 1");
  for (const std::string_view sql : {"((a and b))", "x in (1,2)", "f(a, b)::text", "a - -1"})
    CHECK(d.lexical_form(d.lexical_form(sql)) == d.lexical_form(sql));
}

TEST_CASE("postgres scripts are cut at the right semicolons") {
  CHECK(statements("select 1; ;; select ';' -- ;\n; /* ; */") == Strings{"select 1", "select ';'"});
  CHECK(statements("do $$ begin; end $$; select 2") == Strings{"do $$ begin; end $$", "select 2"});
  CHECK(statements("create rule r as on insert to t do also (select 1; select 2); select 3") ==
        Strings{"create rule r as on insert to t do also (select 1; select 2)", "select 3"});
  CHECK(statements("create function f() returns int begin atomic select case when true then 1 end; select 2; "
                   "end; select 3")
            .size() == 2);
  CHECK(statements("begin; select 1; end; select 2").size() == 4);
  CHECK(statements("").empty());
}

TEST_CASE("postgres statements that refuse a transaction are marked") {
  for (const std::string_view sql :
       {"CREATE INDEX CONCURRENTLY i ON t (a)", "create unique index concurrently i on t (a)",
        "drop index concurrently i", "vacuum t", "alter system set x = 1", "create database d",
        "reindex database d", "reindex (verbose) table concurrently t",
        "alter table p detach partition q concurrently"})
    CHECK_MESSAGE(postgres_dialect().split(sql).at(0).tx == TxMode::outside, sql);
  for (const std::string_view sql :
       {"create index i on t (a)", "reindex table t", "alter type e add value 'x'",
        "create table concurrently (a int)", "cluster t using i"})
    CHECK_MESSAGE(postgres_dialect().split(sql).at(0).tx == TxMode::inside, sql);
  const auto used = postgres_dialect().split("alter type e add value 'x'; insert into t values ('x')");
  CHECK(used.at(0).tx == TxMode::outside);
  CHECK(used.at(1).tx == TxMode::inside);
}

TEST_CASE("postgres lines of statements") {
  const auto s = postgres_dialect().split("\nselect 1;\n\n-- why\nselect 2;");
  REQUIRE(s.size() == 2);
  CHECK(s[0].line == 2);
  CHECK(s[1].line == 4);
}

TEST_CASE("postgres quoting") {
  const auto& d = postgres_dialect();
  CHECK(d.quote("plain_1") == "plain_1");
  CHECK(d.quote("user") == "\"user\"");
  CHECK(d.quote("Mixed") == "\"Mixed\"");
  CHECK(d.quote("a\"b") == "\"a\"\"b\"");
  CHECK(d.quote("1a") == "\"1a\"");
  CHECK(d.literal("it's") == "'it''s'");
  CHECK(d.literal("a\\b") == "E'a\\\\b'");
}
