#include "engine/clickhouse/dialect.hpp"
#include "engine/clickhouse/handlers.hpp"
#include "engine/raw_objects.hpp"

namespace trueup::clickhouse {

const KindHandler& raw_handler() {
  static const RawObjects handler(clickhouse_dialect(), "SELECT 1");
  return handler;
}

}  // namespace trueup::clickhouse
