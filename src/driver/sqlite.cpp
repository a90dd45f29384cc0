#include <fmt/format.h>
#include <sqlite3.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "driver/connection.hpp"

namespace trueup {
namespace {
constexpr int default_busy_timeout = 5000;  // milliseconds

struct CloseDatabase {
  void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;
using Prepared = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

std::string code_name(int code) {
  using Pair = std::pair<int, std::string_view>;
  constexpr std::array<Pair, 22> names{{{SQLITE_ERROR, "ERROR"},
                                        {SQLITE_PERM, "PERM"},
                                        {SQLITE_BUSY, "BUSY"},
                                        {SQLITE_BUSY_SNAPSHOT, "BUSY_SNAPSHOT"},
                                        {SQLITE_LOCKED, "LOCKED"},
                                        {SQLITE_READONLY, "READONLY"},
                                        {SQLITE_IOERR, "IOERR"},
                                        {SQLITE_CORRUPT, "CORRUPT"},
                                        {SQLITE_FULL, "FULL"},
                                        {SQLITE_CANTOPEN, "CANTOPEN"},
                                        {SQLITE_SCHEMA, "SCHEMA"},
                                        {SQLITE_TOOBIG, "TOOBIG"},
                                        {SQLITE_MISMATCH, "MISMATCH"},
                                        {SQLITE_NOTADB, "NOTADB"},
                                        {SQLITE_CONSTRAINT, "CONSTRAINT"},
                                        {SQLITE_CONSTRAINT_CHECK, "CONSTRAINT_CHECK"},
                                        {SQLITE_CONSTRAINT_FOREIGNKEY, "CONSTRAINT_FOREIGNKEY"},
                                        {SQLITE_CONSTRAINT_NOTNULL, "CONSTRAINT_NOTNULL"},
                                        {SQLITE_CONSTRAINT_PRIMARYKEY, "CONSTRAINT_PRIMARYKEY"},
                                        {SQLITE_CONSTRAINT_TRIGGER, "CONSTRAINT_TRIGGER"},
                                        {SQLITE_CONSTRAINT_UNIQUE, "CONSTRAINT_UNIQUE"},
                                        {SQLITE_CONSTRAINT_DATATYPE, "CONSTRAINT_DATATYPE"}}};
  for (const auto& [number, name] : names)
    if (number == code) return fmt::format("SQLITE_{}", name);
  for (const auto& [number, name] : names)
    if (number == (code & 0xFF)) return fmt::format("SQLITE_{} ({})", name, code);
  return fmt::format("SQLITE_{}", code);
}

std::string remedy_for(int code) {
  switch (code & 0xFF) {
    case SQLITE_BUSY:
      return "another process holds the database; try again, or raise busy_timeout in the URL";
    case SQLITE_CANTOPEN:
      return "check the path and the rights on its folder";
    case SQLITE_NOTADB:
      return "the file is no SQLite database, or it is encrypted";
    case SQLITE_READONLY:
      return "the file or its folder cannot be written";
    default:
      return {};
  }
}

/// `mode` of the URL as flags of sqlite3_open_v2; InputError for anything unknown.
int open_flags(const Url& url) {
  for (const auto& [name, value] : url.parameters)
    if (name != "mode" && name != "busy_timeout")
      throw InputError("unknown parameter '" + name + "' in the URL " + url.text(),
                       "known are mode=ro|rw|rwc and busy_timeout=MILLISECONDS");
  auto it = url.parameters.find("mode");
  const std::string mode = it == url.parameters.end() ? "rwc" : it->second;
  if (mode == "ro") return SQLITE_OPEN_READONLY;
  if (mode == "rw") return SQLITE_OPEN_READWRITE;
  if (mode == "rwc") return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  throw InputError("unknown mode '" + mode + "' in the URL " + url.text(), "use ro, rw or rwc");
}

int busy_timeout(const Url& url) {
  auto it = url.parameters.find("busy_timeout");
  if (it == url.parameters.end()) return default_busy_timeout;
  const bool digits = !it->second.empty() && it->second.size() < 9 &&
                      it->second.find_first_not_of("0123456789") == std::string::npos;
  if (!digits) throw InputError("busy_timeout in the URL " + url.text() + " is not a number of milliseconds");
  return std::stoi(it->second);
}

std::string hex(const void* data, int size) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto* bytes = static_cast<const unsigned char*>(data);
  std::string out = "x'";
  for (int i = 0; i < size; ++i) {
    out += digits[bytes[i] >> 4U];
    out += digits[bytes[i] & 15U];
  }
  return out + "'";
}

/// Shortest text that reads back as the same number, as SQLite writes reals: with a point.
std::string real_text(double value) {
  if (std::isinf(value)) return value < 0 ? "-9e999" : "9e999";
  std::string out = fmt::format("{}", value);
  return out.find_first_of(".en") == std::string::npos ? out + ".0" : out;
}

Cell cell(sqlite3_stmt* s, int column) {
  switch (sqlite3_column_type(s, column)) {
    case SQLITE_NULL:
      return std::nullopt;
    case SQLITE_BLOB: {
      const void* data = sqlite3_column_blob(s, column);
      return hex(data, sqlite3_column_bytes(s, column));
    }
    case SQLITE_FLOAT:
      return real_text(sqlite3_column_double(s, column));
    case SQLITE_INTEGER:
      return std::to_string(sqlite3_column_int64(s, column));
    default: {
      const void* data = sqlite3_column_blob(s, column);
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(s, column));
      return data == nullptr ? std::string() : std::string(static_cast<const char*>(data), size);
    }
  }
}

class SqliteConnection final : public Connection {
 public:
  explicit SqliteConnection(const Url& url) : url_(url) {
    sqlite3* db = nullptr;
    const int timeout = busy_timeout(url);
    const int rc = sqlite3_open_v2(url.database.c_str(), &db, open_flags(url), nullptr);
    db_.reset(db);
    if (rc != SQLITE_OK) fail(rc, {}, "cannot open " + url.text());
    sqlite3_extended_result_codes(db_.get(), 1);
    sqlite3_busy_timeout(db_.get(), timeout);
    // Some builds have them on: DROP TABLE then deletes the rows first, and that cascades.
    sqlite3_db_config(db_.get(), SQLITE_DBCONFIG_ENABLE_FKEY, 0, nullptr);
    // SQLite reads the file with the first statement: what is no database is told now.
    run("select count(*) from sqlite_schema", "cannot open " + url.text());
  }

