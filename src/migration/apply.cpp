#include "migration/apply.hpp"

#include "base/text.hpp"
#include "migration/execute.hpp"
#include "migration/losses.hpp"
#include "migration/pending.hpp"
#include "migration/resume.hpp"
#include "migration/session.hpp"

namespace trueup {
namespace {

/// Edited, missing and out-of-order migrations stop everything, all named at once.
void refuse_problems(const Status& status) {
  std::vector<Diagnostic> found;
  for (const auto& m : status.migrations) {
    const bool stops =
        m.stage == Stage::edited || m.stage == Stage::missing || m.stage == Stage::out_of_order;
    if (!stops) continue;
    const std::string stem = migration_stem(m.version, m.name);
    std::string message;
    if (m.stage == Stage::edited)
      message = m.entry->name == m.name ? "was changed after it was applied"
                                        : "is another migration than the one that was applied";
    if (m.stage == Stage::missing) message = fmt::format("{} was applied, but there is no file for it", stem);
    if (m.stage == Stage::out_of_order) message = "is not applied although a newer one is";
    found.push_back({Place{m.path, 0, 0}, std::move(message), m.remedy, {}});
  }
  if (!found.empty()) throw InputError(std::move(found));
}

/// Pending migrations up to `to`.
std::vector<Pending> find_pending(const Status& status, const Directory& directory,
                                  const EngineDialect& dialect, std::optional<std::int64_t> to) {
  if (to && *to != 0 && directory.find(*to) == nullptr)
    throw InputError(fmt::format("there is no migration {}", version_text(*to)),
                     fmt::format("the newest is {}", version_text(directory.newest())));
  std::vector<Pending> out;
  for (const auto& m : status.migrations) {
    if (to && m.version > *to) break;
    if (auto p = read_pending(m, directory, dialect)) out.push_back(std::move(*p));
  }
  return out;
}

/// Did an earlier run stop in the middle of it?
bool unfinished(const Pending& p) {
  return p.entry &&
         (p.entry->status == MigrationStatus::failed || p.entry->status == MigrationStatus::running);
}

/// --resume-at speaks of the one migration that an earlier run left unfinished.
void check_resume_flag(const std::vector<Pending>& pending, const ApplyOptions& options) {
  if (options.resume_at && (pending.empty() || !unfinished(pending.front())))
    throw InputError("--resume-at: no earlier run stopped in the middle of a migration",
                     "leave the flag out");
}

void refuse_misunderstood(Connection& connection, const std::vector<const MigrationScript*>& scripts,
                          const EngineDialect& dialect) {
  std::vector<std::string> all;
  for (const auto* script : scripts)
    for (const auto& s : script->statements) all.push_back(s.script.sql);
  auto reasons = apply_support(dialect).misunderstood(connection, all);
  if (!reasons.empty()) throw RefusedError(std::move(reasons));
}

AppliedMigration describe_pending(const Pending& p) {
  AppliedMigration out;
  out.version = p.files->version;
  out.name = p.files->name;
  out.path = p.files->up;
  out.sql = p.script.text;
  out.statements = p.script.statements.size();
  return out;
}

AppliedMigration run_one(TargetSession& session, const Pending& p, TargetSession::Settings before,
                         std::optional<std::int64_t> resume_at) {
  AppliedMigration out = describe_pending(p);
  HistoryEntry entry = session.new_entry(*p.files);
  entry.checksum = p.script.checksum;
  entry.state = p.script.header.state;
  if (unfinished(p)) {
    session.await_leftovers(*p.entry);
    entry.done = resume_point(session.connection(), session.dialect(), p.script, *p.entry, resume_at);
  }
  if (entry.done > 0) entry.done_checksum = statements_checksum(p.script, entry.done);
  out.resumed_at = static_cast<std::size_t>(entry.done);
  Progress progress;
  progress.what = Progress::What::migration_started;
  progress.version = out.version;
  progress.name = out.name;
  progress.total = out.statements;
  session.report(progress);
  session.refresh(before);
  execute_migration(session, p.script, entry, Way::up);
  out.duration = std::chrono::milliseconds{entry.duration_ms};
  progress.what = Progress::What::migration_finished;
  progress.elapsed = out.duration;
  session.report(progress);
  return out;
}
}  // namespace

ApplyResult apply(Connection& connection, const Directory& directory, const EngineDialect& dialect,
                  const ApplyOptions& options) {
  ApplyResult out;
  std::optional<TargetSession> session;
  if (!options.dry_run) session.emplace(connection, dialect, options);
  const Status status = compare_history(
      session ? session->history().read() : History(connection, dialect, options.history).read(), directory);
  refuse_problems(status);
  const auto pending = find_pending(status, directory, dialect, options.to);
  check_resume_flag(pending, options);
  if (auto broken = check_chain(status, pending, dialect); !broken.empty())
    throw InputError(std::move(broken));
  std::vector<const MigrationScript*> scripts;
  for (const auto& p : pending) scripts.push_back(&p.script);
  check_losses(connection, scripts, dialect, options.allowed);
  refuse_misunderstood(connection, scripts, dialect);
  if (session) session->history().create();
  out.version_before = out.version_after = status.newest_applied;
  auto settings = TargetSession::Settings::as_they_were;
  for (const auto& p : pending) {
    const bool first = out.migrations.empty();
    out.migrations.push_back(session
                                 ? run_one(*session, p, settings, first ? options.resume_at : std::nullopt)
                                 : describe_pending(p));
    settings = settings_after(p.script);
    out.version_after = p.files->version;
  }
  return out;
}

}  // namespace trueup
