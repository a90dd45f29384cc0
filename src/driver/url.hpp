#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace trueup {

/// A parsed connection URL. `text()` never shows the password.
struct Url {
  std::string engine;  ///< canonical engine name, as dialect names go
  std::string scheme;  ///< as written: `postgres`, `postgresql`, `sqlite`, `mariadb`
  std::string user, password, host, database;
  std::uint16_t port = 0;                         ///< 0: the engine's default
  std::map<std::string, std::string> parameters;  ///< query string, decoded
  std::string raw;                                ///< as given, password included: for the driver only
  /// For messages, logs and history: without password and without secret parameters.
  std::string text() const;
  /// Path of the database file, for engines that keep one; empty for servers and databases in memory.
  std::string file() const;
};

/// True when the text begins with a scheme that some engine answers to.
bool looks_like_url(std::string_view text);
/// Parses; InputError (never quoting the password) when malformed or of an unknown scheme, naming the known
/// ones. `sqlite:path`, `sqlite::memory:`, `sqlite:///abs/path`;
/// `postgres://user:pw@host:port/db?sslmode=require`.
Url parse_url(std::string_view text);

/// A database in memory, of an engine that needs no server for one; nullopt for the others.
std::optional<Url> memory_url(std::string_view engine);
/// A URL as a person would write it for that engine, for help and examples; empty for an unknown engine.
std::string example_url(std::string_view engine);

}  // namespace trueup
