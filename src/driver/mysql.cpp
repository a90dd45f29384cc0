// MySQL and MariaDB by MariaDB Connector/C 3.
#include <fmt/format.h>
#include <mysql.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "driver/connection.hpp"
#include "driver/mysql_session.hpp"

namespace trueup {
namespace {

constexpr unsigned gone_away = 2006, lost_connection = 2013;  // CR_SERVER_GONE_ERROR, CR_SERVER_LOST
constexpr std::int64_t oldest_mysql = 80000, oldest_mariadb = 100600;

/// Whatever the server says, the password is not repeated.
std::string scrubbed(std::string message, const Url& url) {
  return url.password.empty() ? message : replace_all(std::move(message), url.password, "***");
}

/// What the parameters of the URL may be; everything else is an error, so that a misspelt `ssl-mode` is not
/// passed over.
struct Parameters {
  std::string socket, ssl_mode, ssl_ca, ssl_cert, ssl_key;
  unsigned connect_timeout = 10;
};

Parameters read_parameters(const Url& url) {
  Parameters out;
  for (const auto& [name, value] : url.parameters) {
    const std::string key = replace_all(lower(name), "_", "-");
    if (key == "socket") {
      out.socket = value;
    } else if (key == "ssl-mode" || key == "sslmode") {
      out.ssl_mode = replace_all(lower(value), "_", "-");
    } else if (key == "ssl-ca") {
      out.ssl_ca = value;
    } else if (key == "ssl-cert") {
      out.ssl_cert = value;
    } else if (key == "ssl-key") {
      out.ssl_key = value;
    } else if (key == "connect-timeout" && !value.empty() && value.size() < 6 &&
               value.find_first_not_of("0123456789") == std::string::npos) {
      out.connect_timeout = static_cast<unsigned>(std::stoul(value));
    } else {
      throw InputError(
          fmt::format("{}: the parameter `{}` is not known or has no valid value", url.text(), name),
          "known are socket, ssl-mode (disabled, required, verify-ca, verify-identity), ssl-ca, ssl-cert, "
          "ssl-key and connect-timeout (seconds)");
    }
  }
  constexpr std::array modes{"", "disabled", "preferred", "required", "verify-ca", "verify-identity"};
  if (std::find(modes.begin(), modes.end(), out.ssl_mode) == modes.end())
    throw InputError(fmt::format("{}: `{}` is no ssl-mode", url.text(), out.ssl_mode),
                     "write disabled, preferred, required, verify-ca or verify-identity");
  return out;
}

struct Closer {
  void operator()(MYSQL* session) const { mysql_close(session); }
};
using Session = std::unique_ptr<MYSQL, Closer>;

void set_options(MYSQL* session, const Url& url, const Parameters& p) {
  const unsigned no_files = 0;  // a server must not be able to ask for files of ours
  mysql_options(session, MYSQL_OPT_LOCAL_INFILE, &no_files);
  mysql_options(session, MYSQL_OPT_CONNECT_TIMEOUT, &p.connect_timeout);
  mysql_options(session, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  mysql_options4(session, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", "trueup");
  if (url.host == "localhost" &&
      url.port != 0) {  // else the library takes the default socket, whatever the port says
    const unsigned tcp = MYSQL_PROTOCOL_TCP;
    mysql_options(session, MYSQL_OPT_PROTOCOL, &tcp);
  }
  const my_bool enforce = p.ssl_mode == "required" || p.ssl_mode.starts_with("verify") ? 1 : 0;
  const my_bool verify = p.ssl_mode.starts_with("verify") ? 1 : 0;
  if (!p.ssl_mode.empty()) {
    if (p.ssl_mode != "disabled") mysql_options(session, MYSQL_OPT_SSL_ENFORCE, &enforce);
    mysql_options(session, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
  }
  if (!p.ssl_ca.empty()) mysql_options(session, MYSQL_OPT_SSL_CA, p.ssl_ca.c_str());
  if (!p.ssl_cert.empty()) mysql_options(session, MYSQL_OPT_SSL_CERT, p.ssl_cert.c_str());
  if (!p.ssl_key.empty()) mysql_options(session, MYSQL_OPT_SSL_KEY, p.ssl_key.c_str());
}

/// Length of what begins at `sql[i]` and holds no parameter: a string, a quoted name or a comment; 0 when
/// nothing such does.
std::size_t opaque_length(std::string_view sql, std::size_t i) {
  const char c = sql[i];
  if (c == '\'' || c == '"' || c == '`') {
    std::size_t end = i + 1;
    while (end < sql.size() && sql[end] != c)
      end += sql[end] == '\\' && c != '`' ? std::size_t{2} : std::size_t{1};
    return std::min(end + 1, sql.size()) - i;
  }
  const bool line = c == '#' || sql.substr(i).starts_with("-- ");
  if (line) return std::min(sql.find('\n', i), sql.size()) - i;
  if (sql.substr(i).starts_with("/*")) {
    const auto end = sql.find("*/", i + 2);
    return (end == std::string_view::npos ? sql.size() : end + 2) - i;
  }
  return 0;
}

class MysqlConnection final : public Connection {
 public:
  explicit MysqlConnection(const Url& url) : url_(url), session_(mysql_init(nullptr)) {
    if (!session_) throw WorldError("out of memory");
    const Parameters parameters = read_parameters(url);
    set_options(session_.get(), url, parameters);
    const auto given = [](const std::string& text) { return text.empty() ? nullptr : text.c_str(); };
    if (mysql_real_connect(session_.get(), given(url.host), given(url.user), given(url.password),
                           given(url.database), url.port, given(parameters.socket),
                           CLIENT_MULTI_STATEMENTS) == nullptr)
      throw WorldError(
          fmt::format("cannot connect to {}: {}", url.text(), scrubbed(mysql_error(session_.get()), url)),
          {{},
           {},
           std::to_string(mysql_errno(session_.get())),
           "check that the server runs, and the host, port, user, password and database of the URL",
           {}});
    version_ = static_cast<std::int64_t>(mysql_get_server_version(session_.get()));
    const std::string_view server = mysql_get_server_info(session_.get());
    vendor_ = server.find("MariaDB") != std::string_view::npos ? "MariaDB" : "MySQL";
    const std::int64_t oldest = vendor_ == "MariaDB" ? oldest_mariadb : oldest_mysql;
    if (version_ < oldest)
      throw WorldError(fmt::format("{} is {} {}.{}; trueup needs {}.{} or later", url.text(), vendor_,
                                   version_ / 10000, version_ / 100 % 100, oldest / 10000,
                                   oldest / 100 % 100));
    execute(mysql::session_settings);
  }

  std::vector<ResultRow> query(std::string_view sql, std::span<const Cell> args) override {
    std::vector<ResultRow> out;
    run(args.empty() ? std::string(sql) : filled(sql, args), &out);
    return out;
  }
  void execute(std::string_view sql) override { run(std::string(sql), nullptr); }
  std::int64_t version() const override { return version_; }
  std::string_view vendor() const override { return vendor_; }
  const Url& url() const override { return url_; }
  std::unique_ptr<Connection> sibling(const std::string& database) const override {
    Url other = url_;
    other.database = database;
    other.raw.clear();  // it names the first database
    return std::make_unique<MysqlConnection>(other);
  }

 private:
  /// Arguments as literals: prepared statements take no SHOW, and a few statements of DDL refuse them.
  std::string filled(std::string_view sql, std::span<const Cell> args) {
    std::string out;
    std::size_t next = 0;
    for (std::size_t i = 0; i < sql.size();) {
      if (const std::size_t length = opaque_length(sql, i); length > 0) {
        out += sql.substr(i, length);
        i += length;
      } else if (sql[i] == '?') {
        if (next == args.size())
          throw std::logic_error("more parameters than arguments: " + std::string(sql));
        out += literal(args[next++]);
        ++i;
      } else {
        out += sql[i++];
      }
    }
    if (next != args.size()) throw std::logic_error("more arguments than parameters: " + std::string(sql));
    return out;
  }
  std::string literal(const Cell& cell) {
    if (!cell) return "NULL";
    std::string escaped(cell->size() * 2 + 1, '\0');
    escaped.resize(mysql_real_escape_string(session_.get(), escaped.data(), cell->data(), cell->size()));
    return "'" + escaped + "'";
  }

  /// Runs all statements; rows of all results go to `out`.
  void run(const std::string& sql, std::vector<ResultRow>* out) {
    if (mysql_real_query(session_.get(), sql.data(), sql.size()) != 0) fail(sql);
    for (;;) {
      if (MYSQL_RES* result = mysql_store_result(session_.get())) {
        if (out != nullptr) append(result, *out);
        mysql_free_result(result);
      } else if (mysql_field_count(session_.get()) > 0) {
        fail(sql);
      }
      const int more = mysql_next_result(session_.get());
      if (more < 0) return;
      if (more > 0) fail(sql);
    }
  }
  static void append(MYSQL_RES* result, std::vector<ResultRow>& out) {
    const unsigned columns = mysql_num_fields(result);
    out.reserve(out.size() + mysql_num_rows(result));
    while (MYSQL_ROW row = mysql_fetch_row(result)) {
      const unsigned long* lengths = mysql_fetch_lengths(result);
      ResultRow cells;
      cells.reserve(columns);
      for (unsigned i = 0; i < columns; ++i) {
        if (row[i] == nullptr)
          cells.emplace_back();
        else
          cells.emplace_back(std::string(row[i], lengths[i]));
      }
      out.push_back(std::move(cells));
    }
  }

  [[noreturn]] void fail(const std::string& sql) {
    const unsigned number = mysql_errno(session_.get());
    const std::string message = scrubbed(mysql_error(session_.get()), url_);
    if (number == gone_away || number == lost_connection)
      throw WorldError(fmt::format("the connection to {} broke: {}", url_.text(), message),
                       {sql, {}, "08S01", "the statement may or may not have taken effect", {}});
    const WorldError error(message, {sql, {}, std::to_string(number), {}, {}});
    while (mysql_next_result(session_.get()) ==
           0)  // what is left of several statements would answer the next one
      if (MYSQL_RES* rest = mysql_store_result(session_.get())) mysql_free_result(rest);
    throw error;
  }

  Url url_;
  Session session_;
  std::int64_t version_ = 0;
  std::string_view vendor_;
};
}  // namespace

std::unique_ptr<Connection> connect_mysql(const Url& url) {
  return std::make_unique<MysqlConnection>(url);
}

}  // namespace trueup
