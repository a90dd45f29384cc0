// Changes of columns in place, with the queries that find rows a change would break.
#pragma once
#include <string>
#include <string_view>

#include "engine/engine.hpp"

namespace trueup::clickhouse {

/// May a column of a sorting key go from one type to the other? (An enum that only gains values.)
bool keeps_order(std::string_view from, std::string_view to);

/// A statement that fails with `message` while rows of the table meet `condition`.
void refuse_rows(const std::string& table, const std::string& condition, const std::string& message,
                 SqlWriter& w);

/// ALTERs that lead from the column of `context.from` to the one of `context.to`.
void change_column(const ObjectKey& key, const RenderContext& context, SqlWriter& w);

}  // namespace trueup::clickhouse
