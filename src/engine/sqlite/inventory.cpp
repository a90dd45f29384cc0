#include "engine/sqlite/inventory.hpp"

#include <fmt/format.h>

#include <array>

#include "base/text.hpp"
#include "engine/sqlite/build.hpp"
#include "engine/sqlite/lexer.hpp"
#include "engine/sqlite/types.hpp"

namespace trueup::sqlite {
namespace {
constexpr std::string_view schema_query = R"(
select name, tbl_name, coalesce(sql, '')
from sqlite_schema
where type = ? and name not like 'sqlite\_%' escape '\' and sql is not null
order by name)";

constexpr std::string_view internal_query = R"(
select name from sqlite_schema
where type = 'table' and name like 'sqlite\_%' escape '\'
order by name)";

constexpr std::string_view shadow_query = R"(
select name from pragma_table_list where schema = 'main' and type = 'shadow')";

std::string text(const Cell& cell) {
  return cell.value_or(std::string());
}

std::vector<std::string_view> shadow_suffixes(std::string_view module) {
  if (module == "fts5") return {"data", "idx", "content", "docsize", "config"};
  if (module == "fts3" || module == "fts4") return {"content", "segments", "segdir", "docsize", "stat"};
  if (module == "rtree" || module == "rtree_i32" || module == "geopoly") return {"node", "parent", "rowid"};
  return {};
}
}  // namespace

std::vector<SchemaRow> schema_rows(Connection& connection, std::string_view type, const Scope& scope) {
  const std::array<Cell, 1> args{std::string(type)};
  std::vector<SchemaRow> out;
  for (auto& row : connection.query(schema_query, args)) {
    SchemaRow r{text(row.at(0)), text(row.at(1)), text(row.at(2))};
    if (!scope.ignore_table.empty() &&
        (same_name(r.name, scope.ignore_table) || same_name(r.table, scope.ignore_table)))
      continue;
    out.push_back(std::move(r));
  }
  return out;
}

bool is_virtual(const SchemaRow& row) {
  const auto all = significant(std::string_view(row.sql).substr(0, 200));
  return all.size() > 1 && is_word(all[0], "create") && is_word(all[1], "virtual");
}

std::map<std::string, std::string> shadow_tables(Connection& connection,
                                                 const std::vector<SchemaRow>& tables) {
  std::map<std::string, std::string> out;
  std::vector<std::string> owners;
  for (const auto& t : tables) {
    if (!is_virtual(t)) continue;
    owners.push_back(t.name);
    try {
      for (auto suffix : shadow_suffixes(parse_virtual_table(t.sql).module))
        out.emplace(lower(fmt::format("{}_{}", t.name, suffix)), t.name);
    } catch (const ParseError&) {
      continue;  // its own handler reports it
    }
  }
  constexpr std::int64_t has_table_list = 3037000;
  if (owners.empty() || connection.version() < has_table_list) return out;
  for (const auto& row : connection.query(shadow_query)) {
    const std::string name = lower(text(row.at(0)));
    std::string owner;
    for (const auto& o : owners)
      if (name.starts_with(lower(o) + "_") && o.size() > owner.size()) owner = o;
    if (!owner.empty()) out.insert_or_assign(name, owner);
  }
  return out;
}

void add_item(Catalog& out, const ObjectKey& key, Standing standing, std::string detail) {
  out.inventory.push_back({to_string(key), standing, std::move(detail)});
}

void add_unmodelled(Catalog& out, const ObjectKey& key, std::string_view sql, std::string_view why) {
  const std::string digest = sha256(sql).substr(0, 16);
  out.unmodelled.insert_or_assign(to_string(key), digest);
  add_item(out, key, Standing::unmodelled, fmt::format("{} ({})", digest, why));
}

namespace {
struct Candidate {
  SchemaRow row;
  ParsedTable parsed;
};

/// Parses and cross-checks; what fails is noted as unmodelled.
std::vector<Candidate> candidates(Connection& connection, const std::vector<SchemaRow>& rows, Catalog& out) {
  const auto shadows = shadow_tables(connection, rows);
  const auto facts = table_facts(connection);
  std::vector<Candidate> found;
  for (const auto& row : rows) {
    if (is_virtual(row)) continue;
    const ObjectKey key = table_key(row.name);
    if (auto it = shadows.find(lower(row.name)); it != shadows.end()) {
      add_item(out, key, Standing::ignored, "belongs to the virtual table " + it->second);
      continue;
    }
    try {
      Candidate c{row, parse_table(row.sql)};
      if (c.parsed.name != row.name) throw ParseError("it is stored under another name");
      auto it = facts.find(row.name);
      if (it == facts.end()) throw ParseError("SQLite reports no columns for it");
      if (const auto why = disagreement(c.parsed, it->second); !why.empty()) throw ParseError(why);
      found.push_back(std::move(c));
    } catch (const ParseError& e) {
      add_unmodelled(out, key, row.sql, e.what());
    }
  }
  return found;
}

/// A reference without columns means a primary key, which must have as many. Returns whether some table's has
/// not.
bool set_aside_mismatched(std::vector<Candidate>& tables, const Names& names, Catalog& out) {
  return std::erase_if(tables, [&](const Candidate& c) {
           for (const auto& fk : c.parsed.foreign_keys) {
             const std::string* parent = names.table(fk.table);
             if (parent == nullptr || !fk.ref_columns.empty()) continue;
             const std::size_t size = names.key_size(*parent);
             if (size == fk.columns.size()) continue;
             add_unmodelled(out, table_key(c.row.name), c.row.sql,
                            fmt::format("{} columns refer to the primary key of {}, which has {}",
                                        fk.columns.size(), *parent, size));
             return true;
           }
           return false;
         }) > 0;
}
}  // namespace

void read_tables(Connection& connection, const Scope& scope, Catalog& out) {
  auto left = candidates(connection, schema_rows(connection, "table", scope), out);
  // A table that refers to an unmodelled one cannot be modelled either: repeat until none falls out.
  for (bool again = true; again;) {
    again = false;
    Names names;
    for (const auto& c : left) names.add(c.parsed);
    std::vector<Candidate> kept;
    Catalog built;
    for (auto& c : left) {
      try {
        add_table(c.parsed, names, built);
        kept.push_back(std::move(c));
      } catch (const ParseError& e) {
        add_unmodelled(out, table_key(c.row.name), c.row.sql, e.what());
        again = true;
      }
    }
    left = std::move(kept);
    again = again || set_aside_mismatched(left, names, out);
    if (!again) out.objects.merge(built.objects);
  }
  for (const auto& c : left) add_item(out, table_key(c.row.name), Standing::managed);
  for (const auto& row : connection.query(internal_query))
    add_item(out, table_key(text(row.at(0))), Standing::ignored, "kept by SQLite itself");
}

}  // namespace trueup::sqlite
