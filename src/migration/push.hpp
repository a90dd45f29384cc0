// A development database straight to the desired state, without migrations.
#pragma once
#include "migration/apply.hpp"
#include "plan/pipeline.hpp"

namespace trueup {

struct PushOptions : TargetOptions {
  CompareOptions compare;
  Allowance allowed;
  bool dry_run = false;  ///< only tell what would run; takes no lock
};

/// Reads the database, compares it with `desired` and runs what leads there, under the target's lock.
/// RefusedError for losses that are not allowed, before anything is run.
Comparison push(Connection& connection, State desired, const EngineDialect& dialect,
                const PushOptions& options);

}  // namespace trueup
