#include "migration/check.hpp"

#include "base/text.hpp"
#include "migration/allowed.hpp"
#include "migration/history.hpp"
#include "migration/runner.hpp"
#include "migration/verify.hpp"

namespace trueup {
namespace {
[[noreturn]] void refuse_own_work(std::string_view engine, const std::string& why) {
  throw RefusedError(
      {{std::string(engine), "the generated migration does not lead to the desired state: " + why,
        "nothing was written; please report this, with the schema"}});
}
}  // namespace

void check_plan(const Plan& plan, const Catalog& from, const Catalog& to, const EngineDialect& dialect) {
  try {
    const auto left = diff(simulate(plan, from, to, dialect), to);
    if (!left.empty()) refuse_own_work(dialect.name(), "left over: " + describe(left.front()));
  } catch (const std::logic_error& e) {
    refuse_own_work(dialect.name(), e.what());
  }
}

std::string try_on_scratch(Connection& db, const std::vector<Statement>& up, const Slice& states,
                           const std::vector<Statement>& down, const EngineDialect& dialect) {
  Catalog nothing;
  nothing.namespaces = states.from.namespaces;
  nothing.ordered_columns = states.from.ordered_columns;
  nothing.unmodelled = states.from.unmodelled;
  try {
    run_statements(db, render(make_plan(nothing, states.from, dialect), dialect), dialect);
  } catch (const std::exception& e) {
    return "no (the state before it cannot be built here: " + one_line(e.what()) + ")";
  }
  const auto expect = [&](const Catalog& state, std::string_view what) {
    Catalog wanted = state;
    wanted.unmodelled.clear();  // what has no kind cannot be built
    const auto v = verify_state(db, std::move(wanted), dialect, HistoryTable{}, nullptr);
    if (!v.matches())
      refuse_own_work(dialect.name(),
                      fmt::format("{} on a scratch database: {}", what, join(v.differences, "; ")));
  };
  try {
    run_statements(db, up, dialect);
    expect(states.to, "tried");
    if (!down.empty()) {
      run_statements(db, down, dialect);
      expect(states.from, "the way back tried");
    }
  } catch (const WorldError& e) {
    refuse_own_work(dialect.name(), fmt::format("a scratch database refuses it: {}", e.what()));
  }
  return apply_support(dialect).server_name(db) + ", scratch database";
}

}  // namespace trueup
