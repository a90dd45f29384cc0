// The fake server refuses what a server would: two objects of one name, where the engine takes just one.
#include <doctest/doctest.h>

#include "plan/plan.hpp"

using namespace trueup;

namespace {
ObjectKey key(Kind kind, const std::string& ns, const std::string& name, const std::string& owner = {}) {
  return {kind, ns, owner, name, {}};
}

/// Is the second one refused while the first one is there? It names both.
bool collide(std::string_view engine, const ObjectKey& there, const ObjectKey& coming) {
  Catalog from, to;
  from.objects.emplace(there, make_body(there.kind));
  for (const auto& k : {there, coming})
    for (Catalog* catalog : {&from, &to}) {
      if (!k.ns.empty())
        catalog->objects.emplace(key(Kind::name_space, "", k.ns), make_body(Kind::name_space));
      if (!k.owner.empty()) catalog->objects.emplace(key(Kind::table, k.ns, k.owner), Table{});
    }
  to.objects.emplace(coming, make_body(coming.kind));
  Plan plan;
  plan.to = std::move(to);
  plan.steps = {{Verb::create, coming, {}, {}, false}, {Verb::drop, there, {}, {}, false}};
  try {
    simulate(plan, std::move(from), *dialect(engine));
    return false;
  } catch (const RefusedError& e) {
    const std::string what = e.what();
    CHECK(what.find(to_string(there)) != std::string::npos);
    CHECK(what.find(to_string(coming)) != std::string::npos);
    CHECK(what.find("two migrations") != std::string::npos);
    return true;
  }
}
}  // namespace

TEST_CASE("held names: relations, types and constraints of PostgreSQL") {
  const auto pg = [](Kind a, Kind b) {
    const auto named = [](Kind k, const char* owner) {
      return key(k, "app", "n", info(k).owned ? owner : "");
    };
    const bool there = collide("postgres", named(a, "t"), named(b, "u"));
    CHECK(there == collide("postgres", named(b, "t"), named(a, "u")));
    return there;
  };
  CHECK(pg(Kind::table, Kind::view));
  CHECK(pg(Kind::sequence, Kind::index));
  CHECK(pg(Kind::primary_key, Kind::table));
  CHECK(pg(Kind::composite_type, Kind::table));
  CHECK(pg(Kind::composite_type, Kind::sequence));
  CHECK(pg(Kind::domain, Kind::enum_type));
  CHECK(pg(Kind::domain, Kind::table));
  CHECK(pg(Kind::enum_type, Kind::materialized_view));
  CHECK(pg(Kind::function, Kind::procedure));
  CHECK_FALSE(pg(Kind::enum_type, Kind::sequence));
  CHECK_FALSE(pg(Kind::domain, Kind::index));
  CHECK_FALSE(pg(Kind::function, Kind::table));
  CHECK_FALSE(pg(Kind::check, Kind::unique));  // of two tables
  CHECK(collide("postgres", key(Kind::check, "app", "n", "t"), key(Kind::unique, "app", "n", "t")));
  CHECK_FALSE(collide("postgres", key(Kind::table, "app", "n"), key(Kind::view, "other", "n")));
}

TEST_CASE(
    "held names: indexes have names of their own in a table, but for SQLite, where case does not count") {
  for (const char* engine : {"mysql", "clickhouse", "sqlite"}) {
    INFO(engine);
    CHECK(collide(engine, key(Kind::table, "", "n"), key(Kind::view, "", "n")));
    CHECK(collide(engine, key(Kind::index, "", "n", "t"), key(Kind::index, "", "N", "u")) ==
          (engine == std::string("sqlite")));
  }
}
