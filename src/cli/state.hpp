// STATE arguments: what a text on the command line stands for, and loading it.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "cli/session.hpp"
#include "plan/pipeline.hpp"

namespace trueup::cli {

enum class StateSort { url, yaml, snapshot, migrations, nothing };

/// A STATE argument, classified but not loaded.
struct StateArgument {
  std::string text;   ///< as given; may hold a password
  std::string label;  ///< for messages
  StateSort sort = StateSort::nothing;
  std::optional<Url> url;
  std::string path;
  std::vector<std::string>
      engines;  ///< what this side knows of the engine; several only for YAML's `engines:`
};
/// InputError when it is none of a URL, a YAML file or folder, a snapshot file, a migrations folder or
/// `empty`.
StateArgument classify_state(const std::string& text);

/// The engine two sides agree on: `flag` (--engine) or the URL's or snapshot's, else what the YAML or the
/// configuration settles. InputError when they contradict each other or nothing settles it.
std::string engine_of(Session& session, const std::vector<const StateArgument*>& sides,
                      const std::string& flag);

/// What a live database holds in the scope of `namespaces` (empty or `*`: every one), without the history
/// table and a namespace that holds nothing but it.
Catalog read_live(Session& session, Connection& connection, const EngineDialect& dialect,
                  const std::set<std::string>& namespaces, WithUses uses);

/// A loaded state and the connection it came from.
struct LoadedState {
  State state;
  std::unique_ptr<Connection> connection;
};
/// Loads it for one engine. Live states are read in the scope of `namespaces` (empty or `*`: every one).
LoadedState load_state(Session& session, const StateArgument& argument, const EngineDialect& dialect,
                       const std::set<std::string>& namespaces);

}  // namespace trueup::cli
