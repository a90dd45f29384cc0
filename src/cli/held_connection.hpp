#pragma once
#include <memory>
#include <utility>

#include "driver/connection.hpp"

namespace trueup::cli {

/// A connection that keeps alive what it leads to: a scratch database, a server of its own.
class HeldConnection : public Connection {
 public:
  HeldConnection(std::shared_ptr<void> held, Connection& connection)
      : held_(std::move(held)), connection_(connection) {}
  std::vector<ResultRow> query(std::string_view sql, std::span<const Cell> args) override {
    return connection_.query(sql, args);
  }
  void execute(std::string_view sql) override { connection_.execute(sql); }
  std::int64_t version() const override { return connection_.version(); }
  std::string_view vendor() const override { return connection_.vendor(); }
  const Url& url() const override { return connection_.url(); }
  std::unique_ptr<Connection> sibling(const std::string& database) const override {
    return connection_.sibling(database);
  }

 private:
  std::shared_ptr<void> held_;
  Connection& connection_;
};

}  // namespace trueup::cli
