#include "migration/check.hpp"

#include "base/text.hpp"
#include "migration/allowed.hpp"
#include "migration/file.hpp"
#include "migration/history.hpp"
#include "migration/runner.hpp"
#include "migration/verify.hpp"

namespace trueup {
namespace {
constexpr std::string_view report_it = "nothing was written; please report this, with the schema";

[[noreturn]] void refuse_own_work(std::string_view engine, const std::string& why,
                                  std::string_view remedy = report_it) {
  throw RefusedError(
      {{std::string(engine), "the generated migration does not lead to the desired state: " + why,
        std::string(remedy)}});
}

/// The statements that apply will cut out of the file.
std::vector<Statement> as_apply_reads(const std::string& text, const EngineDialect& dialect) {
  std::vector<Statement> out;
  for (auto& s : parse_migration(text, "the generated file", dialect).statements) {
    Statement each;
    each.sql = std::move(s.script.sql);
    each.tx = s.script.tx;
    out.push_back(std::move(each));
  }
  return out;
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

std::string try_on_scratch(Connection& db, const std::string& up, const Slice& states,
                           const std::string& down, const EngineDialect& dialect) {
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
    run_statements(db, as_apply_reads(up, dialect), dialect);
    expect(states.to, "tried");
    if (!down.empty()) {
      run_statements(db, as_apply_reads(down, dialect), dialect);
      expect(states.from, "the way back tried");
    }
  } catch (const WorldError& e) {
    refuse_own_work(dialect.name(), fmt::format("a scratch database refuses it: {}", e.what()),
                    "nothing was written; see whether the schema is right there (a view that still uses a "
                    "former name?), else please report this, with the schema");
  } catch (const InputError& e) {
    refuse_own_work(dialect.name(), fmt::format("its file cannot be read: {}", e.what()));
  }
  return apply_support(dialect).server_name(db) + ", scratch database";
}

}  // namespace trueup
