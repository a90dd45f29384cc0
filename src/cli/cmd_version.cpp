// trueup version
#include <fmt/format.h>

#include "base/text.hpp"
#include "base/version.hpp"
#include "cli/session.hpp"
#include "engine/engine.hpp"

namespace trueup::cli {

namespace {
std::vector<std::string> engines() {
  std::vector<std::string> out;
  for (const auto name : dialect_names()) out.emplace_back(name);
  return out;
}
}  // namespace

std::string version_line() {
  return fmt::format("trueup {} ({})", version(), join(engines(), ", "));
}

void add_version(CLI::App& app, Session& session) {
  CLI::App* command =
      add_command(app, "version", "Version of this program and its engines", "  trueup version");
  command->callback([&session] {
    session.run = [&session] {
      session.result["version"] = version();
      session.result["engines"] = engines();
      session.out(version_line() + "\n");
      return exit_done;
    };
  });
}

}  // namespace trueup::cli
