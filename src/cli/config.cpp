#include "cli/config.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

#include "base/text.hpp"
#include "driver/url.hpp"
#include "engine/engine.hpp"

namespace trueup::cli {
namespace {
class Reader {
 public:
  Reader(const std::string& text, std::string file) : file_(std::move(file)), lines_(split(text, '\n')) {}

  Place place(const YAML::Node& node) const {
    const YAML::Mark mark = node.Mark();
    return mark.is_null() ? Place{file_, 0, 0} : Place{file_, mark.line + 1, mark.column + 1};
  }
  void report(const YAML::Node& node, std::string message, std::string remedy = {}) {
    const Place at = place(node);
    std::string excerpt;
    // The line of a URL may hold a password: it is not shown.
    if (at.line > 0 && static_cast<std::size_t>(at.line) <= lines_.size()) {
      excerpt = lines_[static_cast<std::size_t>(at.line) - 1];
      if (excerpt.find("://") != std::string::npos) excerpt.clear();
    }
    found_.push_back({at, std::move(message), std::move(remedy), std::move(excerpt)});
  }
  std::string text(const YAML::Node& node, std::string_view what) {
    if (node.IsScalar() && !node.Scalar().empty()) return node.Scalar();
    report(node, fmt::format("`{}` must be a text", what));
    return {};
  }
  std::vector<std::string> texts(const YAML::Node& node, std::string_view what) {
    std::vector<std::string> out;
    if (node.IsScalar()) return {text(node, what)};
    if (!node.IsSequence()) {
      report(node, fmt::format("`{}` must be a list of texts", what));
      return out;
    }
    for (const auto& item : node) out.push_back(text(item, what));
    return out;
  }
  using Keys = std::map<std::string, std::function<void(const YAML::Node&)>>;
  /// Calls the function of each key; unknown and repeated keys are findings.
  void mapping(const YAML::Node& node, const std::string& what, const Keys& keys) {
    if (!node.IsMap()) return report(node, fmt::format("{} must be a mapping", what));
    std::vector<std::string> names;
    for (const auto& [name, call] : keys) names.push_back(name);
    std::set<std::string> seen;
    for (const auto& item : node) {
      if (!item.first.IsScalar()) {
        report(item.first, fmt::format("a key of {} must be a text", what));
        continue;
      }
      const std::string& name = item.first.Scalar();
      if (!seen.insert(name).second) report(item.first, fmt::format("`{}` is given twice", name));
      if (const auto it = keys.find(name); it != keys.end()) {
        it->second(item.second);
        continue;
      }
      const std::string near = nearest(name, names);
      report(item.first, fmt::format("unknown key `{}` in {}", name, what),
             near.empty() ? "known are " + join(names, ", ") : fmt::format("did you mean `{}`?", near));
    }
  }
  std::string engine(const YAML::Node& node) {
    std::string name = text(node, "engines");
    if (name.empty() || dialect(name) != nullptr) return name;
    std::vector<std::string> known;
    for (const auto each : dialect_names()) known.emplace_back(each);
    report(node, fmt::format("unknown engine `{}`", name), "known are " + join(known, ", "));
    return name;
  }
  Template url(const YAML::Node& node, std::string_view what) { return {text(node, what), place(node)}; }
  void finish() {
    if (!found_.empty()) throw InputError(std::move(found_));
  }

