#include "engine/clickhouse/former_columns.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "engine/clickhouse/lexer.hpp"
#include "engine/clickhouse/types.hpp"

namespace trueup::clickhouse {
namespace {
constexpr std::string_view note = "its columns are those of a former query";

using Shown = std::vector<std::pair<std::string, std::string>>;  ///< name and type of each column

constexpr std::string_view columns_query = R"(
SELECT table, name, type FROM system.columns
WHERE database = currentDatabase() AND table IN (
  SELECT name FROM system.tables WHERE database = currentDatabase() AND engine = 'View'))";

/// A name without its table, which the server puts before it as long as another table has one of that name.
std::string own_name(const std::string& name) {
  return name.substr(name.rfind('.') + 1);
}

bool calls_a_source(std::string_view query) {
  constexpr std::array<std::string_view, 4> here{"numbers", "merge", "values", "view"};
  const auto all = significant(query);
  for (std::size_t i = 1; i + 1 < all.size(); ++i)
    if (is_name(all[i]) && is_symbol(all[i + 1], "(") &&
        (is_word(all[i - 1], "from") || is_word(all[i - 1], "join")) &&
        std::find(here.begin(), here.end(), all[i].value()) == here.end())
      return true;
  return false;
}

/// What the query gives now; nothing where the server does not tell.
Shown given(Connection& connection, const std::string& query) {
  Shown out;
  try {
    for (const auto& row :
         connection.query("DESCRIBE TABLE (" + query + ") SETTINGS print_pretty_type_names = 0"))
      out.emplace_back(own_name(row.at(0).value_or("")), canonical_type(row.at(1).value_or("")));
  } catch (const WorldError&) {  // it reads what is not there, or not for this user
    out.clear();
  }
  return out;
}

std::string differing(const Shown& former, const Shown& now) {
  std::vector<std::string> out;
  for (const auto& [name, type] : former)
    if (std::find(now.begin(), now.end(), std::pair{name, type}) == now.end())
      out.push_back(name + " " + type);
  return join(out, ", ");
}
}  // namespace

void note_former_columns(Connection& connection, Catalog& live) {
  const auto known = live.of_kind(Kind::view);
  if (known.begin() == known.end()) return;
  std::map<std::string, Shown> recorded;
  for (const auto& row : connection.query(columns_query))
    recorded[row.at(0).value_or("")].emplace_back(own_name(row.at(1).value_or("")),
                                                  canonical_type(row.at(2).value_or("")));
  for (const auto& [key, body] : known) {
    const auto columns = recorded.find(key.name);
    const std::string& query = std::get<View>(body).query.text;
    if (columns == recorded.end() || calls_a_source(query)) continue;
    const Shown now = given(connection, query);
    if (now.empty() || now == columns->second) continue;
    for (auto& item : live.inventory)
      if (item.object == to_string(key))
        item.detail = fmt::format("{}: {}", note, differing(columns->second, now));
  }
}

void differ_with_columns(Catalog& from) {
  std::map<std::string, std::string> details;
  for (const auto& item : from.inventory)
    if (item.detail.starts_with(note)) details.emplace(item.object, item.detail);
  if (details.empty()) return;
  for (auto& [key, body] : from.objects)
    if (auto* view = std::get_if<View>(&body))
      if (const auto it = details.find(to_string(key)); it != details.end())
        view->query.canonical = fmt::format("{} -- {}", view->query.comparable(), it->second);
}

std::string former_columns(const View& view) {
  const auto found = view.query.canonical.find(fmt::format(" -- {}", note));
  return found == std::string::npos ? ""
                                    : view.query.canonical.substr(found + std::string_view(" -- ").size());
}

}  // namespace trueup::clickhouse
