// The driver of ClickHouse against the real engine.
#include <doctest/doctest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "base/error.hpp"
#include "support/server.hpp"

namespace trueup::test {
namespace {
std::string code_of(Connection& c, const std::string& sql) {
  try {
    c.execute(sql);
  } catch (const WorldError& e) {
    CHECK(e.facts().statement == sql);
    return e.facts().code;
  }
  return "no error";
}
/// TLS in front of the test server, with a certificate for `localhost` that nobody has signed but itself.
class TlsFront {
 public:
  explicit TlsFront(const Url& server) {
    const std::string key = folder_ / "key.pem", port_file = folder_ / "port";
    certificate = folder_ / "certificate.pem";
    REQUIRE(std::system(
                ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "
                 "/CN=localhost -addext subjectAltName=DNS:localhost -keyout " +
                 key + " -out " + certificate + " 2> /dev/null")
                    .c_str()) == 0);
    const std::string command = "node " TRUEUP_SOURCE_DIR "/tools/servers/tls.js " + key + " " + certificate +
                                " " + std::to_string(server.port) + " " + port_file;
    process_ = ::popen(command.c_str(), "w");
    REQUIRE(process_ != nullptr);
    for (int i = 0; i < 200 && port.empty(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds{50});
      if (std::filesystem::exists(port_file)) port = read_text(port_file);
    }
    REQUIRE(!port.empty());
  }
  TlsFront(const TlsFront&) = delete;
  TlsFront& operator=(const TlsFront&) = delete;
  ~TlsFront() { ::pclose(process_); }
  std::string certificate, port;

 private:
  TestFolder folder_;
  std::FILE* process_ = nullptr;
};

/// Passes everything on to the test server and counts the bytes that it answers.
class CountingFront {
 public:
  explicit CountingFront(const Url& server) {
    folder_.write("front.js",
                  "const net = require('net'), fs = require('fs'); let n = 0;\n"
                  "net.createServer((client) => {\n"
                  "  const server = net.connect(" +
                      std::to_string(server.port) +
                      ", '127.0.0.1');\n"
                      "  server.on('data', (d) => { n += d.length; fs.writeFileSync('" +
                      folder_ / "count" +
                      "', String(n)); });\n"
                      "  client.pipe(server).pipe(client);\n"
                      "  client.on('error', () => server.destroy());\n"
                      "  server.on('error', () => client.destroy());\n"
                      "}).listen(0, '127.0.0.1', function () { fs.writeFileSync('" +
                      folder_ / "port" +
                      "', String(this.address().port)); });\n"
                      "process.stdin.on('end', () => process.exit(0)).resume();\n");
    process_ = ::popen(("node " + folder_ / "front.js").c_str(), "w");
    REQUIRE(process_ != nullptr);
    for (int i = 0; i < 200 && port.empty(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds{50});
      if (std::filesystem::exists(folder_ / "port")) port = read_text(folder_ / "port");
    }
    REQUIRE(!port.empty());
  }
  CountingFront(const CountingFront&) = delete;
  CountingFront& operator=(const CountingFront&) = delete;
  ~CountingFront() { ::pclose(process_); }
  long bytes() const { return std::stol(read_text(folder_ / "count")); }
  std::string port;

 private:
  TestFolder folder_;
  std::FILE* process_ = nullptr;
};

std::string failure(const Url& url) {
  try {
    connect(url);
    return "connected";
  } catch (const WorldError& e) {
    return std::string(e.what()) + " | " + e.facts().remedy;
  }
}
}  // namespace

TEST_CASE("clickhouse driver: rows, arguments, several statements, errors, settings of the session") {
  const auto server = test_server("TRUEUP_TEST_CLICKHOUSE");
  if (!server) return;
  const TestDatabase database(*server);
  const auto c = database.open();
  CHECK(c->version() >= 230800);
  c->execute(
      "create table t (a Int32, b Nullable(String)) engine = Memory; insert into t values (1, 'x;y'), (2, "
      "null);");
  const std::array<Cell, 2> args{Cell{"it's \\ a\t\"?\"\n"}, Cell{}};
  const auto row = c->query("select ?, '?', `b`, ? /* ? */ from t -- ?\n where a = 2", args).at(0);
  CHECK(row == ResultRow{"it's \\ a\t\"?\"\n", "?", std::nullopt, std::nullopt});
  CHECK(c->query("select $$a;b$$, '\\\\N', ''").at(0) == ResultRow{"a;b", "\\N", ""});
  CHECK(code_of(*c, "select nothing from t") == "47");
  CHECK(code_of(*c, "select * from nowhere") == "60");
  CHECK(c->query("select 5").at(0).at(0) == "5");
  c->execute("set max_threads = 3");
  CHECK(c->query("select getSetting('max_threads')").at(0).at(0) == "3");
  CHECK(database.open()->query("select getSetting('max_threads')").at(0).at(0) != "3");
  const auto beside = c->sibling("system");
  CHECK(beside->query("select currentDatabase()").at(0).at(0) == "system");
  CHECK(c->query("select currentDatabase()").at(0).at(0) == c->url().database);
}

