// What every command shares: global flags, the configuration, the environment and the two output streams.
#pragma once
#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/config.hpp"
#include "driver/connection.hpp"
#include "report/report.hpp"

namespace trueup::cli {

/// Exit statuses of every command.
constexpr int exit_done = 0;
constexpr int exit_difference = 1;
constexpr int exit_error = 2;

/// One run of the program.
class Session {
 public:
  // global flags, filled by the parser
  bool json = false;
  bool no_color = false;
  std::string config_path;

  std::string command;                                               ///< name of the chosen subcommand
  std::function<int()> run;                                          ///< set by the chosen subcommand
  nlohmann::ordered_json result = nlohmann::ordered_json::object();  ///< printed at the end with --json
  std::shared_ptr<void> until_exit;  ///< large states, which go with the process instead of piece by piece

  /// trueup.yaml, read once. Defaults when there is none and --config was not given.
  const Config& config();

  /// Result for standard output; nothing with --json, whose document comes at the end.
  void out(std::string_view text) const;
  /// For people, on standard error.
  void note(std::string_view text) const;
  /// A file's contents or SQL on standard output even when nothing else is: never with --json.
  Colour out_colour() const;
  Colour err_colour() const;
  bool err_is_terminal() const;

 private:
  std::optional<Config> config_;
};

/// Environment variable; empty when not set. Only the command line reads the environment.
std::string environment(const char* name);

/// The database a command works on, from `[URL]`, `--target`, default_target of trueup.yaml or DATABASE_URL.
struct TargetFlags {
  std::string url;
  std::string target;
};
void add_target_flags(CLI::App& command, TargetFlags& flags);
struct ChosenTarget {
  Url url;
  std::set<std::string> namespaces;  ///< of the target or the configuration; empty: what the schema names
};
/// InputError saying how to name one when none is given.
ChosenTarget choose_target(Session& session, const TargetFlags& flags);
/// Engine of the target that would be chosen, without opening it; empty when there is none.
std::string engine_of_target(Session& session, const TargetFlags& flags);
/// Opens a database for reading; a file that does not exist is an error here, not created.
std::unique_ptr<Connection> open_existing(const Url& url);
/// Opens a database without creating its file: an empty one in memory stands for a file that is not there
/// yet.
std::unique_ptr<Connection> open_for_dry_run(const Url& url);

/// The dialect of that name; InputError naming those of this build.
const EngineDialect& need_dialect(const std::string& engine);
/// `a,b` or `*` as a set.
std::set<std::string> namespace_set(const std::vector<std::string>& given);

/// In the place of a scratch URL: a server of one's own from what is installed.
inline constexpr std::string_view private_scratch = "private";
inline constexpr const char* scratch_help =
    "URL of a server where expressions may be tried out, or `private` for one from the installed programs "
    "(MySQL, "
    "MariaDB)";
/// Opens the scratch server: --scratch, else trueup.yaml's for that engine, else a database in memory where
/// the engine has such; null when there is none.
std::unique_ptr<Connection> open_scratch(Session& session, const std::string& flag, std::string_view engine);
/// An empty throw-away database on the scratch server, dropped with the connection; null when there is none.
std::unique_ptr<Connection> open_empty_scratch(Connection* server, const EngineDialect& dialect);

/// Writes a file so that it is never seen half written. WorldError naming it.
void write_file(const std::string& path, std::string_view text);

// One a command, each in cmd_<name>.cpp.
void add_init(CLI::App& app, Session& session);
void add_introspect(CLI::App& app, Session& session);
void add_generate(CLI::App& app, Session& session);
void add_new(CLI::App& app, Session& session);
void add_diff(CLI::App& app, Session& session);
void add_push(CLI::App& app, Session& session);
void add_apply(CLI::App& app, Session& session);
void add_status(CLI::App& app, Session& session);
void add_verify(CLI::App& app, Session& session);
void add_baseline(CLI::App& app, Session& session);
void add_rollback(CLI::App& app, Session& session);
void add_schema_reference(CLI::App& app, Session& session);
void add_completion(CLI::App& app, Session& session);
/// `trueup 0.1.0 (postgres, ...)`
std::string version_line();
void add_version(CLI::App& app, Session& session);

/// Registers a subcommand: help with examples, global flags allowed after it.
CLI::App* add_command(CLI::App& app, const std::string& name, const std::string& description,
                      const std::string& examples);

}  // namespace trueup::cli
