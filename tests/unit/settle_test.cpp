#include <doctest/doctest.h>

#include "source/scratch.hpp"

using namespace trueup;

namespace {
const ObjectKey function_key{Kind::function, "public", "", "f", ""};

Catalog with_function(std::string body, const char* language) {
  Catalog c;
  Function f;
  f.returns = "integer";
  f.language = language;
  f.body.text = std::move(body);
  c.objects.emplace(function_key, std::move(f));
  return c;
}
}  // namespace

TEST_CASE("settle: blanks in a body that the server keeps byte for byte make a difference") {
  const Catalog from = with_function("select 1", "sql");
  Catalog to = with_function("SELECT  1", "sql");
  settle_expressions(from, to, *dialect("postgres"), nullptr);
  CHECK_FALSE(changed_fields(from.objects.at(function_key), to.objects.at(function_key)).empty());
}

TEST_CASE("settle: blanks in an expression that the server spells itself make none") {
  const ObjectKey key{Kind::view, "public", "", "v", ""};
  Catalog from, to;
  View v;
  v.query.text = "select 1";
  from.objects.emplace(key, v);
  v.query.text = "SELECT  1";
  to.objects.emplace(key, v);
  settle_expressions(from, to, *dialect("postgres"), nullptr);
  CHECK(changed_fields(from.objects.at(key), to.objects.at(key)).empty());
}

TEST_CASE("settle: a conversion of values is not compared and keeps no other expression from being known") {
  const ObjectKey key{Kind::column, "public", "t", "c", ""};
  Column c;
  c.type.text = "text";
  c.default_value = Expr{"'red'", "'red'::text"};
  Catalog from, to;
  from.objects.emplace(key, c);
  c.default_value = Expr{"'red'", {}};
  c.convert = Expr{"coalesce(c, 'grey')", {}};
  to.objects.emplace(key, c);
  CHECK(settle_expressions(from, to, *dialect("postgres"), nullptr).empty());
  CHECK(changed_fields(from.objects.at(key), to.objects.at(key)).empty());
}

TEST_CASE("settle: an author's former text is never taken for the server's spelling") {
  const ObjectKey key{Kind::view, "", "", "v", ""};
  Catalog from, to;
  View v;
  v.query.text = "select a from t";
  from.objects.emplace(key, v);
  v.query.text = "SELECT  a FROM t";
  v.options["algorithm"] = "merge";
  to.objects.emplace(key, v);
  CHECK(settle_expressions(from, to, *dialect("mysql"), nullptr).size() == 1);
  CHECK(changed_fields(from.objects.at(key), to.objects.at(key)) == std::vector<std::string>{"options"});
  CHECK(to.find<View>(key)->query.canonical.empty());
}
