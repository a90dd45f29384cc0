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
  std::error_code problem;
  const auto size = fs::file_size(path, problem);
  if (!problem && size > most)
    throw InputError(fmt::format("{}: the file has {} bytes; at most {} are read", path.string(), size, most),
                     "split the schema into several files");
  std::ifstream in(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
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
  for (auto it = fs::recursive_directory_iterator(folder); it != fs::recursive_directory_iterator(); ++it) {
    if (it->path().filename().string().starts_with('.')) {
      if (it->is_directory()) it.disable_recursion_pending();
    } else if (it->is_regular_file() && is_schema_file(it->path())) {
      out.push_back(it->path());
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}
}  // namespace

Catalog load_yaml(const std::string& path, const EngineDialect& dialect,
                  std::vector<std::string>* declared_engines) {
  std::error_code problem;
  const bool folder = fs::is_directory(path, problem);
  if (!folder && !fs::exists(path, problem))
    throw InputError(fmt::format("there is no file or folder {}", path),
                     "write a schema file, or run `trueup init`");
  const fs::path root = folder ? fs::path(path) : fs::path(path).parent_path();
  YamlLoader loader(dialect, root.empty() ? "." : root.string());
  const std::vector<fs::path> files = folder ? schema_files(path) : std::vector<fs::path>{path};
  if (files.empty())
    throw InputError(fmt::format("there is no .yaml file in {}", path),
                     "write a schema file, or run `trueup init`");
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
