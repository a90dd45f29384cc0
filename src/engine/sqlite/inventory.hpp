// Reading sqlite_schema: what is there, whose it is, and what of it we can model.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "engine/engine.hpp"
#include "engine/sqlite/parser.hpp"

namespace trueup::sqlite {

struct SchemaRow {
  std::string name, table, sql;
};
/// The rows of one type (`table`, `index`, `view`, `trigger`) that SQLite did not make itself, by name.
std::vector<SchemaRow> schema_rows(Connection& connection, std::string_view type, const Scope& scope);

bool is_virtual(const SchemaRow& row);
/// Lower-case names of the tables behind virtual tables -> the virtual table's name.
std::map<std::string, std::string> shadow_tables(Connection& connection,
                                                 const std::vector<SchemaRow>& tables);

/// Notes an object that no kind covers, with a digest of its definition.
void add_unmodelled(Catalog& out, const ObjectKey& key, std::string_view sql, std::string_view why);
void add_item(Catalog& out, const ObjectKey& key, Standing standing, std::string detail = {});

/// Ordinary tables with columns, keys, checks and references; what cannot be read for certain becomes
/// unmodelled.
void read_tables(Connection& connection, const Scope& scope, Catalog& out);

/// What the PRAGMAs say about one table; compared with what the parser read.
struct TableFacts {
  struct ColumnFacts {
    std::string name, type, default_value;
    bool has_default = false, not_null = false;
    int key = 0, hidden = 0;
  };
  std::vector<ColumnFacts> columns;
  std::vector<std::string> foreign_keys;  ///< one line each, lower case, sorted
  std::size_t unique_constraints = 0;
};
std::map<std::string, TableFacts> table_facts(Connection& connection);
/// Empty when they agree, else in what they differ.
std::string disagreement(const ParsedTable& parsed, const TableFacts& facts);

}  // namespace trueup::sqlite
