#pragma once
#include <vector>

#include "kinds/catalog.hpp"

namespace trueup {

/// For engines without namespaces: what a schema for several engines says about them is left out. Returns the
/// keys of objects that met another of the same name and were lost.
std::vector<ObjectKey> drop_namespaces(Catalog&);

}  // namespace trueup
