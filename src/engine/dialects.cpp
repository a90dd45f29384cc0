// The written list of dialects: one line an engine.
#include "engine/clickhouse/dialect.hpp"
#include "engine/engine.hpp"
#include "engine/mysql/dialect.hpp"
#include "engine/postgres/dialect.hpp"
#include "engine/rename_support.hpp"
#include "engine/sqlite/dialect.hpp"

namespace trueup {

const EngineDialect* dialect(std::string_view name) {
  for (const EngineDialect* d :
       {&clickhouse_dialect(), &mysql_dialect(), &postgres_dialect(), &sqlite_dialect()})
    if (d->name() == name) return d;
  return nullptr;
}

// MySQL, MariaDB and ClickHouse keep the names in the text of a view, trigger or dictionary as they were.
bool bodies_follow_renames(const EngineDialect& d) {
  return &d != &mysql_dialect() && &d != &clickhouse_dialect();
}

std::vector<std::string_view> dialect_names() {
  return {clickhouse_dialect().name(), mysql_dialect().name(), postgres_dialect().name(),
          sqlite_dialect().name()};
}

}  // namespace trueup
