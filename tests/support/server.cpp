#include "support/server.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace trueup::test {
namespace fs = std::filesystem;
namespace {
std::string unique_name(const std::string& prefix) {
  static std::atomic<int> counter{0};
  return prefix + std::to_string(getpid()) + "_" + std::to_string(counter++);
}
}  // namespace

std::optional<std::string> test_server(const char* variable) {
  if (const char* url = std::getenv(variable); url != nullptr && *url != '\0') return url;
  const char* ci = std::getenv("CI");
  if (ci != nullptr && std::string_view(ci) == "true") {
    FAIL((std::string(variable) + " is not set and CI=true: eval \"$(tools/servers/start)\""));
  }
  MESSAGE(("skipped: " + std::string(variable) + " is not set: eval \"$(tools/servers/start)\""));
  return std::nullopt;
}

TestDatabase::TestDatabase(const std::string& server) : server_(server), name_(unique_name("trueup_test_")) {
  connect(parse_url(server_))->execute("CREATE DATABASE " + name_ + (forces() ? " TEMPLATE template0" : ""));
  url_ = server_.substr(0, server_.find('/', server_.find("//") + 2)) + "/" + name_;
}

TestDatabase::~TestDatabase() {
  try {
    connect(parse_url(server_))->execute("DROP DATABASE " + name_ + (forces() ? " WITH (FORCE)" : ""));
  } catch (const std::exception& e) {
    MESSAGE(("cannot drop " + name_ + ": " + e.what()));
  }
}

bool TestDatabase::forces() const {
  return server_.starts_with("postgres");
}

std::unique_ptr<Connection> TestDatabase::open() const {
  return connect(parse_url(url_));
}

TestFolder::TestFolder() : path_((fs::temp_directory_path() / unique_name("trueup-test-")).string()) {
  fs::remove_all(path_);
  fs::create_directories(path_);
}

TestFolder::~TestFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string TestFolder::write(const std::string& name, const std::string& text) const {
  const fs::path file = fs::path(path_) / name;
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
  return file.string();
}

std::string read_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE_MESSAGE(in.good(), path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

Run run_trueup(const std::string& arguments, const std::string& folder, const std::string& environment) {
  const TestFolder output;
  const std::string command = "cd '" + folder + "' && " + environment + " '" TRUEUP_BINARY "' " + arguments +
                              " >'" + output / "out" + "' 2>'" + output / "err" + "' </dev/null";
  const int status = std::system(command.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read_text(output / "out"),
          read_text(output / "err")};
}

}  // namespace trueup::test
