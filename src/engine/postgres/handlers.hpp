// The handlers of PostgreSQL: each is defined in src/kinds/<kind>/postgres.cpp.
#pragma once
#include "engine/engine.hpp"

namespace trueup {

const KindHandler& postgres_name_space_handler();
const KindHandler& postgres_extension_handler();
const KindHandler& postgres_enum_type_handler();
const KindHandler& postgres_domain_handler();
const KindHandler& postgres_composite_type_handler();
const KindHandler& postgres_sequence_handler();
const KindHandler& postgres_function_handler();
const KindHandler& postgres_procedure_handler();
const KindHandler& postgres_aggregate_handler();
const KindHandler& postgres_table_handler();
const KindHandler& postgres_column_handler();
const KindHandler& postgres_primary_key_handler();
const KindHandler& postgres_unique_handler();
const KindHandler& postgres_check_handler();
const KindHandler& postgres_exclusion_handler();
const KindHandler& postgres_foreign_key_handler();
const KindHandler& postgres_sequence_owner_handler();
const KindHandler& postgres_index_handler();
const KindHandler& postgres_view_handler();
const KindHandler& postgres_materialized_view_handler();
const KindHandler& postgres_policy_handler();
const KindHandler& postgres_trigger_handler();
const KindHandler& postgres_raw_handler();
const KindHandler& postgres_row_handler();

/// Fills Catalog::uses from pg_depend, for the objects that `out` already holds.
void postgres_introspect_uses(Connection&, const Scope&, Catalog& out);
/// Fills Catalog::inventory and Catalog::unmodelled with all that no kind covers.
void postgres_introspect_inventory(Connection&, const Scope&, Catalog& out);
/// Puts the objects of `out` in front of its inventory.
void postgres_list_managed(Catalog& out);
/// EngineDialect::read_rows.
void postgres_read_rows(Connection&, const Catalog& desired, Catalog& from);

}  // namespace trueup
