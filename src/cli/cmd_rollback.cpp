// trueup rollback [URL] --to N
#include "cli/large_tables.hpp"
#include "cli/progress.hpp"
#include "cli/session.hpp"
#include "migration/apply.hpp"

namespace trueup::cli {
namespace {
struct Flags {
  TargetFlags target;
  AllowFlags allow;
  LockFlags lock;
  CopyFlags copy;
  std::optional<std::int64_t> resume_at;
  std::int64_t to = 0;
  bool dry_run = false;
};

int run(Session& session, const Flags& flags) {
  const ChosenTarget target = choose_target(session, flags.target);
  const EngineDialect& dialect = need_dialect(target.url.engine);
  const Directory directory = read_directory(folders(session), dialect.name());
  RollbackOptions options;
  fill_target_options(options, session, flags.lock);
  fill_copy_options(options, session, target.url, flags.copy);
  options.to = flags.to;
  options.dry_run = flags.dry_run;
  options.allowed = allowance(flags.allow);
  options.resume_at = flags.resume_at;
  const auto connection = open_existing(target.url);
  const ApplyResult result = rollback(*connection, directory, dialect, options);
  return report_run(session, result, target.url,
                    {.done = "reverted", .would = "would revert", .dry_run = flags.dry_run});
}
}  // namespace

void add_rollback(CLI::App& app, Session& session) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command =
      add_command(app, "rollback", "Run down migrations, newest first",
                  "  trueup rollback sqlite:app.db --to 3      # back to the state after 000003\n"
                  "  trueup rollback --target dev --to 0 --allow-destructive   # before the first\n"
                  "  trueup rollback --target dev --to 3 --dry-run");
  add_target_flags(*command, flags->target);
  command->add_option("--to", flags->to, "Version to go back to; 0 for none")
      ->type_name("N")
      ->required()
      ->check(CLI::NonNegativeNumber);
  command->add_flag("--dry-run", flags->dry_run, "Print the SQL that would run; change nothing");
  add_allow_flags(*command, flags->allow);
  add_copy_flags(*command, flags->copy);
  add_lock_flags(*command, flags->lock);
  command
      ->add_option("--resume-at", flags->resume_at,
                   "Statement to go on with, when a run that was cut off says that it cannot tell")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  command->callback([&session, flags] { session.run = [&session, flags] { return run(session, *flags); }; });
}

}  // namespace trueup::cli
