// The second judge of the case files: on the real engine the expected SQL applies, leads to the desired
// state, and the way back and forth again through the built binary leaves no difference.
#include <doctest/doctest.h>

#include "base/text.hpp"
#include "migration/runner.hpp"
#include "support/case_file.hpp"
#include "support/server.hpp"

using namespace trueup;
using namespace trueup::test;

namespace {
/// The case's folder with a project for each of its two states, and a database.
class Stage {
 public:
  Stage(const CaseFile& c, const std::string& engine, const std::string& url)
      : case_(c), engine_(engine), url_(url) {
    for (const std::string state : {"current", "desired"}) {
      folder_.write(state + "/trueup.yaml", "schema: " + state + ".yaml\n");
      folder_.write(state + "/" + state + ".yaml", *c.section(state + ".yaml"));
    }
  }

  void judge() {
    const EngineDialect& d = *dialect(engine_);
    const CaseOutcome offline = judge_offline(case_, d);
    pushes("current");
    auto connection = connect(parse_url(url_));
    for (const std::string& rows : {std::string("rows.sql"), "rows." + engine_ + ".sql"})
      if (const std::string* sql = case_.section(rows)) connection->execute(*sql);
    if (const std::string* refused = case_.section("refused." + engine_)) {
      refuses("desired", *refused);
      return arrived("current");
    }
    if (offline.loses_data) refuses("desired", "--allow", "");
    runs(*connection, golden(d));
    arrived("desired");
    if (const std::string* query = case_.section("kept.sql")) is_true(*connection, *query);
    if (case_.section("one_way." + engine_) != nullptr) return;
    runs(*connection, offline.back);
    arrived("current");
    if (told_apart()) pushes("desired");
  }

 private:
  static void is_true(Connection& connection, const std::string& query) {
    const auto rows = connection.query(query);
    REQUIRE(rows.size() == 1);
    const std::string value = rows[0].at(0).value_or("null");
    INFO(query, value);
    CHECK((value == "t" || value == "1" || value == "true"));
  }
  Run run(const std::string& state, const std::string& arguments) const {
    return run_trueup(arguments, folder_ / state);
  }
  bool told_apart() const { return case_.setting("live") != "statements"; }
  std::string scope() const {
    const std::string namespaces = case_.setting("namespaces");
    return namespaces.empty() ? "" : " --namespaces '" + namespaces + "'";
  }
  void arrived(const std::string& state) const {
    if (!told_apart()) return;
    const Run diff = run(state, "diff '" + url_ + "' " + state + ".yaml --exit-code" + scope());
    INFO(diff.err);
    CHECK(diff.out == "");
    CHECK(diff.status == 0);
  }
  void pushes(const std::string& state) const {
    const Run push = run(state, "push '" + url_ + "' --allow-destructive" + scope());
    INFO("push to ", state);
    CHECK_MESSAGE(push.status == 0, push.err);
    arrived(state);
  }
  void refuses(const std::string& state, const std::string& lines,
               const std::string& flags = "--allow-destructive") const {
    const Run push = run(state, "push '" + url_ + "' " + flags + scope());
    INFO(push.err);
    CHECK(push.status == 2);
    for (const auto& line : missing_lines(lines, push.err)) FAIL_CHECK(("not in the refusal: " + line));
  }
  std::vector<Statement> golden(const EngineDialect& d) const {
    const std::string* sql = case_.section("up." + engine_ + ".sql");
    REQUIRE(sql != nullptr);
    std::vector<Statement> out;
    for (auto& s : d.split(*sql)) {
      Statement statement;
      statement.sql = std::move(s.sql);
      statement.tx = s.tx;
      out.push_back(std::move(statement));
    }
    return out;
  }
  /// As apply runs them.
  void runs(Connection& connection, const std::vector<Statement>& statements) const {
    try {
      run_statements(connection, statements, *dialect(engine_));
    } catch (const WorldError& e) {
      FAIL_CHECK((std::string(e.what()) + "\n" + e.facts().statement));
    }
  }

  const CaseFile& case_;
  std::string engine_, url_;
  TestFolder folder_;
};

std::string upper_case(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

/// Variables of the servers that judge a case: those its header names, else every flavor of the engine.
std::vector<std::string> variables(const CaseFile& c, const std::string& engine) {
  std::vector<std::string> out;
  for (const auto& name : split(c.setting("server." + engine), ','))
    if (!trim(name).empty()) out.emplace_back(trim(name));
  if (!out.empty()) return out;
  if (engine == "mysql") return {"TRUEUP_TEST_MYSQL", "TRUEUP_TEST_MARIADB", "TRUEUP_TEST_MARIADB_118"};
  return {"TRUEUP_TEST_" + upper_case(engine)};
}

/// Only SQLite's databases are files of ours; the others need a server.
bool is_file(const std::string& engine) {
  return engine == "sqlite";
}
}  // namespace

TEST_CASE("cases: every one on the real engine") {
  std::map<std::string, std::optional<std::string>> servers;
  for (const auto& c : all_cases()) {
    for (const auto& engine : c.engines) {
      INFO(c.path, ", ", engine);
      REQUIRE_MESSAGE(dialect(engine) != nullptr, ("no engine " + engine));
      if (is_file(engine)) {
        const TestFolder folder;
        Stage(c, engine, "sqlite:" + folder / "app.db").judge();
        continue;
      }
      for (const auto& variable : variables(c, engine)) {
        INFO(variable);
        if (!servers.contains(variable)) servers.emplace(variable, test_server(variable.c_str()));
        if (!servers[variable]) continue;
        const TestDatabase database(*servers[variable]);
        Stage(c, engine, database.url()).judge();
        if (const std::string after = c.setting("after"); !after.empty()) database.open()->execute(after);
      }
    }
  }
}
