#include "migration/push.hpp"

#include "kinds/former_name.hpp"
#include "migration/runner.hpp"
#include "migration/session.hpp"

namespace trueup {

Comparison push(Connection& connection, State desired, const EngineDialect& dialect,
                const PushOptions& options) {
  prepare(desired, dialect);
  std::unique_ptr<TargetLock> lock;
  if (!options.dry_run) lock = wait_for_lock(connection, apply_support(dialect), options);
  Scope scope;
  scope.namespaces = managed_namespaces({}, desired.catalog, options.compare);
  scope.namespaces.merge(former_namespaces(desired.catalog));
  if (options.compare.namespaces == every_namespace()) scope.namespaces.clear();
  scope.ignore_table = options.history.name;
  State live;
  live.catalog = dialect.introspect(connection, scope);
  live.origin = Origin::live;
  live.connection = &connection;
  live.label = connection.url().text();
  Comparison out = compare(std::move(live), std::move(desired), dialect, options.compare);
  check_allowed(out.plan, options.allowed);
  if (options.dry_run || out.statements.empty()) return out;
  auto statements = out.statements;  // nobody reviews what a development database costs
  for (auto& s : statements) s.sql = apply_support(dialect).unguarded(s.sql);
  run_statements(connection, statements, dialect, options.progress);
  return out;
}

}  // namespace trueup
