#pragma once
#include "engine/engine.hpp"

namespace trueup::clickhouse {

/// A value of a reference row as SQL.
std::string value_sql(const RowValue& value, const DataType& type);
/// EngineDialect::read_rows.
void read_rows(Connection& connection, const Catalog& desired, Catalog& from);

}  // namespace trueup::clickhouse
