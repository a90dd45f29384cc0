#pragma once
#include "migration/directory.hpp"
#include "migration/history.hpp"

namespace trueup {

/// Where one migration stands, by its file and its history together.
enum class Stage {
  applied,
  baselined,
  pending,       ///< never run, or reverted
  refused,       ///< pending, and apply would not run it
  edited,        ///< applied, and the file has another checksum now
  missing,       ///< in the history, and no file
  failed,        ///< the last run stopped at an error
  interrupted,   ///< a run died in the middle, or still runs
  out_of_order,  ///< not applied although a newer one is
};
std::string_view to_string(Stage s);  ///< `out-of-order`, ...

struct MigrationState {
  std::int64_t version = 0;
  std::string name;
  Stage stage = Stage::pending;
  std::string path;                   ///< of the up file; empty when missing
  std::optional<HistoryEntry> entry;  ///< what the history says
  std::string problem;                ///< what is wrong, where the stage alone does not tell
  std::string remedy;                 ///< what to do; empty where nothing is wrong
};

struct Status {
  std::vector<MigrationState> migrations;  ///< by version
  std::int64_t newest_applied = 0;
  std::size_t pending = 0;
  std::size_t problems = 0;  ///< refused, edited, missing, failed, interrupted, out of order
};

/// Compares folder and history, and asks of what is pending all that apply asks before it runs anything;
/// writes nothing, takes no lock.
Status status(Connection& connection, const Directory& directory, const EngineDialect& dialect,
              const HistoryTable& history);
/// Folder and history alone, from rows already read.
Status compare_history(const std::vector<HistoryEntry>& entries, const Directory& directory);

}  // namespace trueup
