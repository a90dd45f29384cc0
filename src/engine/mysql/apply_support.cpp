#include "engine/apply_support.hpp"

#include <regex>

#include "base/text.hpp"
#include "driver/mysql_session.hpp"
#include "engine/mysql/lexer.hpp"
#include "engine/mysql/show_create.hpp"

namespace trueup {
namespace {
constexpr std::string_view table_query =
    "select 1 from information_schema.tables where table_schema = coalesce(nullif(?, ''), database()) and "
    "table_name = ?";
constexpr std::string_view size_query =
    "select table_schema, table_rows from information_schema.tables where table_schema = database() and "
    "table_name = ?";
constexpr std::string_view holder_query =
    "select id, user, host, coalesce(command, '?'), time from information_schema.processlist where id = ?";

/// Statements are recorded in bytes as they are, whatever the database's collation holds equal.
constexpr std::string_view history_ddl = R"(CREATE TABLE {} (
  version bigint NOT NULL PRIMARY KEY,
  name varchar(200) NOT NULL,
  checksum varchar(64) NOT NULL,
  state varchar(64) NOT NULL,
  status varchar(20) NOT NULL,
  done bigint NOT NULL,
  total bigint NOT NULL,
  done_checksum varchar(64) NOT NULL,
  in_flight bigint NOT NULL,
  in_doubt varchar(64) NOT NULL,
  started varchar(40) NOT NULL,
  finished varchar(40) NOT NULL,
  duration_ms bigint NOT NULL,
  who text NOT NULL,
  tool_version varchar(100) NOT NULL,
  error mediumtext NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin)";

std::string backquoted(std::string_view name) {
  return "`" + replace_all(std::string(name), "`", "``") + "`";
}

/// Names of user locks are the whole server's, and at most 64 characters long.
std::string lock_name(Connection& connection, const HistoryTable& table) {
  const std::string database = connection.query("select database()").at(0).at(0).value_or("");
  return "trueup:" +
         sha256(fmt::format("{}\n{}", table.ns.empty() ? database : table.ns, table.name)).substr(0, 40);
}

class UserLock final : public TargetLock {
 public:
  UserLock(Connection& connection, std::string name) : connection_(connection), name_(std::move(name)) {}
  UserLock(const UserLock&) = delete;
  UserLock& operator=(const UserLock&) = delete;
  ~UserLock() override {
    try {
      const std::array<Cell, 1> args{name_};
      connection_.query("select release_lock(?)", args);
    } catch (const WorldError&) {  // the session is gone, and the lock with it
    }
  }
  bool held() override {
    const std::array<Cell, 1> args{name_};
    return connection_.query("select is_used_lock(?) <=> connection_id()", args).at(0).at(0) == "1";
  }

 private:
  Connection& connection_;
  std::string name_;
};

/// Both waits are in whole seconds, and neither can be 0.
std::string wait_settings(std::chrono::milliseconds timeout) {
  const std::int64_t longest = 31536000;  // lock_wait_timeout's own limit, a year
  const std::int64_t seconds = timeout.count() <= 0 ? longest : (timeout.count() + 999) / 1000;
  return fmt::format("session lock_wait_timeout = {}, session innodb_lock_wait_timeout = {}", seconds,
                     std::min<std::int64_t>(seconds, 1073741824));
}

/// This algorithm, this lock, one more instant version of the rows are not to be had.
bool refuses_algorithm(const std::string& code) {
  return code == "1845" || code == "1846" || code == "4092";
}

class MysqlApplySupport final : public ApplySupport {
 public:
  void prepare_session(Connection& connection, std::chrono::milliseconds lock_timeout) const override {
    connection.execute(fmt::format("{}, session wait_timeout = 28800, {}", mysql::session_settings,
                                   wait_settings(lock_timeout)));
  }
  void bound_lock_wait(Connection& connection, std::chrono::milliseconds lock_timeout) const override {
    connection.execute("set " + wait_settings(lock_timeout));
  }
  std::vector<std::string> settings_now(Connection&) const override { return {}; }  // prepare_session resets
  std::string_view begin() const override { return "START TRANSACTION"; }

