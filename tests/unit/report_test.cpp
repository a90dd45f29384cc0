#include "report/report.hpp"

#include <doctest/doctest.h>

using namespace trueup;

namespace {
ObjectKey table(const std::string& name) {
  return {Kind::table, "app", {}, name, {}};
}
ObjectKey column(const std::string& owner, const std::string& name) {
  return {Kind::column, "app", owner, name, {}};
}

Plan example() {
  Plan plan;
  plan.changes = {Created{table("users")},
                  Created{column("users", "id")},
                  Created{column("users", "email")},
                  Created{{Kind::index, "app", "users", "users_email_idx", {}}},
                  Altered{column("posts", "title"), {"type", "not_null"}},
                  Created{column("posts", "slug")},
                  Dropped{table("legacy")},
                  Dropped{column("legacy", "id")}};
  plan.renames = {Renamed{table("item"), table("items")}};
  return plan;
}
}  // namespace

TEST_CASE("report: one line an object, members of a new relation counted in its line") {
  CHECK(change_lines(example(), Colour::off) ==
        "> table app.item -> app.items\n"
        "+ table app.users (2 columns, 1 index)\n"
        "~ column app.posts.title: type, not_null\n"
        "+ column app.posts.slug\n"
        "- table app.legacy (1 column)\n");
  CHECK(to_string(summarize(example())) == "5 created, 1 altered, 2 dropped, 1 renamed");
  CHECK(to_string(summarize(Plan{})) == "0 created, 0 altered, 0 dropped");
}

TEST_CASE("report: hazards and suspected renames") {
  Statement statement;
  statement.source = column("posts", "title");
  statement.hazards = {{HazardKind::deletes_data, "cuts\nvalues"}};
  CHECK(hazard_lines({statement}, Colour::off) == "! deletes-data column app.posts.title: cuts values\n");
  Plan plan;
  plan.suspicions = {{column("t", "a"), column("t", "b")}};
  CHECK(notice_lines(plan, Colour::off).find("renamed_from: a") != std::string::npos);
}

TEST_CASE("report: unified diff") {
  CHECK(unified_diff("a\nb\n", "a\nb\n", "x", "y", Colour::off).empty());
  CHECK(unified_diff("a\nb\nc\n", "a\nB\nc\n", "x", "y", Colour::off) ==
        "--- x\n+++ y\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n");
  CHECK(unified_diff("", "a\n", "x", "y", Colour::off).find("+a\n") != std::string::npos);
  CHECK(unified_diff("a\n", "b\n", "x", "y", Colour::on).find("\x1b[31m-a\x1b[0m\n") != std::string::npos);
}

TEST_CASE("report: a comparison as JSON has stable keys") {
  Comparison comparison;
  comparison.plan = example();
  const auto json = comparison_json(comparison);
  for (const char* key : {"equal", "summary", "changes", "statements", "losses", "rename_suspicions",
                          "satisfied_hints", "notices", "unsettled"})
    CHECK(json.contains(key));
  CHECK(json["changes"][0]["change"] == "renamed");
  CHECK(json["changes"][0]["from"] == "table app.item");
  CHECK(json["changes"][5]["fields"] == nlohmann::ordered_json{"type", "not_null"});
}

TEST_CASE("report: errors carry what they know") {
  const WorldError world("it failed", {"SELECT 1", "table app.users", "42P01", "try again", {"a.sql", 3, 0}});
  const auto json = error_json(world);
  CHECK(json["sort"] == "world");
  CHECK(json["code"] == "42P01");
  CHECK(json["place"]["line"] == 3);
  const std::string text = error_text(world, Colour::off);
  for (const char* part :
       {"error: it failed", "a.sql:3", "table app.users", "42P01", "SELECT 1", "try again"})
    CHECK(text.find(part) != std::string::npos);
  const RefusedError refused({{"table app.users", "would lose rows", "--allow-drop users"}});
  CHECK(error_json(refused)["findings"][0]["remedy"] == "--allow-drop users");
  CHECK(error_json(InputError("no", "yes", {"x.yaml", 2, 5}))["findings"][0]["column"] == 5);
}
