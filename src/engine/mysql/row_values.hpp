// What values of reference rows become in a column.
#pragma once
#include <string>

#include "driver/connection.hpp"
#include "kinds/catalog.hpp"

namespace trueup::mysql {

/// A declared value as a column of that (canonical) type keeps it, as far as that can be told without a
/// server.
RowValue kept_value(const RowValue& value, const std::string& type);
/// A declared value in the one spelling that equal values of such a column have, as far as its key is
/// concerned: good to be written as well.
RowValue one_spelling(const RowValue& value, const std::string& type);
/// What the server shows of a column of that type, brought to the same form. Good as SQL for value_sql().
RowValue shown_value(const Cell& cell, const std::string& type);
/// SQL that gives what a column of that type would show of the value; `NULL` where kept_value() tells.
std::string shown_sql(const RowValue& value, const std::string& type);

}  // namespace trueup::mysql