  std::vector<ResultRow> query(std::string_view sql, std::span<const Cell> args) override {
    std::string_view rest;
    Prepared s = prepare(sql, rest);
    if (!s) return {};
    if (static_cast<std::size_t>(sqlite3_bind_parameter_count(s.get())) != args.size())
      throw WorldError(fmt::format("{} arguments given for {} parameters", args.size(),
                                   sqlite3_bind_parameter_count(s.get())),
                       {std::string(sql), {}, "SQLITE_RANGE", {}, {}});
    for (std::size_t i = 0; i < args.size(); ++i) bind(s.get(), static_cast<int>(i) + 1, args[i]);
    std::vector<ResultRow> out;
    const int columns = sqlite3_column_count(s.get());
    int rc = SQLITE_ROW;
    while ((rc = sqlite3_step(s.get())) == SQLITE_ROW) {
      ResultRow row;
      row.reserve(static_cast<std::size_t>(columns));
      for (int i = 0; i < columns; ++i) row.push_back(cell(s.get(), i));
      out.push_back(std::move(row));
    }
    if (rc != SQLITE_DONE) fail(rc, sql);
    return out;
  }

  void execute(std::string_view sql) override { run(sql, {}); }
  std::int64_t version() const override { return sqlite3_libversion_number(); }
  std::string_view vendor() const override { return {}; }
  std::unique_ptr<Connection> sibling(const std::string& database) const override {
    throw WorldError("SQLite has no database " + database + " beside the file " + url_.text());
  }
  const Url& url() const override { return url_; }

 private:
  void run(std::string_view sql, const std::string& context) {
    while (!sql.empty()) {
      std::string_view rest;
      Prepared s = prepare(sql, rest, context);
      const std::string_view statement = sql.substr(0, sql.size() - rest.size());
      if (s) {
        int rc = SQLITE_ROW;
        while ((rc = sqlite3_step(s.get())) == SQLITE_ROW) continue;
        if (rc != SQLITE_DONE) fail(rc, statement, context);
      } else if (rest.size() == sql.size()) {
        return;
      }
      sql = rest;
    }
  }

  Prepared prepare(std::string_view sql, std::string_view& rest, const std::string& context = {}) {
    sqlite3_stmt* s = nullptr;
    const char* tail = nullptr;
    const int rc = sqlite3_prepare_v2(db_.get(), sql.data(), static_cast<int>(sql.size()), &s, &tail);
    Prepared out(s);
    if (rc != SQLITE_OK) fail(rc, sql, context);
    rest = sql.substr(static_cast<std::size_t>(tail - sql.data()));
    return out;
  }

  static void bind(sqlite3_stmt* s, int index, const Cell& arg) {
    if (arg)
      sqlite3_bind_text(s, index, arg->data(), static_cast<int>(arg->size()), SQLITE_TRANSIENT);
    else
      sqlite3_bind_null(s, index);
  }

  [[noreturn]] void fail(int rc, std::string_view sql, std::string_view context = {}) const {
    const int code = db_ ? sqlite3_extended_errcode(db_.get()) : rc;
    std::string message = db_ ? sqlite3_errmsg(db_.get()) : sqlite3_errstr(rc);
    if (!context.empty()) message = fmt::format("{}: {}", context, message);
    throw WorldError(
        message, {std::string(trim(sql)), {}, code_name(code == SQLITE_OK ? rc : code), remedy_for(rc), {}});
  }

  Url url_;
  Database db_;
};
}  // namespace

std::unique_ptr<Connection> connect_sqlite(const Url& url) {
  return std::make_unique<SqliteConnection>(url);
}

}  // namespace trueup
