#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/error.hpp"
#include "migration/atomic_files.hpp"
#include "migration/directory.hpp"

using namespace trueup;
namespace fs = std::filesystem;

namespace {
struct Folder {
  fs::path path = fs::temp_directory_path() / fmt::format("trueup-directory-{}", ::getpid());
  Folder() { fs::create_directories(path / "g"), fs::create_directories(path / "s"); }
  ~Folder() { fs::remove_all(path); }
  void touch(const std::string& name) const { std::ofstream(path / name) << "-- nothing\n"; }
  Directory read() const { return read_directory_at((path / "g").string(), (path / "s").string()); }
  std::string error() const {
    try {
      read();
      return "";
    } catch (const InputError& e) {
      return e.what();
    }
  }
};
}  // namespace

TEST_CASE("migrations are listed in order with their down files and snapshots") {
  Folder f;
  for (const char* name :
       {"g/000002_b.up.sql", "g/000001_a.up.sql", "g/000001_a.down.sql", "s/000001_a.json", "g/README"})
    f.touch(name);
  const Directory d = f.read();
  REQUIRE(d.migrations.size() == 2);
  CHECK(d.migrations[0].name == "a");
  CHECK(d.migrations[0].down.ends_with("000001_a.down.sql"));
  CHECK(d.migrations[0].snapshot.ends_with("s/000001_a.json"));
  CHECK(d.migrations[1].down == "");
  CHECK(d.newest() == 2);
  CHECK(d.find(2)->name == "b");
  CHECK(d.find(3) == nullptr);
  CHECK(read_directory_at((f.path / "none").string(), "").migrations.empty());
}

TEST_CASE("gaps, doubles, strays and odd names are all reported at once") {
  Folder f;
  for (const char* name :
       {"g/000001_a.up.sql", "g/000003_c.up.sql", "g/000003_d.up.sql", "g/000009_x.down.sql",
        "s/000008_y.json", "g/7_short.up.sql", "g/000004_Big.up.sql"})
    f.touch(name);
  const std::string error = f.error();
  CHECK(error.find("number 000002 is missing") != std::string::npos);
  CHECK(error.find("number 000003 is used twice") != std::string::npos);
  CHECK(error.find("000009_x.down.sql: there is no 000009_x.up.sql") != std::string::npos);
  CHECK(error.find("000008_y.json: there is no") != std::string::npos);
  CHECK(error.find("7_short.up.sql: not a migration's name") != std::string::npos);
  CHECK(error.find("000004_Big.up.sql: not a migration's name") != std::string::npos);
}

TEST_CASE("a migration's name can only be a plain file name") {
  for (const char* bad : {"", "../x", "a/b", "A", "a-b", "a b", "a.sql", "\xC3\xA9", "x\n", "a\\b"})
    CHECK_THROWS_AS(check_migration_name(bad), InputError);
  CHECK_THROWS_AS(check_migration_name(std::string(101, 'a')), InputError);
  CHECK_NOTHROW(check_migration_name("add_users_2"));
  CHECK(to_migration_name("Add  Users: e-mail!") == "add_users_e_mail");
  CHECK(to_migration_name("../../etc") == "etc");
  CHECK(to_migration_name("\xC3\xA9") == "");
  CHECK(migration_stem(7, "add_memories") == "000007_add_memories");
}

TEST_CASE("files are written all or none and never replaced") {
  Folder f;
  const auto at = [&](const char* name) { return (f.path / name).string(); };
  write_files({{at("new/a"), "1"}, {at("b"), "2"}});
  CHECK(fs::file_size(at("new/a")) == 1);
  CHECK_THROWS_AS(write_files({{at("c"), "3"}, {at("b"), "4"}}), WorldError);
  CHECK(!fs::exists(at("c")));
  CHECK_THROWS_AS(write_files({{at("c"), "3"}, {at("b/d"), "4"}}), WorldError);  // b is no folder
  CHECK(!fs::exists(at("c")));
  std::size_t left = 0;
  for (const auto& e : fs::recursive_directory_iterator(f.path))
    left += e.path().extension() == ".tmp" ? 1U : 0U;
  CHECK(left == 0);
}
