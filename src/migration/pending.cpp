#include "migration/pending.hpp"

namespace trueup {

std::optional<Pending> read_pending(const MigrationState& m, const Directory& directory,
                                    const EngineDialect& dialect) {
  const MigrationFiles* files = directory.find(m.version);
  if (files == nullptr || m.stage == Stage::applied || m.stage == Stage::baselined) return std::nullopt;
  if (m.entry && m.entry->status == MigrationStatus::reverting)
    throw InputError("a rollback of it stopped in the middle", m.remedy, Place{files->up, 0, 0});
  return Pending{files, read_migration(files->up, dialect), m.entry};
}

std::vector<Diagnostic> check_chain(const Status& status, const std::vector<Pending>& pending,
                                    const EngineDialect& dialect) {
  std::string state, before;  // after the migration before; empty: not known
  std::int64_t version = 0;
  for (const auto& m : status.migrations)
    if (m.stage == Stage::applied || m.stage == Stage::baselined) {
      state = m.entry->state;
      before = migration_stem(m.version, m.name);
      version = m.version;
    }
  std::vector<Diagnostic> found;
  for (const auto& p : pending) {
    const MigrationHeader& h = p.script.header;
    const Place place{p.files->up, 1, 0};
    if (!h.engine.empty() && h.engine != dialect.name())
      found.push_back({place,
                       fmt::format("is for {}, and this is {}", h.engine, dialect.name()),
                       "check the folder and the URL",
                       {}});
    const bool follows = p.files->version == version + 1;
    if (follows && !state.empty() && !h.parent.empty() && h.parent != state)
      found.push_back(
          {place,
           fmt::format("was generated from state {}, but {} leads to {}: two branches generated from the "
                       "same parent",
                       h.parent.substr(0, 12), before, state.substr(0, 12)),
           "generate it again on top of the other",
           {}});
    state = h.state;
    before = migration_stem(p.files->version, p.files->name);
    version = p.files->version;
  }
  return found;
}

}  // namespace trueup
