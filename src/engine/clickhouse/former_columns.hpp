// Views whose columns, which the server writes down when a view is made, are no longer those of their query.
#pragma once
#include "engine/engine.hpp"

namespace trueup::clickhouse {

/// Says so of each such view in the inventory: what it reads has got other types, and the server converts to
/// the former ones, or fails. Views that read by way of a function (`url(...)`) are not asked for: that may
/// reach other servers.
void note_former_columns(Connection& connection, Catalog& live);
/// Views that have such a note differ from every state.
void differ_with_columns(Catalog& from);
/// The note of a view that differs by it; empty for others.
std::string former_columns(const View& view);

}  // namespace trueup::clickhouse
