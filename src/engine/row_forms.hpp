// One spelling of values of reference rows, for all engines: keys that are written in two ways are one row.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "kinds/catalog.hpp"

namespace trueup {

/// 1.50, 01.5 and +1.5 are `1.5`; nothing for what is not written in digits.
std::optional<std::string> plain_number(std::string_view written);
/// The shortest text that gives the same floating point number; nothing for what is none, or too large.
std::optional<std::string> shortest_double(std::string_view written);
std::optional<std::string> shortest_float(std::string_view written);
/// Tells of a value that no floating point number is near to (`1e400`, `1e-400`): servers would keep another.
void refuse_beyond_double(const Catalog& catalog, const ObjectKey& row, const std::string& column,
                          std::string_view written, std::vector<Diagnostic>& found);

/// `2026-1-2` with all its digits; nothing for what is written otherwise.
std::optional<std::string> full_day(std::string_view text);
/// `3:04` as `03:04:00`, with as many digits behind the point as given; nothing where that would round.
std::optional<std::string> full_time(std::string_view text, std::size_t digits);
/// `2026-01-02`, `2026-01-02T03:04`: both parts in full, with a blank between them.
std::optional<std::string> full_moment(std::string_view text, std::size_t digits);
/// The same without zeros at its end: a moment keeps its spelling where its column gets a longer type.
std::optional<std::string> short_moment(std::string_view text, std::size_t digits);
/// The number in the first parentheses of a type, 0 where there is none.
std::size_t type_digits(std::string_view type);

/// Columns by whose values rows are told apart and refer to each other.
std::set<std::string> keyed_columns(const Catalog& catalog, const ObjectKey& key, const Row& row);
/// Gives rows the names that their values, in one spelling now, say. Two rows of one name are findings.
void rename_rows(Catalog& catalog, std::vector<Diagnostic>& found);

}  // namespace trueup
