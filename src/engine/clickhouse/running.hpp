// Statements of a migration while they run, and after a run was cut off in one.
#pragma once
#include <string>
#include <string_view>

#include "engine/apply_support.hpp"

namespace trueup::clickhouse {

/// Tells the statements of migrations from other queries of the server.
constexpr std::string_view log_comment = "trueup apply";
/// The table that a rebuild fills before it is exchanged with the old one.
constexpr std::string_view rebuilt_suffix = "_trueup_new";

/// ApplySupport::run. A copy into a rebuilt table goes partition by partition, from an empty one on.
void run(Connection& connection, std::string_view sql, const Meanwhile& meanwhile);
/// ApplySupport::await_leftovers: queries, mutations and the distributed queue.
void await_leftovers(Connection& connection, const Meanwhile& meanwhile);
/// ApplySupport::definition.
ObjectDefinition definition(Connection& connection, const ObjectKey& key);
/// ApplySupport::in_doubt.
InDoubt in_doubt(Connection& connection, std::string_view sql);

}  // namespace trueup::clickhouse
