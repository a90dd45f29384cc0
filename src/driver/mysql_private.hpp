#pragma once
#include "driver/private_server.hpp"

namespace trueup {
/// MariaDB's, else MySQL's programs.
std::span<const PrivateServer> private_mysql_servers();
}  // namespace trueup
