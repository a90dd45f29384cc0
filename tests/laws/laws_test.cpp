// The laws: properties over random pairs of catalogs, on two imaginary engines, with the tie-break shuffled.
#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "kinds/json_codec.hpp"
#include "migration/nearby.hpp"
#include "plan/slice.hpp"
#include "render/render.hpp"
#include "support/fake_dialect.hpp"

using namespace trueup;
using namespace trueup::testing;
namespace fs = std::filesystem;

namespace {
std::string differences(const Catalog& a, const Catalog& b) {
  std::string out;
  for (const auto& c : diff(a, b)) {
    out += std::holds_alternative<Created>(c) ? "+" : std::holds_alternative<Dropped>(c) ? "-" : "~";
    out += to_string(key_of(c)) + " ";
  }
  return out;
}

/// Plans a -> b, or nothing where the planner refuses because data would be lost by a recreation.
std::optional<Plan> planned(const Catalog& a, const Catalog& b, const EngineDialect& d,
                            const TieBreak& pick = {}) {
  try {
    return make_plan(a, b, d, pick);
  } catch (const RefusedError& e) {
    const std::string what = e.what();
    REQUIRE_MESSAGE(what.find("would lose its data") != std::string::npos, what);
    return std::nullopt;
  }
}

void laws(FakeDialect::Sort sort, unsigned seed, int rounds) {
  const FakeDialect d(sort);
  std::mt19937 random(seed);
  int refused = 0;
  std::size_t steps = 0;
  for (int i = 0; i < rounds; ++i) {
    const Catalog a = RandomCatalog(random).make();
    const Catalog b = RandomCatalog(random).make();
    CAPTURE(i);
    CHECK(make_plan(a, a, d).empty());  // identity
    const auto up = planned(a, b, d);
    if (!up) {
      ++refused;
      continue;
    }
    steps += up->steps.size();
    CHECK(differences(simulate(*up, a, d), up->to) == "");  // soundness (throws) and completeness
    CHECK(differences(up->to, b) == "");
    const auto any = planned(a, b, d, [&](std::size_t n) { return random() % n; });  // tie-break
    REQUIRE(any.has_value());
    CHECK(differences(simulate(*any, a, d), b) == "");
    if (const auto down = planned(b, a, d)) CHECK(differences(simulate(*down, b, d), a) == "");  // return
    CHECK(to_script(render(*up, d), d) == to_script(render(*planned(a, b, d), d), d));  // determinism
  }
  CHECK(steps > static_cast<std::size_t>(rounds));
  CHECK(refused * 3 < rounds);
}
}  // namespace

TEST_CASE("laws hold on an engine that checks at once") {
  laws(FakeDialect::Sort::checked, 7, 1500);
}
TEST_CASE("laws hold on an engine that rebuilds tables") {
  laws(FakeDialect::Sort::rebuilding, 11, 1500);
}

namespace {
/// `a` with some bodies of `other`, and without some objects and all that stands on them.
Catalog changed_a_little(Catalog a, const Catalog& other, std::mt19937& random) {
  for (const auto& [key, body] : other.objects) {
    if (random() % 12 != 0 || !a.contains(key)) continue;
    const auto needs = dependencies(other, key);
    if (std::all_of(needs.hard.begin(), needs.hard.end(), [&](const auto& k) { return a.contains(k); }))
      a.objects[key] = body;
  }
  std::set<ObjectKey> gone;
  for (const auto& [key, body] : a.objects)
    if (random() % 20 == 0) gone.insert(key);
  for (std::size_t size = 0; size != gone.size();) {
    size = gone.size();
    for (const auto& [key, body] : a.objects) {
      const auto needs = dependencies(a, key).hard;
      if (std::any_of(needs.begin(), needs.end(), [&](const auto& k) { return gone.contains(k); }))
        gone.insert(key);
    }
  }
  for (const auto& key : gone) a.objects.erase(key), a.uses.erase(key);
  return a;
}

/// What leads from one to the other, or why nothing does.
std::string script_of(const Catalog& from, const Catalog& to, const EngineDialect& d) {
  try {
    return to_script(render(make_plan(from, to, d), d), d);
  } catch (const RefusedError& e) {
    return e.what();
  }
}

void sliced(FakeDialect::Sort sort, unsigned seed, int rounds) {
  const FakeDialect d(sort);
  std::mt19937 random(seed);
  std::size_t whole = 0, part = 0;
  for (int i = 0; i < rounds; ++i) {
    CAPTURE(i);
    Catalog a = RandomCatalog(random).make();
    Catalog b = changed_a_little(a, RandomCatalog(random).make(), random);
    if (i % 2 == 0) std::swap(a, b);
    std::set<ObjectKey> touched;
    for (const auto& change : diff(a, b)) touched.insert(key_of(change));
    const Slice s = slice(a, b, touched);
    CHECK(differences(s.from, s.to) == differences(a, b));
    whole += a.objects.size();
    part += s.from.objects.size();
    CHECK(script_of(s.from, s.to, d) == script_of(a, b, d));
  }
  CHECK(part < whole);
}
}  // namespace

TEST_CASE("laws: a plan that sees only what is touched is the plan of the whole states") {
  sliced(FakeDialect::Sort::checked, 13, 2000);
  sliced(FakeDialect::Sort::rebuilding, 17, 2000);
}

namespace {
/// A folder of snapshots that lead from nothing to the first of two states, and on to the second.
class SnapshotFolder {
 public:
  SnapshotFolder() { fs::create_directories(path_); }
  ~SnapshotFolder() { fs::remove_all(path_); }
  std::vector<std::string> put(const FakeDialect& d, const Catalog& first, const Catalog& second) const {
    const SnapshotHead one{std::string(d.name()), 1, "one", state_hash({}), state_hash(first), true};
    const SnapshotHead two{one.engine, 2, "two", one.state, state_hash(second), false};
    return {file("1.json", make_snapshot(one, {}, first)), file("2.json", make_snapshot(two, first, second))};
  }

