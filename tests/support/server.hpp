#pragma once
#include <optional>
#include <string>

#include "driver/connection.hpp"

namespace trueup::test {

/// URL of a test server (`TRUEUP_TEST_POSTGRES`, `TRUEUP_TEST_POSTGRES_17`, `TRUEUP_TEST_PGVECTOR`,
/// `TRUEUP_TEST_MYSQL`, ...), or nullopt after a message that says why the case is skipped. With CI=true a
/// missing server fails the case. Use: `const auto server = test_server("TRUEUP_TEST_POSTGRES"); if (!server)
/// return;`
std::optional<std::string> test_server(const char* variable);

/// A database of its own on a test server, dropped at the end.
class TestDatabase {
 public:
  explicit TestDatabase(const std::string& server);
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;
  const std::string& url() const { return url_; }
  std::unique_ptr<Connection> open() const;

 private:
  bool forces() const;  ///< does the server drop a database that somebody is connected to only when forced?
  std::string server_, name_, url_;
};

/// A folder of its own under the system's temporary folder, removed at the end.
class TestFolder {
 public:
  TestFolder();
  ~TestFolder();
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  /// Writes a file below the folder, making the folders on the way; returns its path.
  std::string write(const std::string& name, const std::string& text) const;

 private:
  std::string path_;
};

std::string read_text(const std::string& path);

/// What a program did: its exit status, standard output and standard error.
struct Run {
  int status = 0;
  std::string out, err;
};
/// Runs the built trueup in a folder through /bin/sh: `arguments` is quoted as in a shell.
Run run_trueup(const std::string& arguments, const std::string& folder = ".",
               const std::string& environment = "");

}  // namespace trueup::test
