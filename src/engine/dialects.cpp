// The written list of dialects: one line an engine.
#include "engine/clickhouse/dialect.hpp"
#include "engine/engine.hpp"
#include "engine/mysql/dialect.hpp"
#include "engine/postgres/dialect.hpp"
#include "engine/sqlite/dialect.hpp"

namespace trueup {

const EngineDialect* dialect(std::string_view name) {
  for (const EngineDialect* d :
       {&clickhouse_dialect(), &mysql_dialect(), &postgres_dialect(), &sqlite_dialect()})
    if (d->name() == name) return d;
  return nullptr;
}

std::vector<std::string_view> dialect_names() {
  return {clickhouse_dialect().name(), mysql_dialect().name(), postgres_dialect().name(),
          sqlite_dialect().name()};
}

}  // namespace trueup
