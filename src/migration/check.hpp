// What generate does to its own work before it writes anything.
#pragma once
#include "plan/pipeline.hpp"

namespace trueup {

/// The fake server's verdict: RefusedError when the plan does not lead from `from` to its own desired state.
void check_plan(const Comparison& comparison, const Catalog& from, const EngineDialect& dialect);

/// Tries the way there, and back, on an empty database that has been made to hold what the change touches and
/// what that refers to. Returns what the file's header says: the server's name, or `no (why)` when the state
/// before cannot be built there. RefusedError when the statements fail or lead elsewhere.
std::string try_on_scratch(Connection& empty, const Comparison& comparison, const Catalog& from,
                           const std::vector<Statement>& way_back, const EngineDialect& dialect);

/// The parts of two states that a plan between them touches, and what those need to exist; all of both when
/// they are small or objects are renamed.
struct Neighbourhood {
  Catalog from, to;
};
Neighbourhood neighbourhood(const Plan& plan, const Catalog& from, std::size_t small = 2000);

}  // namespace trueup
