#pragma once
#include "plan/plan.hpp"

namespace trueup {

/// Plan to statements, in order. Every step yields at least one statement or is folded into one.
std::vector<Statement> render(const Plan& plan, const EngineDialect& dialect);

/// Statements as a script that the engine's own client runs as it is: each preceded by one comment naming the
/// object and its hazards, terminated by `;`. Nothing at all for no statements.
std::string to_script(const std::vector<Statement>& statements, const EngineDialect& dialect);

}  // namespace trueup
