// From parsed CREATE texts to the objects of the model.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "engine/sqlite/parser.hpp"
#include "kinds/catalog.hpp"

namespace trueup::sqlite {

/// Names compare without case in SQLite; references take the spelling of the declaration.
class Names {
 public:
  void add(const ParsedTable& table);
  /// Declared spelling; null when there is no such table (column).
  const std::string* table(std::string_view name) const;
  const std::string* column(std::string_view table, std::string_view name) const;
  /// Number of columns of its primary key; 0 when there is none or no such table.
  std::size_t key_size(std::string_view table) const;

 private:
  struct Entry {
    std::string name;
    std::map<std::string, std::string> columns;
    std::size_t key_size = 0;
  };
  std::map<std::string, Entry> tables_;
};

ObjectKey table_key(std::string_view name);
ObjectKey child_key(Kind kind, std::string_view table, std::string_view name);

/// Adds the table and everything that hangs on it. A foreign key may refer to a table that does not exist.
/// Throws ParseError, `out` unchanged, when a column is missing or two constraints have one name.
void add_table(const ParsedTable& table, const Names& names, Catalog& out);
/// Throw ParseError when they refer to what the catalog does not hold.
void add_index(const ParsedIndex& index, Catalog& out);
void add_view(const ParsedView& view, Catalog& out);
void add_trigger(const ParsedTrigger& trigger, Catalog& out);

/// The relation (table, view) of that name without regard to case, or null.
const ObjectKey* find_relation(const Catalog& catalog, std::string_view name);
/// Key of the column of that name without regard to case, or null.
const ObjectKey* find_column(const Catalog& catalog, const ObjectKey& relation, std::string_view name);

}  // namespace trueup::sqlite