  std::vector<RefusedError::Reason> misunderstood(Connection&,
                                                  const std::vector<std::string>&) const override;
  std::unique_ptr<TargetLock> try_lock(Connection& connection, const HistoryTable& table) const override {
    const std::string name = lock_name(connection, table);
    const std::array<Cell, 1> args{name};
    const auto got = connection.query("select get_lock(?, 0)", args).at(0).at(0);
    if (got != "1") return nullptr;
    return std::make_unique<UserLock>(connection, name);
  }
  std::string lock_holder(Connection& connection, const HistoryTable& table) const override {
    const std::array<Cell, 1> name{lock_name(connection, table)};
    const Cell id = connection.query("select is_used_lock(?)", name).at(0).at(0);
    if (!id) return {};
    const std::array<Cell, 1> args{id};
    const auto rows = connection.query(holder_query, args);
    if (rows.empty()) return "connection " + *id;  // of another user, and we may not see those
    const auto cell = [&](std::size_t i) { return one_line(rows.front().at(i).value_or("?")); };
    return fmt::format("connection {} ({} from {}, {} for {} s)", cell(0), cell(1), cell(2), cell(3),
                       cell(4));
  }
  bool may_retry(const WorldError& e) const override {
    return e.facts().code == "1205" || e.facts().code == "1213";  // lock wait timeout, deadlock
  }

  std::string debris() const override { return {}; }  // DDL is atomic, MySQL 8.0 and MariaDB 10.6 on
  ObjectDefinition definition(Connection& connection, const ObjectKey& key) const override;
  /// A second time changes nothing.
  InDoubt in_doubt(Connection&, std::string_view sql) const override {
    const auto all = mysql::significant(sql);
    const bool repeats =
        !all.empty() &&
        (mysql::is_word(all[0], "set") ||
         (all.size() > 1 && mysql::is_word(all[0], "alter") && mysql::is_word(all[1], "database")));
    return repeats ? InDoubt::run_again : InDoubt::ask_catalog;
  }

  void run(Connection& connection, std::string_view sql, const Meanwhile&) const override {
    try {
      connection.execute(sql);
    } catch (const WorldError& e) {
      if (!refuses_algorithm(e.facts().code) || unguarded(sql) == sql) throw;
      WorldError::Facts facts = e.facts();
      facts.remedy =
          "the server would do it in another way than the migration says, and so did nothing; --allow-copy "
          "lets it";
      throw WorldError(e.what(), std::move(facts));
    }
  }
  std::string unguarded(std::string_view sql) const override;
  std::optional<TableCopy> copies_table(Connection& connection, std::string_view sql,
                                        std::string_view title) const override;

  std::string default_namespace() const override { return {}; }  // the database of the URL
  bool table_exists(Connection& connection, std::string_view ns, std::string_view name) const override {
    const std::array<Cell, 2> args{std::string(ns), std::string(name)};
    return !connection.query(table_query, args).empty();
  }
  std::vector<std::string> create_history(Connection& connection, const HistoryTable& history,
                                          std::string_view quoted_ns, std::string_view table) const override {
    std::vector<std::string> out;
    const std::array<Cell, 1> args{history.ns};
    if (!history.ns.empty() &&
        connection.query("select 1 from information_schema.schemata where schema_name = ?", args).empty())
      out.push_back(fmt::format("CREATE DATABASE {}", quoted_ns));
    out.push_back(fmt::format(history_ddl, table));
    return out;
  }

