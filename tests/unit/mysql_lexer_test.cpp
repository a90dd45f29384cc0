#include "engine/mysql/lexer.hpp"

namespace trueup::mysql {
using namespace std::string_view_literals;

TEST_CASE("mysql: the lexical form takes needless spelling away and stays SQL") {
  CHECK(lexical_form("(`a` > 0)") == "a > 0");
  CHECK(lexical_form("((`n` + 1))") == "n + 1");
  CHECK(lexical_form("concat(`v`,_utf8mb4'x')") == "concat(v, 'x')");
  CHECK(lexical_form("_utf8mb4'x' + _latin1'y'", Introducers::drop_utf8mb4) == "'x' + _latin1 'y'");
  CHECK(lexical_form("_utf8mb4'x' + _latin1'y'", Introducers::keep) == "_utf8mb4 'x' + _latin1 'y'");
  CHECK(lexical_form("NOW()") == "current_timestamp()");
  CHECK(lexical_form("CURRENT_TIMESTAMP") == "current_timestamp()");
  CHECK(lexical_form("CURRENT_TIMESTAMP(3)") == "current_timestamp(3)");
  CHECK(lexical_form("\"it's\"") == "'it''s'");
  CHECK(lexical_form("`select` = `Mixed`") == "`select` = Mixed");
}

TEST_CASE("mysql: the lexical form is a fixed point") {
  for (const char* sql : {"(`a` > 0)", "json_valid(`j`)", "a in (1,2) and b is not null", "-1", "(select 1)",
                          "`a` -> '$.x'", "case when a then 'x' else \"y\" end", "RANGE (`id`)"}) {
    const std::string once = lexical_form(sql);
    CHECK_MESSAGE(lexical_form(once) == once, once);
  }
}

TEST_CASE("mysql: versioned comments count, others do not") {
  const auto all = significant("a /*!80023 INVISIBLE */ /* no */ -- no\n# no\nb"sv);
  REQUIRE(all.size() == 3);
  CHECK(is_word(all[1], "invisible"));
}

TEST_CASE("mysql: strings and their values") {
  CHECK(string_value("'a''b\\n'") == "a'b\n");
  CHECK(literal("a'b\\") == "'a''b\\\\'");
  CHECK(quote("order") == "`order`");
  CHECK(quote("orders") == "orders");
}

}  // namespace trueup::mysql
