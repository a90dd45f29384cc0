#include "engine/clickhouse/lock.hpp"

#include <unistd.h>

#include <charconv>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <random>
#include <sstream>
#include <thread>

#include "base/text.hpp"
#include "engine/clickhouse/lexer.hpp"

namespace trueup::clickhouse {
namespace {
constexpr std::chrono::seconds lease{60};
constexpr std::string_view already_exists = "57", unknown_table = "60";

std::string first_line(const std::string& file) {
  std::ifstream in(file);
  std::string out;
  std::getline(in, out);
  return out;
}

/// When a process was started, in the kernel's own count; empty when there is no such process.
std::string started(const std::string& pid) {
  const std::string stat = first_line("/proc/" + pid + "/stat");
  const auto close = stat.rfind(')');
  if (close == std::string::npos) return {};
  const auto words = trueup::split(stat.substr(close + 1), ' ');
  constexpr std::size_t start_time = 20;  // words after the name
  return words.size() > start_time ? words[start_time] : std::string();
}

/// Machine and set of process numbers that a pid is to be looked up in; empty where that cannot be told.
std::string machine() {
  std::error_code failed;
  const auto numbers = std::filesystem::read_symlink("/proc/self/ns/pid", failed);
  const std::string boot = first_line("/proc/sys/kernel/random/boot_id");
  return failed || boot.empty() ? std::string() : sha256(boot + numbers.string()).substr(0, 12);
}

/// `trueup lock 0123abcd-<machine>-4711-99 until 1763714000 held by pid 4711 on here`: the comment of the
/// lock's table.
struct Note {
  std::string token, holder;
  std::int64_t until = 0;
  std::string text() const { return fmt::format("trueup lock {} until {} held by {}", token, until, holder); }
  /// Is it known that the process which holds it is gone?
  bool orphaned() const {
    const auto words = trueup::split(token, '-');
    return words.size() == 4 && !words[1].empty() && words[1] == machine() && started(words[2]) != words[3];
  }
  bool over(std::int64_t now) const { return until < now || orphaned(); }
};

Note new_note(std::int64_t now) {
  std::random_device random;
  Note note;
  const std::string pid = std::to_string(::getpid());
  note.token = fmt::format("{:08x}{:08x}-{}-{}-{}", random(), random(), machine(), pid, started(pid));
  note.until = now + lease.count();
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '?';
  note.holder = fmt::format("pid {} on {}", pid, host.data());
  return note;
}

std::optional<Note> parse_note(const std::string& text) {
  const auto words = trueup::split(text, ' ');
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
  const std::array<Cell, 2> args{table, table};
  const auto rows = connection.query(
      "SELECT toInt64(toUnixTimestamp(now())), (SELECT groupArray(comment) FROM system.tables "
      "WHERE database = currentDatabase() AND name = ?)[1] AS note, "
      "(SELECT count() FROM system.tables WHERE database = currentDatabase() AND name = ?) AS there",
      args);
  Seen out;
  out.now = std::stoll(rows.at(0).at(0).value_or("0"));
  out.note = parse_note(rows.at(0).at(1).value_or(""));
  out.exists = rows.at(0).at(2) != "0";
  return out;
}

/// The lock's table, and where its statements run.
struct LockTable {
  std::string table, on;
  explicit LockTable(const HistoryTable& history)
      : table(history.name + "_lock"),
        on(history.cluster.name.empty() ? "" : " ON CLUSTER " + quote(history.cluster.name)) {}
  /// A server that is down gets the statement when it is back, in its order.
  void run(Connection& connection, const std::string& sql) const {
    if (on.empty()) return connection.execute(sql);
    try {
      connection.execute("SET distributed_ddl_output_mode = 'null_status_on_timeout_only_active'");
    } catch (const WorldError&) {  // a server of 23.8: one that is down is waited for
    }
    try {
      connection.execute(sql);
    } catch (const WorldError&) {
      connection.execute("SET distributed_ddl_output_mode = 'throw'");
      throw;
    }
    connection.execute("SET distributed_ddl_output_mode = 'throw'");
  }
  void rename(Connection& connection, const std::string& from, const std::string& to) const {
    run(connection, "RENAME TABLE " + quote(from) + " TO " + quote(to) + on);
  }
  void drop(Connection& connection, const std::string& name) const {
    run(connection, "DROP TABLE IF EXISTS " + quote(name) + on + " SYNC");
  }
};

/// The comment of the table says who holds the lock and until when; while the holder lives, a session of its
/// own moves that moment on, so that a long statement does not cost the lock, and what a crashed holder left
/// behind runs out.
class LeasedLock final : public TargetLock {
 public:
  LeasedLock(Connection& connection, LockTable place, Note note)
      : connection_(connection),
        heart_(connection.sibling(connection.url().database)),
        place_(std::move(place)),
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
      if (ours(*heart_)) place_.drop(*heart_, place_.table);
    } catch (const WorldError&) {  // it runs out by itself
    }
  }
  bool held() override { return ours(connection_); }

