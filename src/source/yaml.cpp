// load_yaml: a file or a folder of schema YAML.
#include <filesystem>
#include <fstream>

#include "base/text.hpp"
#include "source/source.hpp"
#include "source/yaml_loader.hpp"

namespace trueup {
namespace fs = std::filesystem;
namespace {
std::string read_whole(const fs::path& path) {
  constexpr std::uintmax_t most = YamlLimits{}.bytes;
  std::ifstream in(path, std::ios::binary);
  std::string text;
  // By parts, since a pipe or a device does not tell its size.
  for (std::array<char, 65536> part{}; in && text.size() <= most;) {
    in.read(part.data(), part.size());
    text.append(part.data(), static_cast<std::size_t>(in.gcount()));
  }
  if (text.size() > most)
    throw InputError(fmt::format("{}: the file has more than {} bytes", path.string(), most),
                     "split the schema into several files");
  if (!in.is_open() || in.bad())
    throw WorldError(
        fmt::format("cannot read {}; check that the file exists and may be read", path.string()));
  return text;
}

bool is_schema_file(const fs::path& path) {
  const std::string extension = lower(path.extension().string());
  return (extension == ".yaml" || extension == ".yml") && !path.filename().string().starts_with('.');
}

/// Schema files of a folder and the folders in it, in a stable order; hidden ones are left out.
std::vector<fs::path> schema_files(const fs::path& folder) {
  std::vector<fs::path> out;
  try {
    for (auto it = fs::recursive_directory_iterator(folder); it != fs::recursive_directory_iterator(); ++it) {
      if (it->path().filename().string().starts_with('.')) {
        if (it->is_directory()) it.disable_recursion_pending();
      } else if (it->is_regular_file() && is_schema_file(it->path())) {
        out.push_back(it->path());
      }
    }
  } catch (const fs::filesystem_error& e) {
    throw WorldError(fmt::format("cannot read the folder {}: {}", e.path1().string(), e.code().message()));
  }
  std::sort(out.begin(), out.end());
  return out;
}

/// Schema files of a path. InputError when there are none.
std::vector<fs::path> files_of(const std::string& path) {
  std::error_code problem;
  const bool folder = fs::is_directory(path, problem);
  if (!folder && !fs::exists(path, problem))
    throw InputError(fmt::format("there is no file or folder {}", path),
                     "write a schema file, or run `trueup init`");
  std::vector<fs::path> files = folder ? schema_files(path) : std::vector<fs::path>{path};
  if (files.empty())
    throw InputError(fmt::format("there is no .yaml file in {}", path),
                     "write a schema file, or run `trueup init`");
  return files;
}

using Names = std::vector<std::string>;
/// `[a, b]` or `a`, without a comment; nothing when it is written in another way or names what is no engine.
std::optional<Names> plain_engines(std::string_view value) {
  value = trim(value.substr(0, value.find('#')));
  if (value.starts_with('[') != value.ends_with(']')) return std::nullopt;
  if (value.starts_with('[')) value = value.substr(1, value.size() - 2);
  Names out;
  for (const auto& each : split(value, ',')) {
    out.emplace_back(trim(each));
    if (dialect(out.back()) == nullptr) return std::nullopt;
  }
  return out;
}

/// The engines that a file declares, without parsing it: keys of the outermost mapping begin in the first
/// column. Nothing when the file is not written that plainly.
std::optional<Names> peek_engines(std::string_view text) {
  constexpr std::string_view key = "engines:";
  std::optional<Names> found;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const char first = line.empty() ? ' ' : line.front();
    const bool inside = first == ' ' || first == '#' || first == '\r';
    if (inside) continue;
    if (first != '_' && (first < 'a' || first > 'z')) return std::nullopt;
    if (!line.starts_with(key)) continue;
    if (found) return std::nullopt;
    found = plain_engines(line.substr(key.size()));
    if (!found) return std::nullopt;
  }
  return found ? found : Names{};
}
}  // namespace

std::vector<std::string> declared_engines(const std::string& path, const EngineDialect& any) {
  Names out;
  for (const auto& file : files_of(path)) {
    const auto here = peek_engines(read_whole(file));
    if (!here || (!out.empty() && !here->empty() && *here != out)) {
      out.clear();
      (void)load_yaml(path, any, &out);
      return out;
    }
    if (!here->empty()) out = *here;
  }
  return out;
}

Catalog load_yaml(const std::string& path, const EngineDialect& dialect,
                  std::vector<std::string>* declared_engines) {
  const std::vector<fs::path> files = files_of(path);
  std::error_code problem;
  const bool folder = fs::is_directory(path, problem);
  const fs::path root = folder ? fs::path(path) : fs::path(path).parent_path();
  YamlLoader loader(dialect, root.empty() ? "." : root.string());
  for (const auto& file : files) loader.add(file.string(), read_whole(file));
  const auto rows = loader.row_files();
  if (folder)
    for (const auto& file : files)
      if (std::find(rows.begin(), rows.end(), fs::weakly_canonical(file).string()) != rows.end())
        loader.forget(file.string());
  return loader.finish(declared_engines);
}

Catalog load_yaml_text(const std::string& text, const std::string& name, const EngineDialect& dialect,
                       const std::string& folder) {
  YamlLoader loader(dialect, folder);
  loader.add(name, text);
  return loader.finish(nullptr);
}

}  // namespace trueup
