// trueup status [URL]
#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/progress.hpp"
#include "cli/session.hpp"
#include "migration/status.hpp"

namespace trueup::cli {
namespace {
struct Flags {
  TargetFlags target;
  bool exit_code = false;
};

nlohmann::ordered_json entry_json(const MigrationState& state) {
  nlohmann::ordered_json out{
      {"version", state.version}, {"name", state.name}, {"stage", to_string(state.stage)}};
  if (!state.path.empty()) out["path"] = state.path;
  if (!state.problem.empty()) out["problem"] = state.problem;
  if (!state.remedy.empty()) out["remedy"] = state.remedy;
  if (!state.entry) return out;
  const HistoryEntry& entry = *state.entry;
  out["status"] = to_string(entry.status);
  out["checksum"] = entry.checksum;
  out["started"] = entry.started;
  out["finished"] = entry.finished;
  out["duration_ms"] = entry.duration_ms;
  out["done"] = entry.done;
  out["total"] = entry.total;
  out["who"] = entry.who;
  out["tool_version"] = entry.tool_version;
  if (!entry.error.empty()) out["error"] = entry.error;
  return out;
}

Tone tone_of(Stage stage) {
  switch (stage) {
    case Stage::applied:
    case Stage::baselined:
      return Tone::good;
    case Stage::pending:
      return Tone::warning;
    case Stage::refused:
    case Stage::edited:
    case Stage::missing:
    case Stage::failed:
    case Stage::interrupted:
    case Stage::out_of_order:
      return Tone::bad;
  }
  return Tone::plain;
}

void print(Session& session, const Status& status) {
  const Colour colour = session.out_colour();
  for (const auto& state : status.migrations) {
    std::string line = fmt::format(
        "{}  {}", paint(fmt::format("{:<12}", to_string(state.stage)), tone_of(state.stage), colour),
        migration_stem(state.version, one_line(state.name)));
    if (state.entry) {
      const auto& entry = *state.entry;
      const std::string& when = entry.finished.empty() ? entry.started : entry.finished;
      line += fmt::format("  {}  {}", when, duration_text(std::chrono::milliseconds(entry.duration_ms)));
      if (!entry.who.empty()) line += fmt::format("  by {}", one_line(entry.who));
      if (entry.status == MigrationStatus::failed || entry.status == MigrationStatus::running ||
          entry.status == MigrationStatus::reverting)
        line += fmt::format("  {}/{} statements", entry.done, entry.total);
      if (!entry.error.empty()) line += fmt::format("\n              {}", one_line(entry.error));
    }
    session.out(line + "\n");
    if (!state.problem.empty()) session.out(fmt::format("              {}\n", one_line(state.problem)));
    if (!state.remedy.empty()) session.out(fmt::format("              {}\n", state.remedy));
  }
  session.out(fmt::format("at version {}, {} pending, {} problem{}\n", version_text(status.newest_applied),
                          status.pending, status.problems, status.problems == 1 ? "" : "s"));
}

int run(Session& session, const Flags& flags) {
  const ChosenTarget target = choose_target(session, flags.target);
  const EngineDialect& dialect = need_dialect(target.url.engine);
  const Directory directory = read_directory(folders(session), dialect.name());
  const auto connection = open_existing(target.url);
  const Status found = status(*connection, directory, dialect, history_table(session));
  session.result["url"] = target.url.text();
  session.result["version"] = found.newest_applied;
  session.result["pending"] = found.pending;
  session.result["problems"] = found.problems;
  session.result["migrations"] = nlohmann::ordered_json::array();
  for (const auto& state : found.migrations) session.result["migrations"].push_back(entry_json(state));
  print(session, found);
  return flags.exit_code && (found.pending > 0 || found.problems > 0) ? exit_difference : exit_done;
}
}  // namespace

void add_status(CLI::App& app, Session& session) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command =
      add_command(app, "status", "Applied, pending, refused, edited, failed and unknown migrations",
                  "  trueup status sqlite:app.db\n"
                  "  trueup status --target production --exit-code   # 1 when something is pending\n"
                  "  trueup status --json");
  add_target_flags(*command, flags->target);
  command->add_flag("--exit-code", flags->exit_code,
                    "Exit with 1 when a migration is pending or has a problem");
  command->callback([&session, flags] { session.run = [&session, flags] { return run(session, *flags); }; });
}

}  // namespace trueup::cli
