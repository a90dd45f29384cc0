#include "engine/clickhouse/running.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/text.hpp"
#include "engine/clickhouse/lexer.hpp"

namespace trueup::clickhouse {
namespace {
using std::chrono::milliseconds;

constexpr std::string_view mutations_query = R"(
SELECT table, mutation_id, parts_to_do, latest_fail_reason FROM system.mutations
WHERE database = currentDatabase() AND NOT is_done AND NOT is_killed ORDER BY create_time)";

constexpr std::string_view queue_query = R"(
SELECT groupUniqArray(host), count() FROM system.distributed_ddl_queue
WHERE status NOT IN ('Finished', 'Removing', 'Unknown') AND position(query, concat(currentDatabase(), '.')) > 0)";

constexpr std::string_view partitions_query = R"(
SELECT partition_id, sum(rows), formatReadableSize(sum(bytes_on_disk)) FROM system.parts
WHERE database = currentDatabase() AND table = ? AND active GROUP BY partition_id ORDER BY partition_id)";

std::string text(const ResultRow& row, std::size_t i) {
  return row.at(i).value_or("");
}

bool begins(const std::vector<Token>& all, std::size_t i, std::initializer_list<std::string_view> words) {
  for (const auto word : words) {
    if (i >= all.size() || !is_word(all[i], word)) return false;
    ++i;
  }
  return true;
}

bool holds(const std::vector<Token>& all, std::initializer_list<std::string_view> words) {
  for (std::size_t i = 0; i < all.size(); ++i)
    if (begins(all, i, words)) return true;
  return false;
}

/// What the server is at: mutations of this database, and servers of the cluster that have not answered.
std::vector<std::string> under_way(Connection& connection, bool queue) {
  std::vector<std::string> out;
  for (const auto& row : connection.query(mutations_query)) {
    const std::string failure = text(row, 3);
    out.push_back(fmt::format("mutation {} of {}: {} part{} to do{}", text(row, 1), text(row, 0),
                              text(row, 2), text(row, 2) == "1" ? "" : "s",
                              failure.empty() ? "" : ", fails: " + one_line(failure)));
  }
  if (!queue) return out;
  try {
    for (const auto& row : connection.query(queue_query))
      if (text(row, 1) != "0") out.push_back("the cluster's queue waits for " + text(row, 0));
  } catch (const WorldError&) {  // no coordination service here
  }
  return out;
}

/// Runs a statement and, with a session of its own, tells what the server is at meanwhile.
class Watched {
 public:
  Watched(Connection& connection, const std::string& sql, const Meanwhile& meanwhile, bool queue)
      : connection_(connection), sql_(sql), meanwhile_(meanwhile), queue_(queue) {}

  void run() {
    std::exception_ptr failure;
    std::thread worker([&] {
      try {
        connection_.execute(sql_);
      } catch (...) {
        failure = std::current_exception();
      }
      const std::lock_guard guard(mutex_);
      done_ = true;
      ended_.notify_all();
    });
    watch();
    worker.join();
    if (failure) std::rethrow_exception(failure);
  }

 private:
  void watch() {
    std::unique_lock lock(mutex_);
    while (!ended_.wait_for(lock, milliseconds{1000}, [this] { return done_; })) {
      lock.unlock();
      try {
        if (!other_) other_ = connection_.sibling(connection_.url().database);
        for (const auto& line : under_way(*other_, queue_)) meanwhile_(line);
      } catch (const WorldError&) {  // it only would have been nice to know
      }
      lock.lock();
    }
  }

  Connection& connection_;
  const std::string& sql_;
  const Meanwhile& meanwhile_;
  bool queue_;
  std::unique_ptr<Connection> other_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool done_ = false;
};

/// INSERT INTO <t>_trueup_new (...) SELECT ... FROM <t>: the table that is copied; empty for other
/// statements.
std::string copied_table(const std::vector<Token>& all) {
  if (all.size() < 8 || !begins(all, 0, {"insert", "into"}) || !is_name(all[2])) return {};
  const std::string to = all[2].value(), from = all.back().value();
  const bool whole = is_word(all[all.size() - 2], "from") && to == from + std::string(rebuilt_suffix);
  return whole ? from : std::string();
}

void copy_by_partition(Connection& connection, const std::string& table, std::string_view sql,
                       const Meanwhile& meanwhile) {
  const std::array<Cell, 1> args{table};
  const auto partitions = connection.query(partitions_query, args);
  connection.execute("TRUNCATE TABLE " + quote(table + std::string(rebuilt_suffix)));
  // One block of rows may be of many partitions of the new table.
  const std::string settings = " SETTINGS max_partitions_per_insert_block = 0";
  if (partitions.empty())
    return connection.execute(std::string(sql) + settings);  // not of the MergeTree family
  std::size_t n = 0;
  for (const auto& row : partitions) {
    if (meanwhile)
      meanwhile(fmt::format("copies partition {} of {} of {}: {} rows, {}", ++n, partitions.size(), table,
                            text(row, 1), text(row, 2)));
    connection.execute(std::string(sql) + " WHERE _partition_id = " + literal(text(row, 0)) + settings);
  }
}

