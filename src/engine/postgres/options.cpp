#include "engine/postgres/options.hpp"

#include <array>

#include "base/text.hpp"

namespace trueup::postgres {
namespace {
constexpr std::array specs{
    OptionSpec{"autovacuum_enabled", Kind::table, "", true, "Whether autovacuum works on it."},
    OptionSpec{"autovacuum_vacuum_threshold", Kind::table, "", true, "Changed rows before a vacuum."},
    OptionSpec{"autovacuum_vacuum_max_threshold", Kind::table, "", true,
               "Most changed rows before a vacuum (18)."},
    OptionSpec{"autovacuum_vacuum_scale_factor", Kind::table, "", true, "Changed part before a vacuum."},
    OptionSpec{"autovacuum_vacuum_insert_threshold", Kind::table, "", true, "Inserted rows before a vacuum."},
    OptionSpec{"autovacuum_vacuum_insert_scale_factor", Kind::table, "", true,
               "Inserted part before a vacuum."},
    OptionSpec{"autovacuum_vacuum_cost_delay", Kind::table, "", true, "Pause of autovacuum."},
    OptionSpec{"autovacuum_vacuum_cost_limit", Kind::table, "", true, "Cost before a pause."},
    OptionSpec{"autovacuum_freeze_min_age", Kind::table, "", true, "Freeze age."},
    OptionSpec{"autovacuum_freeze_max_age", Kind::table, "", true, "Freeze age that forces a vacuum."},
    OptionSpec{"autovacuum_freeze_table_age", Kind::table, "", true, "Freeze age for a full scan."},
    OptionSpec{"autovacuum_multixact_freeze_min_age", Kind::table, "", true, "Multixact freeze age."},
    OptionSpec{"autovacuum_multixact_freeze_max_age", Kind::table, "", true,
               "Multixact freeze age that forces a vacuum."},
    OptionSpec{"autovacuum_multixact_freeze_table_age", Kind::table, "", true,
               "Multixact freeze age for a full scan."},
    OptionSpec{"log_autovacuum_min_duration", Kind::table, "", true,
               "Autovacuum runs longer than this are logged."},
    OptionSpec{"vacuum_index_cleanup", Kind::table, "", true, "Whether vacuum cleans indexes."},
    OptionSpec{"vacuum_truncate", Kind::table, "", true, "Whether vacuum gives pages back."},
    OptionSpec{"vacuum_max_eager_freeze_failure_rate", Kind::table, "", true, "Eager freezing (18)."},
    OptionSpec{"autovacuum_analyze_threshold", Kind::table, "", true, "Changed rows before an analyze."},
    OptionSpec{"autovacuum_analyze_scale_factor", Kind::table, "", true, "Changed part before an analyze."},
    OptionSpec{"fillfactor", Kind::table, "", true, "Part of a page that inserts fill."},
    OptionSpec{"parallel_workers", Kind::table, "", true, "Parallel workers of a scan."},
    OptionSpec{"toast_tuple_target", Kind::table, "", true, "Row size from which values are moved out."},
    OptionSpec{"user_catalog_table", Kind::table, "", true, "A catalog table for logical decoding."},
    OptionSpec{"log_autoanalyze_min_duration", Kind::table, "", true,
               "Autoanalyze runs longer than this are logged."},
    OptionSpec{"toast.autovacuum_enabled", Kind::table, "", true, "Whether autovacuum works on it."},
    OptionSpec{"toast.autovacuum_vacuum_threshold", Kind::table, "", true, "Changed rows before a vacuum."},
    OptionSpec{"toast.autovacuum_vacuum_max_threshold", Kind::table, "", true,
               "Most changed rows before a vacuum (18)."},
    OptionSpec{"toast.autovacuum_vacuum_scale_factor", Kind::table, "", true,
               "Changed part before a vacuum."},
    OptionSpec{"toast.autovacuum_vacuum_insert_threshold", Kind::table, "", true,
               "Inserted rows before a vacuum."},
    OptionSpec{"toast.autovacuum_vacuum_insert_scale_factor", Kind::table, "", true,
               "Inserted part before a vacuum."},
    OptionSpec{"toast.autovacuum_vacuum_cost_delay", Kind::table, "", true, "Pause of autovacuum."},
    OptionSpec{"toast.autovacuum_vacuum_cost_limit", Kind::table, "", true, "Cost before a pause."},
    OptionSpec{"toast.autovacuum_freeze_min_age", Kind::table, "", true, "Freeze age."},
    OptionSpec{"toast.autovacuum_freeze_max_age", Kind::table, "", true, "Freeze age that forces a vacuum."},
    OptionSpec{"toast.autovacuum_freeze_table_age", Kind::table, "", true, "Freeze age for a full scan."},
    OptionSpec{"toast.autovacuum_multixact_freeze_min_age", Kind::table, "", true, "Multixact freeze age."},
    OptionSpec{"toast.autovacuum_multixact_freeze_max_age", Kind::table, "", true,
               "Multixact freeze age that forces a vacuum."},
    OptionSpec{"toast.autovacuum_multixact_freeze_table_age", Kind::table, "", true,
               "Multixact freeze age for a full scan."},
    OptionSpec{"toast.log_autovacuum_min_duration", Kind::table, "", true,
               "Autovacuum runs longer than this are logged."},
    OptionSpec{"toast.vacuum_index_cleanup", Kind::table, "", true, "Whether vacuum cleans indexes."},
    OptionSpec{"toast.vacuum_truncate", Kind::table, "", true, "Whether vacuum gives pages back."},
    OptionSpec{"toast.vacuum_max_eager_freeze_failure_rate", Kind::table, "", true, "Eager freezing (18)."},
    OptionSpec{"tablespace", Kind::table, "pg_default", true, "Tablespace."},
    OptionSpec{"access_method", Kind::table, "heap", true, "Table access method."},
    OptionSpec{"autovacuum_enabled", Kind::materialized_view, "", true, "Whether autovacuum works on it."},
    OptionSpec{"autovacuum_vacuum_threshold", Kind::materialized_view, "", true,
               "Changed rows before a vacuum."},
    OptionSpec{"autovacuum_vacuum_max_threshold", Kind::materialized_view, "", true,
               "Most changed rows before a vacuum (18)."},
    OptionSpec{"autovacuum_vacuum_scale_factor", Kind::materialized_view, "", true,
               "Changed part before a vacuum."},
    OptionSpec{"autovacuum_vacuum_insert_threshold", Kind::materialized_view, "", true,
               "Inserted rows before a vacuum."},
    OptionSpec{"autovacuum_vacuum_insert_scale_factor", Kind::materialized_view, "", true,
               "Inserted part before a vacuum."},
    OptionSpec{"autovacuum_vacuum_cost_delay", Kind::materialized_view, "", true, "Pause of autovacuum."},
    OptionSpec{"autovacuum_vacuum_cost_limit", Kind::materialized_view, "", true, "Cost before a pause."},
    OptionSpec{"autovacuum_freeze_min_age", Kind::materialized_view, "", true, "Freeze age."},
    OptionSpec{"autovacuum_freeze_max_age", Kind::materialized_view, "", true,
               "Freeze age that forces a vacuum."},
    OptionSpec{"autovacuum_freeze_table_age", Kind::materialized_view, "", true,
               "Freeze age for a full scan."},
    OptionSpec{"autovacuum_multixact_freeze_min_age", Kind::materialized_view, "", true,
               "Multixact freeze age."},
    OptionSpec{"autovacuum_multixact_freeze_max_age", Kind::materialized_view, "", true,
               "Multixact freeze age that forces a vacuum."},
    OptionSpec{"autovacuum_multixact_freeze_table_age", Kind::materialized_view, "", true,
               "Multixact freeze age for a full scan."},
    OptionSpec{"log_autovacuum_min_duration", Kind::materialized_view, "", true,
               "Autovacuum runs longer than this are logged."},
    OptionSpec{"vacuum_index_cleanup", Kind::materialized_view, "", true, "Whether vacuum cleans indexes."},
    OptionSpec{"vacuum_truncate", Kind::materialized_view, "", true, "Whether vacuum gives pages back."},
    OptionSpec{"vacuum_max_eager_freeze_failure_rate", Kind::materialized_view, "", true,
               "Eager freezing (18)."},
    OptionSpec{"autovacuum_analyze_threshold", Kind::materialized_view, "", true,
               "Changed rows before an analyze."},
    OptionSpec{"autovacuum_analyze_scale_factor", Kind::materialized_view, "", true,
               "Changed part before an analyze."},
    OptionSpec{"fillfactor", Kind::materialized_view, "", true, "Part of a page that inserts fill."},
    OptionSpec{"parallel_workers", Kind::materialized_view, "", true, "Parallel workers of a scan."},
    OptionSpec{"toast_tuple_target", Kind::materialized_view, "", true,
               "Row size from which values are moved out."},
    OptionSpec{"user_catalog_table", Kind::materialized_view, "", true,
               "A catalog table for logical decoding."},
    OptionSpec{"log_autoanalyze_min_duration", Kind::materialized_view, "", true,
               "Autoanalyze runs longer than this are logged."},
    OptionSpec{"toast.autovacuum_enabled", Kind::materialized_view, "", true,
               "Whether autovacuum works on it."},
    OptionSpec{"toast.autovacuum_vacuum_threshold", Kind::materialized_view, "", true,
               "Changed rows before a vacuum."},
    OptionSpec{"toast.autovacuum_vacuum_max_threshold", Kind::materialized_view, "", true,
               "Most changed rows before a vacuum (18)."},
    OptionSpec{"toast.autovacuum_vacuum_scale_factor", Kind::materialized_view, "", true,
               "Changed part before a vacuum."},
    OptionSpec{"toast.autovacuum_vacuum_insert_threshold", Kind::materialized_view, "", true,
               "Inserted rows before a vacuum."},
    OptionSpec{"toast.autovacuum_vacuum_insert_scale_factor", Kind::materialized_view, "", true,
               "Inserted part before a vacuum."},
    OptionSpec{"toast.autovacuum_vacuum_cost_delay", Kind::materialized_view, "", true,
               "Pause of autovacuum."},
    OptionSpec{"toast.autovacuum_vacuum_cost_limit", Kind::materialized_view, "", true,
               "Cost before a pause."},
    OptionSpec{"toast.autovacuum_freeze_min_age", Kind::materialized_view, "", true, "Freeze age."},
    OptionSpec{"toast.autovacuum_freeze_max_age", Kind::materialized_view, "", true,
               "Freeze age that forces a vacuum."},
    OptionSpec{"toast.autovacuum_freeze_table_age", Kind::materialized_view, "", true,
               "Freeze age for a full scan."},
    OptionSpec{"toast.autovacuum_multixact_freeze_min_age", Kind::materialized_view, "", true,
               "Multixact freeze age."},
    OptionSpec{"toast.autovacuum_multixact_freeze_max_age", Kind::materialized_view, "", true,
               "Multixact freeze age that forces a vacuum."},
    OptionSpec{"toast.autovacuum_multixact_freeze_table_age", Kind::materialized_view, "", true,
               "Multixact freeze age for a full scan."},
    OptionSpec{"toast.log_autovacuum_min_duration", Kind::materialized_view, "", true,
               "Autovacuum runs longer than this are logged."},
    OptionSpec{"toast.vacuum_index_cleanup", Kind::materialized_view, "", true,
               "Whether vacuum cleans indexes."},
    OptionSpec{"toast.vacuum_truncate", Kind::materialized_view, "", true,
               "Whether vacuum gives pages back."},
    OptionSpec{"toast.vacuum_max_eager_freeze_failure_rate", Kind::materialized_view, "", true,
               "Eager freezing (18)."},
    OptionSpec{"tablespace", Kind::materialized_view, "pg_default", true, "Tablespace."},
    OptionSpec{"access_method", Kind::materialized_view, "heap", true, "Table access method."},
    OptionSpec{"unlogged", Kind::table, "false", true, "Not written to the log."},
    OptionSpec{"replica_identity", Kind::table, "default", true,
               "`full` or `nothing`; for an index, an option of the index."},
    OptionSpec{"row_security", Kind::table, "false", true, "Row level security is on."},
    OptionSpec{"force_row_security", Kind::table, "false", true, "It holds for the owner too."},
    OptionSpec{"fillfactor", Kind::index, "", true, "Part of a page that is filled."},
    OptionSpec{"deduplicate_items", Kind::index, "", true, "Whether equal entries share space."},
    OptionSpec{"tablespace", Kind::index, "pg_default", true, "Tablespace."},
    OptionSpec{"clustered", Kind::index, "false", true, "The table is clustered on it."},
    OptionSpec{"replica_identity", Kind::index, "false", true, "It identifies rows for replication."},
    OptionSpec{"fillfactor", Kind::primary_key, "", true, "Part of a page that is filled."},
    OptionSpec{"deduplicate_items", Kind::primary_key, "", true, "Whether equal entries share space."},
    OptionSpec{"tablespace", Kind::primary_key, "pg_default", true, "Tablespace."},
    OptionSpec{"clustered", Kind::primary_key, "false", true, "The table is clustered on it."},
    OptionSpec{"replica_identity", Kind::primary_key, "false", true, "It identifies rows for replication."},
    OptionSpec{"index_comment", Kind::primary_key, "", true, "Comment on the index behind it."},
    OptionSpec{"fillfactor", Kind::unique, "", true, "Part of a page that is filled."},
    OptionSpec{"deduplicate_items", Kind::unique, "", true, "Whether equal entries share space."},
    OptionSpec{"tablespace", Kind::unique, "pg_default", true, "Tablespace."},
    OptionSpec{"clustered", Kind::unique, "false", true, "The table is clustered on it."},
    OptionSpec{"replica_identity", Kind::unique, "false", true, "It identifies rows for replication."},
    OptionSpec{"index_comment", Kind::unique, "", true, "Comment on the index behind it."},
    OptionSpec{"buffering", Kind::index, "", true, "Buffered build of a gist index."},
    OptionSpec{"fastupdate", Kind::index, "", true, "Pending list of a gin index."},
    OptionSpec{"gin_pending_list_limit", Kind::index, "", true, "Size of the pending list."},
    OptionSpec{"pages_per_range", Kind::index, "", true, "Pages of a brin range."},
    OptionSpec{"autosummarize", Kind::index, "", true, "Whether brin ranges are summarised at once."},
    OptionSpec{"lists", Kind::index, "", true, "Lists of an ivfflat index."},
    OptionSpec{"m", Kind::index, "", true, "Connections of a hnsw layer."},
    OptionSpec{"ef_construction", Kind::index, "", true, "Candidates while a hnsw index is built."},
    OptionSpec{"storage", Kind::column, "", true, "`plain`, `main`, `external` or `extended`."},
    OptionSpec{"compression", Kind::column, "", true, "`pglz` or `lz4`."},
    OptionSpec{"statistics", Kind::column, "", true, "Statistics target."},
    OptionSpec{"sequence", Kind::column, "", true,
               "Name of an identity column's sequence, if not `table_column_seq`."},
    OptionSpec{"sequence_comment", Kind::column, "", true, "Comment on an identity column's sequence."},
    OptionSpec{"n_distinct", Kind::column, "", true, "Number of distinct values for the planner."},
    OptionSpec{"n_distinct_inherited", Kind::column, "", true, "The same with child tables."},
    OptionSpec{"check_option", Kind::view, "", true, "`local` or `cascaded`."},
    OptionSpec{"security_barrier", Kind::view, "false", true, "Its conditions come before others'."},
    OptionSpec{"security_invoker", Kind::view, "false", true, "Rights of the caller count (15)."},
};

Options* options_of(ObjectBody& body) {
  return std::visit(
      [](auto& b) -> Options* {
        if constexpr (
            requires { b.options; } && !requires { b.cache; } && !requires { b.returns; })
          if constexpr (std::is_same_v<std::remove_cvref_t<decltype(b.options)>, Options>) return &b.options;
        return nullptr;
      },
      body);
}

const OptionSpec* spec_of(std::string_view name, Kind kind) {
  for (const auto& s : specs)
    if (s.name == name && s.on == kind) return &s;
  return nullptr;
}

/// Options that only the engine itself or an access method of an extension defines.
bool is_open(const std::string& name, const ObjectBody& body) {
  if (name == "invalid" || name == "without_overlaps" || name.starts_with("statistics.")) return true;
  const auto* index = std::get_if<Index>(&body);
  if (index == nullptr) return false;
  constexpr std::array<std::string_view, 6> known{"btree", "hash", "gin", "gist", "spgist", "brin"};
  return !index->method.empty() && std::find(known.begin(), known.end(), lower(index->method)) == known.end();
}
}  // namespace

std::span<const OptionSpec> option_table() {
  return specs;
}

void normalize_options(const ObjectKey& key, ObjectBody& body, const Catalog& catalog,
                       std::vector<Diagnostic>& found) {
  Options* options = options_of(body);
  if (options == nullptr || options->empty()) return;
  const bool listed =
      std::any_of(specs.begin(), specs.end(), [&](const auto& s) { return s.on == key.kind; });
  if (!listed) return;
  Options out;
  for (const auto& [written, value] : *options) {
    const std::string name = lower(written);
    const OptionSpec* spec = spec_of(name, key.kind);
    if (spec == nullptr && !is_open(name, body)) {
      const auto place = catalog.places.find(key);
      if (place != catalog.places.end()) {  // what a server already holds is beyond doubt
        std::vector<std::string> names;
        for (const auto& s : specs)
          if (s.on == key.kind) names.emplace_back(s.name);
        const std::string near = nearest(name, names);
        found.push_back(
            {place->second,
             fmt::format("{}: unknown option `{}`", to_string(key), written),
             near.empty() ? "known are " + join(names, ", ") : fmt::format("did you mean `{}`?", near),
             {}});
      }
    }
    if (spec != nullptr && !spec->default_value.empty() && lower(value) == spec->default_value) continue;
    out.insert_or_assign(name, value);
  }
  *options = std::move(out);
}

}  // namespace trueup::postgres
