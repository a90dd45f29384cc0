#pragma once
#include "engine/engine.hpp"

namespace trueup {

/// Runs statements that need no history: session settings first, then one transaction for what may be in one
/// (on an engine whose DDL is transactional), what may not be on its own, in order. Rolls back and rethrows
/// on an error.
void run_statements(Connection& connection, const std::vector<Statement>& statements,
                    const EngineDialect& dialect);

}  // namespace trueup
