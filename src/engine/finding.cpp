#include "engine/finding.hpp"

namespace trueup {

Diagnostic finding(const Catalog& catalog, const ObjectKey& key, const std::string& why, std::string remedy) {
  const auto place = catalog.places.find(key);
  return {place == catalog.places.end() ? Place{} : place->second,
          to_string(key) + ": " + why,
          std::move(remedy),
          {}};
}

void refuse_without_columns(const Catalog& catalog, const ObjectKey& table, std::vector<Diagnostic>& found) {
  if (catalog.columns(table).empty())
    found.push_back(finding(catalog, table, "it has no columns", "give it one under `columns:`"));
}

}  // namespace trueup
