#pragma once
#include "migration/directory.hpp"
#include "migration/history.hpp"

namespace trueup {

struct Verification {
  std::int64_t version = 0;  ///< of the state compared with
  std::vector<std::string>
      differences;  ///< what would have to change in the live database, one line an object
  std::vector<std::string> notices;
  bool matches() const { return differences.empty(); }
};

/// Compares the live database with the state its newest applied migration leads to. `scratch` settles
/// expressions; may be null.
Verification verify(Connection& connection, const Directory& directory, const EngineDialect& dialect,
                    const HistoryTable& history, Connection* scratch = nullptr);
/// Compares the live database with a given state.
Verification verify_state(Connection& connection, Catalog expected, const EngineDialect& dialect,
                          const HistoryTable& history, Connection* scratch = nullptr);

}  // namespace trueup
