#pragma once
#include <set>
#include <string>
#include <string_view>

namespace trueup::postgres {

/// Does an extension define this name (a type, function, operator class or access method)? Names may begin
/// with the prefix of a family: `st_area` for postgis.
bool extension_defines(std::string_view extension, std::string_view name);
/// Extensions whose names are listed here; of others anything may come.
bool is_known_extension(std::string_view extension);

}  // namespace trueup::postgres
