// What apply would run, and what it refuses before it runs anything.
#pragma once
#include "migration/file.hpp"
#include "migration/status.hpp"

namespace trueup {

/// A migration that apply would run, parsed, with the row of an earlier run where there is one.
struct Pending {
  const MigrationFiles* files = nullptr;
  MigrationScript script;
  std::optional<HistoryEntry> entry;
};

/// The migration as apply would run it; nothing where it is done. InputError for a malformed file, and where
/// a rollback stopped in the middle.
std::optional<Pending> read_pending(const MigrationState& migration, const Directory& directory,
                                    const EngineDialect& dialect);

/// Breaks of the chain of states, which must hold from what is applied through everything pending, and files
/// for another engine. The place is the up file.
std::vector<Diagnostic> check_chain(const Status& status, const std::vector<Pending>& pending,
                                    const EngineDialect& dialect);

}  // namespace trueup
