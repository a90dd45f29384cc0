#pragma once
#include "engine/engine.hpp"

namespace trueup::clickhouse {

/// The one spelling that equal values of such a column have: 1.5 for 1.50 as a Decimal.
RowValue one_spelling(const RowValue& value, const DataType& type);
/// A value of a reference row as SQL.
std::string value_sql(const RowValue& value, const DataType& type);
/// The same where nothing says what type is wanted, as in a SELECT: a literal has a type of its own there,
/// and 1.15 would go through a float to a Decimal, and never equals a Float32.
std::string typed_sql(const RowValue& value, const DataType& type);
/// Does what the expression gives differ by the moment or the server, as far as its words tell?
bool differs_by_moment(const std::string& sql);
/// EngineDialect::read_rows.
void read_rows(Connection& connection, const Catalog& desired, Catalog& from);

}  // namespace trueup::clickhouse
