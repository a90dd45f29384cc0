#pragma once
#include <string>

#include "driver/connection.hpp"
#include "kinds/catalog.hpp"

namespace trueup::mysql {

/// Value of a reference row as SQL.
std::string value_sql(const RowValue& value);
/// `key` <=> value AND ...: the row as the server finds it.
std::string key_condition(const Row& row);
/// EngineDialect::read_rows. Declared rows are found and compared by the server: it alone knows what a value
/// becomes in a column.
void read_rows(Connection& connection, const Catalog& desired, Catalog& from);

}  // namespace trueup::mysql
