#include "engine/apply_support.hpp"

#include <unistd.h>

#include <atomic>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>

#include "base/text.hpp"
#include "engine/clickhouse/dialect.hpp"
#include "engine/clickhouse/lexer.hpp"

namespace trueup {
namespace {
using clickhouse::literal;
using clickhouse::quote;

constexpr std::string_view history_ddl = R"(CREATE TABLE {} (
  version Int64,
  name String,
  checksum String,
  state String,
  status String,
  done Int64,
  total Int64,
  done_checksum String,
  in_flight Int64,
  in_doubt String,
  started String,
  finished String,
  duration_ms Int64,
  who String,
  tool_version String,
  error String
)
ENGINE = ReplacingMergeTree
ORDER BY version
COMMENT 'migrations that trueup applied; read it with FINAL')";

constexpr std::chrono::seconds lease{60};
constexpr std::string_view already_exists = "57", unknown_table = "60";

std::string lock_name(const HistoryTable& table) {
  return table.name + "_lock";
}

/// `trueup lock 0123abcd until 1763714000 held by me@here`: in the comment of the lock's table.
struct Note {
  std::string token, holder;
  std::int64_t until = 0;
  std::string text() const { return fmt::format("trueup lock {} until {} held by {}", token, until, holder); }
};

std::optional<Note> parse_note(const std::string& text) {
  const auto words = split(text, ' ');
  if (words.size() < 8 || words[0] != "trueup" || words[3] != "until") return std::nullopt;
  Note note;
  note.token = words[2];
  const auto result = std::from_chars(words[4].data(), words[4].data() + words[4].size(), note.until);
  if (result.ec != std::errc{}) return std::nullopt;
  note.holder = text.substr(text.find(" held by ") + 9);
  return note;
}

/// Note of a table that stands for a lock, and the server's clock.
struct Seen {
  std::optional<Note> note;
  std::int64_t now = 0;
  bool exists = false;
};
Seen look(Connection& connection, const std::string& table) {
  const std::array<Cell, 1> args{table};
  const auto rows = connection.query(
      "SELECT toInt64(toUnixTimestamp(now())), (SELECT groupArray(comment) FROM system.tables "
      "WHERE database = currentDatabase() AND name = ?)[1] AS note, "
      "(SELECT count() FROM system.tables WHERE database = currentDatabase() AND name = "
      "" + literal(table) +
          ") AS there",
      args);
  Seen out;
  out.now = std::stoll(rows.at(0).at(0).value_or("0"));
  out.note = parse_note(rows.at(0).at(1).value_or(""));
  out.exists = rows.at(0).at(2) != "0";
  return out;
}

/// The lock is a table that only one session can create. Its comment says who holds it and until when; while
/// the holder lives, a session of its own moves that moment on, so that a long statement does not cost the
/// lock, and what a crashed holder left behind runs out.
class LeasedLock final : public TargetLock {
 public:
  LeasedLock(Connection& connection, std::string table, Note note)
      : connection_(connection),
        heart_(connection.sibling(connection.url().database)),
        table_(std::move(table)),
        note_(std::move(note)),
        beat_([this] { keep(); }) {}
  LeasedLock(const LeasedLock&) = delete;
  LeasedLock& operator=(const LeasedLock&) = delete;
  ~LeasedLock() override {
    {
      const std::lock_guard guard(mutex_);
      stop_ = true;
    }
    wake_.notify_all();
    beat_.join();
    try {
      if (ours(*heart_)) heart_->execute("DROP TABLE IF EXISTS " + quote(table_) + " SYNC");
    } catch (const WorldError&) {  // it runs out by itself
    }
  }
  bool held() override { return ours(connection_); }

 private:
  bool ours(Connection& c) const {
    const Seen seen = look(c, table_);
    return seen.note && seen.note->token == note_.token;
  }
  void keep() {
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, lease / 4, [this] { return stop_; })) {
      try {
        const Seen seen = look(*heart_, table_);
        if (!seen.note || seen.note->token != note_.token) return;  // held() tells
        Note longer = note_;
        longer.until = seen.now + lease.count();
        heart_->execute("ALTER TABLE " + quote(table_) + " MODIFY COMMENT " + literal(longer.text()));
      } catch (const WorldError&) {  // tried again at the next beat; the lease outlives several
      }
    }
  }

  Connection& connection_;
  std::unique_ptr<Connection> heart_;
  std::string table_;
  Note note_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::thread beat_;  ///< last: it uses all the others
};

