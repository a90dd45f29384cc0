#include "base/text.hpp"
#include "engine/clickhouse/catalog.hpp"
#include "engine/clickhouse/definition.hpp"
#include "engine/clickhouse/former_columns.hpp"
#include "engine/clickhouse/lexer.hpp"
#include "engine/clickhouse/scratch.hpp"
#include "engine/temporary_database.hpp"

namespace trueup::clickhouse {
namespace {
constexpr std::string_view relations_query = R"(
SELECT name, engine, create_table_query,
  arrayFilter((t, d) -> d = database, dependencies_table, dependencies_database),
  arrayFilter((t, d) -> d = database, loading_dependencies_table, loading_dependencies_database)
FROM system.tables WHERE database = currentDatabase() AND NOT is_temporary ORDER BY name)";

constexpr std::string_view functions_query =
    "SELECT name, create_query FROM system.functions WHERE origin = 'SQLUserDefined' ORDER BY name";

Kind kind_of(std::string_view engine) {
  if (engine == "View") return Kind::view;
  if (engine == "MaterializedView") return Kind::materialized_view;
  if (engine == "Dictionary") return Kind::dictionary;
  return Kind::table;
}

/// Tables that materialized views keep their rows in.
bool inner(const std::string& name) {
  return name.starts_with(".inner.") || name.starts_with(".inner_id.") || name.starts_with(".tmp.inner");
}

void add_unmodelled(Catalog& out, const ObjectKey& key, std::string_view sql, std::string_view why) {
  const std::string digest = sha256(sql).substr(0, 16);
  out.unmodelled.insert_or_assign(to_string(key), digest);
  out.inventory.push_back({to_string(key), Standing::unmodelled, fmt::format("{} ({})", digest, why)});
}

/// The server fills in who creates an object with SQL SECURITY DEFINER. Who that is stays in `server`.
void drop_own_definer(Options& options, const std::string& user, std::string& server) {
  const auto it = options.find("definer");
  const auto security = options.find("sql_security");
  if (it == options.end() || it->second != user) return;
  if (security != options.end() && security->second != "DEFINER") return;
  options.erase(it);
  server = std::string(connected_as) + user;
}

std::string without(std::string text, const std::string& part) {
  if (part.empty()) return text;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos;) text.erase(at, part.size());
  return text;
}

/// What the server itself records: materialized views that read a relation, and what must be loaded before
/// it.
void add_recorded_uses(const std::vector<ResultRow>& rows, Catalog& out) {
  const auto use = [&](std::string_view user, std::string_view used) {
    const ObjectKey *by = out.relation("", user), *what = out.relation("", used);
    if (by == nullptr || what == nullptr || *by == *what) return;
    out.uses[*by].hard.insert(*what);
    out.uses[*by].soft.erase(*what);
  };
  for (const auto& row : rows) {
    const std::string name = row.at(0).value_or(""), readers = row.at(3).value_or(""),
                      loaded_before = row.at(4).value_or("");
    for (const auto& token : significant(readers))
      if (token.type == Token::Type::string) use(unquoted(token.text), name);
    for (const auto& token : significant(loaded_before))
      if (token.type == Token::Type::string) use(name, unquoted(token.text));
  }
}

/// Functions belong to the server; those of scratch databases are their own.
void read_functions(Connection& connection, const std::string& prefix, Catalog& out) {
  for (const auto& row : connection.query(functions_query)) {
    std::string name = row.at(0).value_or("");
    if (prefix.empty() ? name.starts_with(scratch_prefix) : !name.starts_with(prefix)) continue;
    name.erase(0, prefix.size());
    const std::string sql = without(row.at(1).value_or(""), prefix);
    const ObjectKey key{Kind::function, "", "", name, ""};
    const auto all = significant(sql);
    constexpr std::size_t head = 4;  // CREATE FUNCTION name AS
    if (all.size() <= head || !is_word(all[head - 1], "as")) {
      add_unmodelled(out, key, sql, "its definition cannot be read");
      continue;
    }
    const std::string body = text_of(std::span(all).subspan(head));
    Function function;
    function.body = Expr{body, body};
    out.objects.emplace(key, std::move(function));
    out.inventory.push_back({to_string(key), Standing::managed, ""});
  }
}
}  // namespace

Catalog introspect(Connection& connection, const Scope& scope) {
  Catalog out;
  out.ordered_columns = true;
  const auto session = connection.query("SELECT currentDatabase(), currentUser()").at(0);
  const std::string database = session.at(0).value_or(""), user = session.at(1).value_or("");
  const auto rows = connection.query(relations_query);
  const std::string own_functions = database.starts_with(scratch_prefix) ? function_prefix(database) : "";
  std::set<std::string> names;
  for (const auto& row : rows) names.insert(row.at(0).value_or(""));
  for (const auto& row : rows) {
    const std::string name = row.at(0).value_or(""), engine = row.at(1).value_or("");
    const Kind kind = kind_of(engine);
    const ObjectKey key{kind, "", "", name, ""};
    if (!scope.ignore_table.empty() && name.starts_with(scope.ignore_table)) continue;  // its lock, too
    if (inner(name)) continue;
    const std::string sql = without(row.at(2).value_or(""), own_functions);
    try {
      add_definition(kind, name, unqualified(sql, database, names), out);
      out.inventory.push_back({to_string(key), Standing::managed, ""});
    } catch (const Unreadable& e) {
      add_unmodelled(out, key, sql, e.what());
    }
  }
  for (auto& [key, body] : out.objects) {
    if (auto* view = std::get_if<View>(&body)) drop_own_definer(view->options, user, out.server);
    if (auto* view = std::get_if<MaterializedView>(&body)) drop_own_definer(view->options, user, out.server);
  }
  read_functions(connection, own_functions, out);
  std::vector<Diagnostic> found;
  normalize(out, found);
  if (!found.empty()) throw InputError(std::move(found));
  infer_uses(out);
  add_recorded_uses(rows, out);
  if (!database.starts_with(scratch_prefix)) note_former_columns(connection, out);
  return out;
}

}  // namespace trueup::clickhouse
