#pragma once
#include "engine/engine.hpp"

namespace trueup::sqlite {
/// Value of a reference row as SQL.
std::string value_sql(const RowValue& value);
/// The spelling in which a value that was written to a column of that type is read again.
RowValue stored_value(const RowValue& value, const DataType& type);
/// Would a column of that type keep the value as a number, if it is one?
bool becomes_number(const RowValue& value, const DataType& type);
/// Is that value, as stored_value() gives it, a whole number that SQLite would keep as the nearest real?
bool too_large(const RowValue& value, const DataType& type);
/// See EngineDialect::read_rows.
void read_rows(Connection& connection, const Catalog& desired, Catalog& from);
}  // namespace trueup::sqlite
