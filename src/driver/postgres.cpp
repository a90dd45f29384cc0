// PostgreSQL by libpqxx: 6.4 and 7.x, whose interfaces differ in the places marked below.
#include <fmt/format.h>

#include <pqxx/pqxx>

#include "base/error.hpp"
#include "base/text.hpp"
#include "driver/connection.hpp"

namespace trueup {
namespace {

/// `key='value'` of a libpq connection string. Built from the parts, never from the URL, because libpq quotes
/// what it cannot parse in its messages.
void add(std::string& out, std::string_view key, std::string_view value) {
  out += fmt::format("{}{}='", out.empty() ? "" : " ", key);
  for (const char c : value) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  out += '\'';
}

/// `a:5433,b` as the host and port lists of libpq.
void add_hosts(std::string& out, const Url& url) {
  if (url.host.find(',') == std::string::npos) {
    if (!url.host.empty()) add(out, "host", url.host);
    if (url.port != 0) add(out, "port", std::to_string(url.port));
    return;
  }
  std::vector<std::string> hosts, ports;
  for (const auto& each : split(url.host, ',')) {
    const auto colon = each.rfind(':');
    hosts.push_back(each.substr(0, colon));
    ports.push_back(colon == std::string::npos ? "5432" : each.substr(colon + 1));
  }
  add(out, "host", join(hosts, ","));
  add(out, "port", join(ports, ","));
}

std::string connection_string(const Url& url) {
  std::string out;
  add_hosts(out, url);
  if (!url.user.empty()) add(out, "user", url.user);
  if (!url.password.empty()) add(out, "password", url.password);
  if (!url.database.empty()) add(out, "dbname", url.database);
  if (!url.parameters.contains("application_name")) add(out, "fallback_application_name", "trueup");
  if (!url.parameters.contains("connect_timeout")) add(out, "connect_timeout", "10");
  for (const auto& [key, value] : url.parameters) add(out, key, value);
  add(out, "client_encoding", "UTF8");
  return out;
}

std::string without(std::string message, const std::string& secret) {
  return secret.empty() ? message : replace_all(std::move(message), secret, "***");
}
/// Whatever the server says, the password is not repeated.
std::string scrubbed(std::string message, const Url& url) {
  message = without(std::move(message), url.password);
  if (const auto it = url.parameters.find("password"); it != url.parameters.end())
    message = without(std::move(message), it->second);
  while (message.ends_with('\n')) message.pop_back();
  return message;
}

constexpr std::string_view session_settings =
    "set standard_conforming_strings = on; set extra_float_digits = 1; set intervalstyle = postgres; "
    "set bytea_output = hex";

class PostgresConnection final : public Connection {
 public:
  explicit PostgresConnection(const Url& url) : url_(url) {
    try {
      session_ = std::make_unique<pqxx::connection>(connection_string(url));
#if PQXX_VERSION_MAJOR < 7
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
      session_->inhibit_reactivation(true);  // a silent reconnect would lose locks and transactions
#pragma GCC diagnostic pop
#endif
      silence();
    } catch (const std::exception& e) {
      throw WorldError(
          fmt::format("cannot connect to {}: {}", url.text(), scrubbed(e.what(), url)),
          {{}, {}, {}, "check that the server runs, and the host, port, user and database of the URL", {}});
    }
    execute(session_settings);
    version_ = session_->server_version();
    if (version_ < 130000)
      throw WorldError(fmt::format("{} is PostgreSQL {}.{}; trueup needs 13 or later", url.text(),
                                   version_ / 10000, version_ % 10000));
  }

  std::vector<ResultRow> query(std::string_view sql, std::span<const Cell> args) override {
    return guarded(sql, [&] {
      pqxx::nontransaction tx(*session_);
      std::vector<ResultRow> out;
      const auto result = run(tx, std::string(sql), args);
      out.reserve(static_cast<std::size_t>(result.size()));
      for (const auto& row : result) {
        ResultRow cells;
        cells.reserve(static_cast<std::size_t>(row.size()));
        for (const auto& field : row) {
          if (field.is_null())
            cells.emplace_back();
          else
            cells.emplace_back(std::string(field.c_str(), field.size()));
        }
        out.push_back(std::move(cells));
      }
      return out;
    });
  }
  void execute(std::string_view sql) override {
    guarded(sql, [&] {
      pqxx::nontransaction tx(*session_);
      tx.exec(std::string(sql));
    });
  }
  std::int64_t version() const override {
    return version_;
  }
  std::string_view vendor() const override {
    return {};
  }
  const Url& url() const override {
    return url_;
  }
  std::unique_ptr<Connection> sibling(const std::string& database) const override {
    Url other = url_;
    other.database = database;
    other.parameters.erase("dbname");
    other.raw.clear();  // it names the first database
    return std::make_unique<PostgresConnection>(other);
  }

 private:
#if PQXX_VERSION_MAJOR < 7
  void silence() {
    quiet_ = std::make_unique<pqxx::quiet_errorhandler>(*session_);
  }
  static pqxx::result run(pqxx::nontransaction& tx, const std::string& sql, std::span<const Cell> args) {
    if (args.empty()) return tx.exec(sql);
    std::vector<const char*> values;
    values.reserve(args.size());
    for (const auto& cell : args) values.push_back(cell ? cell->c_str() : nullptr);
    return tx.exec_params(sql, pqxx::prepare::make_dynamic_params(values));
  }
#else
  void silence() {
    session_->set_notice_handler([](pqxx::zview) noexcept {});
  }
  static pqxx::result run(pqxx::nontransaction& tx, const std::string& sql, std::span<const Cell> args) {
    if (args.empty()) return tx.exec(sql);
    pqxx::params values;
    values.reserve(args.size());
    for (const auto& cell : args) {
      if (cell)
        values.append(*cell);
      else
        values.append();
    }
    return tx.exec(sql, values);
  }
#endif

  template <class F>
  auto guarded(std::string_view sql, F&& f) -> decltype(f()) {
    try {
      return f();
    } catch (const pqxx::sql_error& e) {
      throw WorldError(scrubbed(e.what(), url_), {std::string(sql), {}, e.sqlstate(), {}, {}});
    } catch (const pqxx::broken_connection& e) {
      throw WorldError(fmt::format("the connection to {} broke: {}", url_.text(), scrubbed(e.what(), url_)),
                       {std::string(sql), {}, "08006", "the statement may or may not have taken effect", {}});
    } catch (const std::exception& e) {
      throw WorldError(scrubbed(e.what(), url_), {std::string(sql), {}, {}, {}, {}});
    }
  }

  Url url_;
  std::unique_ptr<pqxx::connection> session_;
#if PQXX_VERSION_MAJOR < 7
  std::unique_ptr<pqxx::quiet_errorhandler> quiet_;  // after the session it listens to: destroyed first
#endif
  std::int64_t version_ = 0;
};
}  // namespace

std::unique_ptr<Connection> connect_postgres(const Url& url) {
  return std::make_unique<PostgresConnection>(url);
}

}  // namespace trueup
