#include "migration/execute.hpp"

#include <random>
#include <thread>

#include "base/text.hpp"
#include "migration/resume.hpp"
#include "migration/runner.hpp"

namespace trueup {
namespace {
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// One run of one migration.
class Run {
 public:
  Run(TargetSession& session, const MigrationScript& script, HistoryEntry& entry, Way way)
      : session_(session), connection_(session.connection()), script_(script), entry_(entry), way_(way) {
    for (std::size_t i = 0; i < script.statements.size(); ++i) {
      const TxMode tx = script.statements[i].script.tx;
      (tx == TxMode::before ? before_ : tx == TxMode::after ? after_ : body_).push_back(i);
      if (tx == TxMode::outside) whole_ = false;
    }
    if (!has_transactions()) whole_ = false;
    entry_.total = static_cast<std::int64_t>(body_.size());
  }

  void run() {
    start_ = Clock::now();
    const bool changes_settings = !before_.empty() || !after_.empty();
    if (changes_settings) saved_ = session_.support().settings_now(connection_);
    try {
      settings(before_);
      if (may_break()) broken_ = session_.support().integrity_findings(connection_);
      if (whole_)
        in_one_transaction();
      else
        step_by_step();
      settings(after_);
    } catch (...) {
      restore_settings();
      throw;
    }
    restore_settings();
  }

 private:
  bool has_transactions() const { return !session_.support().begin().empty(); }
  const MigrationStatement& at(std::size_t index) const { return script_.statements[index]; }

  void report(Progress::What what, std::size_t done, std::string_view detail) const {
    Progress p;
    p.what = what;
    p.version = entry_.version;
    p.name = entry_.name;
    p.statement = done;
    p.total = body_.size();
    p.detail = detail;
    p.elapsed = elapsed();
    session_.report(p);
  }
  milliseconds elapsed() const { return std::chrono::duration_cast<milliseconds>(Clock::now() - start_); }

  void settings(const std::vector<std::size_t>& which) {
    try {
      for (const std::size_t i : which) send(i, 0);
    } catch (const WorldError& e) {
      throw told(e, "a session setting outside the transaction failed");
    }
  }
  /// The file's own way back to a session's settings would set them to what it guesses; these are what they
  /// were.
  void restore_settings() {
    try {
      for (const auto& sql : saved_) connection_.execute(sql);
    } catch (const WorldError&) {  // the session is gone
    }
  }

  std::string text(const MigrationStatement& s) const {
    return session_.options().allow_copy ? session_.support().unguarded(s.script.sql) : s.script.sql;
  }
  void send(std::size_t index, std::size_t number) {
    const MigrationStatement& s = at(index);
    if (number > 0) report(Progress::What::statement_started, number, s.title);
    try {
      if (number == 0 || !handed_over(s))
        session_.support().run(connection_, text(s), [&](std::string_view detail) {
          report(Progress::What::statement_running, number, detail);
        });
    } catch (const WorldError& e) {
      throw WorldError(e.what(), {s.script.sql, s.title, e.facts().code, e.facts().remedy,
                                  Place{script_.path, s.script.line, 1}});
    }
    if (number > 0) report(Progress::What::statement_finished, number, s.title);
  }

  bool handed_over(const MigrationStatement& s) {
    // Where the catalog cannot tell the old table from the new one, nobody else's word is taken for it.
    if (!session_.options().hand_over || entry_.in_doubt.empty()) return false;
    const auto copy = session_.support().copies_table(connection_, s.script.sql, s.title);
    if (!copy || !session_.options().hand_over(*copy)) return false;
    if (doubt_digest(connection_, session_.dialect(), s) == entry_.in_doubt)
      throw WorldError(
          fmt::format("the command that was to change {} left it as it was", one_line(copy->table)), {});
    return true;
  }

  void finish_entry() {
    say_finished();
    session_.history().put(entry_);
  }
  void say_finished() {
    entry_.status = way_ == Way::up ? MigrationStatus::applied : MigrationStatus::reverted;
    entry_.done = way_ == Way::up ? entry_.total : 0;
    entry_.in_flight = false;
    entry_.in_doubt.clear();
    entry_.error.clear();
    entry_.done_checksum.clear();
    entry_.finished = utc_now();
    entry_.duration_ms = elapsed().count();
  }

  // ---- all in one transaction
  // ------------------------------------------------------------------------------------------
  void in_one_transaction() {
    for (int attempt = 0;; ++attempt) {
      try {
        attempt_whole();
        return;
      } catch (const WorldError& e) {
        if (session_.support().may_retry(e) && attempt < session_.options().lock_retries) {
          pause(e, attempt);
          continue;
        }
        record_failure(e, 0);
        const bool cut_off = e.facts().code.starts_with("08");  // perhaps in the middle of COMMIT
        throw told(e, cut_off ? "the session was cut off; status tells whether the migration was committed"
                              : "nothing of this migration was changed");
      }
    }
  }

