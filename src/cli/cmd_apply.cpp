// trueup apply [URL]
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
  std::optional<std::int64_t> to;
  bool dry_run = false;
};

int run(Session& session, const Flags& flags) {
  const ChosenTarget target = choose_target(session, flags.target);
  const EngineDialect& dialect = need_dialect(target.url.engine);
  const Directory directory = read_directory(folders(session), dialect.name());
  ApplyOptions options;
  fill_target_options(options, session, flags.lock);
  fill_copy_options(options, session, target.url, flags.copy);
  options.to = flags.to;
  options.dry_run = flags.dry_run;
  options.resume_at = flags.resume_at;
  options.allowed = allowance(flags.allow);
  const auto connection = flags.dry_run ? open_for_dry_run(target.url) : connect(target.url);
  const ApplyResult result = apply(*connection, directory, dialect, options);
  return report_run(session, result, target.url,
                    {.done = "applied", .would = "would apply", .dry_run = flags.dry_run});
}
}  // namespace

void add_apply(CLI::App& app, Session& session) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command = add_command(app, "apply", "Run the pending migrations",
                                  "  trueup apply sqlite:app.db\n"
                                  "  trueup apply --target production --dry-run   # prints the SQL\n"
                                  "  DATABASE_URL=postgres://me@host/app trueup apply\n"
                                  "  trueup apply --to 12 --allow-drop old_table");
  add_target_flags(*command, flags->target);
  command->add_flag("--dry-run", flags->dry_run, "Print the SQL that would run; change nothing");
  command->add_option("--to", flags->to, "Stop after this version")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber);
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
