// trueup diff FROM TO
#include <fmt/format.h>

#include "cli/session.hpp"
#include "cli/state.hpp"
#include "kinds/former_name.hpp"
#include "plan/pipeline.hpp"

namespace trueup::cli {
namespace {
struct Flags {
  std::string from, to, format = "sql", engine, scratch;
  std::vector<std::string> namespaces;
  bool exit_code = false;
};

void print_text(Session& session, const Comparison& comparison, const EngineDialect& dialect,
                const Flags& flags, const StateArgument& from, const StateArgument& to) {
  if (comparison.empty()) {
    session.out("no difference\n");
    return;
  }
  (void)flags;
  const Colour colour = session.out_colour();
  session.out(state_diff(comparison.plan, dialect, from.label, to.label, colour));
  session.out(change_lines(comparison.plan, colour));
  session.out(paint(to_string(summarize(comparison.plan)), Tone::strong, colour) + "\n");
}

int run(Session& session, const Flags& flags) {
  const StateArgument from_argument = classify_state(flags.from);
  const StateArgument to_argument = classify_state(flags.to);
  const EngineDialect& dialect =
      need_dialect(engine_of(session, {&from_argument, &to_argument}, flags.engine));

  CompareOptions options;
  options.cluster = session.config().cluster;
  options.namespaces =
      flags.namespaces.empty() ? session.config().namespaces : namespace_set(flags.namespaces);
  LoadedState to = load_state(session, to_argument, dialect, options.namespaces);
  prepare(to.state, dialect);
  // Only what the desired state speaks for is read from a live database.
  std::set<std::string> scope = options.namespaces;
  if (scope.empty() && to.state.origin != Origin::live)
    scope = managed_namespaces({}, to.state.catalog, options);
  if (!scope.empty()) scope.merge(former_namespaces(to.state.catalog));
  LoadedState from = load_state(session, from_argument, dialect, scope);
  const auto scratch = open_scratch(session, flags.scratch, dialect.name());
  options.scratch = scratch.get();

  const Comparison comparison = compare(std::move(from.state), std::move(to.state), dialect, options);
  session.result = comparison_json(comparison);
  session.result["from"] = from_argument.label;
  session.result["to"] = to_argument.label;
  session.result["engine"] = dialect.name();
  if (flags.format == "text")
    print_text(session, comparison, dialect, flags, from_argument, to_argument);
  else
    session.out(client_script(comparison.statements, dialect));
  if (!session.json) {
    session.note(hazard_lines(comparison.statements, session.err_colour()));
    session.note(notice_lines(comparison.plan, session.err_colour()));
    if (from_argument.sort != StateSort::url)  // another database may still need it
      session.note(hint_lines(comparison.plan, session.err_colour()));
  }
  return flags.exit_code && !comparison.empty() ? exit_difference : exit_done;
}
}  // namespace

void add_diff(CLI::App& app, Session& session) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command =
      add_command(app, "diff", "Show what leads from one state to another; changes nothing",
                  "  trueup diff sqlite:app.db schema/ > change.sql\n"
                  "  trueup diff postgres://me@host/app schema/ --format text\n"
                  "  trueup diff generated/postgres schema/ --exit-code\n"
                  "  trueup diff empty schema/ --engine sqlite | sqlite3 new.db\n"
                  "A state is a connection URL, a YAML file or folder, a snapshot file, a migrations\n"
                  "folder, or `empty`.");
  command->add_option("FROM", flags->from, "State to start from")->required();
  command->add_option("TO", flags->to, "Desired state")->required();
  command->add_option("--format", flags->format, "sql, text or json")
      ->check(CLI::IsMember({"sql", "text", "json"}));
  command
      ->add_option("--namespaces", flags->namespaces,
                   "Namespaces to compare: a,b or '*' for all; default: those that TO names")
      ->allow_extra_args(false);
  command->add_flag("--exit-code", flags->exit_code, "Exit with 1 when there is a difference");
  command->add_option("--engine", flags->engine, "Engine, where neither side tells");
  command->add_option("--scratch", flags->scratch, scratch_help);
  command->callback([&session, flags] {
    session.json = session.json || flags->format == "json";
    session.run = [&session, flags] { return run(session, *flags); };
  });
}

}  // namespace trueup::cli
