#pragma once
#include "migration/file.hpp"

namespace trueup {

/// What the statements of a file delete although its header does not say so, unqualified names without a
/// namespace. Where a person wrote a statement, its words tell: DROP, TRUNCATE and DELETE, MERGE that
/// deletes, ALTER TABLE that drops columns or partitions; not what a routine does. Where `generate` did, the
/// hazards in the comment before it tell.
std::vector<ObjectKey> unsaid_losses(const MigrationScript& script, const EngineDialect& dialect);

}  // namespace trueup
