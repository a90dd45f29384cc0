// Progress of commands that write to a database: in place on a terminal, else one line an event that matters.
#pragma once
#include "cli/session.hpp"
#include "migration/apply.hpp"

namespace trueup::cli {

/// For TargetOptions::progress. Writes to standard error; quiet with --json.
ProgressFn progress_printer(Session& session);

/// Flags that several commands share.
struct AllowFlags {
  std::vector<std::string> drop;
  bool destructive = false;
};
void add_allow_flags(CLI::App& command, AllowFlags& flags);
Allowance allowance(const AllowFlags& flags);

/// --to N, a version or 0.
CLI::Option* add_version_flag(CLI::App& command, std::optional<std::int64_t>& to, const std::string& help);

/// --lock-wait and --lock-timeout.
struct LockFlags {
  double wait_seconds = 120;
  double timeout_seconds = 0.2;
};
void add_lock_flags(CLI::App& command, LockFlags& flags);
/// Fills the part that every command which writes to a target shares.
void fill_target_options(TargetOptions& options, Session& session, const LockFlags& flags);

/// The folders of the configuration.
Folders folders(Session& session);
/// The history table of the configuration.
HistoryTable history_table(Session& session);
/// `12 ms`, `3.4 s`, `2 min 5 s`.
std::string duration_text(std::chrono::milliseconds duration);
/// Result of apply and rollback as JSON: `version_before`, `version_after`, `migrations`.
nlohmann::ordered_json apply_json(const ApplyResult& result);
/// How apply and rollback call what they did, or would have done.
struct RunWords {
  std::string_view done, would;
  bool dry_run = false;
};
/// Tells the result of apply or rollback, with the SQL of a dry run; the exit status.
int report_run(Session& session, const ApplyResult& result, const Url& url, const RunWords& words);

}  // namespace trueup::cli
