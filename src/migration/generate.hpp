#pragma once
#include <functional>
#include <future>
#include <memory>
#include <optional>

#include "base/findings.hpp"
#include "migration/allowed.hpp"
#include "migration/directory.hpp"
#include "plan/pipeline.hpp"
#include "source/snapshot_lines.hpp"

namespace trueup {

/// Begins to read the newest snapshot beside what the caller does meanwhile. Nothing where it has to be read
/// in another way, which generate() does.
std::future<std::optional<SnapshotLines>> begin_reading_newest(const EngineDialect& dialect,
                                                               const Folders& folders);

/// One engine to generate for.
struct GenerateTarget {
  const EngineDialect* dialect = nullptr;
  State desired;
  std::optional<State> from;  ///< another state to start from than the newest snapshot
  std::future<std::optional<SnapshotLines>> newest = {};  ///< when it is being read already
  CompareOptions compare;  ///< namespaces: by default those of both states, so that leaving one drops it
  /// Opens an empty throw-away database to try the migration on; may be empty. An error it throws is recorded
  /// as the reason why the migration was not verified.
  std::function<std::unique_ptr<Connection>()> open_scratch;
};

enum class WayBack { write, leave_out };
enum class Writing { files, nothing };  ///< nothing: a dry run

struct GenerateOptions {
  Folders folders;
  std::string name;  ///< snake_case; empty: made from the changes
  Writing writing = Writing::files;
  WayBack way_back = WayBack::write;
  Allowance allowed;
  std::int64_t checkpoint_every = 50;  ///< every so many versions a snapshot is full
};

/// What one engine got.
struct Generated {
  std::string engine;
  bool empty = false;        ///< nothing to do: no files
  std::int64_t version = 0;  ///< of the new migration, or when empty of the newest there is
  std::string name;
  std::string up_path, down_path, snapshot_path;
  std::string up_sql, down_sql, snapshot;  ///< whole file texts
  Comparison comparison;                   ///< plan, statements, unsettled objects
  std::vector<std::string> changes;        ///< one line an object
  std::string verified;                    ///< as in the file's header
  std::string no_way_back;                 ///< why there is no down file, when the way back cannot be planned
};

/// Desired states against the newest snapshots -> migrations and snapshots, for all targets or for none.
/// Refuses losses and rename suspicions that are not allowed (RefusedError), and any migration that its own
/// checks (the fake server, the scratch database) find not to lead to the desired state. The targets' states
/// are used up.
/// What stands in the way is told of all targets at once, beside what `before` holds already.
std::vector<Generated> generate(std::vector<GenerateTarget>& targets, const GenerateOptions& options,
                                std::optional<Findings> before = std::nullopt);

/// An empty numbered migration for hand-written SQL; its snapshot repeats the parent's state.
Generated new_migration(const EngineDialect& dialect, const Folders& folders, const std::string& name,
                        Writing writing = Writing::files);

}  // namespace trueup
