// What becomes of the values of a column whose type changes.
#pragma once
#include <string>
#include <string_view>

namespace trueup::clickhouse {

/// Condition that holds for rows whose value (of the column or expression `name`) would not be the same in
/// the other type; empty where every value has its like there. The server takes every change of a type and
/// meets the values later, in the mutation or when they are read; and ClickHouse 26.7 casts containers
/// without a look at what is in them. The types are canonical, here and below.
std::string changed_values(const std::string& name, const std::string& from, const std::string& to);

/// What every value may lose, so that no condition finds it; empty for nothing.
std::string lost_in_conversion(std::string_view from, std::string_view to);

/// What values get that they did not have (a typed path of JSON); empty for nothing.
std::string filled_by_conversion(std::string_view from, std::string_view to);

/// Why the server cannot make the one type of the other; empty where it can.
std::string no_conversion(std::string_view from, std::string_view to);

/// A label that stands for another number in the other enum, which no ALTER does; empty when there is none.
std::string renumbered(std::string_view from, std::string_view to);

/// May a column of a sorting key go from one type to the other? (An enum that only gains values.)
bool keeps_order(std::string_view from, std::string_view to);

/// Do the types of two moments differ in the time zone they are shown in, and in nothing else?
bool moves_zone_only(std::string_view from, std::string_view to);

}  // namespace trueup::clickhouse
