#include "kinds/row/row_name.hpp"

#include <nlohmann/json.hpp>

namespace trueup {

std::string row_name(const std::vector<std::string>& key, const RowValues& values) {
  auto out = nlohmann::json::array();
  for (const auto& column : key) {
    auto it = values.find(column);
    if (it == values.end() || it->second.type == "null")
      out.push_back(nullptr);
    else
      out.push_back(it->second.text);
  }
  return out.dump();
}

}  // namespace trueup
