// trueup verify [URL]
#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/progress.hpp"
#include "cli/session.hpp"
#include "migration/verify.hpp"

namespace trueup::cli {
namespace {
struct Flags {
  TargetFlags target;
  std::string scratch;
};

int run(Session& session, const Flags& flags) {
  const ChosenTarget target = choose_target(session, flags.target);
  const EngineDialect& dialect = need_dialect(target.url.engine);
  const Directory directory = read_directory(folders(session), dialect.name());
  const auto connection = open_existing(target.url);
  const auto scratch = open_scratch(session, flags.scratch, dialect.name());
  const Verification found = verify(*connection, directory, dialect, history_table(session), scratch.get());
  session.result["url"] = target.url.text();
  session.result["version"] = found.version;
  session.result["matches"] = found.matches();
  session.result["differences"] = found.differences;
  session.result["notices"] = found.notices;
  for (const auto& notice : found.notices)
    if (!session.json) session.note(fmt::format("- notice: {}\n", one_line(notice)));
  const std::string what = fmt::format("the state of version {}", version_text(found.version));
  if (found.matches()) {
    session.out(fmt::format("{} has {}\n", target.url.text(), what));
    return exit_done;
  }
  session.out(fmt::format("{} differs from {}; to be true again it would need:\n", target.url.text(), what));
  for (const auto& difference : found.differences) session.out(fmt::format("  {}\n", one_line(difference)));
  return exit_difference;
}
}  // namespace

void add_verify(CLI::App& app, Session& session) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command =
      add_command(app, "verify", "Does the database match the state its migrations say it has?",
                  "  trueup verify sqlite:app.db\n"
                  "  trueup verify --target production   # exit status 1 on drift");
  add_target_flags(*command, flags->target);
  command->add_option("--scratch", flags->scratch, scratch_help);
  command->callback([&session, flags] { session.run = [&session, flags] { return run(session, *flags); }; });
}

}  // namespace trueup::cli
