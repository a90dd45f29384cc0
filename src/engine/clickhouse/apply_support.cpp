#include "engine/apply_support.hpp"

#include "base/text.hpp"
#include "engine/clickhouse/dialect.hpp"
#include "engine/clickhouse/lexer.hpp"
#include "engine/clickhouse/lock.hpp"
#include "engine/clickhouse/running.hpp"

namespace trueup {
namespace {
using clickhouse::literal;
using clickhouse::quote;

constexpr std::string_view history_ddl = R"(CREATE TABLE {}{} (
  version Int64,
  name String,
  checksum String,
  state String,
  status String,
  done Int64,
  total Int64,
  done_checksum String,
  in_flight Int64,
  in_doubt String,
  started String,
  finished String,
  duration_ms Int64,
  who String,
  tool_version String,
  error String
)
ENGINE = {}
ORDER BY version
COMMENT 'migrations that trueup applied; read it with FINAL')";

class ClickhouseApplySupport final : public ApplySupport {
 public:
  void prepare_session(Connection& connection, std::chrono::milliseconds lock_timeout) const override {
    // A row that says the same as an earlier one is no duplicate.
    connection.execute("SET insert_deduplicate = 0, log_comment = " + literal(clickhouse::log_comment));
    bound_lock_wait(connection, lock_timeout);
  }
  void bound_lock_wait(Connection& connection, std::chrono::milliseconds lock_timeout) const override {
    const auto seconds =
        lock_timeout.count() == 0 ? 86400 : std::max<std::int64_t>(lock_timeout.count() / 1000, 1);
    connection.execute(fmt::format("SET lock_acquire_timeout = {}", seconds));
  }
  std::vector<std::string> settings_now(Connection&) const override {
    return {};
  }  // prepare_session sets them
  std::string_view begin() const override { return {}; }
  std::string_view newest_rows() const override { return " FINAL"; }

  std::unique_ptr<TargetLock> try_lock(Connection& connection, const HistoryTable& table) const override {
    auto lock = clickhouse::try_lock(connection, table);
    if (lock && !table.cluster.name.empty() && table_exists(connection, {}, table.name))
      connection.execute("SYSTEM SYNC REPLICA " +
                         quote(table.name));  // what the runner before wrote elsewhere
    return lock;
  }
  std::string lock_holder(Connection& connection, const HistoryTable& table) const override {
    return clickhouse::lock_holder(connection, table);
  }
  bool may_retry(const WorldError& e) const override {
    return e.facts().code == "473" ||
           e.facts().code == "159";  // DEADLOCK_AVOIDED (lock timeout), TIMEOUT_EXCEEDED
  }
  std::string debris() const override { return {}; }
  ObjectDefinition definition(Connection& connection, const ObjectKey& key) const override {
    return clickhouse::definition(connection, key);
  }
  InDoubt in_doubt(Connection& connection, std::string_view sql) const override {
    return clickhouse::in_doubt(connection, sql);
  }
  void run(Connection& connection, std::string_view sql, const Meanwhile& meanwhile) const override {
    clickhouse::run(connection, sql, meanwhile);
  }
  void await_leftovers(Connection& connection, const Meanwhile& meanwhile) const override {
    clickhouse::await_leftovers(connection, meanwhile);
  }

  std::string default_namespace() const override { return {}; }
  bool table_exists(Connection& connection, std::string_view, std::string_view name) const override {
    const std::array<Cell, 1> args{std::string(name)};
    return !connection
                .query("SELECT 1 FROM system.tables WHERE database = currentDatabase() AND name = ?", args)
                .empty();
  }
  std::vector<std::string> create_history(Connection& connection, const HistoryTable& history,
                                          std::string_view, std::string_view table) const override {
    const std::string& cluster = history.cluster.name;
    if (cluster.empty()) return {fmt::format(history_ddl, table, "", "ReplacingMergeTree")};
    // One table for all shards: every server has all of the history.
    const std::string database = connection.query("SELECT currentDatabase()").at(0).at(0).value_or("");
    const std::string path = fmt::format("/trueup/{}/{}/{}", cluster, database, history.name);
    return {fmt::format(history_ddl, table, " ON CLUSTER " + quote(cluster),
                        "ReplicatedReplacingMergeTree(" + literal(path) + ", '{shard}-{replica}')")};
  }
  std::vector<std::string> integrity_findings(Connection&) const override { return {}; }
  std::string session_user(Connection& connection) const override {
    return connection.query("SELECT currentUser()").at(0).at(0).value_or("");
  }
  std::string server_name(Connection& connection) const override {
    return fmt::format("ClickHouse {}.{}", connection.version() / 10000, connection.version() / 100 % 100);
  }
};
}  // namespace

const ApplySupport& clickhouse_apply_support() {
  static const ClickhouseApplySupport support;
  return support;
}

const ApplySupport* ClickhouseDialect::apply_support() const {
  return &clickhouse_apply_support();
}

}  // namespace trueup
