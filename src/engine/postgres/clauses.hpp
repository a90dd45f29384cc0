// Pieces of statements that several PostgreSQL handlers write.
#pragma once
#include "engine/engine.hpp"

namespace trueup::postgres {

/// `name type COLLATE c NOT NULL DEFAULT x`; options and comments are statements of their own.
void write_column_definition(SqlWriter&, const ObjectKey&, const Column&, const RenderContext&);
/// What a column definition cannot hold: storage, statistics, attribute options, comment. Statements.
void write_column_extras(SqlWriter&, const ObjectKey&, const Column&);

/// Storage parameters only: without the settings that are statements or clauses of their own.
Options storage_parameters(const Options&);
/// ` WITH (a=1, b=2)`, or nothing. Values are quoted where they are no plain words or numbers.
void write_with(SqlWriter&, const Options& parameters);
/// `a=1, b=2`
std::string parameter_list(const Options& parameters);
/// Expression with parentheses around it unless it has them.
std::string parenthesised(std::string_view expression);
/// ` DEFAULT x` in a definition, where words such as AT or COLLATE would begin another clause: then in
/// parentheses.
std::string default_clause(const Expr&);
/// How an expression goes into SQL: as the author wrote it, if an author wrote it.
const std::string& sql_of(const Expr&);

/// `ALTER what old SET SCHEMA ns` and `RENAME TO name`, as far as the two keys differ. `arguments`: those of
/// a routine, in parentheses.
void write_rename(SqlWriter&, std::string_view what, const Step&, const RenderContext&,
                  std::string_view arguments = {});

/// Does the relation that owns `child` already exist, with rows perhaps?
bool on_existing_relation(const ObjectKey& child, const RenderContext&);
Hazard rewrites(const ObjectKey& child);
Hazard scans(const ObjectKey& child);
Hazard builds_index(const ObjectKey& child, std::string_view lock_words);

}  // namespace trueup::postgres
