// Statements for one server made into statements for a cluster.
#pragma once
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

}  // namespace trueup::clickhouse
