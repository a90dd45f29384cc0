// trueup apply [URL]
#include "cli/run_flags.hpp"

namespace trueup::cli {
namespace {
struct Flags : RunFlags {
  std::optional<std::int64_t> to;
};

int run(Session& session, const Flags& flags) {
  const ChosenTarget target = choose_target(session, flags.target);
  const EngineDialect& dialect = need_dialect(target.url.engine);
  const Directory directory = read_directory(folders(session), dialect.name());
  need_folder(directory);
  ApplyOptions options;
  fill_run_options(options, session, target.url, flags);
  options.to = flags.to;
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
  add_version_flag(*command, flags->to, "Stop after this version");
  add_run_flags(*command, *flags);
  command->callback([&session, flags] { session.run = [&session, flags] { return run(session, *flags); }; });
}

}  // namespace trueup::cli
