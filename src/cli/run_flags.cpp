#include "cli/run_flags.hpp"

namespace trueup::cli {

void add_run_flags(CLI::App& command, RunFlags& flags) {
  add_target_flags(command, flags.target);
  command.add_flag("--dry-run", flags.dry_run, "Print the SQL that would run; change nothing");
  add_allow_flags(command, flags.allow);
  add_copy_flags(command, flags.copy);
  add_lock_flags(command, flags.lock);
  command
      .add_option("--resume-at", flags.resume_at,
                  "Statement to go on with, when a run that was cut off says that it cannot tell")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
}

void fill_run_options(RunOptions& options, Session& session, const Url& url, const RunFlags& flags) {
  fill_target_options(options, session, flags.lock);
  fill_copy_options(options, session, url, flags.copy);
  options.dry_run = flags.dry_run;
  options.allowed = allowance(flags.allow);
  options.resume_at = flags.resume_at;
}

}  // namespace trueup::cli
