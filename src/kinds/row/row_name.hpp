#pragma once
#include <string>
#include <vector>

#include "model/values.hpp"

namespace trueup {

/// Name of a reference row in its ObjectKey: a JSON array of the texts of its key values, in the order of the
/// key columns, whatever their type (`["7","de"]`), null for null; absent values count as null.
std::string row_name(const std::vector<std::string>& key, const RowValues& values);

}  // namespace trueup
