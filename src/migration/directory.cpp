#include "migration/directory.hpp"

#include <filesystem>

#include "base/text.hpp"
#include "source/snapshot.hpp"

namespace trueup {
namespace fs = std::filesystem;
namespace {
constexpr std::size_t version_digits = 6;
constexpr std::size_t longest_name = 100;
constexpr std::string_view up_suffix = ".up.sql", down_suffix = ".down.sql", snapshot_suffix = ".json";

bool name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}
bool legal_name(std::string_view name) {
  return !name.empty() && name.size() <= longest_name && std::all_of(name.begin(), name.end(), name_char);
}

struct Stem {
  std::int64_t version = 0;
  std::string name;
};
std::optional<Stem> parse_stem(std::string_view stem) {
  if (stem.size() < version_digits + 2 || stem[version_digits] != '_') return std::nullopt;
  Stem out;
  for (char c : stem.substr(0, version_digits)) {
    if (c < '0' || c > '9') return std::nullopt;
    out.version = out.version * 10 + (c - '0');
  }
  out.name = stem.substr(version_digits + 1);
  if (out.version == 0 || !legal_name(out.name)) return std::nullopt;
  return out;
}

/// Collects files of one engine, and what is wrong with them.
class Lister {
 public:
  void list(const std::string& folder, std::initializer_list<std::string_view> suffixes) {
    std::error_code error;
    if (folder.empty()) return;
    const bool there = fs::exists(folder, error);
    if (error) unreadable(folder, error);
    if (!there) return;
    if (!fs::is_directory(folder, error))
      throw InputError("not a folder", "name the folder that holds the migrations", Place{folder, 0, 0});
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder, error))
      names.push_back(entry.path().filename().string());
    if (error) unreadable(folder, error);
    std::sort(names.begin(), names.end());
    for (const auto& name : names)
      for (std::string_view suffix : suffixes)
        if (name.ends_with(suffix)) take(folder, name, suffix);
  }

  std::vector<MigrationFiles> finish() {
    std::vector<MigrationFiles> out;
    for (auto& [key, files] : found_) {
      if (files.up.empty()) {
        const std::string& other = files.down.empty() ? files.snapshot : files.down;
        report(
            other,
            fmt::format("there is no {}{} beside it", migration_stem(files.version, files.name), up_suffix),
            "restore the migration from version control, or delete this file");
        continue;
      }
      if (!out.empty() && out.back().version == files.version)
        report(files.up,
               fmt::format("number {} is used twice: {} has it too", version_text(files.version),
                           fs::path(out.back().up).filename().string()),
               "two branches generated at once: regenerate the one that is not applied yet");
      else if (const std::int64_t want = out.empty() ? 1 : out.back().version + 1; files.version != want)
        report(files.up, fmt::format("number {} is missing before it", version_text(want)),
               "restore the missing migration from version control");
      out.push_back(std::move(files));
    }
    if (!findings_.empty()) throw InputError(std::move(findings_));
    return out;
  }

 private:
  /// A folder that cannot be read must not pass for an empty one.
  [[noreturn]] static void unreadable(const std::string& folder, const std::error_code& error) {
    throw WorldError(fmt::format("cannot read the folder {}: {}", folder, error.message()));
  }
  void take(const std::string& folder, const std::string& file, std::string_view suffix) {
    const std::string path = (fs::path(folder) / file).string();
    const auto stem = parse_stem(std::string_view(file).substr(0, file.size() - suffix.size()));
    if (!stem) {
      report(
          path,
          fmt::format("not a migration's name: expected six digits and snake_case, like 000001_add_users{}",
                      suffix),
          "rename the file or move it elsewhere");
      return;
    }
    auto& files = found_[{stem->version, stem->name}];
    files.version = stem->version;
    files.name = stem->name;
    (suffix == up_suffix ? files.up : suffix == down_suffix ? files.down : files.snapshot) = path;
  }
  void report(const std::string& file, std::string message, std::string remedy) {
    findings_.push_back({Place{file, 0, 0}, std::move(message), std::move(remedy), {}});
  }
  std::map<std::pair<std::int64_t, std::string>, MigrationFiles> found_;
  std::vector<Diagnostic> findings_;
};

bool is_full(const std::string& snapshot) {
  return read_snapshot_head(read_file(snapshot), snapshot).full;
}
}  // namespace

const MigrationFiles* Directory::find(std::int64_t version) const {
  auto it = std::lower_bound(migrations.begin(), migrations.end(), version,
                             [](const MigrationFiles& m, std::int64_t v) { return m.version < v; });
  return it == migrations.end() || it->version != version ? nullptr : &*it;
}

Directory read_directory(const Folders& folders, std::string_view engine) {
  return read_directory_at((fs::path(folders.generated) / engine).string(),
                           (fs::path(folders.snapshots) / engine).string());
}

void need_folder(const Directory& directory) {
  std::error_code error;
  if (!directory.migrations.empty() || fs::exists(directory.generated, error)) return;
  throw InputError(
      fmt::format("{}: there are no migrations", directory.generated),
      "`trueup generate NAME` writes the first one; or run this in the folder of trueup.yaml, or say "
      "--config");
}
Directory read_directory_at(const std::string& generated, const std::string& snapshots) {
  Lister lister;
  lister.list(generated, {up_suffix, down_suffix});
  lister.list(snapshots, {snapshot_suffix});
  return {generated, snapshots, lister.finish()};
}

Catalog load_state(const Directory& directory, std::optional<std::int64_t> version) {
  const std::int64_t last = version.value_or(directory.newest());
  if (last > 0 && directory.find(last) == nullptr)
    throw InputError(fmt::format("there is no migration {}", version_text(last)),
                     fmt::format("the newest is {}", version_text(directory.newest())),
                     Place{directory.generated, 0, 0});
  std::vector<std::string> files;  // behind the last missing one: a later full snapshot may stand in for it
  const MigrationFiles* missing = nullptr;
  for (const auto& m : directory.migrations) {
    if (m.version > last) break;
    if (m.snapshot.empty()) {
      files.clear();
      missing = &m;
    } else {
      files.push_back(m.snapshot);
    }
  }
  if (missing != nullptr && std::none_of(files.begin(), files.end(), is_full))
    throw InputError(
        fmt::format("migration {} has no snapshot in {}", migration_stem(missing->version, missing->name),
                    directory.snapshots.empty() ? "the snapshots folder" : directory.snapshots),
        "restore the snapshot from version control", Place{missing->up, 0, 0});
  return load_snapshot_chain(files);
}

std::string version_text(std::int64_t version) {
  return fmt::format("{:06}", version);
}
std::string migration_stem(std::int64_t version, std::string_view name) {
  return fmt::format("{:06}_{}", version, name);
}

void check_migration_name(std::string_view name) {
  if (legal_name(name)) return;
  const std::string legal = to_migration_name(name);
  throw InputError(
      fmt::format("'{}' cannot be a migration's name: it becomes a file name, so only a-z, 0-9 and _ are "
                  "taken, at most {} of them",
                  one_line(name), longest_name),
      legal.empty() ? "name it in snake_case" : "name it " + legal);
}

std::string to_migration_name(std::string_view text) {
  std::string out;
  for (char c : lower(text)) {
    if (name_char(c) && c != '_')
      out += c;
    else if (!out.empty() && out.back() != '_')
      out += '_';
    if (out.size() == longest_name) break;
  }
  while (out.ends_with('_')) out.pop_back();
  return out;
}

}  // namespace trueup
