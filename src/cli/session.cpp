#include "cli/session.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/text.hpp"
#include "cli/held_connection.hpp"
#include "cli/private_server.hpp"
#include "engine/engine.hpp"

namespace trueup::cli {
namespace {
constexpr const char* default_config = "trueup.yaml";

void put(std::FILE* stream, std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stream) != text.size() && stream == stdout)
    throw WorldError(fmt::format("standard output cannot be written: {}", std::strerror(errno)));
}
}  // namespace

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string{} : std::string(value);
}

const Config& Session::config() {
  if (config_) return *config_;
  std::error_code error;
  if (!config_path.empty())
    config_ = load_config(config_path);
  else if (std::filesystem::exists(default_config, error))
    config_ = load_config(default_config);
  else
    config_ = Config{};
  return *config_;
}

void Session::out(std::string_view text) const {
  if (!json) put(stdout, text);
}
void Session::note(std::string_view text) const {
  std::fflush(stdout);  // what was said before stands before it, also where both go into one file
  put(stderr, text);
}

Colour Session::out_colour() const {
  const bool off = no_color || !environment("NO_COLOR").empty() || ::isatty(STDOUT_FILENO) == 0;
  return off ? Colour::off : Colour::on;
}
Colour Session::err_colour() const {
  const bool off = no_color || !environment("NO_COLOR").empty() || !err_is_terminal();
  return off ? Colour::off : Colour::on;
}
bool Session::err_is_terminal() const {
  return ::isatty(STDERR_FILENO) != 0;
}

void add_target_flags(CLI::App& command, TargetFlags& flags) {
  auto* url =
      command.add_option("URL", flags.url, "Database, e.g. sqlite:app.db or postgres://user@host/app");
  auto* target = command.add_option("--target", flags.target, "Name of a target of trueup.yaml");
  url->excludes(target);
}

ChosenTarget choose_target(Session& session, const TargetFlags& flags) {
  if (!flags.url.empty()) return {parse_url(flags.url), session.config().namespaces};
  const Config& config = session.config();
  if (const std::string url = environment("DATABASE_URL"); flags.target.empty() && !url.empty())
    return {parse_url(url), config.namespaces};
  const std::string& name = flags.target.empty() ? config.default_target : flags.target;
  if (!name.empty()) {
    const Target& target = config.target(name);
    try {
      return {parse_url(target.url.expand()),
              target.namespaces.empty() ? config.namespaces : target.namespaces};
    } catch (const InputError& e) {
      auto found = e.diagnostics();
      for (auto& each : found)
        if (each.place.file.empty()) each.place = target.url.place;
      throw InputError(std::move(found));
    }
  }
  throw InputError("no database is named",
                   "give a URL or --target NAME, set DATABASE_URL, or write default_target into trueup.yaml");
}

std::string engine_of_target(Session& session, const TargetFlags& flags) {
  const bool named = !flags.url.empty() || !flags.target.empty() ||
                     !session.config().default_target.empty() || !environment("DATABASE_URL").empty();
  return named ? choose_target(session, flags).url.engine : std::string{};
}

std::unique_ptr<Connection> open_existing(const Url& url) {
  const std::string file = url.file();
  std::error_code error;
  if (!file.empty() && !file.starts_with("file:") && !std::filesystem::exists(file, error))
    throw InputError(fmt::format("{}: there is no such database file", url.text()),
                     "check the path; `trueup apply` and `trueup push` create it");
  return connect(url);
}

std::unique_ptr<Connection> open_for_dry_run(const Url& url) {
  const std::string file = url.file();
  std::error_code error;
  const auto memory = memory_url(url.engine);
  const bool absent = !file.empty() && !file.starts_with("file:") && !std::filesystem::exists(file, error);
  return connect(absent && memory ? *memory : url);
}

const EngineDialect& need_dialect(const std::string& engine) {
  if (const EngineDialect* found = dialect(engine)) return *found;
  std::vector<std::string> known;
  for (const auto each : dialect_names()) known.emplace_back(each);
  throw InputError(fmt::format("no engine `{}` in this build", engine), "known are " + join(known, ", "));
}

std::set<std::string> namespace_set(const std::vector<std::string>& given) {
  std::set<std::string> out;
  for (const auto& each : given)
    for (const auto& name : split(each, ','))
      if (!trim(name).empty()) out.insert(std::string(trim(name)));
  return out;
}

std::unique_ptr<Connection> open_scratch(Session& session, const std::string& flag, std::string_view engine) {
  std::string text = flag;
  if (text.empty()) {
    const auto& configured = session.config().scratch;
    const auto it = configured.find(std::string(engine));
    if (it != configured.end()) text = it->second.expand();
    if (text.empty()) {  // `${VARIABLE:-}` may leave it out
      const auto memory = memory_url(engine);
      return memory ? connect(*memory) : nullptr;
    }
  }
  if (text == private_scratch) {
    const auto memory = memory_url(engine);
    return memory ? connect(*memory) : start_private_server(engine);
  }
  const Url url = parse_url(text);
  if (url.engine != engine)
    throw InputError(fmt::format("the scratch database {} is not of engine {}", url.text(), engine),
                     "name one of the same engine, or none");
  return connect(url);
}

std::unique_ptr<Connection> open_empty_scratch(Connection* server, const EngineDialect& dialect) {
  if (server == nullptr) return nullptr;
  if (const auto memory = memory_url(dialect.name())) return connect(*memory);
  const std::shared_ptr<ScratchDatabase> database = dialect.scratch_beside(*server);
  return database ? std::make_unique<HeldConnection>(database, database->connection()) : nullptr;
}

void write_file(const std::string& path, std::string_view text) {
  namespace fs = std::filesystem;
  const auto fail = [&](const std::string& why) {
    throw WorldError(fmt::format("{}: cannot be written: {}", path, why));
  };
  std::error_code error;
  if (const auto folder = fs::path(path).parent_path(); !folder.empty())
    fs::create_directories(folder, error);
  if (error) fail(error.message());
  // Devices and pipes (`-o /dev/stdout`) cannot be replaced, only written.
  const bool replace = !fs::exists(path, error) || fs::is_regular_file(path, error);
  const std::string written = replace ? fmt::format("{}.{}.tmp", path, ::getpid()) : path;
  {
    std::ofstream out(written, std::ios::binary);
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    out.close();
    if (!out) fail(std::strerror(errno));
  }
  if (!replace) return;
  fs::rename(written, path, error);
  if (error) {
    const std::string why = error.message();
    fs::remove(written, error);
    fail(why);
  }
}

CLI::App* add_command(CLI::App& app, const std::string& name, const std::string& description,
                      const std::string& examples) {
  CLI::App* command = app.add_subcommand(name, description);
  command->fallthrough();
  command->footer("Examples:\n" + examples);
  return command;
}

}  // namespace trueup::cli
