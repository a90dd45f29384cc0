#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "driver/url.hpp"

namespace trueup {

using Cell = std::optional<std::string>;  ///< text form; nullopt is SQL NULL
using ResultRow = std::vector<Cell>;

/// An open session with one database. The only place that knows a client library. Errors are WorldError with
/// the statement and the server's code; never a password.
class Connection {
 public:
  virtual ~Connection() = default;
  /// Runs one statement and returns its rows. `args` fill `$1`... (PostgreSQL) or `?` (others), as text or
  /// NULL.
  virtual std::vector<ResultRow> query(std::string_view sql, std::span<const Cell> args = {}) = 0;
  /// Runs one or more statements, discarding rows.
  virtual void execute(std::string_view sql) = 0;
  /// Vendor's version as a number: PostgreSQL 150004, SQLite 3040001, MySQL 80036, MariaDB 101106, ClickHouse
  /// 230800.
  virtual std::int64_t version() const = 0;
  /// Whose server it is, where an engine has several vendors: `MySQL`, `MariaDB`. Empty elsewhere.
  virtual std::string_view vendor() const = 0;
  virtual const Url& url() const = 0;
  /// A second session with the same server and credentials, on another database. WorldError where there is
  /// none.
  virtual std::unique_ptr<Connection> sibling(const std::string& database) const = 0;
};

/// Opens a session. WorldError when it cannot be reached, InputError for a URL whose engine is not built in.
std::unique_ptr<Connection> connect(const Url& url);

// One opener a driver; connect() picks by engine. Each is defined in the one file that links its client
// library.
std::unique_ptr<Connection> connect_clickhouse(const Url& url);
std::unique_ptr<Connection> connect_mysql(const Url& url);
std::unique_ptr<Connection> connect_postgres(const Url& url);
std::unique_ptr<Connection> connect_sqlite(const Url& url);

}  // namespace trueup
