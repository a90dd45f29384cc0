// Column types of SQLite: a declared type is free text; what counts is the affinity it gives, except in
// strict tables.
#pragma once
#include <string>
#include <string_view>

namespace trueup::sqlite {

enum class Affinity { integer, text, blob, real, numeric };
std::string_view to_string(Affinity a);

/// The type as written, comments out and blanks collapsed. `[t]` and quoted words lose nothing.
std::string type_text(std::string_view written);
/// What two spellings of one type have in common: lower case, without blanks.
std::string type_key(std::string_view type);
/// Affinity by SQLite's five rules on the declared type.
Affinity affinity(std::string_view type);
/// The type that SQLite's strict tables know for a name that other engines know (`varchar(20)` -> `text`);
/// the text itself when it is one of the six legal types; empty when there is none.
std::string strict_type(std::string_view type);
/// `serial`, `bigserial`, ..., without quotes: types that other engines expand to a counter.
bool is_serial(std::string_view type);

}  // namespace trueup::sqlite
