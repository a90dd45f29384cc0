#pragma once
#include <string>

#include "kinds/catalog.hpp"

namespace trueup {

/// What is wrong with an object, with its name and the place where its author declared it.
Diagnostic finding(const Catalog& catalog, const ObjectKey& key, const std::string& why, std::string remedy);

}  // namespace trueup
