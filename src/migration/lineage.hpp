#pragma once
#include "migration/directory.hpp"
#include "migration/file.hpp"

namespace trueup {

/// Every break of the chain parent state -> state in a folder: a migration whose parent is not its
/// predecessor's state (two branches generated from the same parent), a header that disagrees with its file
/// name, engine or snapshot. Files without a header are taken as they are.
std::vector<Diagnostic> check_lineage(const Directory& directory, const EngineDialect& dialect);

}  // namespace trueup
