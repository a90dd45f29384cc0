#include <doctest/doctest.h>

#include "migration/allowed.hpp"
#include "report/report.hpp"
#include "support/fake_dialect.hpp"

using namespace trueup;
using namespace trueup::testing;

namespace {
const ObjectKey users{Kind::table, "app", "", "users", ""};
const ObjectKey email{Kind::column, "app", "users", "email", ""};

Plan plan_with_losses() {
  Plan p;
  p.losses = {{email, "is dropped"}};
  return p;
}
std::string refusal(const Plan& p, const Allowance& a) {
  try {
    check_allowed(p, a);
    return "";
  } catch (const RefusedError& e) {
    return e.what();
  }
}
Column integer(std::int64_t position) {
  Column c;
  c.type.text = "integer";
  c.position = position;
  return c;
}
}  // namespace

TEST_CASE("a loss is refused unless it is named") {
  const Plan p = plan_with_losses();
  CHECK(refusal(p, {}).find("--allow-drop app.users.email") != std::string::npos);
  for (const char* name : {"users.email", "app.users.email", "users", "app.users", "column app.users.email"})
    CHECK(refusal(p, {false, {name}}) == "");
  for (const char* name : {"email", "app", "other.users.email", "users.emai", "app.users.name"})
    CHECK(refusal(p, {false, {name}}) != "");
  CHECK(refusal(p, {true, {}}) == "");
  CHECK(not_allowed({"table app.users", "table app.x"}, "f.up.sql", {}).size() == 2);
  CHECK(not_allowed({"table app.users"}, "f.up.sql", {false, {"users"}}).empty());
}

TEST_CASE("what looks like a rename names the line to add, once") {
  Plan p = plan_with_losses();
  p.suspicions = {{email, {Kind::column, "app", "users", "mail", ""}}};
  const std::string text = refusal(p, {});
  CHECK(text.find("renamed_from: email") != std::string::npos);
  CHECK(text.find("app.users.mail") != std::string::npos);
  CHECK(text.find("its data would be lost") == std::string::npos);
  CHECK(refusal(p, {false, {"users.email"}}) == "");
  // Many candidates are one question.
  for (const char* name : {"a", "b", "c", "d"})
    p.suspicions.push_back({email, {Kind::column, "app", "users", name, ""}});
  const std::string many = refusal(p, {});
  CHECK(many.find("app.users.mail, app.users.a, app.users.b and others appears") != std::string::npos);
  CHECK(many.find("renamed_from", many.find("renamed_from") + 1) == std::string::npos);
  CHECK(notice_lines(p, Colour::off).find("and others created alike") != std::string::npos);
}

TEST_CASE("the way back reverses renames and restores what was dropped") {
  const FakeDialect d(FakeDialect::Sort::checked);
  Catalog from, to;
  from.objects[users] = Table{};
  from.objects[email] = integer(1);
  from.objects[{Kind::column, "app", "users", "old", ""}] = integer(2);
  Table people;
  people.renamed_from = "users";
  Column mail = integer(1);
  mail.renamed_from = "email";
  to.objects[{Kind::table, "app", "", "people", ""}] = people;
  to.objects[{Kind::column, "app", "people", "mail", ""}] = mail;
  const Plan up = make_plan(from, to, d);
  REQUIRE(up.renames.size() == 2);
  const Plan down = make_down_plan(up, {from, up.to}, d);
  CHECK(down.renames.size() == 2);
  CHECK(down.losses.empty());
  CHECK(diff(simulate(down, up.to, d), from).empty());
}

TEST_CASE("changes in words: one line an object, children of a new relation left out") {
  const FakeDialect d(FakeDialect::Sort::checked);
  Catalog from, to;
  to.objects[users] = Table{};
  to.objects[email] = integer(1);
  CHECK(describe(make_plan(from, to, d)) == std::vector<std::string>{"create table app.users"});
  Catalog then = to;
  std::get<Column>(then.objects[email]).not_null = true;
  CHECK(describe(make_plan(to, then, d)) ==
        std::vector<std::string>{"alter column app.users.email (not_null)"});
}
