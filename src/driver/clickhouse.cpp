// ClickHouse by its HTTP interface, with libcurl.
#include <curl/curl.h>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <random>

#include "base/error.hpp"
#include "base/text.hpp"
#include "driver/connection.hpp"

namespace trueup {
namespace {
constexpr std::int64_t oldest = 230800;

struct Parameters {
  bool https = false, verify = true, compress = true;
  std::string ca;
  long connect_timeout = 10, timeout = 0;
};

long seconds(const Url& url, const std::string& name, const std::string& value) {
  long out = 0;
  const auto result = std::from_chars(value.data(), value.data() + value.size(), out);
  if (result.ec != std::errc{} || result.ptr != value.data() + value.size() || out < 0)
    throw InputError(fmt::format("{}: `{}` must be a number of seconds", url.text(), name));
  return out;
}

bool truth(const Url& url, const std::string& name, const std::string& value) {
  const std::string low = lower(value);
  if (low == "1" || low == "true" || low == "yes" || low.empty()) return true;
  if (low == "0" || low == "false" || low == "no") return false;
  throw InputError(fmt::format("{}: `{}` must be true or false", url.text(), name));
}

/// Everything else is an error, so that a misspelt `secure` is not passed over.
Parameters read_parameters(const Url& url) {
  Parameters out;
  for (const auto& [name, value] : url.parameters) {
    const std::string key = replace_all(lower(name), "-", "_");
    if (key == "secure" || key == "ssl" || key == "https") {
      out.https = truth(url, name, value);
    } else if (key == "verify") {
      out.verify = truth(url, name, value);
    } else if (key == "compress") {
      out.compress = truth(url, name, value);
    } else if (key == "ssl_ca" || key == "ca") {
      out.ca = value;
    } else if (key == "connect_timeout") {
      out.connect_timeout = seconds(url, name, value);
    } else if (key == "timeout") {
      out.timeout = seconds(url, name, value);
    } else {
      throw InputError(
          fmt::format("{}: the parameter `{}` is not known", url.text(), name),
          "known are secure (https), verify, ssl-ca, compress, connect-timeout and timeout (seconds)");
    }
  }
  return out;
}

/// Length of the string, quoted name, heredoc or comment that begins at `sql[i]`; 0 when none does.
std::size_t opaque_length(std::string_view sql, std::size_t i) {
  const char c = sql[i];
  const auto rest = sql.substr(i);
  if (c == '\'' || c == '"' || c == '`') {
    std::size_t end = i + 1;
    while (end < sql.size() && sql[end] != c) end += sql[end] == '\\' ? std::size_t{2} : std::size_t{1};
    return std::min(end + 1, sql.size()) - i;
  }
  if (rest.starts_with("--") || rest.starts_with("# ") || rest.starts_with("#!"))
    return std::min(sql.find('\n', i), sql.size()) - i;
  if (rest.starts_with("/*")) {
    const auto end = sql.find("*/", i + 2);
    return (end == std::string_view::npos ? sql.size() : end + 2) - i;
  }
  if (c == '$') {
    std::size_t end = i + 1;
    while (end < sql.size() && (std::isalnum(static_cast<unsigned char>(sql[end])) != 0 || sql[end] == '_'))
      ++end;
    if (end >= sql.size() || sql[end] != '$') return 0;
    const auto tag = sql.substr(i, end + 1 - i);
    const auto close = sql.find(tag, end + 1);
    return close == std::string_view::npos ? 0 : close + tag.size() - i;
  }
  return 0;
}

/// The interface runs one statement a request.
std::vector<std::string> statements(std::string_view sql) {
  std::vector<std::string> out;
  std::string current;
  bool any = false;
  auto finish = [&] {
    if (any) out.push_back(std::string(trim(current)));
    current.clear();
    any = false;
  };
  for (std::size_t i = 0; i < sql.size();) {
    const std::size_t length = opaque_length(sql, i);
    if (length == 0 && sql[i] == ';') {
      finish();
      ++i;
      continue;
    }
    const bool comment = length > 0 && (sql[i] == '-' || sql[i] == '/' || sql[i] == '#');
    any = any || (!comment && std::isspace(static_cast<unsigned char>(sql[i])) == 0);
    current += sql.substr(i, std::max<std::size_t>(length, 1));
    i += std::max<std::size_t>(length, 1);
  }
  finish();
  return out;
}

std::string literal(const Cell& cell) {
  if (!cell) return "NULL";
  std::string out = "'";
  for (const char c : *cell) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string filled(std::string_view sql, std::span<const Cell> args) {
  std::string out;
  std::size_t next = 0;
  for (std::size_t i = 0; i < sql.size();) {
    if (const std::size_t length = opaque_length(sql, i); length > 0) {
      out += sql.substr(i, length);
      i += length;
    } else if (sql[i] == '?' && next < args.size()) {
      out += literal(args[next++]);
      ++i;
    } else {
      out += sql[i++];
    }
  }
  if (next != args.size()) throw std::logic_error("more arguments than parameters: " + std::string(sql));
  return out;
}

/// TabSeparated: `\N` is NULL, tabs, newlines and backslashes are escaped.
std::vector<ResultRow> rows_of(std::string_view body) {
  std::vector<ResultRow> out;
  ResultRow row;
  std::string cell;
  bool null = false;
  auto close = [&] {
    row.push_back(null ? Cell{} : Cell{std::move(cell)});
    cell.clear();
    null = false;
  };
  for (std::size_t i = 0; i < body.size(); ++i) {
    const char c = body[i];
    if (c == '\t') {
      close();
    } else if (c == '\n') {
      close();
      out.push_back(std::move(row));
      row.clear();
    } else if (c == '\\' && i + 1 < body.size()) {
      constexpr std::string_view codes = "ntrbf0", means = "\n\t\r\b\f";
      const char code = body[++i];
      const auto at = codes.find(code);
      if (code == 'N' && cell.empty())
        null = true;
      else
        cell += at == std::string_view::npos ? code : at < means.size() ? means[at] : '\0';
    } else {
      cell += c;
    }
  }
  return out;
}

std::size_t collect(char* data, std::size_t size, std::size_t count, void* to) {
  static_cast<std::string*>(to)->append(data, size * count);
  return size * count;
}

struct Closer {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

class ClickhouseConnection final : public Connection {
 public:
  explicit ClickhouseConnection(const Url& url) : url_(url), parameters_(read_parameters(url)) {
    if (url_.host.empty()) url_.host = "localhost";
    std::random_device random;
    session_ = fmt::format("trueup-{:08x}{:08x}{:08x}", random(), random(), random());
    curl_.reset(curl_easy_init());
    if (!curl_) throw WorldError("out of memory");
    const std::string version = query("SELECT version()").at(0).at(0).value_or("");
    const auto parts = split(version, '.');
    version_ = parts.size() < 2 ? 0 : std::stoll(parts[0]) * 10000 + std::stoll(parts[1]) * 100;
    if (version_ < oldest)
      throw WorldError(fmt::format("{} is ClickHouse {}; trueup needs 23.8 or later", url_.text(), version));
  }

  std::vector<ResultRow> query(std::string_view sql, std::span<const Cell> args = {}) override {
    return rows_of(send(args.empty() ? std::string(sql) : filled(sql, args)));
  }
  void execute(std::string_view sql) override {
    for (const auto& statement : statements(sql)) send(statement);
  }
  std::int64_t version() const override { return version_; }
  std::string_view vendor() const override { return {}; }
  const Url& url() const override { return url_; }
  std::unique_ptr<Connection> sibling(const std::string& database) const override {
    Url other = url_;
    other.database = database;
    other.raw.clear();
    return std::make_unique<ClickhouseConnection>(other);
  }

 private:
  std::string address() const {
    const bool ipv6 = url_.host.find(':') != std::string::npos;
    const unsigned port = url_.port != 0 ? url_.port : parameters_.https ? 8443U : 8123U;
    return fmt::format(
        "{}://{}:{}/?session_id={}&session_timeout=3600&wait_end_of_query=1"
        "&default_format=TabSeparated{}",
        parameters_.https ? "https" : "http", ipv6 ? "[" + url_.host + "]" : url_.host, port, session_,
        parameters_.compress ? "&enable_http_compression=1" : "");
  }

  std::string send(const std::string& sql) {
    CURL* c = curl_.get();
    curl_easy_reset(c);
    std::string body, error(CURL_ERROR_SIZE, '\0');
    // Never in the URL: proxies and server logs keep that.
    std::unique_ptr<curl_slist, Closer> headers;
    auto header = [&](const std::string& line) {
      curl_slist* longer = curl_slist_append(headers.get(), line.c_str());
      if (longer == nullptr) throw WorldError("out of memory");
      static_cast<void>(headers.release());
      headers.reset(longer);
    };
    if (!url_.user.empty()) header("X-ClickHouse-User: " + header_value(url_.user));
    if (!url_.password.empty()) header("X-ClickHouse-Key: " + header_value(url_.password));
    if (!url_.database.empty()) header("X-ClickHouse-Database: " + header_value(url_.database));
    header("Content-Type: text/plain; charset=UTF-8");
    header("Expect:");
    const std::string where = address();
    curl_easy_setopt(c, CURLOPT_URL, where.c_str());
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(c, CURLOPT_POSTFIELDS, sql.data());
    curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(sql.size()));
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, &body);
    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, error.data());
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, parameters_.connect_timeout);
    curl_easy_setopt(c, CURLOPT_TIMEOUT, parameters_.timeout);
    curl_easy_setopt(c, CURLOPT_USERAGENT, "trueup");
    if (parameters_.compress) curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "");
    if (!parameters_.verify) {
      curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 0L);
      curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 0L);
    }
    if (!parameters_.ca.empty()) curl_easy_setopt(c, CURLOPT_CAINFO, parameters_.ca.c_str());
    const CURLcode result = curl_easy_perform(c);
    if (result != CURLE_OK) broken(sql, result, error.c_str());
    long status = 0;
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200) fail(sql, status, body);
    connected_ = true;
    return body;
  }

  std::string header_value(const std::string& text) const {
    if (text.find_first_of("\r\n") != std::string::npos)
      throw InputError(fmt::format("{}: a user, password or database cannot hold a line break", url_.text()));
    return text;
  }

  [[noreturn]] void broken(const std::string& sql, CURLcode result, const char* detail) const {
    const std::string why = *detail != '\0' ? detail : curl_easy_strerror(result);
    const bool untrusted = result == CURLE_PEER_FAILED_VERIFICATION || result == CURLE_SSL_CACERT_BADFILE;
    if (!connected_)
      throw WorldError(
          fmt::format("cannot connect to {}: {}", url_.text(), scrubbed(why)),
          {{},
           {},
           {},
           untrusted ? "name the file of the certificate authority that signed it: ?secure=true&ssl-ca=FILE"
                     : "check that the server runs, and the host, port and `secure` of the URL",
           {}});
    throw WorldError(fmt::format("the connection to {} broke: {}", url_.text(), scrubbed(why)),
                     {sql, {}, "08S01", "the statement may or may not have taken effect", {}});
  }

  /// `Code: 60. DB::Exception: Unknown table ... (UNKNOWN_TABLE) (version ...)`
  [[noreturn]] void fail(const std::string& sql, long status, const std::string& body) const {
    std::string message(trim(body)), code;
    constexpr std::string_view prefix = "Code: ", exception = "DB::Exception: ";
    if (message.starts_with(prefix)) {
      const auto end = message.find_first_not_of("0123456789", prefix.size());
      code = message.substr(prefix.size(), end - prefix.size());
      if (const auto at = message.find(exception); at != std::string::npos)
        message = message.substr(at + exception.size());
    }
    if (const auto at = message.rfind(" (version "); at != std::string::npos) message = message.substr(0, at);
    if (code.empty()) message = fmt::format("HTTP status {}: {}", status, one_line(message.substr(0, 500)));
    if (!connected_)
      throw WorldError(fmt::format("cannot connect to {}: {}", url_.text(), scrubbed(message)),
                       {{}, {}, code, "check the user, password and database of the URL", {}});
    throw WorldError(scrubbed(message), {sql, {}, code, {}, {}});
  }

  std::string scrubbed(std::string message) const {
    return url_.password.empty() ? message : replace_all(std::move(message), url_.password, "***");
  }

  Url url_;
  Parameters parameters_;
  std::string session_;
  std::unique_ptr<CURL, Closer> curl_;
  std::int64_t version_ = 0;
  bool connected_ = false;
};
}  // namespace

std::unique_ptr<Connection> connect_clickhouse(const Url& url) {
  return std::make_unique<ClickhouseConnection>(url);
}

}  // namespace trueup
