#include "driver/mysql_private.hpp"

#include <array>

namespace trueup {
namespace {
// Reached by its socket alone, in a folder that is closed to others; nothing need survive.
// A folder of its own for temporary tables: a server that starts deletes those that it finds there, other
// servers' too.
constexpr std::string_view options =
    "$user --datadir=\"$1/data\" --tmpdir=\"$1\" --socket=\"$1/s\" --pid-file=\"$1/pid\" --skip-networking "
    "--skip-log-bin "
    "--innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0 --innodb-buffer-pool-size=32M "
    "--performance-schema=OFF --event-scheduler=OFF --character-set-server=utf8mb4";
constexpr std::string_view url = "mysql://root@localhost/mysql?socket={}/s";
constexpr std::string_view setup = "create database trueup";

constexpr std::array servers{
    PrivateServer{"mariadbd",
                  "mariadb-install-db --no-defaults $user --datadir=\"$1/data\" --tmpdir=\"$1\" "
                  "--auth-root-authentication-method=normal --skip-test-db",
                  "mariadbd --no-defaults", options, url, setup, "trueup"},
    PrivateServer{"mysqld",
                  "mysqld --no-defaults --initialize-insecure $user --datadir=\"$1/data\" --tmpdir=\"$1\"",
                  "mysqld --no-defaults --mysqlx=OFF", options, url, setup, "trueup"}};
}  // namespace

std::span<const PrivateServer> private_mysql_servers() {
  return servers;
}

}  // namespace trueup