 private:
  std::string file(const std::string& name, const Snapshot& snapshot) const {
    std::ofstream(path_ / name, std::ios::binary) << write_snapshot(snapshot);
    return (path_ / name).string();
  }
  fs::path path_ = fs::temp_directory_path() / fmt::format("trueup-laws-{}", ::getpid());
};

void narrowed(FakeDialect::Sort sort, unsigned seed, int rounds) {
  const FakeDialect d(sort);
  const SnapshotFolder folder;
  std::mt19937 random(seed);
  for (int i = 0; i < rounds; ++i) {
    CAPTURE(i);
    const Catalog before = RandomCatalog(random).make();
    const Catalog a = changed_a_little(before, RandomCatalog(random).make(), random);
    const Catalog b = changed_a_little(a, RandomCatalog(random).make(), random);
    const auto lines = SnapshotLines::read(folder.put(d, before, a));
    REQUIRE(lines);
    Nearby nearby(State{b, Origin::authored, "b", nullptr}, d);
    nearby.look_at(*lines);
    CHECK(nearby.same() == (state_hash(a) == state_hash(b)));
    const auto s = nearby.narrow();
    REQUIRE(s);
    CHECK(differences(s->from, s->to) == differences(a, b));
    CHECK(script_of(s->from, s->to, d) == script_of(a, b, d));
    CHECK(nearby.hash(s->to) == state_hash(b));
    CHECK(differences(nearby.whole(s->to), b).empty());
  }
}
}  // namespace

TEST_CASE("laws: what the newest snapshot has letter by letter can be put aside") {
  narrowed(FakeDialect::Sort::checked, 19, 150);
  narrowed(FakeDialect::Sort::rebuilding, 23, 150);
}

TEST_CASE("codec: what is dumped loads as it was") {
  std::mt19937 random(3);
  for (int i = 0; i < 300; ++i) {
    const Catalog a = RandomCatalog(random).make();
    for (const auto& [key, body] : a.objects) {
      CHECK(parse_key(to_string(key)) == key);
      const auto json = nlohmann::ordered_json::parse(to_json(body).dump());
      CHECK(body_from_json(key, json) == body);
    }
    CHECK(state_hash(a) == state_hash(Catalog(a)));
  }
}

TEST_CASE("keys with any bytes survive their text form") {
  for (const std::string name :
       {"plain", "with space", "do.t", "qu\"ote", "new\nline", "\xF0\x9F\x98\x80", "select", "(x)"}) {
    const ObjectKey column{Kind::column, "n.s", name, name, ""};
    CHECK(parse_key(to_string(column)) == column);
    const ObjectKey function{Kind::function, name, "", name, "integer, \"a.b\""};
    CHECK(parse_key(to_string(function)) == function);
  }
  CHECK_THROWS_AS(parse_key("column x"), InputError);
  CHECK_THROWS_AS(parse_key("nonsense x.y"), InputError);
  CHECK_THROWS_AS(parse_key("table \"open"), InputError);
}

TEST_CASE("a retyped column under an unchanged view: the view goes first and comes back") {
  const FakeDialect d(FakeDialect::Sort::checked);
  Catalog a;
  const ObjectKey table{Kind::table, "", "", "foo", ""}, column{Kind::column, "", "foo", "val", ""},
      view{Kind::view, "", "", "foo_v", ""};
  a.objects[table] = Table{};
  Column c;
  c.type.text = "text";
  a.objects[column] = c;
  View v;
  v.query.text = "select val from foo";
  a.objects[view] = v;
  a.uses[view].hard = {column, table};
  Catalog b = a;
  std::get<Column>(b.objects[column]).type.text = "varchar(100)";
  const Plan p = make_plan(a, b, d);
  REQUIRE(p.steps.size() == 3);
  CHECK(p.steps[0].verb == Verb::drop);
  CHECK(p.steps[0].key == view);
  CHECK(p.steps[0].because == column);
  CHECK(p.steps[1].key == column);
  CHECK(p.steps[2].verb == Verb::create);
}

TEST_CASE("a renamed table takes its children, references and texts along") {
  const FakeDialect d(FakeDialect::Sort::checked);
  std::mt19937 random(5);
  Catalog a;
  const ObjectKey table{Kind::table, "app", "", "old", ""}, column{Kind::column, "app", "old", "c", ""};
  a.objects[table] = Table{};
  Column c;
  c.type.text = "int";
  a.objects[column] = c;
  View v;
  v.query.text = "select c from app.old";
  const ObjectKey view{Kind::view, "app", "", "v", ""};
  a.objects[view] = v;
  a.uses[view].hard = {table, column};
  Catalog b;
  Table t;
  t.renamed_from = "old";
  b.objects[{Kind::table, "app", "", "new", ""}] = t;
  c.renamed_from = "c";
  Column c2 = c;
  c2.renamed_from = "c";
  b.objects[{Kind::column, "app", "new", "d", ""}] = c2;
  v.query.text = "select d from app.new";
  b.objects[view] = v;
  b.uses[view].hard = {{Kind::table, "app", "", "new", ""}, {Kind::column, "app", "new", "d", ""}};
  const Plan p = make_plan(a, b, d);
  REQUIRE(p.steps.size() == 2);
  CHECK(p.steps[0].verb == Verb::rename);
  CHECK(p.steps[1].verb == Verb::rename);
  CHECK(p.losses.empty());
  CHECK(differences(simulate(p, a, d), b) == "");
}
