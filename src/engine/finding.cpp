#include "engine/finding.hpp"

namespace trueup {

Diagnostic finding(const Catalog& catalog, const ObjectKey& key, const std::string& why, std::string remedy) {
  const auto place = catalog.places.find(key);
  return {place == catalog.places.end() ? Place{} : place->second,
          to_string(key) + ": " + why,
          std::move(remedy),
          {}};
}

}  // namespace trueup
