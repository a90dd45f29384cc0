#pragma once
#include <set>
#include <string>
#include <string_view>

#include "kinds/catalog.hpp"

namespace trueup::postgres {

/// Does an extension define this name (a type, function, operator class or access method)? Names may begin
/// with the prefix of a family: `st_area` for postgis.
bool extension_defines(std::string_view extension, std::string_view name);
/// Extensions whose names are listed here; of others anything may come.
bool is_known_extension(std::string_view extension);

/// Extensions that the states hold in different namespaces take their types, and the routines and texts that
/// speak of them, along in `from`. Unless `from` was read from a server, `to` gets the namespace that its
/// types tell where it leaves that open.
void follow_moved_extensions(Catalog& from, Catalog& to);

}  // namespace trueup::postgres
