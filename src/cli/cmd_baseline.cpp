// trueup baseline [URL]
#include <fmt/format.h>

#include "cli/progress.hpp"
#include "cli/session.hpp"
#include "migration/apply.hpp"

namespace trueup::cli {
namespace {
struct Flags {
  TargetFlags target;
  LockFlags lock;
  std::optional<std::int64_t> to;
  std::string scratch;
  bool force = false;
};

int run(Session& session, const Flags& flags) {
  const ChosenTarget target = choose_target(session, flags.target);
  const EngineDialect& dialect = need_dialect(target.url.engine);
  const Directory directory = read_directory(folders(session), dialect.name());
  BaselineOptions options;
  fill_target_options(options, session, flags.lock);
  options.to = flags.to;
  options.force = flags.force;
  const auto connection = open_existing(target.url);
  const auto scratch = open_scratch(session, flags.scratch, dialect.name());
  options.scratch = scratch.get();
  const auto versions = baseline(*connection, directory, dialect, options);
  session.result["url"] = target.url.text();
  session.result["recorded"] = versions;
  if (versions.empty()) session.out("nothing to record\n");
  for (const auto version : versions) {
    const auto* files = directory.find(version);
    session.out(fmt::format("recorded {}\n",
                            files == nullptr ? version_text(version) : migration_stem(version, files->name)));
  }
  return exit_done;
}
}  // namespace

void add_baseline(CLI::App& app, Session& session) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command =
      add_command(app, "baseline", "Adopt an existing database: record migrations as applied",
                  "  trueup introspect sqlite:app.db -o schema/app.yaml\n"
                  "  trueup generate initial\n"
                  "  trueup baseline sqlite:app.db             # records 000001 without running it\n"
                  "  trueup baseline --target production --to 7");
  add_target_flags(*command, flags->target);
  add_version_flag(*command, flags->to, "Newest migration to record (default: the newest there is)");
  command->add_flag("--force", flags->force, "Do not compare the database with the snapshot");
  command->add_option("--scratch", flags->scratch, scratch_help);
  add_lock_flags(*command, flags->lock);
  command->callback([&session, flags] { session.run = [&session, flags] { return run(session, *flags); }; });
}

}  // namespace trueup::cli
