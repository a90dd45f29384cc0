#include "migration/runner.hpp"

#include "base/text.hpp"
#include "engine/apply_support.hpp"
#include "migration/history.hpp"

namespace trueup {
namespace {
/// An open transaction, or none.
class Transaction {
 public:
  Transaction(Connection& connection, std::string_view begin) : connection_(connection), begin_(begin) {}
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction() {
    if (!open_) return;
    try {
      connection_.execute("ROLLBACK");
    } catch (const WorldError&) {  // the session is gone, and the transaction with it
    }
  }
  void open() {
    if (!open_) connection_.execute(begin_);
    open_ = true;
  }
  void commit() {
    if (open_) connection_.execute("COMMIT");
    open_ = false;
  }

 private:
  Connection& connection_;
  std::string begin_;
  bool open_ = false;
};
}  // namespace

bool may_break_references(std::string_view sql) {
  if (starts_with_nocase(sql, "alter")) return lower(sql).find("references") != std::string::npos;
  constexpr std::array<std::string_view, 7> harmless{"create",       "pragma",    "drop index", "drop view",
                                                     "drop trigger", "savepoint", "release"};
  return std::none_of(harmless.begin(), harmless.end(),
                      [&](std::string_view words) { return starts_with_nocase(sql, words); });
}

void refuse_new_breaks(Connection& connection, const EngineDialect& dialect,
                       const std::vector<std::string>& before, const std::string& path) {
  // As often as before, no more: rows without a rowid are told alike.
  std::multiset<std::string> known(before.begin(), before.end());
  auto after = apply_support(dialect).integrity_findings(connection);
  std::erase_if(after, [&](const std::string& each) {
    const auto found = known.find(each);
    if (found == known.end()) return false;
    known.erase(found);
    return true;
  });
  if (after.empty()) return;
  constexpr std::size_t shown = 5;
  const std::size_t count = after.size();
  if (after.size() > shown) after.resize(shown);
  throw WorldError(fmt::format("{} foreign key(s) would be broken: {}", count, join(after, "; ")),
                   {{}, {}, {}, "correct the data or the migration", Place{path, 0, 0}});
}

namespace {
/// Gives the session back the settings it had.
class Settings {
 public:
  Settings(Connection& connection, std::vector<std::string> saved)
      : connection_(connection), saved_(std::move(saved)) {}
  Settings(const Settings&) = delete;
  Settings& operator=(const Settings&) = delete;
  ~Settings() {
    try {
      for (const auto& sql : saved_) connection_.execute(sql);
    } catch (const WorldError&) {  // the session is gone
    }
  }

 private:
  Connection& connection_;
  std::vector<std::string> saved_;
};
/// Tells how far a run without history is, as one migration named `push`.
class Teller {
 public:
  Teller(const ProgressFn& progress, std::size_t total)
      : progress_(progress), total_(total), start_(std::chrono::steady_clock::now()) {}

  void tell(Progress::What what, std::string_view detail = {}) const {
    if (!progress_) return;
    Progress p;
    p.what = what;
    p.name = "push";
    p.statement = number_;
    p.total = total_;
    p.detail = detail;
    p.elapsed =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start_);
    progress_(p);
  }
  void run(Connection& connection, const ApplySupport& support, const Statement& s) {
    ++number_;
    const std::string title = s.verb + " " + to_string(s.source);
    tell(Progress::What::statement_started, title);
    Meanwhile meanwhile;
    if (progress_)
      meanwhile = [this](std::string_view detail) { tell(Progress::What::statement_running, detail); };
    support.run(connection, s.sql, meanwhile);
  }

 private:
  const ProgressFn& progress_;
  std::size_t total_, number_ = 0;
  std::chrono::steady_clock::time_point start_;
};
}  // namespace

void run_statements(Connection& connection, const std::vector<Statement>& statements,
                    const EngineDialect& dialect, const ProgressFn& progress) {
  const ApplySupport& support = apply_support(dialect);
  const bool transactional = dialect.capabilities().transactional_ddl;
  const bool switches = std::any_of(statements.begin(), statements.end(),
                                    [](const Statement& s) { return s.tx == TxMode::before; });
  const bool may_break =
      switches || std::any_of(statements.begin(), statements.end(),
                              [](const Statement& s) { return may_break_references(s.sql); });
  const Settings settings(connection,
                          switches ? support.settings_now(connection) : std::vector<std::string>{});
  const auto each = [&](TxMode mode) {
    for (const auto& s : statements)
      if (s.tx == mode) connection.execute(s.sql);
  };
  each(TxMode::before);
  std::vector<std::string> broken;
  if (may_break) broken = support.integrity_findings(connection);
  Transaction transaction(connection, support.begin());
  Teller teller(progress, statements.size());
  teller.tell(Progress::What::migration_started);
  for (const auto& s : statements) {
    if (s.tx == TxMode::before || s.tx == TxMode::after) continue;
    if (s.tx == TxMode::outside)
      transaction.commit();
    else if (transactional)
      transaction.open();
    teller.run(connection, support, s);
  }
  if (may_break) refuse_new_breaks(connection, dialect, broken, {});
  transaction.commit();
  each(TxMode::after);
  teller.tell(Progress::What::migration_finished);
}

}  // namespace trueup
