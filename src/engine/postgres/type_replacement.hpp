// A type that cannot be changed in place: a new one takes its name, and the columns of the old one move over.
#pragma once
#include "engine/engine.hpp"

namespace trueup::postgres {

/// Columns that have the type before and after.
std::vector<ObjectKey> columns_of_type(const ObjectKey& type, const Catalog& from, const Catalog& to);
/// What the old type is called meanwhile.
ObjectKey replaced_type(const ObjectKey& type);
/// Moves those columns to the type that has the name now, their defaults taken off and set anew. `through` is
/// the type that values pass on the way, without `[]`; empty: none.
void move_columns(const ObjectKey& type, std::string_view through, const RenderContext&, SqlWriter&);

}  // namespace trueup::postgres
