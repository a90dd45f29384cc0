#include "engine/conventional_name.hpp"

#include <doctest/doctest.h>

#include "support/test_dialect.hpp"

using namespace trueup;

TEST_CASE("conventional names are PostgreSQL's") {
  CHECK(conventional_name("t", {}, "pkey") == "t_pkey");
  CHECK(conventional_name("t", {"a", "b"}, "key") == "t_a_b_key");
  CHECK(conventional_name("t", {"a"}, "fkey", {"t_a_fkey", "t_a_fkey1"}) == "t_a_fkey2");
  const std::string longest(70, 'x');
  CHECK(conventional_name(longest, {"abc"}, "key") == std::string(55, 'x') + "_abc_key");
  CHECK(conventional_name(longest, {longest}, "idx").size() == 63);
  std::string umlauts;
  for (int i = 0; i < 40; ++i) umlauts += "\xC3\xA4";
  CHECK(conventional_name(umlauts, {}, "pkey").size() == 63);  // 58 bytes of table: an even number
  CHECK(is_utf8(conventional_name("a" + umlauts, {}, "pkey")));
}

TEST_CASE("a check is named after the only column it mentions") {
  const testing::TestDialect dialect;
  CHECK(check_name_columns("price > 0 AND PRICE < 9", {"price", "qty"}, dialect) ==
        std::vector<std::string>{"price"});
  CHECK(check_name_columns("price > qty", {"price", "qty"}, dialect).empty());
  CHECK(check_name_columns("'price' <> ''", {"price", "qty"}, dialect).empty());
  CHECK(check_name_columns("\"Qty\" > 0", {"price", "Qty"}, dialect) == std::vector<std::string>{"Qty"});
}

TEST_CASE("an index over expressions counts them") {
  IndexPart column;
  column.column = Ref{ObjectKey{Kind::column, "", "t", "a", ""}};
  IndexPart expression;
  expression.expression = Expr{"lower(a)", ""};
  CHECK(index_name_columns({column, expression, expression}) ==
        std::vector<std::string>{"a", "expr", "expr1"});
}
