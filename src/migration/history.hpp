#pragma once
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "engine/apply_support.hpp"
#include "engine/engine.hpp"

namespace trueup {

enum class MigrationStatus {
  running,
  applied,
  failed,
  baselined,
  reverting,  ///< its down file runs, or stopped in the middle; done, total and the rest speak of that file
  reverted,
};
std::string_view to_string(MigrationStatus s);

/// One row of the history table.
struct HistoryEntry {
  std::int64_t version = 0;
  std::string name;
  std::string checksum;  ///< of the up file
  std::string state;     ///< state hash after it; may be empty
  MigrationStatus status = MigrationStatus::running;
  std::int64_t done = 0;  ///< statements known to have taken effect
  std::int64_t total = 0;
  std::string done_checksum;      ///< of the text of the `done` statements, to resume only what is unchanged
  bool in_flight = false;         ///< a statement outside a transaction was sent and its end not recorded
  std::string in_doubt;           ///< digest of what that statement changes, as it was before; may be empty
  std::string started, finished;  ///< UTC, `2026-01-31T12:00:00.123Z`; finished empty while running
  std::int64_t duration_ms = 0;
  std::string who;
  std::string tool_version;
  std::string error;
};

/// The history table of one target. Statements run in whatever transaction is open.
class History {
 public:
  History(Connection& connection, const EngineDialect& dialect, const HistoryTable& table);
  bool exists() const;
  /// Creates the table (and the namespace it is configured to live in) when it is not there. Only under the
  /// lock.
  void create();
  /// All rows by version; empty when there is no table.
  std::vector<HistoryEntry> read();
  /// Inserts the row or replaces the one of that version; after read().
  void put(const HistoryEntry& entry) { put(entry, {}); }
  /// The same and COMMIT in one message to the server.
  void put_and_commit(const HistoryEntry& entry) { put(entry, "; COMMIT"); }
  bool knows(std::int64_t version) const { return known_.contains(version); }
  /// Says that a put() of a version that had no row was rolled back.
  void rolled_back(std::int64_t version) { known_.erase(version); }
  /// How the table is named in SQL.
  const std::string& sql_name() const { return sql_name_; }

 private:
  void put(const HistoryEntry& entry, std::string_view then);
  Connection& connection_;
  const EngineDialect& dialect_;
  const ApplySupport& support_;
  HistoryTable table_;
  std::string sql_name_;
  std::set<std::int64_t> known_;  ///< versions that have a row
};

/// The engine's ApplySupport; InputError when the engine cannot apply migrations.
const ApplySupport& apply_support(const EngineDialect& dialect);

}  // namespace trueup
