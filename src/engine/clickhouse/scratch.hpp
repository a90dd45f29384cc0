// A database to try migrations out in, on a server whose functions belong to all of its databases.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "engine/engine.hpp"

namespace trueup::clickhouse {

/// Its session gives every function that is made in it a name of its own, so that the server's functions stay
/// as they are: introspect() gives them their names back.
std::unique_ptr<ScratchDatabase> scratch_beside(Connection& beside);

/// What begins the names of functions that were made in that scratch database.
std::string function_prefix(std::string_view scratch_database);

}  // namespace trueup::clickhouse
