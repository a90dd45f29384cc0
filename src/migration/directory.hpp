#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kinds/catalog.hpp"

namespace trueup {

/// Where migrations and snapshots live; each engine has a folder of its own in both.
struct Folders {
  std::string generated = "generated";
  std::string snapshots = "snapshots";
};

/// One numbered migration. Paths are empty for files that do not exist.
struct MigrationFiles {
  std::int64_t version = 0;
  std::string name;
  std::string up, down, snapshot;
};

/// The migrations of one engine, in ascending version.
struct Directory {
  std::string generated;  ///< the engine's own folder
  std::string snapshots;
  std::vector<MigrationFiles> migrations;

  std::int64_t newest() const { return migrations.empty() ? 0 : migrations.back().version; }
  const MigrationFiles* find(std::int64_t version) const;
};

/// Lists one engine's migrations. Missing folders are an empty list. InputError with every finding: a number
/// used twice, a gap, a down file or snapshot without its up file, names that are not `NNNNNN_snake_case`.
Directory read_directory(const Folders& folders, std::string_view engine);
/// The same with the two engine folders given; `snapshots` may be empty.
Directory read_directory_at(const std::string& generated, const std::string& snapshots);

/// InputError when the folder of the migrations does not exist: to apply none of them would be no success.
void need_folder(const Directory& directory);

/// State after migration `version` (nullopt: the newest) from the snapshots; version 0 is the empty catalog.
/// InputError when a snapshot on the way is missing.
Catalog load_state(const Directory& directory, std::optional<std::int64_t> version = std::nullopt);

/// `000007`
std::string version_text(std::int64_t version);
/// `000007_add_memories`
std::string migration_stem(std::int64_t version, std::string_view name);
/// Refuses what is not snake_case ASCII of at most 100 characters (InputError): names become file names.
void check_migration_name(std::string_view name);
/// A legal name close to `text`: lower case, other characters to `_`; empty when nothing is left.
std::string to_migration_name(std::string_view text);

}  // namespace trueup
