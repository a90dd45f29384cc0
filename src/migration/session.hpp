// What every command that writes to a target does first: take its lock and set the session up.
#pragma once
#include "migration/apply.hpp"

namespace trueup {

/// The lock of a target held; its history can be read, and has to be created before anything is written into
/// it. Throws WorldError when another runner keeps the lock for longer than options.lock_wait.
class TargetSession {
 public:
  TargetSession(Connection& connection, const EngineDialect& dialect, const TargetOptions& options);
  Connection& connection() { return connection_; }
  const EngineDialect& dialect() const { return dialect_; }
  const ApplySupport& support() const { return support_; }
  const TargetOptions& options() const { return options_; }
  History& history() { return history_; }
  /// Before each migration: session settings as at the start when an earlier one changed them, and the lock
  /// still ours, asked at most once a second; WorldError when it is not.
  enum class Settings { as_they_were, changed };
  void refresh(Settings settings);
  /// A row with this run's names and the time now.
  HistoryEntry new_entry(const MigrationFiles& files) const;
  /// What a run that was cut off left running in the server is over when this returns.
  void await_leftovers(const HistoryEntry& entry);
  void report(const Progress& progress) const {
    if (options_.progress) options_.progress(progress);
  }

 private:
  Connection& connection_;
  const EngineDialect& dialect_;
  const ApplySupport& support_;
  const TargetOptions& options_;
  History history_;
  std::string who_;
  std::unique_ptr<TargetLock> lock_;
  std::chrono::steady_clock::time_point lock_seen_;  ///< when it was last found to be ours
};

/// The target's lock, waited for as the options say. WorldError naming who holds it when it is not to be had
/// in time.
std::unique_ptr<TargetLock> wait_for_lock(Connection& connection, const ApplySupport& support,
                                          const TargetOptions& options);

/// Now, UTC: `2026-01-31T12:00:00.123Z`.
std::string utc_now();

}  // namespace trueup
