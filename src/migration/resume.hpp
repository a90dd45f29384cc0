// Going on where a run was cut off: which statement is next.
#pragma once
#include <optional>

#include "migration/file.hpp"
#include "migration/history.hpp"

namespace trueup {

/// Indexes of the statements that count in HistoryEntry::done: all but session settings around the
/// transaction.
std::vector<std::size_t> counted_statements(const MigrationScript& script);

/// The object that generate's comment before a statement names; nullopt for a comment of somebody's own.
std::optional<ObjectKey> object_in_title(std::string_view title);

/// The objects that the comment before a statement names, `create table app.users (because of ...) [...]`;
/// empty when it names none or the statement does not mention them, so that nobody takes the comment for more
/// than it is.
std::vector<ObjectKey> objects_of(const MigrationStatement& statement, const EngineDialect& dialect);

/// Digest of how the server defines those objects now, to be compared after a crash. Empty when it cannot be
/// told.
std::string doubt_digest(Connection& connection, const EngineDialect& dialect,
                         const MigrationStatement& statement);

/// Number of statements that an earlier, unfinished run of this file has done. `resume_at`: the number (from
/// 1) of the statement to go on with, as a person decided. InputError saying exactly what to do when that
/// cannot be told from the catalog, when the done part was edited, or when `resume_at` cannot be.
std::int64_t resume_point(Connection& connection, const EngineDialect& dialect, const MigrationScript& script,
                          const HistoryEntry& entry, std::optional<std::int64_t> resume_at);

}  // namespace trueup
