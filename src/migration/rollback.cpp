#include "base/text.hpp"
#include "migration/apply.hpp"
#include "migration/execute.hpp"
#include "migration/losses.hpp"
#include "migration/resume.hpp"
#include "migration/session.hpp"
#include "migration/status.hpp"
#include "migration/verify.hpp"

namespace trueup {
namespace {

struct Undo {
  const MigrationFiles* files = nullptr;
  MigrationScript script;
  HistoryEntry entry;
};

bool unfinished(const Undo& u) {
  return u.entry.status == MigrationStatus::reverting;
}

/// Everything above `to`, newest first; InputError naming all that stands in the way.
std::vector<Undo> plan_undo(const Status& status, const Directory& directory, const EngineDialect& dialect,
                            std::int64_t to) {
  if (to != 0 && directory.find(to) == nullptr)
    throw InputError(fmt::format("there is no migration {} to go back to", version_text(to)));
  std::vector<Undo> out;
  std::vector<Diagnostic> found;
  const auto stop = [&](const MigrationState& m, std::string why, std::string remedy) {
    const std::string file = m.path.empty() ? migration_stem(m.version, m.name) : m.path;
    found.push_back({Place{file, 0, 0}, std::move(why), std::move(remedy), {}});
  };
  for (auto m = status.migrations.rbegin(); m != status.migrations.rend(); ++m) {
    if (m->version <= to) break;
    switch (m->stage) {
      case Stage::pending:
      case Stage::refused:
      case Stage::out_of_order:
        continue;
      case Stage::baselined:
        stop(*m, "was recorded by baseline, not applied: what it describes was there before",
             fmt::format("roll back to {} or later", version_text(m->version)));
        continue;
      case Stage::edited:
      case Stage::missing:
        stop(*m, "is not the file that was applied", m->remedy);
        continue;
      case Stage::interrupted:
        if (m->entry->status == MigrationStatus::reverting) break;
        stop(*m, "was cut off in the middle", m->remedy);
        continue;
      case Stage::failed:
        if (m->entry->done == 0) continue;  // nothing of it was kept
        stop(*m, fmt::format("stopped after statement {} of {}", m->entry->done, m->entry->total), m->remedy);
        continue;
      case Stage::applied:
        break;
    }
    const MigrationFiles* files = directory.find(m->version);
    if (files->down.empty()) {
      stop(*m, "has no down file", "write one beside it, or go back no further than this migration");
      continue;
    }
    MigrationScript down = read_migration(files->down, dialect);
    if (down.statements.empty() && !read_migration(files->up, dialect).statements.empty())
      found.push_back({Place{files->down, 0, 0},
                       "has no statement, and the up file has: it does not say how to go back",
                       "write the way back, or `select 1;` where nothing is to be taken back",
                       {}});
    else
      out.push_back({files, std::move(down), *m->entry});
  }
  if (!found.empty()) throw InputError(std::move(found));
  return out;
}

AppliedMigration undo_one(TargetSession* session, const Undo& u, TargetSession::Settings before,
                          std::optional<std::int64_t> resume_at) {
  AppliedMigration out;
  out.version = u.files->version;
  out.name = u.files->name;
  out.path = u.files->down;
  out.sql = u.script.text;
  out.statements = u.script.statements.size();
  if (session == nullptr) return out;
  Progress progress;
  progress.what = Progress::What::migration_started;
  progress.version = out.version;
  progress.name = out.name;
  progress.total = out.statements;
  session->report(progress);
  session->refresh(before);
  HistoryEntry entry = session->new_entry(*u.files);
  entry.checksum = u.entry.checksum;
  entry.state = u.entry.state;
  if (unfinished(u)) {
    session->await_leftovers(u.entry);
    entry.done = resume_point(session->connection(), session->dialect(), u.script, u.entry, resume_at);
    if (entry.done > 0) entry.done_checksum = statements_checksum(u.script, entry.done);
    out.resumed_at = static_cast<std::size_t>(entry.done);
  }
  execute_migration(*session, u.script, entry, Way::down);
  out.duration = std::chrono::milliseconds{entry.duration_ms};
  progress.what = Progress::What::migration_finished;
  progress.elapsed = out.duration;
  session->report(progress);
  return out;
}
}  // namespace

ApplyResult rollback(Connection& connection, const Directory& directory, const EngineDialect& dialect,
                     const RollbackOptions& options) {
  ApplyResult out;
  std::optional<TargetSession> session;
  if (!options.dry_run) session.emplace(connection, dialect, options);
  const Status status = compare_history(
      session ? session->history().read() : History(connection, dialect, options.history).read(), directory);
  out.version_before = out.version_after = status.newest_applied;
  auto settings = TargetSession::Settings::as_they_were;
  const auto all = plan_undo(status, directory, dialect, options.to);
  std::vector<const MigrationScript*> scripts;
  for (const auto& u : all) scripts.push_back(&u.script);
  if (!options.dry_run) check_losses(connection, scripts, dialect, options.allowed);
  if (options.resume_at && (all.empty() || !unfinished(all.front())))
    throw InputError("--resume-at: no rollback stopped in the middle of a migration", "leave the flag out");
  for (const auto& u : all) {
    const auto resume_at = out.migrations.empty() ? options.resume_at : std::nullopt;
    out.migrations.push_back(undo_one(session ? &*session : nullptr, u, settings, resume_at));
    settings = settings_after(u.script);
    out.version_after = options.to;
  }
  return out;
}

std::vector<std::int64_t> baseline(Connection& connection, const Directory& directory,
                                   const EngineDialect& dialect, const BaselineOptions& options) {
  const std::int64_t to = options.to.value_or(directory.newest());
  if (directory.find(to) == nullptr)
    throw InputError(directory.migrations.empty() ? "there are no migrations to record"
                                                  : fmt::format("there is no migration {}", version_text(to)),
                     "generate the first migration from the database: introspect it, then generate",
                     Place{directory.generated, 0, 0});
  TargetSession session(connection, dialect, options);
  const Status status = compare_history(session.history().read(), directory);
  if (!options.force) {
    const auto v =
        verify_state(connection, load_state(directory, to), dialect, options.history, options.scratch);
    std::vector<RefusedError::Reason> reasons;
    for (const auto& d : v.differences) reasons.push_back({"", d, ""});
    if (!reasons.empty()) {
      reasons.back().remedy = fmt::format(
          "the database does not match the state after {}; bring it there, baseline an "
          "earlier version with --to, or record it all the same with --force",
          version_text(to));
      throw RefusedError(std::move(reasons));
    }
  }
  session.history().create();
  std::vector<std::int64_t> out;
  const bool transaction = !session.support().begin().empty();
  if (transaction) connection.execute(session.support().begin());
  try {
    for (const auto& m : status.migrations) {
      if (m.version > to || m.stage == Stage::applied || m.stage == Stage::baselined || m.path.empty())
        continue;
      const MigrationFiles& files = *directory.find(m.version);
      const MigrationScript script = read_migration(files.up, dialect);
      HistoryEntry entry = session.new_entry(files);
      entry.checksum = script.checksum;
      entry.state = script.header.state;
      entry.status = MigrationStatus::baselined;
      entry.finished = entry.started;
      session.history().put(entry);
      out.push_back(m.version);
    }
    if (transaction) connection.execute("COMMIT");
  } catch (...) {
    try {
      connection.execute("ROLLBACK");
    } catch (const WorldError&) {  // the session is gone, and the transaction with it
    }
    throw;
  }
  return out;
}

}  // namespace trueup
