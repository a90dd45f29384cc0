#include "engine/clickhouse/scratch.hpp"

#include <map>
#include <set>

#include "base/text.hpp"
#include "engine/clickhouse/cluster.hpp"
#include "engine/clickhouse/lexer.hpp"
#include "engine/temporary_database.hpp"

namespace trueup::clickhouse {
namespace {
/// Index of the name in CREATE [OR REPLACE] FUNCTION and DROP FUNCTION; 0 for other statements.
std::size_t function_name(const std::vector<Token>& all) {
  const auto word = [&](std::size_t i, std::string_view w) { return i < all.size() && is_word(all[i], w); };
  if (!word(0, "create") && !word(0, "drop")) return 0;
  std::size_t i = word(1, "or") ? 3 : 1;
  if (!word(i, "function")) return 0;
  ++i;
  if (word(i, "if")) i += word(i + 1, "not") ? std::size_t{3} : std::size_t{2};
  return i < all.size() ? i : 0;
}

/// Those of this server alone first.
constexpr std::string_view clusters_query =
    "SELECT cluster FROM system.clusters GROUP BY cluster ORDER BY min(is_local) DESC, cluster";

class ScratchSession final : public Connection {
 public:
  ScratchSession(std::unique_ptr<Connection> session, std::string prefix)
      : session_(std::move(session)), prefix_(std::move(prefix)) {}
  ScratchSession(const ScratchSession&) = delete;
  ScratchSession& operator=(const ScratchSession&) = delete;
  ~ScratchSession() override {
    for (const auto& name : functions_) {
      try {
        session_->execute("DROP FUNCTION IF EXISTS " + clickhouse::quote(prefix_ + name));
      } catch (const WorldError&) {  // nothing more can be done from here; the name tells what it was
      }
    }
  }

  std::vector<ResultRow> query(std::string_view sql, std::span<const Cell> args) override {
    auto rows = session_->query(tamed(sql), args);
    if (sql.find("create_table_query") == std::string_view::npos) return rows;
    for (auto& row : rows) {  // the name comes first
      const std::string name = row.at(0).value_or("");
      const auto alone = replicated_.find(name);
      const auto moved = clusters_.find(name);
      for (auto& cell : row) {
        if (!cell || !cell->starts_with("CREATE ")) continue;
        if (alone != replicated_.end()) cell = alone->second.restored(*cell);
        if (moved != clusters_.end()) cell = with_cluster(*cell, moved->second);
      }
    }
    return rows;
  }
  void execute(std::string_view sql) override {
    for (const auto& statement : split(sql)) session_->execute(tamed(statement.sql));
  }
  std::int64_t version() const override { return session_->version(); }
  std::string_view vendor() const override { return session_->vendor(); }
  const Url& url() const override { return session_->url(); }
  std::unique_ptr<Connection> sibling(const std::string& database) const override {
    return session_->sibling(database);
  }

 private:
  /// What would reach beyond this database does not.
  std::string tamed(std::string_view sql) {
    std::string own = with_own_functions(sql);
    follow_names(own);
    own = with_known_cluster(std::move(own));
    auto alone = without_replication(own);
    if (!alone) return own;
    own = alone->sql;
    std::string object = alone->object;
    replicated_.insert_or_assign(std::move(object), std::move(*alone));
    return own;
  }
  /// RENAME TABLE a TO b, EXCHANGE TABLES a AND b
  void follow_names(const std::string& sql) {
    const auto all = significant(sql);
    if (all.size() < 5 || !(is_word(all[0], "rename") || is_word(all[0], "exchange"))) return;
    const bool both = is_word(all[0], "exchange");
    follow(replicated_, all[2].value(), all[4].value(), both);
    follow(clusters_, all[2].value(), all[4].value(), both);
  }
  template <class Map>
  static void follow(Map& map, const std::string& a, const std::string& b, bool both) {
    auto from = map.extract(a), to = map.extract(b);
    if (from) from.key() = b, map.insert(std::move(from));
    if (to && both) to.key() = a, map.insert(std::move(to));
  }
  /// A Distributed table of a cluster that this server does not know is made on one that it has: only its
  /// name is looked at.
  std::string with_known_cluster(std::string sql) {
    const auto asked = distribution(sql);
    if (!asked) return sql;
    clusters_.erase(asked->object);
    if (known_.empty())
      for (const auto& row : session_->query(clusters_query)) known_.push_back(row.at(0).value_or(""));
    if (known_.empty() || std::find(known_.begin(), known_.end(), asked->cluster) != known_.end()) return sql;
    clusters_.emplace(asked->object, asked->cluster);
    return with_cluster(sql, known_.front());
  }
  std::string with_own_functions(std::string_view sql) {
    const auto all = significant(sql);
    const std::size_t named = function_name(all);
    if (named > 0 && is_word(all[0], "create")) functions_.insert(all[named].value());
    std::string out(sql);
    for (std::size_t i = all.size(); i-- > 0;) {  // from behind, so that the offsets stay true
      const bool called = i + 1 < all.size() && is_symbol(all[i + 1], "(") && is_name(all[i]);
      if ((i != named || named == 0) && !called) continue;
      if (!functions_.contains(all[i].value())) continue;
      out.replace(static_cast<std::size_t>(all[i].text.data() - sql.data()), all[i].text.size(),
                  clickhouse::quote(prefix_ + all[i].value()));
    }
    return out;
  }

  std::unique_ptr<Connection> session_;
  std::string prefix_;
  std::set<std::string> functions_;
  std::map<std::string, Unreplicated> replicated_;
  std::map<std::string, std::string> clusters_;  ///< of Distributed tables: the written one
  std::vector<std::string> known_;
};

}  // namespace

std::unique_ptr<ScratchDatabase> scratch_beside(Connection& beside) {
  return temporary_database(
      beside,
      [](Connection&, const std::string& name) {
        return TemporaryDatabase{"CREATE DATABASE " + name, "DROP DATABASE IF EXISTS " + name + " SYNC"};
      },
      [](std::unique_ptr<Connection> session, const std::string& name) {
        return std::make_unique<ScratchSession>(std::move(session), function_prefix(name));
      });
}

std::string function_prefix(std::string_view scratch_database) {
  return std::string(scratch_database) + "_";
}

}  // namespace trueup::clickhouse
