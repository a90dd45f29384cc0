#pragma once
#include <string>
#include <vector>

#include "kinds/catalog.hpp"

namespace trueup {

/// What is wrong with an object, with its name and the place where its author declared it.
Diagnostic finding(const Catalog& catalog, const ObjectKey& key, const std::string& why, std::string remedy);
/// Tells of a table without columns, for servers that take none.
void refuse_without_columns(const Catalog& catalog, const ObjectKey& table, std::vector<Diagnostic>& found);

}  // namespace trueup
