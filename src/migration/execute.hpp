#pragma once
#include "migration/session.hpp"

namespace trueup {

/// Which way a script goes: decides what the history says when it is done.
enum class Way { up, down };

/// Runs one parsed migration under the lock. When all of it may be in a transaction it is one transaction
/// with the history row inside; else statements that may not are run one at a time, each recorded before and
/// after, and the stretches between them are one transaction each. `entry` is the row to write; for a run
/// that goes on where an earlier one stopped, `entry.done` statements are skipped. Tries again when an object
/// lock is not to be had in time. Throws WorldError with file, line, object, statement and code; the row then
/// says how far it came.
void execute_migration(TargetSession& session, const MigrationScript& script, HistoryEntry& entry, Way way);

/// Which session settings the next migration finds after this one.
TargetSession::Settings settings_after(const MigrationScript& script);

/// SHA-256 of the first `count` statements.
std::string statements_checksum(const MigrationScript& script, std::int64_t count);

}  // namespace trueup
