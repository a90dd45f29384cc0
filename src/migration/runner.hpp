#pragma once
#include "engine/engine.hpp"
#include "migration/apply.hpp"

namespace trueup {

/// Runs statements that need no history: session settings first, then one transaction for what may be in one
/// (on an engine whose DDL is transactional), what may not be on its own, in order. Rolls back and rethrows
/// on an error. Tells `progress` how far it is.
void run_statements(Connection& connection, const std::vector<Statement>& statements,
                    const EngineDialect& dialect, const ProgressFn& progress = {});

/// Could the statement leave a reference without its row where the engine does not look? What makes objects
/// cannot.
bool may_break_references(std::string_view sql);

/// WorldError when integrity_findings() has some now that are not among `before`: a change must not break
/// what the engine would enforce if its checks were on. `path` is the migration's file, empty for
/// none.
void refuse_new_breaks(Connection& connection, const EngineDialect& dialect,
                       const std::vector<std::string>& before, const std::string& path);

}  // namespace trueup
