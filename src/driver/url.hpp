#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace trueup {

/// A parsed connection URL. `text()` never shows the password.
struct Url {
  std::string engine;    ///< canonical engine name, as dialect names go
  std::string scheme;    ///< as written: `postgres`, `postgresql`, `sqlite`, `mariadb`
  std::string user, password, host, database;
  std::uint16_t port = 0;                          ///< 0: the engine's default
  std::map<std::string, std::string> parameters;   ///< query string, decoded
  std::string raw;                                 ///< as given, password included: for the driver only
  /// For messages, logs and history: without password and without secret parameters.
  std::string text() const;
};

/// True when the text begins with a scheme that some engine answers to.
bool looks_like_url(std::string_view text);
/// Parses; InputError (never quoting the password) when malformed or of an unknown scheme, naming the known ones.
/// `sqlite:path`, `sqlite::memory:`, `sqlite:///abs/path`; `postgres://user:pw@host:port/db?sslmode=require`.
Url parse_url(std::string_view text);

}  // namespace trueup
