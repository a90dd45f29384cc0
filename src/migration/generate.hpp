#pragma once
#include <functional>
#include <memory>

#include "migration/directory.hpp"
#include "migration/prepare.hpp"

namespace trueup {

/// One engine to generate for.
struct GenerateTarget {
  const EngineDialect* dialect = nullptr;
  Catalog desired;                     ///< as load_yaml gives it, not normalized
  std::optional<Catalog> from;         ///< another state to start from than the newest snapshot; normalized
  Connection* scratch = nullptr;       ///< settles expressions; may be null
  /// Opens an empty throw-away database to try the migration on; may be empty.
  std::function<std::unique_ptr<Connection>()> open_scratch;
};

struct GenerateOptions {
  Folders folders;
  std::string name;         ///< snake_case; empty: made from the changes
  bool dry_run = false;     ///< nothing is written
  bool write_down = true;   ///< also the way back
  Allowance allowed;
  std::int64_t checkpoint_every = 50;  ///< every so many versions a snapshot is full
};

/// What one engine got.
struct Generated {
  std::string engine;
  bool empty = false;  ///< nothing to do: no files
  std::int64_t version = 0;
  std::string name;
  std::string up_path, down_path, snapshot_path;
  std::string up_sql, down_sql;  ///< whole file texts
  std::vector<Statement> statements;
  std::vector<std::string> changes;  ///< one line an object
  std::vector<DataLoss> losses;
  std::vector<ObjectKey> unsettled;
  std::vector<ObjectKey> satisfied_hints;
  std::vector<std::string> notices;
  std::string verified;    ///< as in the file's header
  std::string no_way_back; ///< why there is no down file, when the reverse cannot be planned
};

/// Desired states against the newest snapshots -> migrations and snapshots, for all targets or for none. Refuses
/// losses and rename suspicions that are not allowed (RefusedError), and any migration that its own checks (the fake
/// server, the scratch database) find not to lead to the desired state.
std::vector<Generated> generate(std::vector<GenerateTarget> targets, const GenerateOptions& options);

/// An empty numbered migration for hand-written SQL; its snapshot repeats the parent's state.
Generated new_migration(const EngineDialect& dialect, const Folders& folders, const std::string& name);

}  // namespace trueup
