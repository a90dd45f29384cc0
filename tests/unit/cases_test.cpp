// The first judge of the case files: the SQL that the pipeline makes offline is the one written in the file.
// With TRUEUP_UPDATE_CASES=1 (tools/update_cases) it is written there instead.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <set>

#include "base/text.hpp"
#include "support/case_file.hpp"

using namespace trueup;
using namespace trueup::test;

namespace {
bool updating() {
  const char* update = std::getenv("TRUEUP_UPDATE_CASES");
  return update != nullptr && std::string_view(update) == "1";
}

std::string closed(const std::string& text) {
  return text.empty() || text.ends_with('\n') ? text : text + '\n';
}

void update(CaseFile& c, const std::string& engine, const CaseOutcome& outcome) {
  const bool refused = !outcome.refusal.empty();
  c.set("up." + engine + ".sql", refused ? "" : outcome.script.empty() ? "\n" : outcome.script);
  c.set("refused." + engine, closed(outcome.refusal));
  c.set("one_way." + engine, closed(outcome.one_way));
}

void check_refusal(const CaseFile& c, const std::string& section, const std::string& said) {
  const std::string* expected = c.section(section);
  if (expected == nullptr) {
    CHECK(said == "");
    return;
  }
  CHECK_MESSAGE(!said.empty(), (section + ": not refused"));
  for (const auto& line : missing_lines(*expected, said))
    FAIL_CHECK((section + " lacks: " + line + "\nit is: " + said));
}

void check(const CaseFile& c, const std::string& engine, const CaseOutcome& outcome) {
  const std::string* up = c.section("up." + engine + ".sql");
  const bool refused = c.section("refused." + engine) != nullptr;
  REQUIRE_MESSAGE(refused != (up != nullptr), ("no outcome, or two, for " + engine + ": tools/update_cases"));
  check_refusal(c, "refused." + engine, outcome.refusal);
  check_refusal(c, "one_way." + engine, outcome.one_way);
  if (up != nullptr) CHECK(outcome.script == *up);
  CHECK(outcome.sliced == outcome.whole);
}
}  // namespace

TEST_CASE("cases: the SQL made offline is the expected one") {
  auto cases = all_cases();
  for (auto& c : cases) {
    for (const auto& engine : c.engines) {
      INFO(c.path, ", ", engine);
      const EngineDialect* d = dialect(engine);
      REQUIRE_MESSAGE(d != nullptr, ("no engine " + engine));
      const CaseOutcome outcome = judge_offline(c, *d);
      if (updating())
        update(c, engine, outcome);
      else
        check(c, engine, outcome);
    }
    if (updating()) std::ofstream(c.path, std::ios::binary) << c.text();
  }
}

TEST_CASE("cases: which kinds have fewer than three") {
  if (updating() || std::getenv("TRUEUP_CASES") != nullptr) return;
  std::map<std::pair<std::string, std::string>, int> counts;
  std::set<std::string> engines;
  for (const auto& c : all_cases())
    for (const auto& engine : c.engines) {
      ++counts[{c.name.substr(0, c.name.find('/')), engine}];
      engines.insert(engine);
    }
  for (const auto& engine : engines)
    for (std::size_t i = 0; i < kind_count; ++i) {
      const auto kind = static_cast<Kind>(i);
      if (dialect(engine)->handler(kind) == nullptr) continue;
      const std::string folder = replace_all(std::string(info(kind).name), " ", "_");
      WARN_MESSAGE((counts[{folder, engine}] >= 3), ("tests/cases/" + folder + " for " + engine));
    }
}
