#include "migration/losses.hpp"

#include "base/text.hpp"
#include "migration/history.hpp"
#include "migration/unsaid_losses.hpp"

namespace trueup {
namespace {
ObjectKey key_in_header(const std::string& text, const std::string& path) {
  try {
    return parse_key(text);
  } catch (const InputError& e) {
    throw InputError(fmt::format("malformed `deletes` in the header: {}", e.what()),
                     "write it as `-- deletes: table app.users`", Place{path, 1, 0});
  }
}

/// Could it be there before anything is run? Of a name without a namespace, a setting may say where it is.
bool may_be_there(Connection& connection, const ObjectKey& key, bool settings, const EngineDialect& dialect) {
  if (!info(key.kind).owned && !info(key.kind).relation) return true;
  if (!key.ns.empty() && !dialect.capabilities().namespaces) return true;  // of another database
  const ApplySupport& support = apply_support(dialect);
  const std::string ns = key.ns.empty() ? support.default_namespace() : key.ns;
  if (key.ns.empty() && !ns.empty() && settings) return true;
  return support.table_exists(connection, ns, info(key.kind).owned ? key.owner : key.name);
}
bool has_settings(const MigrationScript& script) {
  return std::any_of(script.statements.begin(), script.statements.end(),
                     [](const MigrationStatement& s) { return starts_with_nocase(s.script.sql, "set "); });
}
}  // namespace

std::vector<Loss> find_losses(Connection& connection, const std::vector<const MigrationScript*>& scripts,
                              const EngineDialect& dialect, const Allowance& allowed) {
  std::vector<Loss> out;
  if (allowed.destructive) return out;
  bool renames = false;
  for (const auto* script : scripts) {
    const MigrationHeader& header = script->header;
    renames = renames || !header.renames.empty();
    Allowance named = allowed;
    named.objects.insert(named.objects.end(), header.allowed.begin(), header.allowed.end());
    std::vector<std::string> count;
    for (const auto& loss : header.deletes) {
      const ObjectKey key = key_in_header(loss, script->path);
      const std::string& table = info(key.kind).owned ? key.owner : key.name;
      const bool is_table = info(key.kind).owned || info(key.kind).relation;
      const bool there =
          renames || !is_table || apply_support(dialect).table_exists(connection, key.ns, table);
      if (there) count.push_back(loss);
    }
    for (ObjectKey key : unsaid_losses(*script, dialect)) {
      if (!renames && !may_be_there(connection, key, has_settings(*script), dialect)) continue;
      const bool in_default = key.ns.empty() && (info(key.kind).owned || info(key.kind).relation);
      if (in_default) key.ns = apply_support(dialect).default_namespace();
      count.push_back(to_string(key));
    }
    for (auto& reason : not_allowed(count, script->path, named)) out.push_back({script, std::move(reason)});
  }
  return out;
}

void check_losses(Connection& connection, const std::vector<const MigrationScript*>& scripts,
                  const EngineDialect& dialect, const Allowance& allowed) {
  std::vector<RefusedError::Reason> reasons;
  for (auto& loss : find_losses(connection, scripts, dialect, allowed))
    reasons.push_back(std::move(loss.reason));
  if (!reasons.empty()) throw RefusedError(std::move(reasons));
}

}  // namespace trueup
