#pragma once
#include <span>
#include <string>

#include "engine/kind_handler.hpp"

namespace trueup::mysql {

/// Value of a reference row as SQL.
std::string value_sql(const RowValue& value);
/// `key` <=> value AND ...: the row as the server finds it.
std::string key_condition(const Row& row);
/// Does a transaction take back what was inserted into the table?
bool is_transactional(const Catalog& catalog, const ObjectKey& table);
/// May the row be inserted together with its table? Not what triggers, or functions that come later, have a
/// part in.
bool goes_with_table(const Catalog& catalog, const ObjectKey& row);
/// Plain INSERTs into a table that is new and transactional: what is cut off is taken back, so that no row of
/// it can be there. Consecutive rows that declare the same columns share one.
void insert_rows(std::span<const Step> rows, const Catalog& to, SqlWriter& w);
/// EngineDialect::read_rows. Declared rows are found and compared by the server: it alone knows what a value
/// becomes in a column.
void read_rows(Connection& connection, const Catalog& desired, Catalog& from);

}  // namespace trueup::mysql
