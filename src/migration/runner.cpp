#include "migration/runner.hpp"

#include "engine/apply_support.hpp"
#include "migration/history.hpp"

namespace trueup {
namespace {
/// An open transaction, or none.
class Transaction {
 public:
  Transaction(Connection& connection, std::string_view begin) : connection_(connection), begin_(begin) {}
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction() {
    if (!open_) return;
    try {
      connection_.execute("ROLLBACK");
    } catch (const WorldError&) {  // the session is gone, and the transaction with it
    }
  }
  void open() {
    if (!open_) connection_.execute(begin_);
    open_ = true;
  }
  void commit() {
    if (open_) connection_.execute("COMMIT");
    open_ = false;
  }

 private:
  Connection& connection_;
  std::string begin_;
  bool open_ = false;
};
}  // namespace

void run_statements(Connection& connection, const std::vector<Statement>& statements,
                    const EngineDialect& dialect) {
  const bool transactional = dialect.capabilities().transactional_ddl;
  const auto each = [&](TxMode mode) {
    for (const auto& s : statements)
      if (s.tx == mode) connection.execute(s.sql);
  };
  each(TxMode::before);
  Transaction transaction(connection, apply_support(dialect).begin());
  for (const auto& s : statements) {
    if (s.tx == TxMode::before || s.tx == TxMode::after) continue;
    if (s.tx == TxMode::outside)
      transaction.commit();
    else if (transactional)
      transaction.open();
    connection.execute(s.sql);
  }
  transaction.commit();
  each(TxMode::after);
}

}  // namespace trueup
