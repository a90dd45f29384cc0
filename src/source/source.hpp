#pragma once
#include <string>
#include <vector>

#include "engine/engine.hpp"

namespace trueup {

/// The desired state as people write it: one YAML file or a folder of them, for one engine. Not yet
/// normalized. Throws InputError with every finding at once. `declared_engines` receives the `engines:` list
/// (empty: not given).
Catalog load_yaml(const std::string& path, const EngineDialect& dialect,
                  std::vector<std::string>* declared_engines = nullptr);
/// The `engines:` list of that schema alone; empty: not given. InputError as load_yaml(), though not every
/// finding. `any` is a dialect to read it for where that takes reading the whole.
std::vector<std::string> declared_engines(const std::string& path, const EngineDialect& any);
/// load_yaml() from text; `name` stands for the file in messages, `folder` is what `from:` paths are relative
/// to.
Catalog load_yaml_text(const std::string& text, const std::string& name, const EngineDialect& dialect,
                       const std::string& folder = ".");
/// A catalog as schema YAML; load_yaml_text of it gives an equal catalog. Inventory as trailing comments.
std::string to_yaml(const Catalog& catalog, const EngineDialect& dialect);

}  // namespace trueup
