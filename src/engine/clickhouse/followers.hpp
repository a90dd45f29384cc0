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

/// Statements that bring the views over what a step changed up to date, each after the views it reads: over a
/// column, over the columns of a rebuilt table, over a view. Throws RefusedError where a view has a table of
/// its own, which keeps the former type.
void refresh_views(const Step& step, const RenderContext& context, SqlWriter& w);

/// The step of a statement on `other` that `step` makes necessary, as perhaps others do too.
Step on_behalf(const Step& step, const ObjectKey& other);

/// Of equal statements on behalf of several steps only the last is needed, and none between a drop of the
/// object and its create; of those that let a key grow or take a projection away the first.
void once(std::vector<Statement>& statements);

}  // namespace trueup::clickhouse
