#include "cli/private_server.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/text.hpp"
#include "cli/held_connection.hpp"
#include "cli/session.hpp"
#include "driver/private_server.hpp"

namespace trueup::cli {
namespace {
namespace fs = std::filesystem;
constexpr std::string_view server_folders = "/usr/sbin:/usr/local/sbin:/usr/libexec:/usr/local/libexec";
constexpr std::chrono::seconds longest_start{120};

/// Where programs are looked for: servers are often not in the PATH of ordinary users.
std::string search_path() {
  const std::string given = environment("PATH");
  return given.empty() ? "/usr/bin:/bin:" + std::string(server_folders)
                       : given + ":" + std::string(server_folders);
}

const PrivateServer& installed_server(std::string_view engine) {
  const auto known = private_servers(engine);
  if (known.empty())
    throw InputError(fmt::format("trueup can start no private server of {}", engine),
                     "name a server: --scratch URL");
  std::vector<std::string> daemons;
  for (const auto& server : known) {
    for (const auto& folder : split(search_path(), ':'))
      if (::access((fs::path(folder) / server.daemon).c_str(), X_OK) == 0) return server;
    daemons.emplace_back(server.daemon);
  }
  throw InputError(fmt::format("no private server of {} can be started: {} is not installed", engine,
                               join(daemons, " or ")),
                   "install one, or name a server: --scratch URL; looked for in " + search_path());
}

/// The server runs under a shell that ends it, and removes the folder, when our end of its input is closed:
/// by us or, when we are killed, by the system.
class ServerProcess {
 public:
  explicit ServerProcess(const PrivateServer& server) {
    std::string pattern = fs::temp_directory_path() / "trueup-private-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) fail("no temporary folder", errno);
    folder_ = pattern;
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("no pipe", errno);
    input_ = ends[1];
    const int error = spawn(script(server), ends[0]);
    ::close(ends[0]);
    if (error != 0) {
      ::close(input_);
      remove();
      fail("/bin/sh does not start", error);
    }
  }
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;
  ~ServerProcess() {
    ::close(input_);
    if (!ended_) ::waitpid(shell_, nullptr, 0);
    remove();
  }

  const std::string& folder() const { return folder_; }
  bool ended() {
    ended_ = ended_ || ::waitpid(shell_, nullptr, WNOHANG) == shell_;
    return ended_;
  }
  std::string last_words() const {
    std::ifstream log(folder_ + "/log");
    std::string line, last;
    while (std::getline(log, line)) {
      if (!trim(line).empty()) last = line;
      if (line.find("ERROR") != std::string::npos) break;
    }
    return last.empty() ? "it said nothing" : last;
  }

 private:
  [[noreturn]] static void fail(const char* what, int error) {
    throw WorldError(fmt::format("private server: {}: {}", what, std::strerror(error)));
  }
  static std::string script(const PrivateServer& server) {
    return fmt::format(
        "user=; [ \"$(id -u)\" != 0 ] || user=--user=root\n"
        "{{ {}; }} >\"$1/log\" 2>&1 </dev/null || exit 1\n"
        "exec 3<&0\n"
        "{} {} >>\"$1/log\" 2>&1 </dev/null 3<&- & server=$!\n"
        "{{ read -r end <&3; : >\"$1/gone\"; kill $server; }} & watcher=$!\n"
        "wait $server\n"
        "if [ -e \"$1/gone\" ]; then rm -rf \"$1\"; else kill $watcher; fi\n",
        server.install, server.run, server.options);
  }
  int spawn(const std::string& script, int input) {
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_t attributes;  // a session of its own: an interrupt at the terminal is for us
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
    std::string path = "PATH=" + search_path(), text = script, folder = folder_;
    std::string sh = "sh", c = "-c";
    std::array<char*, 6> arguments{sh.data(), c.data(), text.data(), sh.data(), folder.data(), nullptr};
    std::array<char*, 2> variables{path.data(), nullptr};
    const int error =
        ::posix_spawn(&shell_, "/bin/sh", &files, &attributes, arguments.data(), variables.data());
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    return error;
  }
  void remove() const {
    std::error_code ignored;  // nothing more can be done about a temporary folder
    fs::remove_all(folder_, ignored);
  }

  std::string folder_;
  int input_ = -1;
  pid_t shell_ = -1;
  bool ended_ = false;
};

/// The connection goes before its server.
struct Running {
  explicit Running(const PrivateServer& server) : process(server) {}
  ServerProcess process;
  std::unique_ptr<Connection> connection;
};
}  // namespace

std::unique_ptr<Connection> start_private_server(std::string_view engine) {
  const PrivateServer& server = installed_server(engine);
  const auto running = std::make_shared<Running>(server);
  const Url url = parse_url(replace_all(std::string(server.url), "{}", running->process.folder()));
  const auto deadline = std::chrono::steady_clock::now() + longest_start;
  for (;;) {
    try {
      const auto first = connect(url);
      first->execute(server.setup);
      running->connection = first->sibling(std::string(server.database));
      return std::make_unique<HeldConnection>(running, *running->connection);
    } catch (const WorldError& e) {
      const bool late = std::chrono::steady_clock::now() > deadline;
      if (running->process.ended() || late)
        throw WorldError(fmt::format("the private server ({}) does not start: {}", server.daemon,
                                     late ? e.what() : running->process.last_words()));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

}  // namespace trueup::cli
