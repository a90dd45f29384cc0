// Which objects share their names: what pg_class, pg_type, pg_proc and pg_constraint hold once.
#include "engine/postgres/column_change.hpp"
#include "engine/postgres/dialect.hpp"

namespace trueup {

std::vector<HeldName> PostgresDialect::held_names(const ObjectKey& key, const ObjectBody& body) const {
  const auto relation = [&](const std::string& name) { return HeldName{"relation", key.ns, name}; };
  const HeldName type{"type", key.ns, key.name};
  const HeldName constraint{"constraint", key.ns + "." + key.owner, key.name};
  switch (key.kind) {
    case Kind::table:
    case Kind::view:
    case Kind::materialized_view:
    case Kind::composite_type:  // a relation makes a type of its rows, and such a type is a relation
      return {relation(key.name), type};
    case Kind::enum_type:
    case Kind::domain:
      return {type};
    case Kind::sequence:
    case Kind::index:
      return {relation(key.name)};
    case Kind::primary_key:
    case Kind::unique:
    case Kind::exclusion:
      return {relation(key.name), constraint};
    case Kind::check:
    case Kind::foreign_key:
      return {constraint};
    case Kind::function:
    case Kind::procedure:
    case Kind::aggregate:
      return {{"routine", key.ns, key.name + "(" + key.signature + ")"}};
    case Kind::column:
      if (const auto& column = std::get<Column>(body); column.identity)
        return {relation(postgres::identity_sequence(key.owner, key.name, column.options))};
      return {};
    default:
      return {};
  }
}

}  // namespace trueup
