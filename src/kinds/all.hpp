// The registry of kinds: one line a kind, in the order of enum Kind.
#pragma once
#include <variant>

#include "kinds/aggregate/aggregate.hpp"
#include "kinds/check/check.hpp"
#include "kinds/column/column.hpp"
#include "kinds/composite_type/composite_type.hpp"
#include "kinds/database/database.hpp"
#include "kinds/dictionary/dictionary.hpp"
#include "kinds/domain/domain.hpp"
#include "kinds/enum_type/enum_type.hpp"
#include "kinds/event/event.hpp"
#include "kinds/exclusion/exclusion.hpp"
#include "kinds/extension/extension.hpp"
#include "kinds/foreign_key/foreign_key.hpp"
#include "kinds/function/function.hpp"
#include "kinds/index/index.hpp"
#include "kinds/materialized_view/materialized_view.hpp"
#include "kinds/name_space/name_space.hpp"
#include "kinds/policy/policy.hpp"
#include "kinds/primary_key/primary_key.hpp"
#include "kinds/procedure/procedure.hpp"
#include "kinds/projection/projection.hpp"
#include "kinds/raw/raw.hpp"
#include "kinds/row/row.hpp"
#include "kinds/sequence/sequence.hpp"
#include "kinds/sequence_owner/sequence_owner.hpp"
#include "kinds/table/table.hpp"
#include "kinds/trigger/trigger.hpp"
#include "kinds/unique/unique.hpp"
#include "kinds/view/view.hpp"
#include "kinds/virtual_table/virtual_table.hpp"

namespace trueup {

using ObjectBody = std::variant<Database, Namespace, Extension, EnumType, Domain, CompositeType, Sequence,
                                Function, Procedure, Aggregate, Table, Column, PrimaryKey, Unique, Check,
                                Exclusion, ForeignKey, SequenceOwner, Index, Projection, View,
                                MaterializedView, Dictionary, VirtualTable, Trigger, Event, Policy, Raw, Row>;
static_assert(std::variant_size_v<ObjectBody> == kind_count);

namespace detail {
template <std::size_t... I>
consteval bool in_enum_order(std::index_sequence<I...>) {
  return ((std::variant_alternative_t<I, ObjectBody>::kind == static_cast<Kind>(I)) && ...);
}
}  // namespace detail
static_assert(detail::in_enum_order(std::make_index_sequence<kind_count>{}),
              "keep ObjectBody in the order of Kind");

}  // namespace trueup
