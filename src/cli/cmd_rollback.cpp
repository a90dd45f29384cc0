// trueup rollback [URL] --to N
#include "cli/run_flags.hpp"

namespace trueup::cli {
namespace {
struct Flags : RunFlags {
  std::optional<std::int64_t> to;  ///< required
};

int run(Session& session, const Flags& flags) {
  const ChosenTarget target = choose_target(session, flags.target);
  const EngineDialect& dialect = need_dialect(target.url.engine);
  const Directory directory = read_directory(folders(session), dialect.name());
  RollbackOptions options;
  fill_run_options(options, session, target.url, flags);
  options.to = flags.to.value();
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
  add_version_flag(*command, flags->to, "Version to go back to; 0 for none")->required();
  add_run_flags(*command, *flags);
  command->callback([&session, flags] { session.run = [&session, flags] { return run(session, *flags); }; });
}

}  // namespace trueup::cli
