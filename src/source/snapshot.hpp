#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kinds/catalog.hpp"

namespace trueup {

/// Version of the snapshot format; files of a newer one are refused.
constexpr std::int64_t snapshot_format = 1;

/// Head of a snapshot file.
struct SnapshotHead {
  std::string engine;
  std::int64_t version = 0;  ///< of the migration
  std::string name;          ///< of the migration
  std::string parent;        ///< state hash before it
  std::string state;         ///< state hash after it
  bool full = false;         ///< holds the whole catalog, not only what the migration changed
};

/// One snapshot file: the whole catalog, or what one migration created, altered and dropped.
struct Snapshot {
  SnapshotHead head;
  Catalog catalog;                 ///< objects listed in the file; namespaces and unmodelled always whole
  std::vector<ObjectKey> dropped;  ///< objects of the parent that are gone; empty when full
};

/// What leads from `from` to `to` (or all of `to` when `head.full`). Objects whose text changed without a
/// change of meaning are part of it, so that the author's words are remembered.
Snapshot make_snapshot(SnapshotHead head, const Catalog& from, const Catalog& to);

/// Canonical text of a snapshot: one object a line, sorted by key. Equal snapshots give equal bytes.
std::string write_snapshot(const Snapshot& snapshot);
/// The inverse. InputError with file and line for anything that write_snapshot would not write: damaged,
/// truncated, wrong types, unknown keys, a newer format.
Snapshot read_snapshot(std::string_view text, const std::string& file);
/// The head alone, without decoding any object.
SnapshotHead read_snapshot_head(std::string_view text, const std::string& file);

/// The state after the last of `files`, which are the snapshots of one engine in ascending version. Reads
/// backwards to the newest full one only. InputError when a link is missing (a parent that is not its
/// predecessor's state) or the result does not have the state the last file names. No files: an empty
/// catalog.
Catalog load_snapshot_chain(const std::vector<std::string>& files);

/// Reads a whole file; WorldError naming it.
std::string read_file(const std::string& path);

}  // namespace trueup
