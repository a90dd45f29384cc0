#pragma once
#include <unordered_map>

#include "kinds/catalog.hpp"

namespace trueup {

/// What reference rows need, on every engine: their columns and key for certain, the rows they refer to
/// before them where that can be. Remembers rows by value, so the catalog must stay as it is.
class RowUses {
 public:
  explicit RowUses(const Catalog& catalog) : catalog_(catalog) {}
  Catalog::Uses of(const ObjectKey& key, const Row& row);

 private:
  using ByValue = std::unordered_map<std::string, std::vector<const ObjectKey*>>;
  const ByValue& rows_by(const ObjectKey& table, const std::vector<std::string>& columns);
  void referenced_rows(const Row& row, const ForeignKey& f, std::set<ObjectKey>& out);

  const Catalog& catalog_;
  std::map<std::pair<ObjectKey, std::vector<std::string>>, ByValue> rows_;  ///< by table and columns
};

}  // namespace trueup