 private:
  bool ours(Connection& c) const {
    const Seen seen = look(c, place_.table);
    return seen.note && seen.note->token == note_.token;
  }
  void keep() {
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, lease / 4, [this] { return stop_; })) {
      try {
        const Seen seen = look(*heart_, place_.table);
        if (!seen.note || seen.note->token != note_.token) return;  // held() tells
        Note longer = note_;
        longer.until = seen.now + lease.count();
        place_.run(*heart_, "ALTER TABLE " + quote(place_.table) + place_.on + " MODIFY COMMENT " +
                                literal(longer.text()));
      } catch (const WorldError&) {  // tried again at the next beat; the lease outlives several
      }
    }
  }

  Connection& connection_;
  std::unique_ptr<Connection> heart_;
  LockTable place_;
  Note note_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::thread beat_;  ///< last: it uses all the others
};

/// Takes a lock that is over away. Only one runner can give it the name of its token; one that took another
/// lock by mistake, or one that was renewed meanwhile, gives it back.
bool clear(Connection& connection, const LockTable& place, const Note& dead) {
  const std::string grave = place.table + "_" + dead.token;
  try {
    place.rename(connection, place.table, grave);
  } catch (const WorldError& e) {
    if (e.facts().code == already_exists || e.facts().code == unknown_table) return false;
    throw;
  }
  const Seen moved = look(connection, grave);
  if (moved.note && (moved.note->token != dead.token || moved.note->until != dead.until)) {
    place.rename(connection, grave, place.table);
    return false;
  }
  place.drop(connection, grave);
  return true;
}
}  // namespace

std::unique_ptr<TargetLock> try_lock(Connection& connection, const HistoryTable& table) {
  const LockTable place(table);
  const Seen seen = look(connection, place.table);
  if (seen.exists && (!seen.note || !seen.note->over(seen.now) || !clear(connection, place, *seen.note)))
    return nullptr;
  const Note note = new_note(seen.now);
  try {
    place.run(connection, "CREATE TABLE " + quote(place.table) + place.on +
                              " (nothing UInt8) ENGINE = Memory COMMENT " + literal(note.text()));
  } catch (const WorldError& e) {
    if (e.facts().code == already_exists) return nullptr;
    throw;
  }
  const Seen made = look(connection, place.table);
  if (!made.note || made.note->token != note.token) return nullptr;
  return std::make_unique<LeasedLock>(connection, place, note);
}

std::string lock_holder(Connection& connection, const HistoryTable& table) {
  const Seen seen = look(connection, LockTable(table).table);
  if (!seen.note) return {};
  return fmt::format("{}; unless renewed it runs out in {} s", seen.note->holder,
                     std::max<std::int64_t>(seen.note->until - seen.now, 0));
}

}  // namespace trueup::clickhouse