TEST_CASE("clickhouse driver: a password authenticates and is never shown") {
  const auto server = test_server("TRUEUP_TEST_CLICKHOUSE");
  if (!server) return;
  const Url good = parse_url(*server);
  const auto url = [&](const std::string& password, const std::string& parameters = "") {
    return parse_url("clickhouse://" + good.user + ":" + password + "@" + good.host + ":" +
                     std::to_string(good.port) + "/default" + parameters);
  };
  CHECK(connect(url(good.password, "?compress=false"))->query("select 1").at(0).at(0) == "1");
  try {
    connect(url("wr0ng%2Fpw"));
    FAIL("a wrong password was accepted");
  } catch (const WorldError& e) {
    CHECK(std::string(e.what()).find("wr0ng") == std::string::npos);
    CHECK(e.facts().code == "516");
  }
  CHECK_THROWS_AS(connect(url(good.password, "?secur=true")), InputError);
  CHECK_THROWS_AS(connect(parse_url("clickhouse://127.0.0.1:1/x?connect-timeout=2")), WorldError);
}

TEST_CASE(
    "clickhouse driver: TLS is verified, with a certificate authority of one's own where one is named") {
  const auto server = test_server("TRUEUP_TEST_CLICKHOUSE");
  if (!server) return;
  const Url plain = parse_url(*server);
  const TlsFront front(plain);
  const auto url = [&](const std::string& parameters, const std::string& password = "") {
    return parse_url("clickhouse://" + plain.user + ":" + (password.empty() ? plain.password : password) +
                     "@localhost:" + front.port + "/default?" + parameters);
  };
  const std::string refused = failure(url("secure=true"));
  CHECK(refused.find("certificate") != std::string::npos);
  CHECK(refused.find("ssl-ca") != std::string::npos);
  CHECK(refused.find(plain.password) == std::string::npos);
  const auto c = connect(url("secure=true&ssl-ca=" + front.certificate));
  CHECK(c->query("select 1").at(0).at(0) == "1");
  CHECK(c->sibling("system")->query("select currentDatabase()").at(0).at(0) == "system");
  CHECK(connect(url("secure=true&verify=false"))->query("select 2").at(0).at(0) == "2");
  CHECK(connect(url("secure=true&compress=false&ssl-ca=" + front.certificate))
            ->query("select repeat('x', 100000) = repeat('x', 100000)")
            .at(0)
            .at(0) == "1");
  // The name must be that of the certificate.
  Url other = url("secure=true&ssl-ca=" + front.certificate);
  other.host = "127.0.0.1";
  CHECK(failure(other).find("cannot connect") != std::string::npos);
  CHECK(failure(url("secure=true&ssl-ca=/nowhere.pem")).find("/nowhere.pem") != std::string::npos);
  const std::string wrong = failure(url("secure=true&ssl-ca=" + front.certificate, "wr0ng"));
  CHECK(wrong.find("wr0ng") == std::string::npos);
  CHECK(wrong.find("user, password") != std::string::npos);
  // http where https is spoken, and the other way round
  CHECK(failure(url("secure=false")).find("cannot connect") != std::string::npos);
  Url https = plain;
  https.parameters["secure"] = "true";
  CHECK(failure(https).find("cannot connect") != std::string::npos);
}

TEST_CASE("clickhouse driver: answers come compressed, unless asked otherwise") {
  const auto server = test_server("TRUEUP_TEST_CLICKHOUSE");
  if (!server) return;
  const Url plain = parse_url(*server);
  const CountingFront front(plain);
  const std::string base =
      "clickhouse://" + plain.user + ":" + plain.password + "@127.0.0.1:" + front.port + "/default";
  constexpr const char* sql = "select repeat('answer ', 200000)";
  CHECK(connect(parse_url(base))->query(sql).at(0).at(0)->size() == 1'400'000);
  const long compressed = front.bytes();
  CHECK(compressed < 100'000);
  CHECK(connect(parse_url(base + "?compress=false"))->query(sql).at(0).at(0)->size() == 1'400'000);
  CHECK(front.bytes() - compressed > 1'400'000);
}
}  // namespace trueup::test
