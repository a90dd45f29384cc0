#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.hpp"

namespace trueup {

/// What `verified` says in a file that generate did not write.
inline constexpr std::string_view written_by_hand = "no (written by hand)";

/// The comment lines at the top of a migration file. All may be empty in a file that a person wrote from
/// nothing.
struct MigrationHeader {
  std::int64_t version = 0;
  std::string name;
  std::string engine;
  std::string parent;                ///< state hash before
  std::string state;                 ///< state hash after
  std::string verified;              ///< `SQLite 3.40.1 scratch database`, or `no (why)`
  std::vector<std::string> deletes;  ///< objects whose data it destroys, `table app.users`
  std::vector<std::string> allowed;  ///< those of them that its author allowed: apply does not ask again
  std::vector<std::string> renames;  ///< `table app.a -> table app.b`
  bool operator==(const MigrationHeader&) const = default;
};

/// One statement of a migration file.
struct MigrationStatement {
  ScriptStatement script;
  /// First line of the comment before it: `create table app.users`. Empty without one; lines that begin with
  /// `-- trueup: ` are none.
  std::string title;
};

/// A migration file, parsed.
struct MigrationScript {
  std::string path;
  MigrationHeader header;
  std::string checksum;  ///< SHA-256 of the text with line ends as LF
  std::string text;
  std::vector<MigrationStatement> statements;
};

/// Header and body as a file's text.
std::string write_migration(const MigrationHeader& header, std::string_view body);
/// Parses a file's text. InputError with file and line for a malformed header, for a comment or a quote that
/// does not end, and for statements that take the session from the runner: those that open or end a
/// transaction, and what else the engine's split() names.
MigrationScript parse_migration(std::string text, const std::string& path, const EngineDialect& dialect);
/// What history records of a file's text. Line ends do not count: a checkout may change them.
std::string migration_checksum(std::string text);
/// Reads and parses a file.
MigrationScript read_migration(const std::string& path, const EngineDialect& dialect);

}  // namespace trueup
