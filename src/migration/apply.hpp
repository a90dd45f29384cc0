#pragma once
#include <chrono>
#include <functional>

#include "engine/apply_support.hpp"
#include "migration/allowed.hpp"
#include "migration/directory.hpp"
#include "migration/file.hpp"
#include "migration/history.hpp"

namespace trueup {

/// What is happening, for a progress display. Views live only during the call.
struct Progress {
  enum class What {
    waiting,  ///< for the lock; `detail` says who holds it
    migration_started,
    statement_started,
    statement_running,  ///< for long; `detail` says how far it is
    statement_finished,
    retrying,  ///< an object lock was not to be had in time; `detail` says which statement
    migration_finished,
  } what{};
  std::int64_t version = 0;
  std::string_view name;
  std::size_t statement = 0;  ///< from 1
  std::size_t total = 0;
  std::string_view detail;
  std::chrono::milliseconds elapsed{0};
};
using ProgressFn = std::function<void(const Progress&)>;

/// Options of everything that writes to a target.
struct TargetOptions {
  HistoryTable history;
  std::chrono::milliseconds lock_wait{120'000};  ///< how long to wait for another runner
  std::chrono::milliseconds lock_timeout{200};   ///< for object locks, a statement; 0: wait without bound
  int lock_retries = 40;                         ///< times a migration is tried again after lock_timeout
  std::string who;  ///< recorded in history; empty: user and host of this process
  ProgressFn progress;
  /// Statements run without what makes the server refuse to do them at a higher cost than was reviewed.
  bool allow_copy = false;
  /// Offered each statement that copies a table: true when it has made the change itself, so that the
  /// statement is not run.
  std::function<bool(const TableCopy&)> hand_over;
};

/// Options of what runs migrations, in either direction.
struct RunOptions : TargetOptions {
  bool dry_run = false;  ///< only tell what would run; writes nothing, takes no lock
  Allowance allowed;     ///< beside what the headers of up files say was allowed
  /// Statement (from 1) with which to go on in the migration that an earlier run left unfinished, where the
  /// catalog does not tell whether the one in flight took effect.
  std::optional<std::int64_t> resume_at;
};

struct ApplyOptions : RunOptions {
  std::optional<std::int64_t> to;  ///< stop after this version
};

/// One migration that was, or in a dry run would be, applied (or reverted).
struct AppliedMigration {
  std::int64_t version = 0;
  std::string name;
  std::string path;
  std::string sql;  ///< the file's text
  std::size_t statements = 0;
  std::size_t resumed_at = 0;  ///< statements that an earlier, failed run had already done
  std::chrono::milliseconds duration{0};
};

struct ApplyResult {
  std::vector<AppliedMigration> migrations;
  std::int64_t version_before = 0, version_after = 0;  ///< newest applied
};

/// Runs what is pending, in order. Errors: InputError (edited, missing, out of order, malformed files),
/// RefusedError (data would be lost), WorldError (lock not to be had, a statement failed: file, line, object,
/// code, remedy).
ApplyResult apply(Connection& connection, const Directory& directory, const EngineDialect& dialect,
                  const ApplyOptions& options);

struct RollbackOptions : RunOptions {
  std::int64_t to = 0;  ///< the version to go back to; 0: before the first
};
/// Runs down files, newest first. All of them must exist, fit what was applied and say something, and what
/// they destroy must be allowed, else nothing is run. A dry run needs no leave.
ApplyResult rollback(Connection& connection, const Directory& directory, const EngineDialect& dialect,
                     const RollbackOptions& options);

struct BaselineOptions : TargetOptions {
  std::optional<std::int64_t> to;  ///< newest migration when not given
  bool force = false;              ///< do not compare the live database with the snapshot
  Connection* scratch = nullptr;   ///< settles expressions; may be null
};
/// Records migrations up to `to` as applied without running them. RefusedError listing the differences when
/// the live database does not match the snapshot. Returns the versions recorded.
std::vector<std::int64_t> baseline(Connection& connection, const Directory& directory,
                                   const EngineDialect& dialect, const BaselineOptions& options);

}  // namespace trueup
