// Partitions as two texts among a table's options: `partition_by` and `partitions`.
#pragma once
#include "engine/engine.hpp"

namespace trueup::mysql {

struct PartitionChange {
  std::string clause;  ///< what follows ALTER TABLE and the table
  std::vector<Hazard> hazards;
};
/// The statements that bring the partitions of the options `from` to those of `to`.
std::vector<PartitionChange> partition_changes(const Options& from, const Options& to);
/// The partitions that the table can have at once, and the clause that adds those that it can have only then;
/// empty without.
std::string first_partitions(const Options&);
std::string later_partitions(const Options&);
/// Partitions that would be dropped with their rows: names.
std::vector<std::string> lost_partitions(const Options& from, const Options& to);
/// Canonical spelling of the two options.
void normalize_partitions(Options&);

}  // namespace trueup::mysql
