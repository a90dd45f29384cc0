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

/// What the title says that only another vendor's server has: `MariaDB only: type uuid of column t.a`.
std::string of_other_vendors(std::string_view title, const std::string& vendor) {
  constexpr std::string_view opening = "[note: ";
  std::vector<std::string> out;
  for (auto at = title.find(opening); at != std::string_view::npos; at = title.find(opening, at + 1)) {
    const auto note = title.substr(at + opening.size(), title.find(']', at) - at - opening.size());
    if (!vendor.empty() && note.find(" only: ") != std::string_view::npos &&
        !note.starts_with(vendor + " only: "))
      out.emplace_back(note);
  }
  return join(out, "; ");
}

/// The server's no may be to our SQL, to the author's, or to what it is no server for.
[[noreturn]] void refuse_on_scratch(Connection& db, const std::string& text, const WorldError& e,
                                    const EngineDialect& dialect) {
  const std::string server = apply_support(dialect).server_name(db);
  std::string object(dialect.name()), foreign;
  for (const auto& s : parse_migration(text, "the generated file", dialect).statements) {
    if (s.script.sql != e.facts().statement) continue;
    object = s.title.substr(0, s.title.find(" ["));
    foreign = of_other_vendors(s.title, std::string(db.vendor()));
    break;
  }
  const std::string message =
      fmt::format("the scratch database ({}) refuses it: {}", server, one_line(e.what()));
  if (!foreign.empty())
    throw RefusedError({{object, message + " (" + foreign + ")",
                         "nothing was written; name a server of production's vendor with --scratch or "
                         "`scratch:` in trueup.yaml, or generate without one"}});
  throw RefusedError(
      {{object, message,
        "nothing was written; correct the schema where this server is right (a view that still uses a former "
        "name?), or try it on a server like production's (--scratch); if the statement itself is wrong, "
        "please report it, with the schema"}});
}
}  // namespace

void check_plan(const Plan& plan, const Catalog& from, const Catalog& to, const EngineDialect& dialect) {
  try {
    auto left = diff(simulate(plan, from, to, dialect), to);
    std::erase_if(left, [&](const Change& change) {  // what the desired state does not speak of stays
      const auto* dropped = std::get_if<Dropped>(&change);
      const auto* handler = dropped == nullptr ? nullptr : dialect.handler(dropped->key.kind);
      return handler != nullptr && handler->left_open(dropped->key, from, to);
    });
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
  const auto run = [&](const std::string& text) {
    try {
      run_statements(db, as_apply_reads(text, dialect), dialect);
    } catch (const WorldError& e) {
      refuse_on_scratch(db, text, e, dialect);
    } catch (const InputError& e) {
      refuse_own_work(dialect.name(), fmt::format("its file cannot be read: {}", e.what()));
    }
  };
  run(up);
  expect(states.to, "tried");
  if (!down.empty()) {
    run(down);
    expect(states.from, "the way back tried");
  }
  return apply_support(dialect).server_name(db) + ", scratch database";
}

}  // namespace trueup
