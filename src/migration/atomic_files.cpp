#include "migration/atomic_files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/error.hpp"

namespace trueup {
namespace fs = std::filesystem;
namespace {
[[noreturn]] void fail(const std::string& what, const std::string& path, int code) {
  throw WorldError(
      fmt::format("cannot {} {}: {}", what, path, std::strerror(code)),
      {.statement = {}, .object = path, .code = {}, .remedy = "nothing was written", .place = {}});
}

/// Files made so far; removed unless everything succeeded.
class Made {
 public:
  Made() = default;
  Made(const Made&) = delete;
  Made& operator=(const Made&) = delete;
  ~Made() {
    for (const auto& path : paths_) ::unlink(path.c_str());
  }
  void add(std::string path) { paths_.push_back(std::move(path)); }
  void keep() { paths_.clear(); }

 private:
  std::vector<std::string> paths_;
};

void write_whole(const std::string& path, const std::string& text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) fail("write", path, errno);
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = ::write(file, text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      const int code = errno;
      ::close(file);
      fail("write", path, code);
    }
    done += static_cast<std::size_t>(n);
  }
  const int synced = ::fsync(file);
  const int code = errno;
  if (::close(file) != 0 || synced != 0) fail("write", path, code);
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  if (!folder.empty()) fs::create_directories(folder, error);
  if (error) fail("make the folder", folder.string(), error.value());
}

/// link() refuses to replace an existing file, which rename() would not; some file systems know no links.
void place(const std::string& draft, const std::string& path) {
  if (::link(draft.c_str(), path.c_str()) == 0) return;
  const int code = errno;
  if (code == EEXIST || fs::exists(path)) fail("create", path, EEXIST);
  if (::rename(draft.c_str(), path.c_str()) != 0) fail("create", path, errno);
}
}  // namespace

void write_files(const std::vector<std::pair<std::string, std::string>>& path_and_text) {
  Made temporary, placed;
  for (const auto& [path, text] : path_and_text) {
    make_folder(fs::path(path).parent_path());
    const std::string draft = fmt::format("{}.{}.tmp", path, ::getpid());
    temporary.add(draft);
    write_whole(draft, text);
  }
  for (const auto& [path, text] : path_and_text) {
    place(fmt::format("{}.{}.tmp", path, ::getpid()), path);
    placed.add(path);
  }
  placed.keep();
}

FolderLocks::FolderLocks(const std::set<std::string>& folders) {
  for (const auto& folder : folders) {  // in one order in every process
    make_folder(folder);
    const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0) continue;
    open_.push_back(file);
    while (::flock(file, LOCK_EX) != 0 && errno == EINTR) {
    }
  }
}

FolderLocks::~FolderLocks() {
  for (const int file : open_) ::close(file);
}

}  // namespace trueup
