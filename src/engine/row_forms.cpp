#include "engine/row_forms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "engine/finding.hpp"
#include "kinds/row/row_name.hpp"

namespace trueup {
namespace {
template <class Real>
std::optional<std::string> shortest(std::string_view written) {
  std::string_view s = trim(written);
  if (s.starts_with('+')) s.remove_prefix(1);
  Real value = 0;
  const auto result = std::from_chars(s.data(), s.data() + s.size(), value);
  const bool number = !s.empty() && s.find_first_not_of("0123456789+-.eE") == std::string_view::npos;
  if (!number || result.ec != std::errc{} || result.ptr != s.data() + s.size()) return std::nullopt;
  return fmt::format("{}", value == 0 ? Real{0} : value);
}

/// The numbers between the separators, filled up with zeros to two digits (the first to `width`).
std::optional<std::string> filled(std::string_view text, char separator, std::size_t count,
                                  std::size_t width) {
  std::string out;
  std::size_t found = 0;
  for (bool more = true; more; ++found) {
    const auto end = text.find(separator);
    more = end != std::string_view::npos;
    const std::string_view part = text.substr(0, end);
    if (part.empty() || part.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    const std::size_t digits = found == 0 ? width : 2;
    if (part.size() > digits) return std::nullopt;
    out += (found == 0 ? "" : std::string(1, separator)) + std::string(digits - part.size(), '0') +
           std::string(part);
    if (more) text.remove_prefix(end + 1);
  }
  if (found > count || found < 2) return std::nullopt;
  for (; found < count; ++found) out += std::string(1, separator) + "00";
  return out;
}
}  // namespace

std::optional<std::string> plain_number(std::string_view written) {
  std::string_view s = trim(written);
  const bool negative = s.starts_with('-');
  if (negative || s.starts_with('+')) s.remove_prefix(1);
  if (s.empty() || s == "." || s.find_first_not_of("0123456789.") != std::string_view::npos ||
      std::count(s.begin(), s.end(), '.') > 1)
    return std::nullopt;
  std::string out(s);
  if (out.find('.') != std::string::npos) {
    while (out.ends_with('0')) out.pop_back();
    if (out.ends_with('.')) out.pop_back();
  }
  out.erase(0, std::min(out.find_first_not_of('0'), out.size()));
  if (out.empty() || out.starts_with('.')) out.insert(0, "0");
  return (negative && out != "0" ? "-" : "") + out;
}

std::optional<std::string> shortest_double(std::string_view written) {
  return shortest<double>(written);
}
std::optional<std::string> shortest_float(std::string_view written) {
  return shortest<float>(written);
}

void refuse_beyond_double(const Catalog& catalog, const ObjectKey& row, const std::string& column,
                          std::string_view written, std::vector<Diagnostic>& found) {
  std::string_view s = trim(written);
  if (s.starts_with('+')) s.remove_prefix(1);
  double value = 0;
  const auto result = std::from_chars(s.data(), s.data() + s.size(), value);
  if (result.ec != std::errc::result_out_of_range || result.ptr != s.data() + s.size()) return;
  found.push_back(finding(
      catalog, row, fmt::format("no floating point number is near to {}, the value of {}", written, column),
      "write one between 1e-307 and 1e308, or make the column text"));
}

std::optional<std::string> full_day(std::string_view text) {
  constexpr std::size_t parts = 3, year_digits = 4;
  if (text.find('-') < year_digits || std::count(text.begin(), text.end(), '-') != 2) return std::nullopt;
  return filled(text, '-', parts, year_digits);
}
std::optional<std::string> full_time(std::string_view text, std::size_t digits) {
  const auto point = text.find('.');
  std::string fraction(point == std::string_view::npos ? std::string_view() : text.substr(point + 1));
  const auto whole = filled(text.substr(0, point), ':', 3, 2);
  if (!whole || fraction.size() > digits ||
      fraction.find_first_not_of("0123456789") != std::string_view::npos)
    return std::nullopt;
  fraction.append(digits - fraction.size(), '0');
  return *whole + (digits == 0 ? "" : "." + fraction);
}
std::optional<std::string> full_moment(std::string_view text, std::size_t digits) {
  const auto blank = text.find_first_of(" T");
  const auto date = full_day(text.substr(0, blank));
  const auto time = full_time(blank == std::string_view::npos ? "00:00:00" : text.substr(blank + 1), digits);
  return date && time ? std::optional(*date + " " + *time) : std::nullopt;
}
std::optional<std::string> short_moment(std::string_view text, std::size_t digits) {
  auto out = full_moment(text, digits);
  if (!out) return out;
  if (out->find('.') != std::string::npos)
    while (out->ends_with('0') || out->ends_with('.')) {
      const bool point = out->ends_with('.');
      out->pop_back();
      if (point) break;
    }
  constexpr std::string_view midnight = " 00:00:00";
  if (out->ends_with(midnight)) out->resize(out->size() - midnight.size());
  return out;
}
std::size_t type_digits(std::string_view type) {
  const auto open = type.find('(');
  std::size_t out = 0;
  if (open != std::string_view::npos) std::from_chars(type.data() + open + 1, type.data() + type.size(), out);
  return out;
}

std::set<std::string> keyed_columns(const Catalog& catalog, const ObjectKey& key, const Row& row) {
  std::set<std::string> out(row.key.begin(), row.key.end());
  for (const auto& child : catalog.children({Kind::table, key.ns, {}, key.owner, {}}, Kind::foreign_key))
    for (const auto& column : catalog.find<ForeignKey>(child)->columns) out.insert(column.to.name);
  return out;
}

void rename_rows(Catalog& catalog, std::vector<Diagnostic>& found) {
  std::map<ObjectKey, ObjectKey> names;  // new by former
  for (const auto& [key, body] : catalog.of_kind(Kind::row)) {
    const Row& row = std::get<Row>(body);
    ObjectKey now = key;
    now.name = row_name(row.key, row.values);
    if (now.name != key.name) names.emplace(key, std::move(now));
  }
  for (auto it = names.begin(); it != names.end();) {
    const auto& [former, now] = *it;
    auto node = catalog.objects.extract(former);
    node.key() = now;
    const auto placed = catalog.objects.insert(std::move(node));
    if (!placed.inserted) {
      found.push_back(finding(catalog, former, "is the same row as " + to_string(now),
                              "keep one of the two: their keys are one value"));
      it = names.erase(it);
      continue;
    }
    if (const auto place = catalog.places.find(former); place != catalog.places.end())
      catalog.places.insert_or_assign(now, Place(place->second));
    ++it;
  }
  if (names.empty() || catalog.uses.empty()) return;
  for (const auto& [former, now] : names)
    if (auto node = catalog.uses.extract(former)) {
      node.key() = now;
      catalog.uses.insert(std::move(node));
    }
  for (auto& [key, uses] : catalog.uses)
    for (auto* set : {&uses.hard, &uses.soft})
      if (key.kind == Kind::row) {
        std::set<ObjectKey> renamed;
        for (const auto& used : *set) renamed.insert(names.contains(used) ? names.at(used) : used);
        *set = std::move(renamed);
      }
}

}  // namespace trueup
