#include "engine/apply_support.hpp"

#include "base/text.hpp"
#include "engine/postgres/dialect.hpp"

namespace trueup {
namespace {
constexpr std::string_view table_query = R"(
select 1 from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p'))";

// A 64-bit advisory key is shown as two halves; objsubid 1 says that it is one.
constexpr std::string_view holder_query = R"(
select a.pid, a.usename, coalesce(nullif(a.application_name, ''), 'no application name'),
       coalesce(host(a.client_addr), 'local'), extract(epoch from now() - a.backend_start)::bigint, a.state
from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a on a.pid = l.pid
where l.locktype = 'advisory' and l.granted and l.objsubid = 1
  and l.database = (select oid from pg_catalog.pg_database where datname = current_database())
  and ((l.classid::bigint << 32) | l.objid::bigint) = $1::bigint)";

constexpr std::string_view held_query = R"(
select 1 from pg_catalog.pg_locks l
where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.pid = pg_backend_pid() and l.pid = $2::bigint
  and ((l.classid::bigint << 32) | l.objid::bigint) = $1::bigint)";

// A dead run leaves an index that was being built, or dropped, CONCURRENTLY: there, but not valid.
constexpr std::string_view index_query = R"(
select pg_catalog.pg_get_indexdef(i.indexrelid), i.indisvalid
from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2)";
constexpr std::string_view labels_query = R"(
select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder)
from pg_catalog.pg_enum e join pg_catalog.pg_type t on t.oid = e.enumtypid
join pg_catalog.pg_namespace n on n.oid = t.typnamespace where n.nspname = $1 and t.typname = $2)";

constexpr std::string_view history_ddl = R"(CREATE TABLE {} (
  version bigint NOT NULL PRIMARY KEY,
  name text NOT NULL,
  checksum text NOT NULL,
  state text NOT NULL,
  status text NOT NULL,
  done bigint NOT NULL,
  total bigint NOT NULL,
  done_checksum text NOT NULL,
  in_flight bigint NOT NULL,
  in_doubt text NOT NULL,
  started text NOT NULL,
  finished text NOT NULL,
  duration_ms bigint NOT NULL,
  who text NOT NULL,
  tool_version text NOT NULL,
  error text NOT NULL
))";

/// The advisory lock's key: one a history table, and databases are apart by themselves.
std::string lock_key(const HistoryTable& table) {
  const std::string digest = sha256(fmt::format("trueup:{}.{}", table.ns, table.name));
  return std::to_string(std::stoll(digest.substr(0, 15), nullptr, 16));
}

class AdvisoryLock final : public TargetLock {
 public:
  AdvisoryLock(Connection& connection, std::string key, std::string pid)
      : connection_(connection), key_(std::move(key)), pid_(std::move(pid)) {}
  AdvisoryLock(const AdvisoryLock&) = delete;
  AdvisoryLock& operator=(const AdvisoryLock&) = delete;
  ~AdvisoryLock() override {
    try {
      connection_.query("select pg_advisory_unlock(" + key_ + ")");
    } catch (const WorldError&) {  // the session is gone, and the lock with it
    }
  }
  bool held() override {
    const std::array<Cell, 2> args{key_, pid_};
    return !connection_.query(held_query, args).empty();
  }

 private:
  Connection& connection_;
  std::string key_, pid_;
};

class PostgresApplySupport final : public ApplySupport {
 public:
  void prepare_session(Connection& connection, std::chrono::milliseconds lock_timeout) const override {
    connection.execute(
        fmt::format("reset role; reset search_path; set application_name = 'trueup'; set lock_timeout = {}; "
                    "set statement_timeout = 0; set idle_in_transaction_session_timeout = 0; "
                    "set standard_conforming_strings = on; set client_min_messages = warning",
                    lock_timeout.count()));
  }
  void bound_lock_wait(Connection& connection, std::chrono::milliseconds lock_timeout) const override {
    connection.execute(fmt::format("set lock_timeout = {}", lock_timeout.count()));
  }
  std::vector<std::string> settings_now(Connection&) const override { return {}; }  // prepare_session resets
  std::string_view begin() const override { return "BEGIN"; }
  std::string mark_done(std::size_t count) const override {
    return fmt::format("SET trueup.transactions_done = '{}'", count);
  }
  std::string need_done(std::size_t count) const override {
    return fmt::format(
        "DO $$ BEGIN IF current_setting('trueup.transactions_done', true) IS DISTINCT FROM '{}' THEN RAISE "
        "EXCEPTION 'trueup: what comes before this transaction failed'; END IF; END $$",
        count);
  }

