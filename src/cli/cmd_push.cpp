// trueup push [URL]
#include <fmt/format.h>

#include "cli/progress.hpp"
#include "cli/session.hpp"
#include "migration/push.hpp"
#include "source/source.hpp"

namespace trueup::cli {
namespace {
struct Flags {
  TargetFlags target;
  AllowFlags allow;
  LockFlags lock;
  std::string scratch;
  std::vector<std::string> namespaces;
  bool dry_run = false;
};

int run(Session& session, const Flags& flags) {
  const ChosenTarget target = choose_target(session, flags.target);
  const EngineDialect& dialect = need_dialect(target.url.engine);
  State desired;
  desired.catalog = load_yaml(session.config().schema, dialect);
  desired.origin = Origin::authored;
  desired.label = session.config().schema;
  const auto scratch = open_scratch(session, flags.scratch, dialect.name());
  PushOptions options;
  fill_target_options(options, session, flags.lock);
  options.allowed = allowance(flags.allow);
  options.dry_run = flags.dry_run;
  options.compare.scratch = scratch.get();
  options.compare.cluster = session.config().cluster;
  options.compare.namespaces = flags.namespaces.empty() ? target.namespaces : namespace_set(flags.namespaces);
  const auto connection = flags.dry_run ? open_for_dry_run(target.url) : connect(target.url);
  const Comparison done = push(*connection, std::move(desired), dialect, options);

  session.result = comparison_json(done);
  session.result["url"] = target.url.text();
  session.result["dry_run"] = flags.dry_run;
  if (session.json) return exit_done;
  const Colour colour = session.err_colour();
  if (flags.dry_run) session.out(client_script(done.statements, dialect));
  session.note(change_lines(done.plan, colour));
  session.note(hazard_lines(done.statements, colour));
  session.note(notice_lines(done.plan, colour));
  if (done.empty())
    session.note(
        fmt::format("nothing to do: {} is as {} says\n", target.url.text(), session.config().schema));
  else
    session.note(
        fmt::format("{}: {}\n", flags.dry_run ? "would change" : "done", to_string(summarize(done.plan))));
  return exit_done;
}
}  // namespace

void add_push(CLI::App& app, Session& session) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command =
      add_command(app, "push", "Bring a development database straight to the schema (never for production)",
                  "  trueup push sqlite:dev.db\n"
                  "  trueup push --target dev --dry-run        # prints the SQL\n"
                  "  trueup push --allow-drop users.nickname");
  add_target_flags(*command, flags->target);
  command->add_flag("--dry-run", flags->dry_run, "Print the SQL that would run; change nothing");
  add_allow_flags(*command, flags->allow);
  command
      ->add_option("--namespaces", flags->namespaces,
                   "Namespaces to manage: a,b or '*' for all; default: those that the schema names")
      ->allow_extra_args(false);
  command->add_option("--scratch", flags->scratch, scratch_help);
  add_lock_flags(*command, flags->lock);
  command->callback([&session, flags] { session.run = [&session, flags] { return run(session, *flags); }; });
}

}  // namespace trueup::cli
