// trueup.yaml: where the schema is, where migrations go, which databases there are.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "engine/statement.hpp"

namespace trueup::cli {

/// A text of the file that may hold `${NAME}`, with its place. Expanded only when used, so that a target's
/// variable need not be set to work on another target.
struct Template {
  std::string text;
  Place place;
  bool empty() const { return text.empty(); }
  /// `${NAME}` and `${NAME:-default}` replaced from the environment, `$${` is a plain `${`. InputError with
  /// file and line for a variable that is not set.
  std::string expand() const;
};

struct Target {
  Template url;
  std::set<std::string> namespaces;  ///< empty: the configuration's
};

/// Changes that copy a table of at least `rows` rows are made by `command` instead.
struct LargeTables {
  std::int64_t rows = 1'000'000;
  std::string command;  ///< empty: there is none
};

struct Config {
  std::string file;               ///< as found or given; empty when there is none and all is default
  std::string schema = "schema";  ///< YAML file or folder of the desired state
  std::string generated = "generated";
  std::string snapshots = "snapshots";
  std::vector<std::string> engines;  ///< one migration set each; empty: not stated
  std::map<std::string, Target> targets;
  std::string default_target;
  std::map<std::string, Template>
      scratch;  ///< engine: URL of a server on which throw-away databases may be made
  LargeTables large_tables;
  std::string history_table = "trueup_history";
  std::string history_namespace;     ///< empty: the engine's default
  std::set<std::string> namespaces;  ///< empty: those the schema names
  Cluster cluster;                   ///< for engines that have such
  /// The target of that name. InputError naming the known ones.
  const Target& target(const std::string& name) const;
};

/// Reads a configuration; unknown keys, wrong types and unknown engines are all reported at once, with
/// file:line. Paths are relative to the file's folder.
Config load_config(const std::string& path);
/// The same from text, for tests.
Config load_config_text(const std::string& text, const std::string& file);

}  // namespace trueup::cli
