#include "migration/lineage.hpp"

#include "source/snapshot.hpp"

namespace trueup {
namespace {
void check_header(const MigrationFiles& files, const MigrationHeader& h, std::string_view engine,
                  std::vector<Diagnostic>& found) {
  const auto report = [&](std::string message) {
    found.push_back(
        {Place{files.up, 1, 0}, std::move(message), "restore the header; only statements may be edited", {}});
  };
  if (h.version != files.version) report(fmt::format("the header says version {}", version_text(h.version)));
  if (h.name != files.name) report(fmt::format("the header says name {}", h.name));
  if (h.engine != engine) report(fmt::format("the header says engine {}", h.engine));
}
}  // namespace

std::vector<Diagnostic> check_lineage(const Directory& directory, const EngineDialect& dialect) {
  std::vector<Diagnostic> found;
  std::string state;  // after the migration before; empty: not known
  std::string before;
  for (const auto& files : directory.migrations) {
    const MigrationHeader h = read_migration(files.up, dialect).header;
    if (h.version == 0) {  // no header: nothing is claimed
      state.clear();
      continue;
    }
    check_header(files, h, dialect.name(), found);
    if (!state.empty() && h.parent != state)
      found.push_back(
          {Place{files.up, 1, 0},
           fmt::format("its parent state {} is not what {} leads to ({}): both were generated from another "
                       "state",
                       h.parent.substr(0, 12), before, state.substr(0, 12)),
           "regenerate this migration on top of the other, if it is not applied yet",
           {}});
    if (!files.snapshot.empty()) {
      const SnapshotHead head = read_snapshot_head(read_file(files.snapshot), files.snapshot);
      if (head.state != h.state || head.parent != h.parent || head.version != h.version)
        found.push_back({Place{files.snapshot, 1, 0},
                         "the snapshot and the migration's header name different states",
                         "restore both from version control, or generate the migration again",
                         {}});
    }
    state = h.state;
    before = migration_stem(files.version, files.name);
  }
  return found;
}

}  // namespace trueup
