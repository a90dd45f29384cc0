// trueup init ENGINE
#include <fmt/format.h>

#include <filesystem>

#include "base/text.hpp"
#include "cli/session.hpp"
#include "engine/engine.hpp"

namespace trueup::cli {
namespace {
/// Engines without keys that count have the client number its rows, and no unique constraints.
std::string first_schema(const EngineDialect& engine) {
  const bool keys = engine.handler(Kind::unique) != nullptr;
  return fmt::format(
      R"(# The desired state of the database. Edit it, then `trueup generate NAME` and `trueup apply`.
tables:
  users:
    comment: People who can sign in
    columns:
      id: bigint{} primary key
      email: varchar(255) not null{}
      name: text
      created_at: timestamp not null default current_timestamp
)",
      keys ? " identity" : "", keys ? " unique" : "");
}

std::string configuration(std::string_view engine) {
  const std::string url = example_url(engine);
  const bool file = !parse_url(url).file().empty();
  return fmt::format(
      R"(# Configuration of trueup. Paths are relative to this file.
engines: [{0}]
schema: schema          # YAML file or folder: the desired state
generated: generated    # numbered SQL migrations, generated/{0}/000001_name.up.sql
snapshots: snapshots    # the state after each of them
targets:
  dev: {{ url: "{1}" }}
  # production: {{ url: "${{DATABASE_URL}}" }}
default_target: dev
{2}# history: {{ table: trueup_history }}
)",
      engine, url,
      file ? std::string{}
           : fmt::format("# scratch:                # a server where migrations may be tried out before they "
                         "are written\n"
                         "#   {}: \"{}\"\n",
                         engine, url));
}

int run(Session& session, const std::string& engine) {
  std::vector<std::string> known;
  for (const auto name : dialect_names()) known.emplace_back(name);
  if (engine.empty())
    throw InputError("no engine is named", fmt::format("trueup init ENGINE, one of {}", join(known, ", ")));
  const EngineDialect& dialect = need_dialect(engine);
  const std::string name(dialect.name());
  const std::vector<std::pair<std::string, std::string>> files{{"trueup.yaml", configuration(name)},
                                                               {"schema/schema.yaml", first_schema(dialect)}};
  std::vector<Diagnostic> found;
  std::error_code error;
  for (const auto& [path, text] : files)
    if (std::filesystem::exists(path, error))
      found.push_back(
          {{path, 0, 0}, "is already there", "nothing was written; init is for a new project", {}});
  if (!found.empty()) throw InputError(std::move(found));
  session.result["engine"] = name;
  session.result["files"] = nlohmann::ordered_json::array();
  for (const auto& [path, text] : files) {
    write_file(path, text);
    session.result["files"].push_back(path);
    session.out(fmt::format("wrote {}\n", path));
  }
  session.note("next: edit schema/schema.yaml, then `trueup generate initial` and `trueup apply`\n");
  return exit_done;
}
}  // namespace

void add_init(CLI::App& app, Session& session) {
  auto engine = std::make_shared<std::string>();
  CLI::App* command = add_command(app, "init", "Write trueup.yaml and a first schema file",
                                  "  trueup init sqlite\n"
                                  "  trueup init --engine postgres");
  auto* positional = command->add_option("ENGINE", *engine, "Engine of the first database");
  command->add_option("--engine", *engine, "The same")->excludes(positional);
  command->callback(
      [&session, engine] { session.run = [&session, engine] { return run(session, *engine); }; });
}

}  // namespace trueup::cli
