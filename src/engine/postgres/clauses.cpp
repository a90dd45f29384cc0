#include "engine/postgres/clauses.hpp"

#include <array>

#include "base/text.hpp"
#include "engine/postgres/catalog_query.hpp"
#include "engine/postgres/lexer.hpp"

namespace trueup::postgres {
namespace {
bool is_setting(std::string_view name) {
  return name == "tablespace" || name == "clustered" || name == "replica_identity" || name == "unlogged" ||
         name == "access_method" || name == "row_security" || name == "force_row_security" ||
         name == "invalid" || name == "index_comment" || name == "without_overlaps" ||
         name.starts_with("statistics.");
}

/// The server keeps the order of parameters and shows it in its dumps; this is the one of its manual, in
/// which people tend to write them.
std::size_t customary_place(std::string_view name) {
  constexpr std::array<std::string_view, 30> order{"fillfactor",
                                                   "toast_tuple_target",
                                                   "parallel_workers",
                                                   "autovacuum_enabled",
                                                   "toast.autovacuum_enabled",
                                                   "vacuum_index_cleanup",
                                                   "vacuum_truncate",
                                                   "autovacuum_vacuum_threshold",
                                                   "autovacuum_vacuum_scale_factor",
                                                   "autovacuum_vacuum_insert_threshold",
                                                   "autovacuum_vacuum_insert_scale_factor",
                                                   "autovacuum_analyze_threshold",
                                                   "autovacuum_analyze_scale_factor",
                                                   "autovacuum_vacuum_cost_delay",
                                                   "autovacuum_vacuum_cost_limit",
                                                   "autovacuum_freeze_min_age",
                                                   "autovacuum_freeze_max_age",
                                                   "autovacuum_freeze_table_age",
                                                   "deduplicate_items",
                                                   "buffering",
                                                   "fastupdate",
                                                   "gin_pending_list_limit",
                                                   "pages_per_range",
                                                   "autosummarize",
                                                   "m",
                                                   "ef_construction",
                                                   "lists",
                                                   "n_distinct",
                                                   "n_distinct_inherited",
                                                   "security_barrier"};
  return static_cast<std::size_t>(std::find(order.begin(), order.end(), name) - order.begin());
}
}  // namespace

Options storage_parameters(const Options& options) {
  Options out = options;
  std::erase_if(out, [](const auto& o) { return is_setting(o.first); });
  return out;
}

std::string parameter_list(const Options& parameters) {
  std::string out;
  std::vector<std::pair<std::string, std::string>> ordered(parameters.begin(), parameters.end());
  std::stable_sort(ordered.begin(), ordered.end(), [](const auto& a, const auto& b) {
    return customary_place(a.first) < customary_place(b.first);
  });
  for (const auto& [name, value] : ordered) {
    if (!out.empty()) out += ", ";
    const bool plain = !value.empty() && value.find_first_not_of(
                                             "abcdefghijklmnopqrstuvwxyz"
                                             "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") == std::string::npos;
    const bool word = plain && (value.find_first_not_of("0123456789.-") == std::string::npos ||
                                value.find_first_of(".-") == std::string::npos);
    out += name + "=" + (word ? value : quote_literal(value));
  }
  return out;
}

void write_with(SqlWriter& w, const Options& parameters) {
  if (!parameters.empty()) w.raw(" WITH (").raw(parameter_list(parameters)).raw(")");
}

std::string parenthesised(std::string_view expression) {
  const auto t = significant(expression);
  int depth = 0;
  bool whole = t.size() > 1 && t.front().text == "(" && t.back().text == ")";
  for (std::size_t i = 0; whole && i < t.size(); ++i) {
    if (t[i].text == "(") ++depth;
    if (t[i].text == ")" && --depth == 0 && i + 1 < t.size()) whole = false;
  }
  if (whole) return std::string(expression);
  // A line comment at the end would swallow the parenthesis.
  const bool comment = expression.find("--") != std::string_view::npos;
  return fmt::format("({}{})", expression, comment ? "\n" : "");
}

const std::string& sql_of(const Expr& e) {
  return e.text.empty() ? e.canonical : e.text;
}

void write_rename(SqlWriter& w, std::string_view what, const Step& step, const RenderContext& context,
                  std::string_view arguments) {
  ObjectKey now = *step.old_key;
  const auto alter = [&]() -> SqlWriter& {
    return w.raw("ALTER ").raw(what).raw(" ").name(now).raw(arguments);
  };
  const auto rename = [&] {
    if (now.name == step.key.name) return;
    alter().raw(" RENAME TO ").ident(step.key.name).end();
    now.name = step.key.name;
  };
  ObjectKey between = step.key;
  between.name = now.name;
  const bool taken =
      context.from.contains(between) || context.from.relation(between.ns, between.name) != nullptr;
  if (taken) rename();  // its former name is another's there
  if (now.ns != step.key.ns) {
    alter().raw(" SET SCHEMA ").ident(step.key.ns).end();
    now.ns = step.key.ns;
  }
  rename();
}

bool on_existing_relation(const ObjectKey& child, const RenderContext& context) {
  return context.from.relation(child.ns, child.owner) != nullptr;
}

namespace {
std::string owner_name(const ObjectKey& child) {
  return (child.ns.empty() ? "" : child.ns + ".") + (child.owner.empty() ? child.name : child.owner);
}
}  // namespace

Hazard rewrites(const ObjectKey& child) {
  return {HazardKind::rewrites_table,
          fmt::format("rewrites {} and its indexes; nobody reads or writes it meanwhile", owner_name(child))};
}
Hazard scans(const ObjectKey& child) {
  return {HazardKind::scans_table,
          fmt::format("reads all of {}; nobody reads or writes it meanwhile", owner_name(child))};
}
Hazard builds_index(const ObjectKey& child, std::string_view lock_words) {
  return {HazardKind::builds_index, fmt::format("builds an index on {}; {}", owner_name(child), lock_words)};
}

}  // namespace trueup::postgres