[[noreturn]] void explain(const WorldError& e, bool cluster) {
  WorldError::Facts facts = e.facts();
  if (cluster && (facts.code == "159" || facts.code == "999")) {
    // As a broken connection: nobody knows yet whether it took effect everywhere.
    facts.code = "08007";
    facts.remedy =
        "servers that did not answer run it when they are back; the next run waits for them and then goes on";
  } else if (facts.code == "341" || facts.code == "20") {
    facts.remedy =
        "the server goes on trying this mutation: correct the rows, or end it with KILL MUTATION (see "
        "system.mutations)";
  }
  throw WorldError(e.what(), std::move(facts));
}
}  // namespace

void run(Connection& connection, std::string_view sql, const Meanwhile& meanwhile) {
  const auto all = significant(sql);
  if (all.empty()) return;
  if (const std::string table = copied_table(all); !table.empty())
    return copy_by_partition(connection, table, sql, meanwhile);
  const bool cluster = holds(all, {"on", "cluster"});
  const bool mutates = begins(all, 0, {"alter"}) || begins(all, 0, {"delete"}) || begins(all, 0, {"update"});
  if (mutates) {
    // A statement is over when its mutation is, on a cluster on every replica that is up.
    const std::string_view all_of_them = cluster ? "2" : "1";
    connection.execute(fmt::format("SET mutations_sync = {0}, alter_sync = {0}", all_of_them));
  }
  try {
    const std::string statement(sql);
    const bool long_one = mutates || cluster || begins(all, 0, {"insert"}) || begins(all, 0, {"optimize"});
    if (meanwhile && long_one)
      Watched(connection, statement, meanwhile, cluster).run();
    else
      connection.execute(statement);
  } catch (const WorldError& e) {
    explain(e, cluster);
  }
}

void await_leftovers(Connection& connection, const Meanwhile& meanwhile) {
  const std::string queries = fmt::format(
      "SELECT count() FROM system.processes WHERE current_database = currentDatabase() AND "
      "Settings['log_comment'] = {} AND position(query, 'system.processes') = 0",
      literal(log_comment));
  constexpr int patience = 180;  // polls of a second for what may never end: a server that is down
  for (int i = 0;; ++i) {
    std::vector<std::string> left;
    for (const auto& line : under_way(connection, i < patience))
      if (line.find(", fails: ") == std::string::npos) left.push_back(line);
    if (connection.query(queries).at(0).at(0) != "0")
      left.emplace_back("a statement of the earlier run runs on");
    if (left.empty()) return;
    if (meanwhile) meanwhile("waits: " + left.front());
    std::this_thread::sleep_for(milliseconds{std::min(50 * (i + 1), 1000)});
  }
}

ObjectDefinition definition(Connection& connection, const ObjectKey& key) {
  if (key.kind == Kind::row || key.kind == Kind::raw) return {};
  std::string all;
  const auto add = [&](const std::vector<ResultRow>& rows) {
    for (const auto& row : rows)
      for (std::size_t i = 0; i < row.size(); ++i) all += text(row, i) + '\n';
  };
  if (key.kind == Kind::function) {
    const std::array<Cell, 1> name{key.name};
    add(connection.query(
        "SELECT create_query FROM system.functions WHERE origin = 'SQLUserDefined' AND name = ?", name));
    return {true, all, true};
  }
  const std::string table = info(key.kind).owned ? key.owner : key.name;
  const std::array<Cell, 2> names{table, table + std::string(rebuilt_suffix)};
  add(
      connection.query("SELECT name, toString(uuid), create_table_query FROM system.tables WHERE database = "
                       "currentDatabase() AND name IN (?, ?) ORDER BY name",
                       names));
  if (all.empty()) return {true, "", true};
  // What is written into parts only shows in the list of mutations.
  const std::array<Cell, 2> part{table, key.name};
  if (info(key.kind).owned)
    add(connection.query(
        "SELECT max(toUInt64OrZero(extract(mutation_id, '[0-9]+'))) FROM system.mutations WHERE database = "
        "currentDatabase() AND table = ? AND position(command, 'MATERIALIZE') > 0 AND position(command, ?) > "
        "0",
        part));
  return {true, all, true};
}

