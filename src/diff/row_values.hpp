// Values of enums that get other names, as reference rows hold them.
#pragma once
#include "diff/diff.hpp"

namespace trueup {

/// Rows of `from` that the desired state still has take the new names of the values that it renames, in their
/// keys too. The objects of `from` have their new names already.
void rename_row_values(Catalog& from, const Catalog& to, const EngineDialect& dialect);

/// The way back, in a copy of the desired state whose objects have their former names again: for asking a
/// database that knows the former values only.
void former_row_values(Catalog& asked, const Catalog& from, const EngineDialect& dialect);

/// Does the desired state rename values of an enum?
bool renames_values(const Catalog& to);

}  // namespace trueup
