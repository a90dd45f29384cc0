// What ALTER TABLE cannot do: a new table is filled from the old one and takes its place.
#pragma once
#include <string>

#include "engine/engine.hpp"

namespace trueup::sqlite {

/// Writes the whole rebuild of `table` (a key that both states hold): foreign keys off before the
/// transaction; old table set aside, new table, copy, counter, guard, drop, indexes, triggers, check of
/// references; foreign keys on after it. No row is lost in a client that goes on after errors, and nothing
/// that somebody added to the table by hand.
/// https://www.sqlite.org/lang_altertable.html#otheralter
void rebuild_table(const ObjectKey& table, const RenderContext& context, SqlWriter& writer);

/// The one column of the guard's table: the error of a rebuild that rolled back names it.
inline constexpr std::string_view rebuild_guard_column = "as_known_and_all_copied";

/// The switch that keeps DROP TABLE from deleting what refers to it; only works outside a transaction.
void foreign_keys_off(SqlWriter& writer);
void foreign_keys_on(SqlWriter& writer);
/// Does another table of `catalog` refer to this one?
bool is_referenced(const Catalog& catalog, const ObjectKey& table);

}  // namespace trueup::sqlite
