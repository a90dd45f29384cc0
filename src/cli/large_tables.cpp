#include "cli/large_tables.hpp"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "base/text.hpp"
#ifdef __linux__
#include <sys/prctl.h>
#endif

namespace trueup::cli {
namespace {
/// The command's way to say that the statement is to be run as it is.
constexpr int declined = 100;
constexpr int not_started = 127;

using Variables = std::map<std::string, std::string>;

Variables variables(const TableCopy& copy, const Url& url) {
  const auto socket = url.parameters.find("socket");
  return {{"TRUEUP_DATABASE", copy.database},
          {"TRUEUP_TABLE", copy.table},
          {"TRUEUP_ALTER", copy.change},
          {"TRUEUP_ROWS", std::to_string(copy.rows)},
          {"TRUEUP_HOST", url.host},
          {"TRUEUP_PORT", url.port == 0 ? copy.default_port : std::to_string(url.port)},
          {"TRUEUP_SOCKET", socket == url.parameters.end() ? "" : socket->second},
          {"TRUEUP_USER", url.user},
          {"TRUEUP_PASSWORD", url.password}};
}

/// Our environment with these on top.
std::vector<std::string> environment(const Variables& extra) {
  std::vector<std::string> out;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (!extra.contains(std::string(text.substr(0, text.find('='))))) out.emplace_back(text);
  }
  for (const auto& [name, value] : extra) out.push_back(name + "=" + value);
  return out;
}

/// Runs it in a shell, and waits. Nothing but the configured text is ever read by the shell: what names of
/// tables hold reaches it as values of variables.
int run_shell(const std::string& command, const Variables& extra) {
  std::vector<std::string> entries = environment(extra);
  std::vector<char*> pointers;
  for (auto& entry : entries) pointers.push_back(entry.data());
  pointers.push_back(nullptr);
  const pid_t child = ::fork();
  if (child < 0) throw WorldError(fmt::format("cannot start a process: {}", std::strerror(errno)));
  if (child == 0) {
#ifdef __linux__
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);  // nobody holds the lock any longer when we are gone
#endif
    ::execle("/bin/sh", "sh", "-c", command.c_str(), nullptr, pointers.data());
    ::_exit(not_started);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) throw WorldError(fmt::format("cannot wait for a process: {}", std::strerror(errno)));
  return status;
}

bool hand_over(const LargeTables& large, const Url& url, const TableCopy& copy) {
  if (copy.rows < large.rows) return false;
  const int status = run_shell(large.command, variables(copy, url));
  if (status == 0) return true;
  if (WIFEXITED(status) && WEXITSTATUS(status) == declined) return false;
  const std::string how = WIFEXITED(status) ? fmt::format("exit status {}", WEXITSTATUS(status))
                                            : fmt::format("signal {}", WTERMSIG(status));
  WorldError::Facts facts;
  facts.remedy = "the command is `large_tables:` of trueup.yaml";
  throw WorldError(fmt::format("the command for large tables failed for {} ({})", one_line(copy.table), how),
                   std::move(facts));
}
}  // namespace

void add_copy_flags(CLI::App& command, CopyFlags& flags) {
  command.add_flag(
      "--allow-copy", flags.allowed,
      "Run each ALTER TABLE without the ALGORITHM and LOCK that it asks for (MySQL, MariaDB): the "
      "server may copy the table");
}

void fill_copy_options(TargetOptions& options, Session& session, const Url& url, const CopyFlags& flags) {
  options.allow_copy = flags.allowed;
  const LargeTables large = session.config().large_tables;
  if (large.command.empty()) return;
  options.hand_over = [large, url](const TableCopy& copy) { return hand_over(large, url, copy); };
}

}  // namespace trueup::cli
