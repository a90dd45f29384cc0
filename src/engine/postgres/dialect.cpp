#include "engine/postgres/dialect.hpp"

#include "engine/postgres/handlers.hpp"

namespace trueup {

const EngineDialect& postgres_dialect() {
  static const PostgresDialect dialect;
  return dialect;
}

Capabilities PostgresDialect::capabilities() const {
  return {.transactional_ddl = true,
          .multi_clause_alter = true,
          .column_order = false,
          .namespaces = true,
          .unchecked_foreign_keys = false,
          .max_identifier = 63,
          .respells = true};
}

const KindHandler* PostgresDialect::handler(Kind kind) const {
  switch (kind) {
    case Kind::name_space:
      return &postgres_name_space_handler();
    case Kind::extension:
      return &postgres_extension_handler();
    case Kind::enum_type:
      return &postgres_enum_type_handler();
    case Kind::domain:
      return &postgres_domain_handler();
    case Kind::composite_type:
      return &postgres_composite_type_handler();
    case Kind::sequence:
      return &postgres_sequence_handler();
    case Kind::function:
      return &postgres_function_handler();
    case Kind::procedure:
      return &postgres_procedure_handler();
    case Kind::aggregate:
      return &postgres_aggregate_handler();
    case Kind::table:
      return &postgres_table_handler();
    case Kind::column:
      return &postgres_column_handler();
    case Kind::primary_key:
      return &postgres_primary_key_handler();
    case Kind::unique:
      return &postgres_unique_handler();
    case Kind::check:
      return &postgres_check_handler();
    case Kind::exclusion:
      return &postgres_exclusion_handler();
    case Kind::foreign_key:
      return &postgres_foreign_key_handler();
    case Kind::sequence_owner:
      return &postgres_sequence_owner_handler();
    case Kind::index:
      return &postgres_index_handler();
    case Kind::view:
      return &postgres_view_handler();
    case Kind::materialized_view:
      return &postgres_materialized_view_handler();
    case Kind::trigger:
      return &postgres_trigger_handler();
    case Kind::raw:
      return &postgres_raw_handler();
    case Kind::row:
      return &postgres_row_handler();
    case Kind::virtual_table:
      return nullptr;
  }
  return nullptr;
}

}  // namespace trueup