 private:
  std::string file_;
  std::vector<std::string> lines_;
  std::vector<Diagnostic> found_;
};

void read_target(Reader& reader, const YAML::Node& node, const std::string& name, Target& target) {
  if (node.IsScalar()) {
    target.url = reader.url(node, "url");
    return;
  }
  reader.mapping(node, fmt::format("target `{}`", name),
                 {{"url", [&](const YAML::Node& n) { target.url = reader.url(n, "url"); }},
                  {"namespaces", [&](const YAML::Node& n) {
                     for (auto& each : reader.texts(n, "namespaces"))
                       target.namespaces.insert(std::move(each));
                   }}});
  if (target.url.empty()) reader.report(node, fmt::format("target `{}` has no `url`", name));
}

void read_named(
    Reader& reader, const YAML::Node& node, std::string_view what,
    const std::function<void(const std::string&, const YAML::Node& key, const YAML::Node&)>& each) {
  if (!node.IsMap()) return reader.report(node, fmt::format("`{}` must be a mapping", what));
  for (const auto& item : node) {
    if (!item.first.IsScalar())
      reader.report(item.first, fmt::format("a key of `{}` must be a text", what));
    else
      each(item.first.Scalar(), item.first, item.second);
  }
}

void read_large(Reader& reader, const YAML::Node& node, Config& config) {
  LargeTables& large = config.large_tables;
  reader.mapping(node, "`large_tables`",
                 {{"command", [&](const YAML::Node& n) { large.command = reader.text(n, "command"); }},
                  {"rows", [&](const YAML::Node& n) {
                     const std::string text = reader.text(n, "rows");
                     const auto r = std::from_chars(text.data(), text.data() + text.size(), large.rows);
                     if (r.ec != std::errc{} || r.ptr != text.data() + text.size() || large.rows < 0)
                       reader.report(n, "`rows` must be a number of rows");
                   }}});
  if (large.command.empty()) reader.report(node, "`large_tables` has no `command`");
}

void read(Reader& reader, const YAML::Node& root, Config& config) {
  const auto path = [&](std::string& out, const char* name) {
    return [&reader, &out, name](const YAML::Node& node) { out = reader.text(node, name); };
  };
  YAML::Node default_target;
  reader.mapping(
      root, "trueup.yaml",
      {{"schema", path(config.schema, "schema")},
       {"generated", path(config.generated, "generated")},
       {"snapshots", path(config.snapshots, "snapshots")},
       {"default_target",
        [&](const YAML::Node& node) {
          config.default_target = reader.text(node, "default_target");
          default_target = node;
        }},
       {"engines",
        [&](const YAML::Node& node) {
          if (!node.IsSequence())
            config.engines.push_back(reader.engine(node));
          else
            for (const auto& item : node) {
              std::string name = reader.engine(item);
              if (std::find(config.engines.begin(), config.engines.end(), name) != config.engines.end())
                reader.report(item, fmt::format("engine `{}` is named twice", name));
              config.engines.push_back(std::move(name));
            }
        }},
       {"namespaces",
        [&](const YAML::Node& node) {
          for (auto& each : reader.texts(node, "namespaces")) config.namespaces.insert(std::move(each));
        }},
       {"cluster",
        [&](const YAML::Node& node) {
          if (node.IsScalar())
            config.cluster.name = reader.text(node, "cluster");
          else
            reader.mapping(node, "`cluster`",
                           {{"name", path(config.cluster.name, "name")},
                            {"path", path(config.cluster.path, "path")},
                            {"replica", path(config.cluster.replica, "replica")}});
          if (config.cluster.name.empty()) reader.report(node, "`cluster` has no `name`");
        }},
       {"history",
        [&](const YAML::Node& node) {
          reader.mapping(node, "`history`",
                         {{"table", path(config.history_table, "table")},
                          {"namespace", path(config.history_namespace, "namespace")}});
        }},
       {"large_tables", [&](const YAML::Node& node) { read_large(reader, node, config); }},
       {"scratch",
        [&](const YAML::Node& node) {
          read_named(reader, node, "scratch",
                     [&](const std::string&, const YAML::Node& key, const YAML::Node& value) {
                       config.scratch[reader.engine(key)] = reader.url(value, "scratch");
                     });
        }},
       {"targets", [&](const YAML::Node& node) {
          read_named(reader, node, "targets",
                     [&](const std::string& name, const YAML::Node& key, const YAML::Node& value) {
                       if (config.targets.contains(name))
                         reader.report(key, fmt::format("target `{}` is given twice", name));
                       read_target(reader, value, name, config.targets[name]);
                     });
        }}});
  if (!config.default_target.empty() && !config.targets.contains(config.default_target))
    reader.report(default_target,
                  fmt::format("`default_target` names no target: `{}`", config.default_target));
}
}  // namespace

std::string Template::expand() const {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (text.compare(i, 3, "$${") == 0) {
      out += "${";
      i += 3;
      continue;
    }
    if (text.compare(i, 2, "${") != 0) {
      out += text[i++];
      continue;
    }
    const auto close = text.find('}', i);
    if (close == std::string::npos) throw InputError("`${` is not closed", "write ${NAME}", place);
    std::string name = text.substr(i + 2, close - i - 2);
    std::optional<std::string> fallback;
    if (const auto colon = name.find(":-"); colon != std::string::npos) {
      fallback = name.substr(colon + 2);
      name.resize(colon);
    }
    const char* value = name.empty() ? nullptr : std::getenv(name.c_str());
    if ((value == nullptr || *value == '\0') && fallback)
      out += *fallback;
    else if (value == nullptr)
      throw InputError(fmt::format("environment variable {} is not set", name),
                       fmt::format("set it, or write ${{{}:-default}}", name), place);
    else
      out += value;
    i = close + 1;
  }
  return out;
}

const Target& Config::target(const std::string& name) const {
  if (const auto it = targets.find(name); it != targets.end()) return it->second;
  std::vector<std::string> known;
  for (const auto& [each, target] : targets) known.push_back(each);
  const std::string where =
      file.empty() ? "no trueup.yaml was found here; --config names another place"
                   : fmt::format("{} knows {}", file, known.empty() ? "none" : join(known, ", "));
  throw InputError(fmt::format("no target `{}`", name), where);
}

Config load_config_text(const std::string& text, const std::string& file) {
  Config config;
  config.file = file;
  YAML::Node root;
  if (!is_utf8(text)) throw InputError("not UTF-8 text", {}, {file, 0, 0});
  try {
    root = YAML::Load(text);
  } catch (const YAML::Exception& e) {
    throw InputError(fmt::format("not YAML: {}", e.msg), {}, {file, e.mark.line + 1, e.mark.column + 1});
  }
  if (root.IsNull()) return config;
  Reader reader(text, file);
  read(reader, root, config);
  reader.finish();
  return config;
}

Config load_config(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error))
    throw InputError("is a folder", "name the file trueup.yaml", {path, 0, 0});
  std::ifstream in(path, std::ios::binary);
  if (!in)
    throw InputError("cannot be read", "`trueup init` writes one; --config names another place",
                     {path, 0, 0});
  std::ostringstream text;
  text << in.rdbuf();
  Config config = load_config_text(text.str(), path);
  const auto folder = std::filesystem::path(path).parent_path();
  for (std::string* each : {&config.schema, &config.generated, &config.snapshots})
    if (!folder.empty() && std::filesystem::path(*each).is_relative()) *each = (folder / *each).string();
  return config;
}

}  // namespace trueup::cli
