#include <doctest/doctest.h>

#include "base/error.hpp"
#include "engine/mysql/split.hpp"

using namespace trueup;

namespace {
std::vector<std::string> cut(std::string_view script) {
  std::vector<std::string> out;
  for (const auto& s : mysql::split_script(script)) out.push_back(s.sql);
  return out;
}
using List = std::vector<std::string>;
}  // namespace

TEST_CASE("mysql split: strings, names and comments hold separators") {
  CHECK(cut("select 'a;\\';b'; select \"c;\\\"\"; select `d;``e\\`; select 1") ==
        List{"select 'a;\\';b'", "select \"c;\\\"\"", "select `d;``e\\`", "select 1"});
  CHECK(cut("select 1 -- x;\n, 2 # y;\n, /* z; */ 3; -- end; \n") ==
        List{"select 1 -- x;\n, 2 # y;\n, /* z; */ 3"});
  CHECK(cut("select 1--1; select 2") == List{"select 1--1", "select 2"});  // no comment without the blank
  CHECK(cut("-- create table t\ncreate table t (a int);") ==
        List{"-- create table t\ncreate table t (a int)"});
  CHECK(cut(" ;; -- nothing\n/* more */ ; ").empty());
  CHECK_THROWS_AS(cut("select 'open; select 2"), InputError);
  CHECK(mysql::split_script("\n\nselect 1;\n\n select 2;")[1].line == 5);
}

TEST_CASE("mysql split: versioned comments are code") {
  CHECK(cut("/*!40101 SET NAMES utf8mb4 */;\n/*!50003 create view v as select 1; */ ; select 1") ==
        List{"/*!40101 SET NAMES utf8mb4 */", "/*!50003 create view v as select 1; */", "select 1"});
  CHECK(cut("create table t (a int /*!80023 INVISIBLE */, b char(9) default '*/;' /*M!100200 x */); select 1")
            .size() == 2);
  CHECK(cut("/*!50003 select ';*/' */; select 2") == List{"/*!50003 select ';*/' */", "select 2"});
}

TEST_CASE("mysql split: DELIMITER, as the client reads it") {
  CHECK(cut("delimiter //\ncreate procedure p() begin select 1; select 2; end//\nDELIMITER ;\nselect 3;") ==
        List{"create procedure p() begin select 1; select 2; end", "select 3"});
  CHECK(cut("DELIMITER $$\nselect 1 $$ select 2; select 3 $$\n") == List{"select 1", "select 2; select 3"});
  CHECK(cut("DELIMITER //\nselect '//', 1 / 2 //\nDELIMITER ;\n") == List{"select '//', 1 / 2"});
  CHECK(cut("select delimiter from t; select 1").size() == 2);
}

TEST_CASE("mysql split: bodies of routines without DELIMITER") {
  const List bodies{
      "create procedure p() begin select 1; end",
      "create definer=`a`@`%` procedure p(in x int) begin if x then select 1; else select 2; end if; end",
      "create trigger t before insert on a for each row begin set new.b = case when 1 then 2 else 3 end; end",
      "create trigger t before insert on a for each row if new.a then set new.b = 1; end if",
      "create trigger t before insert on a for each row set new.b = if(1, 2, 3)",
      "create function f(a int) returns int deterministic return if(a, repeat('x', 2), 3)",
      "create event e on schedule every 1 day do begin delete from a; delete from b; end",
      "create procedure p() begin x: loop leave x; end loop; repeat set @a = 1; until 1 end repeat; "
      "while 0 do select `end`; end while; case 1 when 1 then select 2; end case; end",
      "create procedure p() begin declare `begin` int; select new.end, t.begin from t; select 'end'; end",
      "create or replace function f() returns int begin begin end; return 1; end"};
  for (const auto& body : bodies) {
    CAPTURE(body);
    CHECK(cut(body + ";\nselect 9;") == List{body, "select 9"});
  }
  CHECK(cut("select case a when 1 then 2 end; select 1").size() == 2);
  CHECK(cut("create table t (`end` int, `begin` int); select 1").size() == 2);
  CHECK(cut("create view v as select case when a then 1 else 2 end; select 1").size() == 2);
}

TEST_CASE("mysql split: sql_mode set in the script counts for the rest of it") {
  CHECK(cut("set sql_mode = 'NO_BACKSLASH_ESCAPES'; select 'a\\'; select 1") ==
        List{"set sql_mode = 'NO_BACKSLASH_ESCAPES'", "select 'a\\'", "select 1"});
  CHECK(cut("set session sql_mode = 'ANSI_QUOTES'; select \"a\\\"; select 1").size() == 3);
  CHECK(cut("set sql_mode = 'NO_BACKSLASH_ESCAPES'; set sql_mode = ''; select 'a\\';'; select 1").size() ==
        4);
}

TEST_CASE("mysql split: what commits by itself stands alone") {
  const auto mode = [](std::string_view sql) { return mysql::split_script(sql).at(0).tx; };
  for (const auto* sql : {"insert into t values (1)", "-- c\nUPDATE t set a = 1", "delete from t",
                          "set @a = 1", "replace t values (1)", "with x as (select 1) select * from x"})
    CHECK(mode(sql) == TxMode::inside);
  for (const auto* sql :
       {"create table t (a int)", "alter table t add b int", "drop view v", "truncate t", "call p()",
        "set password = 'x'", "rename table a to b", "/*!50001 create view v as select 1 */",
        "analyze table t", "grant all on *.* to a"})
    CHECK(mode(sql) == TxMode::outside);
}

TEST_CASE("mysql split: what takes the session from apply is refused by name") {
  const auto error = [](std::string_view sql) -> std::string {
    try {
      mysql::split_script(sql);
      return "";
    } catch (const InputError& e) {
      return fmt::format("{}: {}", e.diagnostics().front().place.line, e.diagnostics().front().message);
    }
  };
  for (const auto* sql :
       {"set autocommit=0", "SET @@session.autocommit := 0", "set sql_log_bin = 0, session autocommit = 0"})
    CHECK(error(sql).starts_with("1: SET autocommit in a migration"));
  CHECK(error("select 1;\n-- c\nlock tables t write").starts_with("3: LOCK TABLES in a migration"));
  CHECK(error("unlock tables").starts_with("1: UNLOCK TABLES"));
  CHECK(error("/* c */\nuse other;").starts_with("2: USE in a migration"));
  CHECK(error("/*!40101 set autocommit = 0 */").starts_with("1: SET autocommit"));
  for (const auto* sql :
       {"set @before = @@autocommit", "select 'use x'", "set @a = 'autocommit = 0'", "do 1"})
    CHECK(error(sql).empty());
}

TEST_CASE("mysql split: what does not end is refused with the line it begins in") {
  for (const auto* sql :
       {"select 1;\n/* c; select 2;", "select 1;\nselect 'a\\'; select 2;", "\nselect `a; b",
        "\n/*!50001 select 1; select 2", "set sql_mode = 'ANSI_QUOTES';\nselect \"a; b"}) {
    CAPTURE(sql);
    try {
      mysql::split_script(sql);
      CHECK(false);
    } catch (const InputError& e) {
      CHECK(e.diagnostics().front().place.line == 2);
    }
  }
  CHECK_NOTHROW(mysql::split_script("select 1; -- it's\n# it's"));
}
