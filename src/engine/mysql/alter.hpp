// Changes of a table that both states hold: one ALTER TABLE with all its clauses.
#pragma once
#include "engine/engine.hpp"

namespace trueup::mysql {

/// Everything that differs about the table, its columns, keys, checks, foreign keys, partitions and triggers.
/// Foreign keys go in a statement before and come in one after, since a server refuses some changes under
/// them.
void alter_table(const ObjectKey& table, const RenderContext&, SqlWriter&);

/// ALTER TABLE `t` with one clause a line.
std::string alter_statement(const std::string& table, const std::vector<std::string>& clauses);
/// `DROP INDEX ...`, `DROP FOREIGN KEY ...`; empty for a check that lives in its column.
std::string drop_clause(const Catalog& from, const ObjectKey& part);
/// A client's own sql_mode may refuse every ALTER TABLE of a table that has zero dates as defaults: before
/// one, a migration's own is set.
void standard_mode_for(const ObjectKey& table, const RenderContext&, SqlWriter&);
/// Foreign keys are dropped before and added after everything else; additions to one table are joined. What a
/// client's own sql_mode would refuse, or would be kept with, comes after setting the one of a migration.
void arrange(std::vector<Statement>&);

}  // namespace trueup::mysql
