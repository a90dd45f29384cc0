#include "migration/status.hpp"

#include "migration/losses.hpp"
#include "migration/pending.hpp"
#include "source/snapshot.hpp"

namespace trueup {
namespace {
bool counts_as_applied(MigrationStatus s) {
  return s == MigrationStatus::applied || s == MigrationStatus::baselined;
}
bool counts_as_problem(Stage s) {
  return s != Stage::applied && s != Stage::baselined && s != Stage::pending;
}

/// What to do about a file that has another name than the migration of its number in the history.
std::string other_name(const MigrationState& m, const Directory& directory) {
  const std::string was = migration_stem(m.version, m.entry->name);
  for (const auto& f : directory.migrations)
    if (f.version != m.version &&
        (f.name == m.entry->name || migration_checksum(read_file(f.up)) == m.entry->checksum))
      return fmt::format(
          "it was applied as {}, which two branches have made {}: with the files of the branch that applied "
          "it "
          "roll back to {}, then apply these; or bring a database of your own to the schema with push, and "
          "record all with baseline",
          was, migration_stem(f.version, f.name), m.version - 1);
  return fmt::format("it was applied as {}: give the file that name again", was);
}

void judge(MigrationState& m, std::int64_t newest_applied, const Directory& directory) {
  const bool has_file = !m.path.empty();
  const HistoryEntry* e = m.entry ? &*m.entry : nullptr;
  if (e == nullptr || e->status == MigrationStatus::reverted) {
    m.stage = Stage::pending;
    if (m.version < newest_applied) {
      m.stage = Stage::out_of_order;
      m.remedy = fmt::format(
          "{} is applied already: give this migration a number above it, generated again from the "
          "state there, or delete it",
          version_text(newest_applied));
    }
    return;
  }
  if (!has_file) {
    m.stage = Stage::missing;
    m.remedy = "restore the file from version control, or from the release that applied it";
    return;
  }
  switch (e->status) {
    case MigrationStatus::failed:
      m.stage = Stage::failed;
      m.remedy = "correct the file or the data, and apply again";
      return;
    case MigrationStatus::running:
      m.stage = Stage::interrupted;
      m.remedy =
          "if no other runner is at work, apply again: it goes on where the last run stopped, or says what "
          "to do";
      return;
    case MigrationStatus::reverting:
      m.stage = Stage::interrupted;
      m.remedy = fmt::format(
          "a rollback of it stopped in the middle: roll back to {} again, it goes on where it stopped",
          m.version - 1);
      return;
    case MigrationStatus::applied:
    case MigrationStatus::baselined:
      break;
    case MigrationStatus::reverted:
      return;  // handled above
  }
  m.stage = e->status == MigrationStatus::applied ? Stage::applied : Stage::baselined;
  if (e->name != m.name || e->checksum != migration_checksum(read_file(m.path))) {
    m.stage = Stage::edited;
    m.remedy = e->name != m.name
                   ? other_name(m, directory)
                   : "restore the file as it was applied, and put the change into a new migration";
  }
}

void refuse(Status& status, const std::string& path, const std::string& problem, const std::string& remedy) {
  for (auto& m : status.migrations) {
    if (m.path != path || !m.problem.empty()) continue;
    m.problem = problem;
    m.remedy = remedy;
    if (m.stage != Stage::pending) continue;  // a problem already
    m.stage = Stage::refused;
    --status.pending;
    ++status.problems;
  }
}

void refuse_as_apply_would(Status& status, Connection& connection, const Directory& directory,
                           const EngineDialect& dialect) {
  std::vector<Pending> pending;
  std::vector<Diagnostic> found;
  for (const auto& m : status.migrations) {
    const bool cut_off = m.stage == Stage::interrupted && m.entry->status == MigrationStatus::running;
    if (m.stage != Stage::pending && m.stage != Stage::failed && !cut_off) continue;
    try {
      if (auto p = read_pending(m, directory, dialect)) pending.push_back(std::move(*p));
    } catch (const InputError& e) {
      found.insert(found.end(), e.diagnostics().begin(), e.diagnostics().end());
    }
  }
  for (auto& d : check_chain(status, pending, dialect)) found.push_back(std::move(d));
  for (const auto& d : found)
    refuse(status, d.place.file,
           d.place.line > 1 ? fmt::format("line {}: {}", d.place.line, d.message) : d.message, d.remedy);
  std::vector<const MigrationScript*> scripts;
  for (const auto& p : pending) scripts.push_back(&p.script);
  try {
    for (const auto& loss : find_losses(connection, scripts, dialect, {}))
      refuse(status, loss.script->path, fmt::format("{}: {}", loss.reason.object, loss.reason.message),
             loss.reason.remedy);
  } catch (const InputError& e) {
    for (const auto& d : e.diagnostics()) refuse(status, d.place.file, d.message, d.remedy);
  }
}
}  // namespace

std::string_view to_string(Stage s) {
  switch (s) {
    case Stage::applied:
      return "applied";
    case Stage::baselined:
      return "baselined";
    case Stage::pending:
      return "pending";
    case Stage::edited:
      return "edited";
    case Stage::missing:
      return "missing";
    case Stage::refused:
      return "refused";
    case Stage::failed:
      return "failed";
    case Stage::interrupted:
      return "interrupted";
    case Stage::out_of_order:
      return "out-of-order";
  }
  return "";
}

Status compare_history(const std::vector<HistoryEntry>& entries, const Directory& directory) {
  std::map<std::int64_t, MigrationState> all;
  Status out;
  for (const auto& f : directory.migrations) {
    auto& m = all[f.version];
    m.version = f.version;
    m.name = f.name;
    m.path = f.up;
  }
  for (const auto& e : entries) {
    if (e.status == MigrationStatus::reverted && !all.contains(e.version)) continue;  // undone and deleted
    auto& m = all[e.version];
    if (m.path.empty()) m.version = e.version, m.name = e.name;
    m.entry = e;
    if (counts_as_applied(e.status)) out.newest_applied = std::max(out.newest_applied, e.version);
  }
  for (auto& [version, m] : all) {
    judge(m, out.newest_applied, directory);
    if (m.stage == Stage::pending) ++out.pending;
    if (counts_as_problem(m.stage)) ++out.problems;
    out.migrations.push_back(std::move(m));
  }
  return out;
}

Status status(Connection& connection, const Directory& directory, const EngineDialect& dialect,
              const HistoryTable& history) {
  Status out = compare_history(History(connection, dialect, history).read(), directory);
  refuse_as_apply_would(out, connection, directory, dialect);
  return out;
}

}  // namespace trueup