  std::vector<std::string> integrity_findings(Connection&) const override { return {}; }
  std::string session_user(Connection& connection) const override {
    return connection.query("select current_user()").at(0).at(0).value_or("");
  }
  std::string server_name(Connection& connection) const override {
    const std::int64_t v = connection.version();
    return fmt::format("{} {}.{}.{}", connection.vendor(), v / 10000, v / 100 % 100, v % 100);
  }
};

/// What SHOW CREATE is asked for: what belongs to a table is in the table's own text, triggers are not.
std::pair<std::string_view, std::string> shown_as(const ObjectKey& key) {
  const std::string_view kind = info(key.kind).name;
  const std::string ns = key.ns.empty() ? "" : backquoted(key.ns) + ".";
  if (key.kind == Kind::row) return {};
  if (info(key.kind).owned && key.kind != Kind::trigger) return {"table", ns + backquoted(key.owner)};
  if (key.kind == Kind::table || key.kind == Kind::view || key.kind == Kind::sequence)
    return {"table", ns + backquoted(key.name)};
  if (key.kind == Kind::trigger || key.kind == Kind::function || key.kind == Kind::procedure ||
      kind == "event")
    return {kind, ns + backquoted(key.name)};
  return {};
}

bool says_absent(const std::string& code) {
  // no such database, table, trigger, routine, event, MariaDB sequence
  constexpr std::array<std::string_view, 7> codes{"1049", "1146", "1360", "1305", "1539", "4091", "1051"};
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

/// The relation that a statement makes, or gives another name; empty where it does neither.
std::string made_relation(std::string_view sql) {
  const auto all = mysql::significant(sql);
  if (all.empty()) return {};
  const bool rename = mysql::is_word(all[0], "rename");
  if (!rename && !mysql::is_word(all[0], "create")) return {};
  for (std::size_t i = 1; i + 1 < all.size(); ++i) {
    if (mysql::is_symbol(all[i], "(") || mysql::is_word(all[i], "as")) return {};
    const bool noun = mysql::is_word(all[i], "table") || mysql::is_word(all[i], "view") ||
                      mysql::is_word(all[i], "sequence");
    if (rename ? !mysql::is_word(all[i], "to") : !noun) continue;
    if (!rename && i + 4 < all.size() && mysql::is_word(all[i + 1], "if")) i += 3;  // IF NOT EXISTS
    return all[i + 1].value();
  }
  return {};
}

std::vector<RefusedError::Reason> MysqlApplySupport::misunderstood(
    Connection& connection, const std::vector<std::string>& statements) const {
  std::vector<RefusedError::Reason> out;
  for (const auto& sql : statements)
    if (const std::string name = made_relation(sql); name != lower(name))
      out.push_back({name, std::string(mysql::folds_names), "write '" + lower(name) + "'"});
  if (!out.empty() && connection.query("select @@lower_case_table_names").at(0).at(0) != "1") out.clear();
  return out;
}

std::string MysqlApplySupport::unguarded(std::string_view sql) const {
  static const std::regex last_clause(R"(,\s*ALGORITHM=(INSTANT|INPLACE)(, LOCK=(NONE|SHARED))?\s*$)");
  return std::regex_replace(std::string(sql), last_clause, "");
}

/// ALTER TABLE `name` and what follows, each line break between the clauses a blank; nothing for other
/// statements and for tables of other databases.
std::optional<TableCopy> alteration(std::string_view sql) {
  TableCopy out;
  std::size_t place = 0;
  for (const Token& t : mysql::tokens(sql)) {
    const bool gap = t.type == Token::Type::blank || t.type == Token::Type::comment;
    if (place < 3 && gap) continue;
    if (place == 0 || place == 1) {
      if (!mysql::is_word(t, place == 0 ? "alter" : "table")) return std::nullopt;
    } else if (place == 2) {
      if (t.type != Token::Type::quoted_identifier) return std::nullopt;
      out.table = t.value();
    } else if (gap) {
      out.change += out.change.empty() ? "" : " ";
    } else if (out.change.empty() && mysql::is_symbol(t, ".")) {
      return std::nullopt;
    } else {
      out.change += t.text;
    }
    ++place;
  }
  out.change = std::string(trim(out.change));
  if (out.change.empty()) return std::nullopt;
  return out;
}

std::optional<TableCopy> MysqlApplySupport::copies_table(Connection& connection, std::string_view sql,
                                                         std::string_view title) const {
  if (title.find("[rewrites-table") == std::string_view::npos) return std::nullopt;
  auto out = alteration(sql);
  if (!out) return std::nullopt;
  if (connection.vendor() == "MySQL")  // else the estimate may be a day old
    connection.execute("set session information_schema_stats_expiry = 0");
  const std::array<Cell, 1> args{out->table};
  const auto rows = connection.query(size_query, args);
  if (rows.empty()) return std::nullopt;
  out->database = rows.at(0).at(0).value_or("");
  out->rows = std::atoll(rows.at(0).at(1).value_or("0").c_str());
  out->default_port = "3306";
  return out;
}

ObjectDefinition MysqlApplySupport::definition(Connection& connection, const ObjectKey& key) const {
  const auto [what, name] = shown_as(key);
  if (what.empty()) return {};
  try {
    const auto rows = connection.query(fmt::format("show create {} {}", what, name));
    if (rows.empty()) return {};
    std::string text;
    for (const auto& cell : rows.front()) {
      if (!cell) return {};  // a body we may not see
      text += *cell + '\n';
    }
    // Rows of other sessions move the counter.
    static const std::regex counter(R"( AUTO_INCREMENT=[0-9]+)");
    return {true, std::regex_replace(text, counter, ""), true};
  } catch (const WorldError& e) {
    if (says_absent(e.facts().code)) return {true, "", true};
    if (e.facts().code.starts_with("08")) throw;
    return {};
  }
}
}  // namespace

const ApplySupport& mysql_apply_support() {
  static const MysqlApplySupport support;
  return support;
}

}  // namespace trueup
