#pragma once
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "kinds/catalog.hpp"

namespace trueup {

/// The reference rows that a desired state declares for one table, on an engine without namespaces.
struct DeclaredRows {
  ObjectKey table;
  std::vector<std::string> key;
  std::set<std::string> columns;
  std::map<std::vector<std::string>, ObjectKey> rows;  ///< key values, as text -> object
  bool remove = false;                                 ///< those that nobody declares are to go
};

/// By table, of those that are in `from`.
std::vector<DeclaredRows> declared_rows(const Catalog& desired, const Catalog& from);

/// Does a declared value say how it is computed, so that there is nothing to compare?
using IsComputed = std::function<bool(const RowValue&)>;
/// Adds a row read from the table to `from`, when it is declared or to go: under the declared name, with the
/// columns that are declared.
void add_read_row(const DeclaredRows& declared, RowValues values, const Catalog& desired, Catalog& from,
                  const IsComputed& computed);

}  // namespace trueup
