#include "trueup.hpp"

#include <filesystem>

namespace trueup {
namespace {
namespace fs = std::filesystem;

const EngineDialect& dialect_of(const Connection& connection) {
  if (const EngineDialect* d = dialect(connection.url().engine)) return *d;
  throw InputError("unknown engine " + connection.url().engine);
}

/// `folder` may be the engine's own, or hold one a engine.
Directory find_directory(const std::string& folder, std::string_view engine) {
  std::error_code error;
  if (!fs::is_directory(folder, error))
    throw InputError("there is no such folder", "name the folder that holds the migrations",
                     Place{folder, 0, 0});
  const fs::path own = fs::path(folder) / engine;
  return read_directory_at(fs::is_directory(own, error) ? own.string() : folder, "");
}
}  // namespace

ApplyResult migrate(Connection& connection, const std::string& folder, const ApplyOptions& options) {
  const EngineDialect& d = dialect_of(connection);
  return apply(connection, find_directory(folder, d.name()), d, options);
}

Status migration_status(Connection& connection, const std::string& folder, const HistoryTable& history) {
  const EngineDialect& d = dialect_of(connection);
  return status(connection, find_directory(folder, d.name()), d, history);
}

}  // namespace trueup
