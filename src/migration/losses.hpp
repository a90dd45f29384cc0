#pragma once
#include "migration/allowed.hpp"
#include "migration/file.hpp"

namespace trueup {

/// What one of the files destroys and neither `allowed` nor its header allows.
struct Loss {
  const MigrationScript* script = nullptr;
  RefusedError::Reason reason;
};

/// All such losses of a run. Only what is there before the first of the files runs counts: what one makes and
/// a later one drops holds nothing yet. Renames make that untellable, so then every loss counts. InputError
/// for a malformed header.
std::vector<Loss> find_losses(Connection& connection, const std::vector<const MigrationScript*>& scripts,
                              const EngineDialect& dialect, const Allowance& allowed);
/// RefusedError naming them all.
void check_losses(Connection& connection, const std::vector<const MigrationScript*>& scripts,
                  const EngineDialect& dialect, const Allowance& allowed);

}  // namespace trueup
