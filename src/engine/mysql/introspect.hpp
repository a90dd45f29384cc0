// Reading a live database.
#pragma once
#include "engine/engine.hpp"
#include "engine/mysql/show_create.hpp"

namespace trueup::mysql {

Server server_of(Connection&);
Catalog introspect(Connection&, const Scope&);

}  // namespace trueup::mysql
