#include "cli/state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/text.hpp"
#include "migration/directory.hpp"
#include "source/snapshot.hpp"
#include "source/source.hpp"

namespace trueup::cli {
namespace {
namespace fs = std::filesystem;

bool has_extension(const fs::path& path, std::initializer_list<std::string_view> extensions) {
  const std::string extension = lower(path.extension().string());
  return std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
}

bool holds(const fs::path& folder, std::string_view ending) {
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(folder, error))
    if (entry.path().filename().string().ends_with(ending)) return true;
  if (error) throw WorldError(fmt::format("cannot read the folder {}: {}", folder.string(), error.message()));
  return false;
}

/// Engines that have a folder of their own in `folder`, or the one whose folder it is.
std::vector<std::string> engines_of_folder(const fs::path& folder) {
  std::vector<std::string> out;
  const std::string own = fs::absolute(folder).lexically_normal().filename().string();
  const std::string parent = fs::absolute(folder).lexically_normal().parent_path().filename().string();
  for (const auto name : dialect_names()) {
    if (own == name || (own.empty() && parent == name)) return {std::string(name)};
    std::error_code error;
    if (fs::is_directory(folder / std::string(name), error)) out.emplace_back(name);
  }
  return out;
}

void classify_folder(StateArgument& out) {
  if (holds(out.path, ".up.sql")) {
    out.sort = StateSort::migrations;
    out.engines = engines_of_folder(out.path);
  } else if (holds(out.path, ".yaml") || holds(out.path, ".yml")) {
    out.sort = StateSort::yaml;
  } else if (holds(out.path, ".json")) {
    out.sort = StateSort::snapshot;
    out.engines = engines_of_folder(out.path);
  } else {
    throw InputError(fmt::format("{}: the folder holds no schema YAML, migrations or snapshots", out.path),
                     "name a folder with *.yaml, *.up.sql or snapshot files, or `empty`");
  }
}

/// An engine's own folder in a folder of several.
std::string engine_folder(const std::string& path, std::string_view engine) {
  std::error_code error;
  const fs::path inner = fs::path(path) / std::string(engine);
  return fs::is_directory(inner, error) ? inner.string() : path;
}

/// Snapshots that belong to a migrations folder: trueup.yaml's, else beside it (`generated/x` ->
/// `snapshots/x`).
std::string snapshots_of(Session& session, const std::string& generated) {
  const Config& config = session.config();
  const fs::path folder = fs::absolute(generated).lexically_normal();
  const fs::path configured = fs::absolute(config.generated).lexically_normal();
  const auto relative = folder.lexically_relative(configured);
  if (!relative.empty() && *relative.begin() != "..")
    return (fs::path(config.snapshots) / relative).lexically_normal().string();
  fs::path out;
  bool replaced = false;
  for (const auto& part : fs::path(generated)) {
    out /= part == "generated" && !replaced ? fs::path("snapshots") : part;
    replaced = replaced || part == "generated";
  }
  return replaced ? out.string() : generated;
}

Catalog load_migrations(Session& session, const StateArgument& argument, const EngineDialect& dialect) {
  const std::string generated = engine_folder(argument.path, dialect.name());
  return load_state(read_directory_at(generated, snapshots_of(session, generated)));
}

/// A snapshot may hold only what its migration changed: its predecessors in the folder are read with it.
Catalog load_snapshots(const StateArgument& argument, const EngineDialect& dialect) {
  std::error_code error;
  const bool folder = fs::is_directory(argument.path, error);
  const fs::path where =
      folder ? fs::path(engine_folder(argument.path, dialect.name())) : fs::path(argument.path).parent_path();
  const std::string last = folder ? std::string{} : fs::path(argument.path).filename().string();
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(where.empty() ? fs::path(".") : where, error)) {
    const std::string name = entry.path().filename().string();
    const bool numbered = name.size() > 6 && name.find_first_not_of("0123456789") >= 6;
    if (has_extension(entry.path(), {".json"}) && (numbered || name == last) &&
        (last.empty() || name <= last))
      files.push_back((where / name).string());
  }
  std::sort(files.begin(), files.end());
  return load_snapshot_chain(files);
}
}  // namespace

