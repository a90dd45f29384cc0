// The one lock of a target: a table that only one runner can create.
#pragma once
#include <memory>
#include <string>

#include "engine/apply_support.hpp"

namespace trueup::clickhouse {

/// ApplySupport::try_lock. On a cluster the table is created, and taken over, through the cluster's queue,
/// which puts all runners' statements into one order, the same on every server.
std::unique_ptr<TargetLock> try_lock(Connection& connection, const HistoryTable& table);
/// ApplySupport::lock_holder.
std::string lock_holder(Connection& connection, const HistoryTable& table);

}  // namespace trueup::clickhouse
