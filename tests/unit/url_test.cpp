#include "driver/url.hpp"

#include <doctest/doctest.h>

#include <string>

#include "base/error.hpp"

using namespace trueup;

namespace {
std::string error_of(const std::string& text) {
  try {
    (void)parse_url(text);
  } catch (const InputError& e) {
    return e.what();
  }
  return {};
}
}  // namespace

TEST_CASE("url: a network URL is taken apart") {
  const Url url =
      parse_url("postgresql://us%40er:p%3Aw%2F@db.example.com:5433/my%20db?sslmode=require&a=b%26c");
  CHECK(url.engine == "postgres");
  CHECK(url.scheme == "postgresql");
  CHECK(url.user == "us@er");
  CHECK(url.password == "p:w/");
  CHECK(url.host == "db.example.com");
  CHECK(url.port == 5433);
  CHECK(url.database == "my db");
  CHECK(url.parameters.at("sslmode") == "require");
  CHECK(url.parameters.at("a") == "b&c");
  CHECK(url.text() == "postgresql://us%40er@db.example.com:5433/my%20db?a=b%26c&sslmode=require");
}

TEST_CASE("url: parts may be missing, hosts may be IPv6, sockets or lists") {
  CHECK(parse_url("postgres:///app").host.empty());
  CHECK(parse_url("postgres:///app").database == "app");
  CHECK(parse_url("POSTGRES://h").engine == "postgres");
  const Url six = parse_url("postgres://u:p@[::1]:5432/app");
  CHECK(six.host == "::1");
  CHECK(six.port == 5432);
  CHECK(six.text() == "postgres://u@[::1]:5432/app");
  CHECK(parse_url("postgres://%2Fvar%2Frun/app").host == "/var/run");
  CHECK(parse_url("postgres://a:1,b:2/app").host == "a:1,b:2");
  CHECK(parse_url("mariadb://h/app").engine == "mysql");
  CHECK(parse_url("mysql://h/app").engine == "mysql");
  CHECK(parse_url("clickhouse://h:8123/app").engine == "clickhouse");
}

TEST_CASE("url: the last @ ends the user's part, so a raw @ in a password does no harm") {
  const Url url = parse_url("postgres://u:s3cr@t@h/app");
  CHECK(url.password == "s3cr@t");
  CHECK(url.host == "h");
  CHECK(url.text() == "postgres://u@h/app");
}

TEST_CASE("url: file URLs") {
  CHECK(parse_url("sqlite:app.db").database == "app.db");
  CHECK(parse_url("sqlite:a b/app.db").text() == "sqlite:a b/app.db");
  CHECK(parse_url("sqlite::memory:").database == ":memory:");
  CHECK(parse_url("sqlite:///abs/app.db").database == "/abs/app.db");
  CHECK(parse_url("sqlite:/abs/app.db").database == "/abs/app.db");
  CHECK(parse_url("sqlite://app.db").database == "app.db");
  CHECK(parse_url("sqlite:app.db?mode=ro").parameters.at("mode") == "ro");
  CHECK(parse_url("sqlite:app.db").file() == "app.db");
  CHECK(parse_url("sqlite::memory:").file().empty());
  CHECK(parse_url("sqlite:x?mode=memory").file().empty());
  CHECK(parse_url("postgres://h/app").file().empty());
  CHECK(memory_url("sqlite")->database == ":memory:");
  CHECK_FALSE(memory_url("postgres"));
  CHECK(error_of("sqlite:").find("names no file") != std::string::npos);
}

TEST_CASE("url: no message shows a password") {
  for (const std::string text : {
           "postgres://u:SECRET@h:99999/app",
           "postgres://u:SEC/RET@h/app",
           "postgres://u:SEC#RET@h/app",
           "postgres://u:SEC?RET@h/app",
           "postgres://u:SECRET%@h/app",
           "postgres://u:SECRET@[::1/app",
           "postgres:u:SECRET@h/app",
           "postgres://u:SECRET@a:b:c/app",
           "mssql://u:SECRET@h/app",
           "u:SECRET@h/app",
           "postgres://u:SECRET@h/app?password",
           "postgres://u:SEC%00RET@h/app",
           "SECRET://x",
           "a b://u:SECRET@h",
       }) {
    CAPTURE(text);
    const std::string message = error_of(text);
    CHECK_FALSE(message.empty());
    if (text != "SECRET://x") CHECK(message.find("SEC") == std::string::npos);
    CHECK(message.find("RET@") == std::string::npos);
  }
  const Url url =
      parse_url("postgres://u:SECRET@h/app?password=SECRET&sslpassword=SECRET&apikey=SECRET&sslmode=off");
  CHECK(url.text() == "postgres://u@h/app?sslmode=off");
}

TEST_CASE("url: unknown schemes name the known ones") {
  CHECK(error_of("mssql://h/app").find("unknown URL scheme `mssql`") != std::string::npos);
  CHECK(error_of("mssql://h/app").find("sqlite:") != std::string::npos);
  CHECK(looks_like_url("sqlite:x"));
  CHECK(looks_like_url("postgres://"));
  CHECK_FALSE(looks_like_url("schema/app.yaml"));
  CHECK_FALSE(looks_like_url("postgres"));
}