  std::unique_ptr<TargetLock> try_lock(Connection& connection, const HistoryTable& table) const override {
    const std::string key = lock_key(table);
    // Polled, never waited for in a statement: a session that waits for an advisory lock holds a snapshot,
    // for which CREATE INDEX CONCURRENTLY of the holder would wait in turn.
    const auto rows = connection.query("select pg_try_advisory_lock(" + key + "), pg_backend_pid()");
    if (rows.at(0).at(0) != "t") return nullptr;
    if (connection.version() >= 140000) notice_dead_clients(connection);
    return std::make_unique<AdvisoryLock>(connection, key, rows.at(0).at(1).value_or(""));
  }
  std::string lock_holder(Connection& connection, const HistoryTable& table) const override {
    const std::array<Cell, 1> args{lock_key(table)};
    const auto rows = connection.query(holder_query, args);
    if (rows.empty()) return {};
    const auto cell = [&](std::size_t i) { return one_line(rows.front().at(i).value_or("?")); };
    return fmt::format("pid {} ({} as {} from {}, connected for {} s, {})", cell(0), cell(2), cell(1),
                       cell(3), cell(4), cell(5));
  }
  bool may_retry(const WorldError& e) const override {
    return e.facts().code == "55P03" || e.facts().code == "40P01";  // lock_not_available, deadlock_detected
  }

  std::string debris() const override {
    return "an index that was being built or dropped CONCURRENTLY is left invalid: drop it first";
  }

  ObjectDefinition definition(Connection& connection, const ObjectKey& key) const override {
    const std::array<Cell, 2> args{key.ns.empty() ? default_namespace() : key.ns, key.name};
    if (key.kind == Kind::index) {
      const auto rows = connection.query(index_query, args);
      if (rows.empty()) return {true, "", true};
      return {true, rows[0].at(0).value_or(""), rows[0].at(1) == "t"};
    }
    if (key.kind == Kind::enum_type)
      return {true, connection.query(labels_query, args).at(0).at(0).value_or(""), true};
    return {};
  }

  std::string enter_namespace(std::string_view ns) const override {
    const std::string own = postgres_dialect().quote(ns);
    return ns == "public" ? "SET search_path = public" : "SET search_path = " + own + ", public";
  }
  std::string default_namespace() const override { return "public"; }
  bool table_exists(Connection& connection, std::string_view ns, std::string_view name) const override {
    const std::array<Cell, 2> args{std::string(ns), std::string(name)};
    return !connection.query(table_query, args).empty();
  }
  std::vector<std::string> create_history(Connection& connection, const HistoryTable& history,
                                          std::string_view quoted_ns, std::string_view table) const override {
    std::vector<std::string> out;
    // CREATE SCHEMA IF NOT EXISTS asks for the privilege to create one even where it exists.
    const std::array<Cell, 1> args{history.ns};
    if (connection.query("select 1 from pg_catalog.pg_namespace where nspname = $1", args).empty())
      out.push_back(fmt::format("CREATE SCHEMA {}", quoted_ns));
    out.push_back(fmt::format(history_ddl, table));
    return out;
  }

  std::vector<std::string> integrity_findings(Connection&) const override { return {}; }
  std::string session_user(Connection& connection) const override {
    return connection.query("select session_user").at(0).at(0).value_or("");
  }
  std::string server_name(Connection& connection) const override {
    return fmt::format("PostgreSQL {}.{}", connection.version() / 10000, connection.version() % 10000);
  }

 private:
  /// Without it a server works on for a client that died, and keeps its locks.
  static void notice_dead_clients(Connection& connection) {
    try {
      connection.execute("set client_connection_check_interval = '500ms'");
    } catch (const WorldError&) {  // refused where the server's system cannot do it
    }
  }
};
}  // namespace

const ApplySupport& postgres_apply_support() {
  static const PostgresApplySupport support;
  return support;
}

const ApplySupport* PostgresDialect::apply_support() const {
  return &postgres_apply_support();
}

}  // namespace trueup
