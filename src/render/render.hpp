#pragma once
#include "plan/plan.hpp"

namespace trueup {

/// Plan to statements, in order. Every step yields at least one statement or is folded into one.
std::vector<Statement> render(const Plan& plan, const EngineDialect& dialect);

/// Statements as a script: each preceded by one comment naming the object and its hazards, terminated by `;`.
/// Nothing at all for no statements. The body of a migration file: who runs it opens the transaction.
std::string to_script(const std::vector<Statement>& statements, const EngineDialect& dialect);

/// The same for a client that knows nothing of trueup, which may go on after errors: settings before, then
/// transactions around what can be taken back, each of which is undone when one before it failed.
std::string client_script(const std::vector<Statement>& statements, const EngineDialect& dialect);

}  // namespace trueup