  void attempt_whole() {
    const bool had_row = known();
    connection_.execute(session_.support().begin());
    try {
      std::size_t number = 0;
      for (const std::size_t i : body_) send(i, ++number);
      refuse_new_breaks();
      HistoryEntry before = entry_;
      say_finished();
      try {
        session_.history().put_and_commit(entry_);
      } catch (...) {
        entry_ = before;
        throw;
      }
    } catch (...) {
      roll_back();
      if (!had_row) session_.history().rolled_back(entry_.version);
      throw;
    }
  }
  bool known() const { return session_.history().knows(entry_.version); }

  bool may_break() const {
    return !before_.empty() || std::any_of(body_.begin(), body_.end(), [&](std::size_t i) {
      return may_break_references(at(i).script.sql);
    });
  }
  void refuse_new_breaks() {
    if (!may_break()) return;
    trueup::refuse_new_breaks(connection_, session_.dialect(), broken_, script_.path);
  }

  void roll_back() {
    try {
      connection_.execute("ROLLBACK");
    } catch (const WorldError&) {  // the engine rolled back by itself, or the session is gone
    }
  }

  // ---- step by step
  // ----------------------------------------------------------------------------------------------------
  void step_by_step() {
    auto done = static_cast<std::size_t>(entry_.done);
    entry_.status = way_ == Way::up ? MigrationStatus::running : MigrationStatus::reverting;
    session_.history().put(entry_);
    repeat_settings(done);
    while (done < body_.size()) {
      const bool alone = at(body_[done]).script.tx == TxMode::outside || !has_transactions();
      std::size_t end = done + 1;
      while (!alone && end < body_.size() && at(body_[end]).script.tx == TxMode::inside) ++end;
      stretch(done, end, alone);
      done = end;
    }
    finish_entry();
  }

  /// A run that goes on in the middle has another session than the one that began.
  void repeat_settings(std::size_t done) {
    for (std::size_t i = 0; i < done; ++i)
      if (starts_with_nocase(at(body_[i]).script.sql, "set ")) send(body_[i], 0);
  }

  /// Statements [begin, end), tried again as a whole while object locks are in the way.
  void stretch(std::size_t begin, std::size_t end, bool alone) {
    for (int attempt = 0;; ++attempt) {
      try {
        if (alone)
          single(begin);
        else
          together(begin, end);
        return;
      } catch (const WorldError& e) {
        if (may_try_again(e, alone, attempt)) {
          pause(e, attempt);
          continue;
        }
        record_failure(e, begin);
        throw told(e, stopped_at(begin, alone));
      }
    }
  }

  /// Cutting a statement's wait short is safe where nothing is left behind by it.
  bool waits_bounded() const { return session_.support().debris().empty(); }
  bool may_try_again(const WorldError& e, bool alone, int attempt) const {
    return !unrecorded_ && (!alone || waits_bounded()) && session_.support().may_retry(e) &&
           attempt < session_.options().lock_retries;
  }

  void single(std::size_t index) {
    if (!waits_bounded()) session_.support().bound_lock_wait(connection_, milliseconds{0});
    entry_.in_doubt = doubt_digest(connection_, session_.dialect(), at(body_[index]));
    entry_.in_flight = true;
    session_.history().put(entry_);
    send(body_[index], index + 1);
    advance(index + 1);
    record_done();
    if (!waits_bounded()) session_.support().bound_lock_wait(connection_, session_.options().lock_timeout);
  }

  /// The statement is done, so only the record of that is tried again. What cannot be recorded stays in
  /// flight for the next run to find out.
  void record_done() {
    for (int attempt = 0;; ++attempt) {
      try {
        session_.history().put(entry_);
        return;
      } catch (const WorldError& e) {
        if (session_.support().may_retry(e) && attempt < session_.options().lock_retries) {
          pause(e, attempt);
          continue;
        }
        unrecorded_ = true;
        throw;
      }
    }
  }

  void together(std::size_t begin, std::size_t end) {
    connection_.execute(session_.support().begin());
    const HistoryEntry before = entry_;
    try {
      for (std::size_t i = begin; i < end; ++i) send(body_[i], i + 1);
      refuse_new_breaks();
      advance(end);
      session_.history().put_and_commit(entry_);
    } catch (...) {
      entry_ = before;
      roll_back();
      throw;
    }
  }

