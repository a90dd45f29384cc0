// What applying migrations must know of an engine: its lock, session settings, transactions and where history
// lives.
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "driver/connection.hpp"
#include "engine/statement.hpp"
#include "model/object_key.hpp"

namespace trueup {

class EngineDialect;

/// Where history is kept.
struct HistoryTable {
  std::string name = "trueup_history";
  std::string ns;        ///< empty: the engine's default namespace, `public` on PostgreSQL
  Cluster cluster = {};  ///< where migrations run on several servers: history and lock are then all of theirs
};

/// The one lock of a target, held while this lives. Let go by the destructor, and by the engine or the
/// operating system when the process dies.
class TargetLock {
 public:
  virtual ~TargetLock() = default;
  /// Still ours? False when the session was swapped under us (a pooler in transaction mode) or lost.
  virtual bool held() = 0;
};

/// The server's own words for an object.
struct ObjectDefinition {
  bool known = false;    ///< false: this engine cannot tell, or did not let us look
  std::string text;      ///< empty: there is no such object
  bool complete = true;  ///< false: a statement that was cut short left it behind unusable
};

/// What can be said of a statement that a run was cut off in.
enum class InDoubt {
  ask_catalog,  ///< definition() of its objects tells whether it took effect
  run_again,    ///< it may be run again either way
  ask_person,   ///< nothing tells, and it must not run twice
};

/// Told how far a long statement is: `mutation of t: 3 of 12 parts left`.
using Meanwhile = std::function<void(std::string_view detail)>;

/// A change that copies all rows of a table, in the form that programs for online changes take.
struct TableCopy {
  std::string database, table;
  std::string change;     ///< what follows ALTER TABLE and the table's name, in one line
  std::int64_t rows = 0;  ///< estimated
  std::string default_port;
};

/// One engine's part in applying migrations. Stateless.
class ApplySupport {
 public:
  virtual ~ApplySupport() = default;

  /// Session settings before each migration: names the session, undoes what a migration file may have set,
  /// and bounds the wait for object locks. `lock_timeout` 0: no bound.
  virtual void prepare_session(Connection&, std::chrono::milliseconds lock_timeout) const = 0;
  /// Changes only that bound.
  virtual void bound_lock_wait(Connection&, std::chrono::milliseconds lock_timeout) const = 0;
  /// Statements that give the session back the settings which a migration may change outside its transaction.
  virtual std::vector<std::string> settings_now(Connection&) const = 0;
  /// Statement that opens a transaction which will write. Empty: there are none, every statement stands
  /// alone. Else split() says `outside` for each statement that commits by itself.
  virtual std::string_view begin() const = 0;
  /// For scripts of several transactions in clients that go on after errors: notes in the session that
  /// `count` of them are done, undone with the transaction it is in; empty where the engine has no way.
  virtual std::string mark_done(std::size_t) const { return {}; }
  /// Fails unless exactly that was noted.
  virtual std::string need_done(std::size_t) const { return {}; }

  /// What of the statements that server would take for something else (names that it folds): asked before the
  /// first of them runs.
  virtual std::vector<RefusedError::Reason> misunderstood(Connection&,
                                                          const std::vector<std::string>&) const {
    return {};
  }

  /// Takes the lock when it is free; null when another session holds it. Never blocks.
  virtual std::unique_ptr<TargetLock> try_lock(Connection&, const HistoryTable&) const = 0;
  /// Who holds the lock, for a message: `pid 4711 (trueup), since 12 s`. Empty when nobody does or it cannot
  /// be told.
  virtual std::string lock_holder(Connection&, const HistoryTable&) const = 0;
  /// Did the statement fail only because another session was in the way, so that trying again may help?
  virtual bool may_retry(const WorldError&) const = 0;

  /// What a failed statement outside a transaction may leave behind, for the error's remedy. Empty: nothing,
  /// so that its wait for locks may be cut short and it may be tried again.
  virtual std::string debris() const = 0;
  /// The object as the server defines it now: asked before a statement that commits by itself, and again when
  /// a run was cut off in it, to tell whether it took effect. Cheap: one or two queries.
  virtual ObjectDefinition definition(Connection&, const ObjectKey&) const { return {}; }
  virtual InDoubt in_doubt(Connection&, std::string_view) const { return InDoubt::ask_catalog; }
  /// Runs one statement of a migration and tells meanwhile how far the server is.
  virtual void run(Connection& connection, std::string_view sql, const Meanwhile&) const {
    connection.execute(sql);
  }
  /// Waits until the server is done with what a run that was cut off left running in it.
  virtual void await_leftovers(Connection&, const Meanwhile&) const {}

  /// The statement without what makes the server refuse to do it at a higher cost than was reviewed.
  virtual std::string unguarded(std::string_view sql) const { return std::string(sql); }
  /// What the statement copies, where its comment `title` says that it does.
  virtual std::optional<TableCopy> copies_table(Connection&, std::string_view, std::string_view) const {
    return std::nullopt;
  }

  /// The history table's namespace when none is configured.
  virtual std::string default_namespace() const = 0;
  /// Statement after which unqualified names in SQL text are looked up in that namespace first; empty where
  /// the engine has no such thing.
  virtual std::string enter_namespace(std::string_view) const { return {}; }
  virtual bool table_exists(Connection&, std::string_view ns, std::string_view name) const = 0;
  /// Statements that create the history table, and the namespace for it where that is missing.
  virtual std::vector<std::string> create_history(Connection&, const HistoryTable&,
                                                  std::string_view quoted_ns,
                                                  std::string_view quoted_table) const = 0;

  /// Where the engine cannot update rows: what follows the history table's name in a query that sees the
  /// newest row of each version only. Rows are then inserted again instead of updated. Empty: they are
  /// updated.
  virtual std::string_view newest_rows() const { return {}; }

  /// Broken references that the engine does not enforce while a migration runs (SQLite's foreign_key_check),
  /// one line each. Compared before and after: a migration must not add any.
  virtual std::vector<std::string> integrity_findings(Connection&) const = 0;
  /// The user the server knows us as; empty where there is none.
  virtual std::string session_user(Connection&) const = 0;
  /// The server or library as a person names it: `SQLite 3.40.1`.
  virtual std::string server_name(Connection&) const = 0;
};

// One a dialect, each defined in the engine's own folder.
const ApplySupport& clickhouse_apply_support();
const ApplySupport& sqlite_apply_support();
const ApplySupport& postgres_apply_support();
const ApplySupport& mysql_apply_support();

}  // namespace trueup
