// What becomes of the values in a table when a column of it changes, for the reviewer.
#pragma once
#include "engine/engine.hpp"

namespace trueup::mysql {

/// Of a column that goes, to come back or not.
std::vector<Hazard> drop_column_notes(const RenderContext&, const ObjectKey& column);
std::vector<Hazard> add_column_notes(const Catalog& to, const ObjectKey& column);
std::vector<Hazard> modify_column_notes(const RenderContext&, const ObjectKey& column);

}  // namespace trueup::mysql
