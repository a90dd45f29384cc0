#pragma once
#include "engine/engine.hpp"

namespace trueup::mysql {
std::string value_sql(const RowValue&);
/// A declared value as reading it back gives it.
RowValue stored_value(const RowValue&, const DataType&);
void read_rows(Connection&, const Catalog& desired, Catalog& from);
}  // namespace trueup::mysql
