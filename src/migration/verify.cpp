#include "migration/verify.hpp"

#include "migration/allowed.hpp"
#include "migration/status.hpp"
#include "plan/pipeline.hpp"

namespace trueup {
namespace {
std::string as_difference(const Change& change) {
  return std::visit(
      [](const auto& c) {
        using C = std::remove_cvref_t<decltype(c)>;
        if constexpr (std::is_same_v<C, Created>)
          return "missing: " + to_string(c.key);
        else if constexpr (std::is_same_v<C, Dropped>)
          return "unexpected: " + to_string(c.key);
        else if constexpr (std::is_same_v<C, Altered>) {
          std::string fields;
          for (const auto& f : c.fields) fields += (fields.empty() ? "" : ", ") + f;
          return fmt::format("differs: {} ({})", to_string(c.key), fields);
        } else
          return fmt::format("named otherwise: {}, expected {}", to_string(c.from), display_name(c.to));
      },
      change);
}
/// Raw objects are what their author's SQL made: without its author's question no server tells whether one is
/// there.
std::vector<std::string> forget_raw(Catalog& expected) {
  std::vector<std::string> notices;
  std::erase_if(expected.objects, [&](const auto& entry) {
    const auto* raw = std::get_if<Raw>(&entry.second);
    if (raw == nullptr || !raw->exists.empty()) return false;
    notices.push_back(to_string(entry.first) +
                      " is not compared: trueup cannot see it in a database (`exists:` would tell)");
    return true;
  });
  return notices;
}
}  // namespace

Verification verify_state(Connection& connection, Catalog expected, const EngineDialect& dialect,
                          const HistoryTable& history, Connection* scratch) {
  Verification out;
  const auto not_seen = forget_raw(expected);
  Scope scope;
  scope.namespaces = expected.namespaces;
  scope.ignore_table = history.name;
  State live{dialect.introspect(connection, scope), Origin::live, connection.url().text(), &connection};
  CompareOptions options;
  options.namespaces = expected.namespaces;
  options.scratch = scratch;
  try {
    const Comparison c = compare(
        std::move(live), State{std::move(expected), Origin::recorded, "snapshot", nullptr}, dialect, options);
    for (const auto& change : c.plan.changes) out.differences.push_back(as_difference(change));
    out.notices = c.plan.notices;
    out.notices.insert(out.notices.end(), not_seen.begin(), not_seen.end());
    for (const auto& key : c.unsettled)
      out.notices.push_back(to_string(key) + ": its expression could not be compared for certain");
  } catch (const RefusedError& e) {
    for (const auto& r : e.reasons())
      out.differences.push_back(fmt::format("differs: {}: {}", r.object, r.message));
  }
  return out;
}

Verification verify(Connection& connection, const Directory& directory, const EngineDialect& dialect,
                    const HistoryTable& history, Connection* scratch) {
  const std::int64_t version =
      compare_history(History(connection, dialect, history).read(), directory).newest_applied;
  Verification out = verify_state(connection, load_state(directory, version), dialect, history, scratch);
  out.version = version;
  return out;
}

}  // namespace trueup
