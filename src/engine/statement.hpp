#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "model/object_key.hpp"

namespace trueup {

enum class HazardKind {
  deletes_data,
  rewrites_table,
  scans_table,
  blocks_writes,
  blocks_reads,
  builds_index,
  cannot_rollback,
  needs_privilege,
  unsettled,
  other,
};
std::string_view to_string(HazardKind k);  ///< `deletes-data`, ...

/// A typed risk of a statement, for the reviewer.
struct Hazard {
  HazardKind kind = HazardKind::other;
  std::string message;
  bool operator==(const Hazard&) const = default;
};

/// Where a statement may run.
enum class TxMode {
  inside,   ///< in the migration's transaction
  outside,  ///< never in a transaction (CREATE INDEX CONCURRENTLY, VACUUM)
  before,   ///< session setting that must precede BEGIN (SQLite PRAGMA foreign_keys)
  after,    ///< session setting that must follow COMMIT
};

/// Where an engine spreads DDL over several servers. Without a name: nowhere.
struct Cluster {
  std::string name;
  std::string path;  ///< of replicated tables in the coordination service, with macros; empty: the server's
  std::string replica;  ///< name of the replica there; empty: the server's default
  bool operator==(const Cluster&) const = default;
};

/// One SQL statement of a plan, without trailing semicolon.
struct Statement {
  std::string sql;
  TxMode tx = TxMode::inside;
  std::vector<Hazard> hazards;
  ObjectKey source;     ///< the object it changes: for comments, reports, progress and errors
  std::string verb;     ///< `create`, `alter`, `drop`, `rename`, `rebuild`
  std::string because;  ///< display name of the object that made this step necessary; empty otherwise
};

}  // namespace trueup
