#include "cli/progress.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace trueup::cli {
namespace {
class Printer {
 public:
  explicit Printer(Session& session) : session_(session), in_place_(session.err_is_terminal()) {}

  void operator()(const Progress& p) {
    const std::string stem = p.version > 0 ? migration_stem(p.version, p.name) : std::string(p.name);
    switch (p.what) {
      case Progress::What::waiting:
        now_and_then(fmt::format("waiting for the lock: {}", p.detail));
        break;
      case Progress::What::migration_started:
        if (in_place_)
          status(stem);
        else
          line(fmt::format("{}: {} statement{}", stem, p.total, p.total == 1 ? "" : "s"));
        break;
      case Progress::What::statement_started:
        status(fmt::format("{}: {}/{} {}", stem, p.statement, p.total, p.detail));
        break;
      case Progress::What::statement_running:
        running(p, fmt::format("{}: {}/{} {}", stem, p.statement, p.total, p.detail));
        break;
      case Progress::What::statement_finished:
        if (p.elapsed >= std::chrono::seconds(5))
          line(fmt::format("{}: {}/{} took {}", stem, p.statement, p.total, duration_text(p.elapsed)));
        break;
      case Progress::What::retrying:
        now_and_then(
            fmt::format("{}: in use, trying again{}{}", stem, p.detail.empty() ? "" : ": ", p.detail));
        break;
      case Progress::What::migration_finished:
        line(fmt::format("{}: done in {}", stem, duration_text(p.elapsed)));
        break;
    }
  }

 private:
  /// In a log a line now and then is enough.
  void running(const Progress& p, const std::string& text) {
    constexpr std::chrono::seconds now_and_then{10};
    if (in_place_) return status(text);
    if (p.statement == told_statement_ && p.elapsed < told_ + now_and_then) return;
    told_statement_ = p.statement;
    told_ = p.elapsed;
    line(text);
  }
  /// What is said again and again: once, and again after ten seconds.
  void now_and_then(const std::string& text) {
    const auto now = std::chrono::steady_clock::now();
    if (in_place_) return status(text);
    if (text == said_ && now < said_at_ + std::chrono::seconds(10)) return;
    said_ = text;
    said_at_ = now;
    line(text);
  }
  static constexpr std::size_t width = 78;
  void status(const std::string& text) {
    if (in_place_) session_.note(fmt::format("\r\x1b[K{}", one_line(text).substr(0, width)));
  }
  void line(const std::string& text) {
    session_.note(fmt::format("{}{}\n", in_place_ ? "\r\x1b[K" : "", one_line(text)));
  }
  Session& session_;
  bool in_place_;
  std::size_t told_statement_ = 0;
  std::chrono::milliseconds told_{0};
  std::string said_;
  std::chrono::steady_clock::time_point said_at_;
};

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}
}  // namespace

ProgressFn progress_printer(Session& session) {
  if (session.json) return {};
  return Printer(session);
}

void add_allow_flags(CLI::App& command, AllowFlags& flags) {
  command
      .add_option("--allow-drop", flags.drop,
                  "Allow the data of TABLE or TABLE.COLUMN to be deleted; repeat it for more")
      ->type_name("OBJECT")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_flag("--allow-destructive", flags.destructive, "Allow every loss of data");
}

Allowance allowance(const AllowFlags& flags) {
  return {flags.destructive, flags.drop};
}

CLI::Option* add_version_flag(CLI::App& command, std::optional<std::int64_t>& to, const std::string& help) {
  constexpr std::int64_t newest = 999'999'999;
  return command.add_option("--to", to, help)->type_name("N")->check(CLI::Range(newest));
}

void add_lock_flags(CLI::App& command, LockFlags& flags) {
  command.add_option("--lock-wait", flags.wait_seconds, "Seconds to wait for another runner (default 120)")
      ->check(CLI::NonNegativeNumber);
  command
      .add_option("--lock-timeout", flags.timeout_seconds,
                  "Seconds a statement waits for a lock before it is tried again (default 0.2; 0: no bound)")
      ->check(CLI::NonNegativeNumber);
}

void fill_target_options(TargetOptions& options, Session& session, const LockFlags& flags) {
  options.history = history_table(session);
  options.lock_wait = milliseconds(flags.wait_seconds);
  options.lock_timeout = milliseconds(flags.timeout_seconds);
  options.progress = progress_printer(session);
}

Folders folders(Session& session) {
  return {session.config().generated, session.config().snapshots};
}

HistoryTable history_table(Session& session) {
  return {session.config().history_table, session.config().history_namespace, session.config().cluster};
}

std::string duration_text(std::chrono::milliseconds duration) {
  const auto ms = duration.count();
  if (ms < 1000) return fmt::format("{} ms", ms);
  if (ms < 60'000) return fmt::format("{}.{} s", ms / 1000, ms % 1000 / 100);
  return fmt::format("{} min {} s", ms / 60'000, ms % 60'000 / 1000);
}

nlohmann::ordered_json apply_json(const ApplyResult& result) {
  nlohmann::ordered_json out;
  out["version_before"] = result.version_before;
  out["version_after"] = result.version_after;
  out["migrations"] = nlohmann::ordered_json::array();
  for (const auto& each : result.migrations) {
    out["migrations"].push_back({{"version", each.version},
                                 {"name", each.name},
                                 {"path", each.path},
                                 {"statements", each.statements},
                                 {"resumed_at", each.resumed_at},
                                 {"duration_ms", each.duration.count()},
                                 {"sql", each.sql}});
  }
  return out;
}

int report_run(Session& session, const ApplyResult& result, const Url& url, const RunWords& words) {
  session.result = apply_json(result);
  session.result["url"] = url.text();
  session.result["dry_run"] = words.dry_run;
  if (session.json) return exit_done;
  if (words.dry_run)
    for (const auto& each : result.migrations) session.out(each.sql);
  if (result.migrations.empty())
    session.note(
        fmt::format("nothing to do: {} is at version {}\n", url.text(), version_text(result.version_after)));
  else
    session.note(fmt::format("{} {} migration{}: {} -> {}\n", words.dry_run ? words.would : words.done,
                             result.migrations.size(), result.migrations.size() == 1 ? "" : "s",
                             version_text(result.version_before), version_text(result.version_after)));
  return exit_done;
}

}  // namespace trueup::cli