StateArgument classify_state(const std::string& text) {
  StateArgument out;
  out.text = text;
  if (text == "empty") {
    out.label = "empty";
    return out;
  }
  if (looks_like_url(text) || text.find("://") != std::string::npos) {
    out.url = parse_url(text);
    out.sort = StateSort::url;
    out.label = out.url->text();
    out.engines = {out.url->engine};
    return out;
  }
  constexpr std::string_view remedy =
      "a STATE is a connection URL, a YAML file or folder, a snapshot file, a migrations folder, or `empty`";
  if (lower(text).find("password") != std::string::npos && text.find('=') != std::string::npos)
    throw InputError("a list of NAME=VALUE is not a connection URL", std::string(remedy));
  std::error_code error;
  if (text.empty() || !fs::exists(text, error))
    throw InputError(fmt::format("`{}`: no such file or folder", one_line(text)), std::string(remedy));
  out.path = out.label = text;
  if (fs::is_directory(text, error)) {
    classify_folder(out);
  } else if (has_extension(text, {".json"})) {
    out.sort = StateSort::snapshot;
    out.engines = {read_snapshot_head(read_file(text), text).engine};
  } else if (has_extension(text, {".sql"})) {
    throw InputError(fmt::format("{}: an SQL file is not a state", text), std::string(remedy));
  } else {
    out.sort = StateSort::yaml;
  }
  return out;
}

std::string engine_of(Session& session, const std::vector<const StateArgument*>& sides,
                      const std::string& flag) {
  std::string engine = flag;
  std::string said_by = "--engine";
  for (const auto* side : sides) {
    if (side->engines.size() != 1) continue;
    if (!engine.empty() && engine != side->engines.front())
      throw InputError(fmt::format("{} is of engine {}, but {} says {}", side->label, side->engines.front(),
                                   said_by, engine),
                       "states of different engines cannot be compared");
    engine = side->engines.front();
    said_by = side->label;
  }
  if (!engine.empty()) return engine;
  std::vector<std::string> candidates = session.config().engines;
  if (candidates.size() != 1) {
    for (const auto* side : sides) {
      if (side->sort != StateSort::yaml) continue;
      auto declared = declared_engines(side->path, need_dialect(std::string(dialect_names().front())));
      if (!declared.empty()) candidates = std::move(declared);
    }
  }
  if (candidates.size() == 1) return candidates.front();
  if (const std::string target = candidates.empty() ? engine_of_target(session, {}) : std::string{};
      !target.empty())
    return target;
  const std::string which = candidates.empty()
                                ? "nothing says which engine is meant"
                                : fmt::format("several engines are declared ({})", join(candidates, ", "));
  throw InputError(which, "add --engine NAME, or `engines: [NAME]` in the schema or trueup.yaml");
}

Catalog read_live(Session& session, Connection& connection, const EngineDialect& dialect,
                  const std::set<std::string>& namespaces, WithUses uses) {
  const Config& config = session.config();
  Scope scope;
  if (!namespaces.contains("*")) scope.namespaces = namespaces;
  scope.ignore_table = config.history_table;
  scope.uses = uses;
  Catalog out = dialect.introspect(connection, scope);
  const std::string& ours = config.history_namespace;
  const bool holds_more = std::any_of(out.objects.begin(), out.objects.end(),
                                      [&](const auto& object) { return object.first.ns == ours; });
  if (scope.namespaces.empty() && !ours.empty() && !holds_more) {
    out.objects.erase(ObjectKey{Kind::name_space, "", "", ours, ""});
    out.namespaces.erase(ours);
  }
  return out;
}

LoadedState load_state(Session& session, const StateArgument& argument, const EngineDialect& dialect,
                       const std::set<std::string>& namespaces) {
  LoadedState out;
  out.state.label = argument.label;
  switch (argument.sort) {
    case StateSort::nothing:
      break;
    case StateSort::url: {
      out.connection = open_existing(*argument.url);
      out.state.catalog = read_live(session, *out.connection, dialect, namespaces, WithUses::yes);
      out.state.connection = out.connection.get();
      out.state.origin = Origin::live;
      break;
    }
    case StateSort::yaml:
      out.state.catalog = load_yaml(argument.path, dialect);
      out.state.origin = Origin::authored;
      break;
    case StateSort::snapshot:
      out.state.catalog = load_snapshots(argument, dialect);
      out.state.origin = Origin::recorded;
      break;
    case StateSort::migrations:
      out.state.catalog = load_migrations(session, argument, dialect);
      out.state.origin = Origin::recorded;
      break;
  }
  return out;
}

}  // namespace trueup::cli
