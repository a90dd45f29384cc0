#include "migration/losses.hpp"

#include "migration/history.hpp"

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
}  // namespace

void check_losses(Connection& connection, const std::vector<const MigrationScript*>& scripts,
                  const EngineDialect& dialect, const Allowance& allowed) {
  if (allowed.destructive) return;
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
    check_allowed(count, script->path, named);
  }
}

}  // namespace trueup
