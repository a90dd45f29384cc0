#pragma once
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace trueup {

/// Writes new files, all or none: texts go to temporary files beside their places, then each is put in place.
/// Never replaces a file. Missing folders are made. WorldError naming what failed; what was placed until then
/// is removed.
void write_files(const std::vector<std::pair<std::string, std::string>>& path_and_text);

/// Keeps other runs out of folders, which are made where they are missing, while this lives; waits for them.
/// The locks are the operating system's and leave no file. Where a file system knows none, nothing is kept.
class FolderLocks {
 public:
  explicit FolderLocks(const std::set<std::string>& folders);
  ~FolderLocks();
  FolderLocks(const FolderLocks&) = delete;
  FolderLocks& operator=(const FolderLocks&) = delete;

 private:
  std::vector<int> open_;
};

}  // namespace trueup
