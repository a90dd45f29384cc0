#pragma once
#include <memory>
#include <string_view>

#include "driver/connection.hpp"

namespace trueup::cli {

/// Starts a server of the engine from what is installed, in a temporary folder that only this user can read,
/// and connects to an empty database on it. Server and folder go with the connection, and with this process
/// however that ends. InputError when the engine knows no such server or its programs are missing, by name;
/// WorldError with the server's last words when it does not start.
std::unique_ptr<Connection> start_private_server(std::string_view engine);

}  // namespace trueup::cli