namespace {
InDoubt insert_in_doubt(Connection& connection, const std::vector<Token>& all) {
  if (!copied_table(all).empty() || holds(all, {"not", "exists"})) return InDoubt::run_again;
  std::size_t i = 1;
  while (i < all.size() && (is_word(all[i], "into") || is_word(all[i], "table"))) ++i;
  if (i >= all.size() || !holds(all, {"values"})) return InDoubt::ask_person;
  const std::array<Cell, 1> args{all[i].value()};
  const auto rows = connection.query(
      "SELECT engine FROM system.tables WHERE database = currentDatabase() AND name = ?", args);
  // A row of the same key takes the place of the first.
  const bool replaces =
      !rows.empty() && text(rows.front(), 0).find("ReplacingMergeTree") != std::string::npos;
  return replaces ? InDoubt::run_again : InDoubt::ask_person;
}

/// UPDATE a = 1, b = f('x') WHERE ...: the same again, because no new value looks at the row.
bool sets_the_same_again(std::span<const Token> update) {
  std::size_t where = 1;
  while (where < update.size() && !is_word(update[where], "where"))
    where = is_symbol(update[where], "(") ? closing(update, where) + 1 : where + 1;
  if (where >= update.size() || by_commas(update.subspan(where)).size() != 1) return false;
  for (const auto& one : by_commas(update.subspan(1, where - 1))) {
    if (one.size() < 3 || !is_name(one[0]) || !is_symbol(one[1], "=")) return false;
    for (std::size_t i = 2; i < one.size(); ++i) {
      const bool call = i + 1 < one.size() && is_symbol(one[i + 1], "(");
      const bool word = is_word(one[i], "null") || is_word(one[i], "true") || is_word(one[i], "false");
      if (is_name(one[i]) && !call && !word) return false;
    }
  }
  return true;
}

InDoubt alter_in_doubt(const std::vector<Token>& all) {
  std::size_t i = 2;
  while (i < all.size() && (is_symbol(all[i], ".") || is_name(all[i]))) {
    // Names go on until the first word of a command.
    constexpr std::array<std::string_view, 14> commands{
        "add",   "drop",        "modify", "rename", "comment", "update", "delete",
        "reset", "materialize", "clear",  "alter",  "attach",  "remove", "apply"};
    if (i > 2 && std::any_of(commands.begin(), commands.end(), [&](auto w) { return is_word(all[i], w); }))
      break;
    ++i;
  }
  if (i < all.size() && is_word(all[i], "update") && sets_the_same_again(std::span(all).subspan(i)))
    return InDoubt::run_again;
  InDoubt out = InDoubt::run_again;
  for (const auto& command : by_commas(std::span(all).subspan(std::min(i, all.size())))) {
    if (command.empty()) continue;
    const std::vector<Token> words(command.begin(), command.end());
    const bool column = holds(words, {"if", "not", "exists"}) || holds(words, {"if", "exists"});
    const bool known = is_word(words[0], "add") || is_word(words[0], "drop") || is_word(words[0], "modify") ||
                       is_word(words[0], "rename") || is_word(words[0], "comment") ||
                       is_word(words[0], "reset") || is_word(words[0], "materialize") ||
                       is_word(words[0], "alter") || is_word(words[0], "remove");
    const bool data = begins(words, 0, {"drop", "partition"}) || begins(words, 0, {"drop", "part"}) ||
                      begins(words, 0, {"drop", "detached"});
    if (is_word(words[0], "delete") || (column && !data)) continue;
    if (!known || data) return InDoubt::ask_person;
    out = InDoubt::ask_catalog;
  }
  return out;
}
}  // namespace

InDoubt in_doubt(Connection& connection, std::string_view sql) {
  const auto all = significant(sql);
  if (all.empty()) return InDoubt::run_again;
  const std::string first = lower(all[0].text);
  constexpr std::array<std::string_view, 10> harmless{"select", "with", "show",     "set",    "use",
                                                      "exists", "desc", "describe", "delete", "check"};
  if (std::find(harmless.begin(), harmless.end(), first) != harmless.end()) return InDoubt::run_again;
  if (first == "insert") return insert_in_doubt(connection, all);
  if (first == "alter") return alter_in_doubt(all);
  if (first == "drop") return holds(all, {"if", "exists"}) ? InDoubt::run_again : InDoubt::ask_catalog;
  if (first == "create") {
    const bool again = begins(all, 0, {"create", "or", "replace"}) || holds(all, {"if", "not", "exists"});
    return again ? InDoubt::run_again : InDoubt::ask_catalog;
  }
  if (first == "rename" || first == "exchange") return InDoubt::ask_catalog;
  return InDoubt::ask_person;
}

}  // namespace trueup::clickhouse
