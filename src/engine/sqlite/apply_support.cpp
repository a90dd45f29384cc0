#include "engine/apply_support.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/text.hpp"
#include "engine/sqlite/rebuild.hpp"

namespace trueup {
namespace {
constexpr std::string_view table_query = "select 1 from main.sqlite_master where type = 'table' and name = ?";
constexpr std::string_view violations_query = R"(
select coalesce("table", '') || ', row ' || coalesce(rowid, '?') || ': no such row in ' || parent
from pragma_foreign_key_check order by 1)";
constexpr std::string_view violations_of_query = R"(
select coalesce("table", '') || ', row ' || coalesce(rowid, '?') || ': no such row in ' || parent
from pragma_foreign_key_check(?) order by 1)";
constexpr std::string_view tables_query =
    "select name from main.sqlite_master where type = 'table' order by 1";

bool is_mismatch(const WorldError& e) {
  return std::string_view(e.what()).find("foreign key mismatch") != std::string_view::npos;
}

/// Path of the database file; empty for one in memory, which no other process can reach.
std::string database_path(Connection& connection) {
  for (const auto& row : connection.query("pragma database_list"))
    if (row.size() >= 3 && row[1] == "main") return row[2].value_or("");
  return {};
}

std::string lock_path(const std::string& database) {
  return database + "-trueup-lock";
}

/// Is the open file still the one that the path names?
bool same_file(int file, const std::string& path) {
  struct stat here = {}, there = {};
  return ::fstat(file, &here) == 0 && ::stat(path.c_str(), &there) == 0 && here.st_ino == there.st_ino &&
         here.st_dev == there.st_dev;
}

/// A lock on a file beside the database. The operating system lets go of it when the process dies, so that
/// nobody ever has to judge whether a lock is stale. File -1: nothing to lock.
class FileLock final : public TargetLock {
 public:
  FileLock(int file, std::string path) : file_(file), path_(std::move(path)) {}
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock() override {
    if (file_ < 0) return;
    ::unlink(path_.c_str());  // while still locked: a waiter that opened this file sees that it is gone
    ::close(file_);
  }
  bool held() override { return file_ < 0 || same_file(file_, path_); }

 private:
  int file_;
  std::string path_;
};

void say_who(int file) {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '?';
  const std::string text = fmt::format("pid {} on {}\n", ::getpid(), host.data());
  if (::ftruncate(file, 0) != 0) return;  // only a message depends on it
  if (::write(file, text.data(), text.size()) < 0) return;
}

class SqliteApplySupport final : public ApplySupport {
 public:
  void prepare_session(Connection& connection, std::chrono::milliseconds lock_timeout) const override {
    bound_lock_wait(connection, lock_timeout);
  }
  void bound_lock_wait(Connection& connection, std::chrono::milliseconds lock_timeout) const override {
    // Readers and writers of the application hold their locks for moments; waiting for them is SQLite's own
    // business.
    connection.execute(
        fmt::format("pragma busy_timeout = {}", std::max<std::int64_t>(lock_timeout.count(), 5000)));
  }
  std::vector<std::string> settings_now(Connection& connection) const override {
    const auto rows = connection.query("pragma foreign_keys");
    return {"pragma foreign_keys = " + (rows.empty() ? std::string("0") : rows[0].at(0).value_or("0"))};
  }
  std::string_view begin() const override { return "BEGIN IMMEDIATE"; }

  std::unique_ptr<TargetLock> try_lock(Connection& connection, const HistoryTable&) const override {
    const std::string database = database_path(connection);
    if (database.empty()) return std::make_unique<FileLock>(-1, "");
    const std::string path = lock_path(database);
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0)
      throw WorldError(fmt::format("cannot make the lock file {}: {}", path, std::strerror(errno)),
                       {{}, path, {}, "the folder of the database must be writable", {}});
    // A file that its last holder removed between our open and our lock is no lock; the next try makes a new
    // one.
    if (::flock(file, LOCK_EX | LOCK_NB) != 0 || !same_file(file, path)) {
      ::close(file);
      return nullptr;
    }
    say_who(file);
    return std::make_unique<FileLock>(file, path);
  }
  std::string lock_holder(Connection& connection, const HistoryTable&) const override {
    std::ifstream in(lock_path(database_path(connection)));
    std::string line;
    std::getline(in, line);
    return one_line(line);
  }
  bool may_retry(const WorldError& e) const override {
    const std::string& code = e.facts().code;
    return code.starts_with("SQLITE_BUSY") || code.starts_with("SQLITE_LOCKED") || code == "5" || code == "6";
  }

  std::string debris() const override { return {}; }
  void run(Connection& connection, std::string_view sql, const Meanwhile&) const override {
    try {
      connection.execute(sql);
    } catch (const WorldError& e) {
      if (std::string_view(e.what()).find(sqlite::rebuild_guard_column) == std::string_view::npos) throw;
      WorldError::Facts facts = e.facts();
      facts.remedy = "trueup verify shows what differs; put that into the schema, or remove it by hand";
      throw WorldError(
          "the table is not what the migration was made for: it has other columns, indexes or triggers, or "
          "not every row was copied",
          std::move(facts));
    }
  }

  std::string default_namespace() const override { return {}; }
  bool table_exists(Connection& connection, std::string_view, std::string_view name) const override {
    const std::array<Cell, 1> args{std::string(name)};
    return !connection.query(table_query, args).empty();
  }
  std::vector<std::string> create_history(Connection&, const HistoryTable&, std::string_view,
                                          std::string_view table) const override {
    return {fmt::format(R"(CREATE TABLE {} (
  version INTEGER NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  checksum TEXT NOT NULL,
  state TEXT NOT NULL,
  status TEXT NOT NULL,
  done INTEGER NOT NULL,
  total INTEGER NOT NULL,
  done_checksum TEXT NOT NULL,
  in_flight INTEGER NOT NULL,
  in_doubt TEXT NOT NULL,
  started TEXT NOT NULL,
  finished TEXT NOT NULL,
  duration_ms INTEGER NOT NULL,
  who TEXT NOT NULL,
  tool_version TEXT NOT NULL,
  error TEXT NOT NULL
))",
                        table)};
  }

  std::vector<std::string> integrity_findings(Connection& connection) const override {
    std::vector<std::string> out;
    try {
      for (auto& row : connection.query(violations_query)) out.push_back(row.at(0).value_or(""));
      return out;
    } catch (const WorldError& e) {
      if (!is_mismatch(e)) throw;
    }
    // One reference that names no key stops the check of all: those of its table cannot be checked.
    for (const auto& table : connection.query(tables_query)) {
      try {
        for (auto& row : connection.query(violations_of_query, table)) out.push_back(row.at(0).value_or(""));
      } catch (const WorldError& e) {
        if (!is_mismatch(e)) throw;
      }
    }
    return out;
  }
  std::string session_user(Connection&) const override { return {}; }
  std::string server_name(Connection& connection) const override {
    const std::int64_t v = connection.version();
    return fmt::format("SQLite {}.{}.{}", v / 1000000, v / 1000 % 1000, v % 1000);
  }
};
}  // namespace

const ApplySupport& sqlite_apply_support() {
  static const SqliteApplySupport support;
  return support;
}

}  // namespace trueup