class ClickhouseApplySupport final : public ApplySupport {
 public:
  void prepare_session(Connection& connection, std::chrono::milliseconds lock_timeout) const override {
    // A statement is over when its mutation is; a row that says the same as an earlier one is no duplicate.
    connection.execute("SET mutations_sync = 1, alter_sync = 1, insert_deduplicate = 0");
    bound_lock_wait(connection, lock_timeout);
  }
  void bound_lock_wait(Connection& connection, std::chrono::milliseconds lock_timeout) const override {
    const auto seconds =
        lock_timeout.count() == 0 ? 86400 : std::max<std::int64_t>(lock_timeout.count() / 1000, 1);
    connection.execute(fmt::format("SET lock_acquire_timeout = {}", seconds));
  }
  std::vector<std::string> settings_now(Connection&) const override {
    return {};
  }  // prepare_session sets them
  std::string_view begin() const override { return {}; }
  std::string_view newest_rows() const override { return " FINAL"; }

  std::unique_ptr<TargetLock> try_lock(Connection& connection, const HistoryTable& table) const override {
    const std::string name = lock_name(table);
    const Seen seen = look(connection, name);
    if (seen.exists && (!seen.note || seen.note->until >= seen.now || !clear(connection, name, *seen.note)))
      return nullptr;
    std::random_device random;
    Note note;
    note.token = fmt::format("{:08x}{:08x}", random(), random());
    note.until = seen.now + lease.count();
    std::array<char, 256> host{};
    if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '?';
    note.holder = fmt::format("pid {} on {}", ::getpid(), host.data());
    try {
      connection.execute(fmt::format("CREATE TABLE {} (nothing UInt8) ENGINE = Memory COMMENT {}",
                                     quote(name), literal(note.text())));
    } catch (const WorldError& e) {
      if (e.facts().code == already_exists) return nullptr;
      throw;
    }
    return std::make_unique<LeasedLock>(connection, name, note);
  }
  std::string lock_holder(Connection& connection, const HistoryTable& table) const override {
    const Seen seen = look(connection, lock_name(table));
    if (!seen.note) return {};
    return fmt::format("{}; unless renewed it runs out in {} s", seen.note->holder,
                       std::max<std::int64_t>(seen.note->until - seen.now, 0));
  }
  bool may_retry(const WorldError& e) const override {
    return e.facts().code == "473" ||
           e.facts().code == "159";  // DEADLOCK_AVOIDED (lock timeout), TIMEOUT_EXCEEDED
  }
  std::string debris() const override { return {}; }

  std::string default_namespace() const override { return {}; }
  bool table_exists(Connection& connection, std::string_view, std::string_view name) const override {
    const std::array<Cell, 1> args{std::string(name)};
    return !connection
                .query("SELECT 1 FROM system.tables WHERE database = currentDatabase() AND name = ?", args)
                .empty();
  }
  std::vector<std::string> create_history(Connection&, std::string_view, std::string_view,
                                          std::string_view table) const override {
    return {fmt::format(history_ddl, table)};
  }
  std::vector<std::string> integrity_findings(Connection&) const override { return {}; }
  std::string session_user(Connection& connection) const override {
    return connection.query("SELECT currentUser()").at(0).at(0).value_or("");
  }
  std::string server_name(Connection& connection) const override {
    return fmt::format("ClickHouse {}.{}", connection.version() / 10000, connection.version() / 100 % 100);
  }

 private:
  /// Takes a lock that ran out away. Only one session can give it the name of its token; one that took
  /// another lock by mistake gives it back.
  static bool clear(Connection& connection, const std::string& name, const Note& dead) {
    const std::string grave = name + "_" + dead.token;
    try {
      connection.execute("RENAME TABLE " + quote(name) + " TO " + quote(grave));
    } catch (const WorldError& e) {
      if (e.facts().code == already_exists || e.facts().code == unknown_table) return false;
      throw;
    }
    const Seen moved = look(connection, grave);
    if (moved.note && moved.note->token != dead.token) {
      connection.execute("RENAME TABLE " + quote(grave) + " TO " + quote(name));
      return false;
    }
    connection.execute("DROP TABLE IF EXISTS " + quote(grave) + " SYNC");
    return true;
  }
};
}  // namespace

const ApplySupport& clickhouse_apply_support() {
  static const ClickhouseApplySupport support;
  return support;
}

const ApplySupport* ClickhouseDialect::apply_support() const {
  return &clickhouse_apply_support();
}

}  // namespace trueup
