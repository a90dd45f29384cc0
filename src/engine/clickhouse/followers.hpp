// Views keep the names and types that their columns had when they were made: after a change of what they read
// they would go on with those, and cut values to them without a word.
#pragma once
#include "engine/engine.hpp"

namespace trueup::clickhouse {

/// Has a query a `*` other than that of `count(*)` and of a product?
bool reads_all(const std::string& query);

/// Statements before a column goes that have the materialized views over all columns of its table leave it
/// out: the server drops no column that one of them collects.
void release_column(const Step& step, const RenderContext& context, SqlWriter& w);

/// Statements that bring the views over a column up to date after its step, each after the views it reads.
/// Throws RefusedError where a view has a table of its own, which keeps the former type.
void refresh_views(const Step& step, const RenderContext& context, SqlWriter& w);

/// Of equal statements that bring a view up to date, or a projection back, only the last is needed, of those
/// that let a key grow or take a projection away the first.
void refresh_once(std::vector<Statement>& statements);

}  // namespace trueup::clickhouse
