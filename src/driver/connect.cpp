#include <fmt/format.h>

#include <array>

#include "base/error.hpp"
#include "driver/connection.hpp"
#include "driver/mysql_private.hpp"
#include "driver/private_server.hpp"

namespace trueup {
namespace {
struct Opener {
  std::string_view engine;
  std::unique_ptr<Connection> (*open)(const Url&);
  std::span<const PrivateServer> (*private_servers)() = nullptr;
};
/// The drivers of this build: the one list that grows with each.
constexpr std::array openers{Opener{"clickhouse", connect_clickhouse},
                             Opener{"mysql", connect_mysql, private_mysql_servers},
                             Opener{"postgres", connect_postgres}, Opener{"sqlite", connect_sqlite}};
}  // namespace

std::span<const PrivateServer> private_servers(std::string_view engine) {
  for (const auto& opener : openers)
    if (opener.engine == engine && opener.private_servers != nullptr) return opener.private_servers();
  return {};
}

std::unique_ptr<Connection> connect(const Url& url) {
  std::string known;
  for (const auto& opener : openers) {
    if (opener.engine == url.engine) return opener.open(url);
    known += known.empty() ? "" : ", ";
    known += opener.engine;
  }
  throw InputError(fmt::format("{}: this build of trueup has no driver for {}", url.text(), url.engine),
                   fmt::format("it has drivers for {}", known));
}

}  // namespace trueup
