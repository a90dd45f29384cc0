// The order of triggers: every change of a chain, run as the servers run it, leaves them as they are wanted.
#include <doctest/doctest.h>

#include <algorithm>
#include <regex>

#include "migration/allowed.hpp"
#include "plan/pipeline.hpp"
#include "render/render.hpp"
#include "source/source.hpp"

using namespace trueup;

namespace {
using Chain = std::vector<std::string>;

/// A table whose triggers run in that order; those of `changed` with another body.
std::string schema(const Chain& chain, const std::set<std::string>& changed, bool column) {
  std::string out = "tables:\n  t:\n    columns: { id: int primary key, log: text";
  out += column ? ", z: int }\n" : " }\n";
  if (!chain.empty()) out += "    triggers:\n";
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const std::string before = i == 0 ? "" : ", options: { mysql: { follows: " + chain[i - 1] + " } }";
    out += "      " + chain[i] + ": { timing: before, events: [insert], body: set new.log = '" + chain[i] +
           (changed.contains(chain[i]) ? "2" : "1") + "'" + before + " }\n";
  }
  return out;
}

State state(const std::string& yaml) {
  State out;
  const EngineDialect& mysql = *dialect("mysql");
  out.catalog = load_yaml_text(yaml, "s.yaml", mysql);
  out.origin = Origin::authored;
  out.label = "s.yaml";
  prepare(out, mysql);
  return out;
}

/// As the servers do it: a new trigger runs last, or right after the one that it names.
Chain run(Chain chain, const std::vector<Statement>& statements) {
  static const std::regex drop("DROP TRIGGER `(\\w+)`"),
      create("CREATE TRIGGER `(\\w+)`[^\n]*?(?: FOLLOWS `(\\w+)`)?\n[\\s\\S]*");
  for (const auto& s : statements) {
    std::smatch m;
    CAPTURE(s.sql);
    if (std::regex_match(s.sql, m, drop)) {
      const auto at = std::find(chain.begin(), chain.end(), m[1]);
      REQUIRE(at != chain.end());
      chain.erase(at);
    } else if (std::regex_match(s.sql, m, create)) {
      REQUIRE(std::find(chain.begin(), chain.end(), m[1]) == chain.end());
      auto at = chain.end();
      if (m[2].matched) {
        at = std::find(chain.begin(), chain.end(), m[2]);
        REQUIRE(at != chain.end());
        ++at;
      }
      chain.insert(at, m[1]);
    }
  }
  return chain;
}

/// Every order of every part of the names.
std::vector<Chain> arrangements(const Chain& names) {
  std::vector<Chain> out{{}};
  for (std::size_t i = 0; i < out.size(); ++i)
    for (const auto& name : names)
      if (std::find(out[i].begin(), out[i].end(), name) == out[i].end()) {
        Chain longer = out[i];
        longer.push_back(name);
        out.push_back(std::move(longer));
      }
  return out;
}

void changes_to(const Chain& before, const Chain& after, const std::set<std::string>& changed, bool column) {
  const EngineDialect& mysql = *dialect("mysql");
  const std::string wanted = schema(after, changed, column);
  CAPTURE(wanted);
  State from = state(schema(before, {}, false));
  const Catalog was = from.catalog;
  const Comparison done = compare(std::move(from), state(wanted), mysql);
  CHECK(run(before, done.statements) == after);
  const auto back = render(make_down_plan(done.plan, {was, done.plan.to}, mysql), mysql);
  CHECK(run(after, back) == before);
  const bool silent = before == after && changed.empty() && !column;
  CHECK(done.statements.empty() == silent);
}
}  // namespace

TEST_CASE("mysql triggers: whatever changes of a chain, it runs in the wanted order after it, and back") {
  const Chain before{"ta", "tb", "tc"};
  for (const auto& after : arrangements({"t0", "ta", "tb", "tc"}))
    for (const std::set<std::string>& changed :
         {std::set<std::string>{}, {"ta"}, {"tb"}, {"tc"}, {"ta", "tc"}})
      for (const bool column : {false, true})
        if (std::all_of(changed.begin(), changed.end(), [&](const std::string& name) {
              return std::find(after.begin(), after.end(), name) != after.end();
            }))
          changes_to(before, after, changed, column);
}

TEST_CASE("mysql triggers: two that keep the one that they follow change places") {
  changes_to({"p", "x", "q", "y"}, {"q", "y", "p", "x"}, {}, false);
}

TEST_CASE("mysql triggers: without a word about it they run by name; two that follow the same one, too") {
  const std::string open =
      "tables: { t: { columns: { id: int primary key }, triggers: {\n"
      "  b: { timing: before, events: [insert], body: set @b = 1 },\n"
      "  a: { timing: before, events: [insert], body: set @a = 1 },\n"
      "  d: { timing: before, events: [insert], body: set @d = 1, options: { mysql: { follows: a } } },\n"
      "  c: { timing: before, events: [insert], body: set @c = 1, options: { mysql: { follows: a } } },\n"
      "  e: { timing: after, events: [insert], body: set @e = 1 } } } }\n";
  const State s = state(open);
  const auto follows = [&](const std::string& name) {
    const auto& options = s.catalog.find<Trigger>({Kind::trigger, {}, "t", name, {}})->options;
    return options.contains("follows") ? options.at("follows") : "";
  };
  CHECK(follows("a") == "");
  CHECK(follows("c") == "a");
  CHECK(follows("d") == "c");
  CHECK(follows("b") == "d");
  CHECK(follows("e") == "");
}
