#pragma once
#include "migration/allowed.hpp"
#include "migration/file.hpp"

namespace trueup {

/// Refuses files that destroy what neither `allowed` nor their own header allows. Only what is there before
/// the first of them runs counts: what one makes and a later one drops holds nothing yet. Renames make that
/// untellable, so then every loss counts. RefusedError; InputError for a malformed header.
void check_losses(Connection& connection, const std::vector<const MigrationScript*>& scripts,
                  const EngineDialect& dialect, const Allowance& allowed);

}  // namespace trueup
