/// The library: load, compare, plan and render schemas, and bring a database up to date from inside a
/// program.
///
///     auto connection = trueup::connect_sqlite(trueup::parse_url("sqlite:app.db"));
///     trueup::migrate(*connection, "generated/sqlite");
#pragma once
#include "base/version.hpp"
#include "diff/diff.hpp"
#include "driver/connection.hpp"
#include "engine/engine.hpp"
#include "migration/apply.hpp"
#include "migration/generate.hpp"
#include "migration/status.hpp"
#include "migration/verify.hpp"
#include "plan/plan.hpp"
#include "render/render.hpp"
#include "source/scratch.hpp"
#include "source/snapshot.hpp"
#include "source/source.hpp"

namespace trueup {

/// Runs what is pending in a migrations folder, as `trueup apply` does; several programs that start at the
/// same time wait for each other. `folder` holds the engine's files itself (`generated/sqlite`) or has a
/// folder an engine
/// (`generated`); snapshots are not needed. Throws as apply() does.
ApplyResult migrate(Connection& connection, const std::string& folder, const ApplyOptions& options = {});
/// Where every migration of the folder stands in this database.
Status migration_status(Connection& connection, const std::string& folder, const HistoryTable& history = {});

}  // namespace trueup
