// Statements for stored programs: triggers, functions and procedures.
#pragma once
#include "engine/engine.hpp"

namespace trueup::mysql {

/// Triggers of a table, each after the one that it follows.
std::vector<ObjectKey> triggers_in_order(const Catalog&, const ObjectKey& table);
void create_trigger(const Catalog&, const ObjectKey& trigger, SqlWriter&);
void drop_trigger(const ObjectKey& trigger, SqlWriter&);

/// ` DEFINER=...`, or nothing.
std::string definer_clause(const Options&);
/// `CREATE FUNCTION ...`, `CREATE PROCEDURE ...`.
std::string create_function(const ObjectKey&, const Function&);
std::string create_procedure(const ObjectKey&, const Procedure&);
std::string create_view(const ObjectKey&, const View&);
/// Settings of a routine as options; defaults dropped.
void normalize_routine_options(Options&);

}  // namespace trueup::mysql
