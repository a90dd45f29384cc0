// What generate does to its own work before it writes anything.
#pragma once
#include "plan/pipeline.hpp"
#include "plan/slice.hpp"

namespace trueup {

/// The fake server's verdict: RefusedError when the plan does not lead from `from` to `to`, its own desired
/// state (or the slices of both that it has to do with).
void check_plan(const Plan& plan, const Catalog& from, const Catalog& to, const EngineDialect& dialect);

/// Tries the way there, and back, on an empty database that has been made to hold `states.from`. The ways are
/// whole migration files, run as apply reads them; the way back may be empty. Returns what the file's header
/// says: the server's name, or `no (why)` when that state cannot be built there. RefusedError when the files
/// fail or lead elsewhere than to `states.to`.
std::string try_on_scratch(Connection& empty, const std::string& way_there, const Slice& states,
                           const std::string& way_back, const EngineDialect& dialect);

}  // namespace trueup