  void advance(std::size_t done) {
    entry_.done = static_cast<std::int64_t>(done);
    entry_.done_checksum = statements_checksum(script_, entry_.done);
    entry_.in_flight = false;
    entry_.in_doubt.clear();
  }

  // ---- failure
  // ---------------------------------------------------------------------------------------------------------
  void pause(const WorldError& e, int attempt) {
    report(Progress::What::retrying, 0, e.facts().object);
    std::minstd_rand random(static_cast<unsigned>(Clock::now().time_since_epoch().count()));
    const auto longest = std::min(2000, 50 << std::min(attempt, 6));
    std::this_thread::sleep_for(
        milliseconds{longest / 2 + static_cast<int>(random() % static_cast<unsigned>(longest))});
  }

  void record_failure(const WorldError& e, std::size_t done) {
    // A statement whose end the server never told may have taken effect: the row keeps saying that it is in
    // flight.
    const bool lost = e.facts().code.starts_with("08") || (e.facts().code.empty() && entry_.in_flight);
    if (unrecorded_) return;
    if (way_ == Way::down && whole_) {
      return;  // rolled back as a whole: what was applied is applied still
    }
    entry_.status = way_ == Way::down ? MigrationStatus::reverting
                    : lost            ? MigrationStatus::running
                                      : MigrationStatus::failed;
    if (!lost) entry_.in_flight = false, entry_.in_doubt.clear();
    entry_.done = static_cast<std::int64_t>(done);
    entry_.done_checksum = entry_.done > 0 ? statements_checksum(script_, entry_.done) : "";
    entry_.finished = utc_now();
    entry_.duration_ms = elapsed().count();
    entry_.error = one_line(e.what());
    try {
      session_.history().put(entry_);
    } catch (const WorldError&) {  // the session is gone; what happened is told all the same
    }
  }

  std::string stopped_at(std::size_t begin, bool alone) const {
    std::string out =
        begin == 0 ? "nothing of this migration was changed before it"
                   : fmt::format("the {} statement{} before it stay{} done; the next run goes on from here",
                                 begin, begin == 1 ? "" : "s", begin == 1 ? "s" : "");
    if (const std::string debris = session_.support().debris(); alone && !debris.empty())
      out += "; " + debris;
    return out;
  }

  WorldError told(const WorldError& e, const std::string& state) const {
    const auto& facts = e.facts();
    std::string message = facts.place.file.empty() ? script_.path : facts.place.file;
    if (facts.place.line > 0) message += fmt::format(":{}", facts.place.line);
    if (!facts.object.empty()) message += fmt::format(": {}", facts.object);
    message += fmt::format(": {}", e.what());
    if (!facts.code.empty()) message += fmt::format(" ({})", facts.code);
    WorldError::Facts out = facts;
    out.place.file = script_.path;
    out.remedy = fmt::format("{}{}; correct the cause and run it again",
                             facts.remedy.empty() ? "" : facts.remedy + "; ", state);
    return {message, std::move(out)};
  }

  TargetSession& session_;
  Connection& connection_;
  const MigrationScript& script_;
  HistoryEntry& entry_;
  Way way_;
  std::vector<std::size_t> before_, body_, after_;  ///< indexes into script_.statements
  bool whole_ = true;
  bool unrecorded_ = false;          ///< a statement was done, and the row could not be made to say so
  std::vector<std::string> saved_;   ///< statements that restore the session's settings
  std::vector<std::string> broken_;  ///< references that were broken before
  Clock::time_point start_;
};
}  // namespace

void execute_migration(TargetSession& session, const MigrationScript& script, HistoryEntry& entry, Way way) {
  Run(session, script, entry, way).run();
}

TargetSession::Settings settings_after(const MigrationScript& script) {
  // Anything but the plain words of DDL and DML is taken to change them.
  constexpr std::array<std::string_view, 8> harmless{"create", "alter",  "drop",    "insert",
                                                     "update", "delete", "comment", "truncate"};
  const bool all =
      std::all_of(script.statements.begin(), script.statements.end(), [&](const MigrationStatement& s) {
        return std::any_of(harmless.begin(), harmless.end(),
                           [&](std::string_view word) { return starts_with_nocase(s.script.sql, word); });
      });
  return all ? TargetSession::Settings::as_they_were : TargetSession::Settings::changed;
}

std::string statements_checksum(const MigrationScript& script, std::int64_t count) {
  std::string all;
  for (const auto& s : script.statements) {
    if (s.script.tx == TxMode::before || s.script.tx == TxMode::after) continue;
    if (count-- <= 0) break;
    all += s.script.sql;
    all += '\0';
  }
  return sha256(all);
}

}  // namespace trueup
