// What a reference must name: SQLite looks for it when a row changes, not when the reference is made.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "engine/engine.hpp"

namespace trueup::sqlite {

/// Do the columns that the reference names form a key of the table they are in: its primary key, or a unique
/// constraint or index of all rows in the columns' own collations? Otherwise SQLite refuses every write to
/// both tables while foreign_keys is on (`foreign key mismatch`). True for a table that the catalog does not
/// hold. https://www.sqlite.org/foreignkeys.html#fk_indexes
bool has_parent_key(const Catalog& catalog, const ForeignKey& reference);

/// Tables with references from or to this one that `pragma foreign_key_check` can check on the way from one
/// state to the other: it stops with an error at a table of which some reference names no key.
std::set<std::string> checkable_referrers(const Catalog& from, const Catalog& to, const ObjectKey& table);

/// A warning for each reference from or to the table that has none in `to`, unless that was so in `from`.
std::vector<Hazard> lost_parent_keys(const Catalog& from, const Catalog& to, const ObjectKey& table);

}  // namespace trueup::sqlite
