#include "migration/session.hpp"

#include <pwd.h>
#include <unistd.h>

#include <ctime>
#include <thread>

#include "base/text.hpp"
#include "base/version.hpp"

namespace trueup {
namespace {
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

std::string user_and_host() {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '?';
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  const bool known =
      ::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr;
  return fmt::format("{}@{}", known ? std::string(entry.pw_name) : std::to_string(::geteuid()), host.data());
}

}  // namespace

std::unique_ptr<TargetLock> wait_for_lock(Connection& connection, const ApplySupport& support,
                                          const TargetOptions& options) {
  const auto start = Clock::now();
  milliseconds pause{20};
  while (true) {
    if (auto lock = support.try_lock(connection, options.history)) return lock;
    const auto waited = std::chrono::duration_cast<milliseconds>(Clock::now() - start);
    const std::string holder = support.lock_holder(connection, options.history);
    if (waited >= options.lock_wait)
      throw WorldError(
          fmt::format("another runner holds the lock of {} for more than {} s: {}", connection.url().text(),
                      options.lock_wait.count() / 1000, holder.empty() ? "it cannot be told who" : holder),
          {{}, {}, {}, "wait until it is done, or end that session if it is dead, and try again", {}});
    if (options.progress) {
      Progress p;
      p.what = Progress::What::waiting;
      p.detail = holder;
      p.elapsed = waited;
      options.progress(p);
    }
    std::this_thread::sleep_for(std::min(pause, std::max(milliseconds{1}, options.lock_wait - waited)));
    pause = std::min(pause * 3 / 2, milliseconds{1000});
  }
}

std::string utc_now() {
  const auto now = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  const auto ms = std::chrono::duration_cast<milliseconds>(now.time_since_epoch()).count() % 1000;
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  return fmt::format("{}.{:03}Z", text.data(), ms);
}

TargetSession::TargetSession(Connection& connection, const EngineDialect& dialect,
                             const TargetOptions& options)
    : connection_(connection),
      dialect_(dialect),
      support_(apply_support(dialect)),
      options_(options),
      history_(connection, dialect, options.history) {
  support_.prepare_session(connection_, options_.lock_timeout);
  lock_ = wait_for_lock(connection_, support_, options_);
  who_ = options_.who.empty() ? user_and_host() : options_.who;
  if (const std::string user = support_.session_user(connection_); !user.empty() && options_.who.empty())
    who_ += " as " + user;
}

void TargetSession::refresh(Settings settings) {
  if (settings == Settings::changed) support_.prepare_session(connection_, options_.lock_timeout);
  if (lock_seen_ != Clock::time_point{} && Clock::now() - lock_seen_ < std::chrono::seconds{1}) return;
  lock_seen_ = Clock::now();
  if (!lock_->held())
    throw WorldError(fmt::format("the lock of {} was lost", connection_.url().text()),
                     {{},
                      {},
                      {},
                      "a connection pooler in transaction mode cannot keep it: connect to the server itself",
                      {}});
}

void TargetSession::await_leftovers(const HistoryEntry& entry) {
  const auto start = Clock::now();
  support_.await_leftovers(connection_, [&](std::string_view detail) {
    Progress p;
    p.what = Progress::What::statement_running;
    p.version = entry.version;
    p.name = entry.name;
    p.statement = static_cast<std::size_t>(entry.done + 1);
    p.total = static_cast<std::size_t>(entry.total);
    p.detail = detail;
    p.elapsed = std::chrono::duration_cast<milliseconds>(Clock::now() - start);
    report(p);
  });
}

HistoryEntry TargetSession::new_entry(const MigrationFiles& files) const {
  HistoryEntry e;
  e.version = files.version;
  e.name = files.name;
  e.started = utc_now();
  e.who = who_;
  e.tool_version = version();
  return e;
}

}  // namespace trueup
