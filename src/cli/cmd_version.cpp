// trueup version
#include <fmt/format.h>

#include "base/text.hpp"
#include "base/version.hpp"
#include "cli/session.hpp"
#include "engine/engine.hpp"

namespace trueup::cli {

void add_version(CLI::App& app, Session& session) {
  CLI::App* command =
      add_command(app, "version", "Version of this program and its engines", "  trueup version");
  command->callback([&session] {
    session.run = [&session] {
      std::vector<std::string> engines;
      for (const auto name : dialect_names()) engines.emplace_back(name);
      session.result["version"] = version();
      session.result["engines"] = engines;
      session.out(fmt::format("trueup {} ({})\n", version(), join(engines, ", ")));
      return exit_done;
    };
  });
}

}  // namespace trueup::cli
