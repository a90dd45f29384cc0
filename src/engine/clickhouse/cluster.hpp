// Statements for one server made into statements for a cluster.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.hpp"

namespace trueup::clickhouse {

/// EngineDialect::spread: DDL goes ON CLUSTER, pre-checks look at every replica, and engines that are
/// replicated without saying where get the cluster's path. RefusedError for a rebuild.
void spread(std::vector<Statement>& statements, const Cluster& cluster);

/// The engine of `desired` with path and replica of `current`, where it leaves these open and is the same
/// otherwise; else as it is. Both as written after `ENGINE =`.
std::string with_path_of(const std::string& desired, const std::string& current);

/// A statement that creates a replicated object, made into one that creates it on one server alone.
struct Unreplicated {
  std::string sql;
  std::string object;  ///< its name
  std::string place;   ///< path and replica, as written; empty where the server chooses
  /// The server's definition of the object with what was taken from it.
  std::string restored(const std::string& definition) const;
};
std::optional<Unreplicated> without_replication(const std::string& sql);

/// What a CREATE says of a Distributed table.
struct Distribution {
  std::string object, cluster;
};
std::optional<Distribution> distribution(const std::string& sql);
/// The same with another cluster in its place.
std::string with_cluster(const std::string& sql, const std::string& cluster);

}  // namespace trueup::clickhouse
