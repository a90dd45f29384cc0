#include "plan/pipeline.hpp"

#include <doctest/doctest.h>

#include "support/fake_dialect.hpp"

using namespace trueup;

namespace {
const testing::FakeDialect fake(testing::FakeDialect::Sort::checked);

State state(std::initializer_list<ObjectKey> keys, Origin origin = Origin::recorded) {
  State out;
  out.origin = origin;
  for (const auto& key : keys) out.catalog.objects.emplace(key, make_body(key.kind));
  return out;
}
ObjectKey table(const std::string& ns, const std::string& name) {
  return {Kind::table, ns, {}, name, {}};
}

ObjectKey extension(Catalog& catalog, const std::string& name, const std::string& ns) {
  ObjectKey key{Kind::extension, {}, {}, name, {}};
  catalog.objects[key] = Extension{{}, ns, {}};
  return key;
}
}  // namespace

TEST_CASE("pipeline: only the namespaces that the desired state names are managed") {
  const auto from = [] { return state({table("app", "a"), table("other", "x")}); };
  const auto to = [] { return state({table("app", "b")}); };
  const Comparison some = compare(from(), to(), fake);
  REQUIRE(some.plan.changes.size() == 2);
  CHECK(some.plan.losses.size() == 1);
  CompareOptions options;
  options.namespaces = every_namespace();
  CHECK(compare(from(), to(), fake, options).plan.changes.size() == 3);
  options.namespaces = {"other"};
  const Comparison other = compare(from(), to(), fake, options);
  REQUIRE(other.plan.changes.size() == 1);
  CHECK(key_of(other.plan.changes[0]) == table("other", "x"));
}

TEST_CASE("pipeline: against an empty desired state everything of the other goes") {
  CHECK(compare(state({table("app", "a")}), state({}), fake).plan.changes.size() == 1);
  CHECK(compare(state({}), state({}), fake).empty());
}

TEST_CASE("pipeline: extensions belong to the namespace they are installed in") {
  State from = state({table("app", "a")});
  const ObjectKey inside = extension(from.catalog, "inside", "app");
  const ObjectKey outside = extension(from.catalog, "outside", "public");
  const ObjectKey declared = extension(from.catalog, "declared", "public");
  Catalog keep;
  keep.objects[declared] = Extension{};
  restrict_to(from.catalog, {"app"}, keep);
  CHECK(from.catalog.contains(inside));
  CHECK(from.catalog.contains(declared));
  CHECK_FALSE(from.catalog.contains(outside));
}

TEST_CASE("pipeline: every namespace includes one that holds nothing but an extension") {
  State from = state({});
  extension(from.catalog, "alone", "public");
  CompareOptions options;
  options.namespaces = every_namespace();
  CHECK(managed_namespaces(from.catalog, state({table("app", "a")}).catalog, options) ==
        std::set<std::string>{"app", "public"});
}

TEST_CASE("pipeline: statements come with the plan") {
  const Comparison c = compare(state({}), state({table("app", "a")}), fake);
  REQUIRE(c.statements.size() == 1);
  CHECK(c.statements[0].sql == "create table app.a");
}
