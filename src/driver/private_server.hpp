#pragma once
#include <span>
#include <string_view>

namespace trueup {

/// How a server of one's own is made of installed programs. The commands are for /bin/sh: `$1` is an empty
/// folder,
/// `$user` is `--user=root` for root, who must say so, and empty for others.
struct PrivateServer {
  std::string_view daemon;   ///< the program that must be installed
  std::string_view install;  ///< fills the folder
  std::string_view run;      ///< one program, which serves until it gets SIGTERM
  std::string_view options;  ///< its arguments
  std::string_view url;      ///< `{}` stands for the folder
  std::string_view setup;    ///< first statement
  std::string_view database;
};

/// The ways to have one, best first; empty for engines that have none.
std::span<const PrivateServer> private_servers(std::string_view engine);

}  // namespace trueup
