// Spelling of column types.
#pragma once
#include <string>
#include <string_view>

namespace trueup::mysql {

/// `INTEGER(11)` -> `int`, `boolean` -> `tinyint(1)`, `numeric` -> `decimal(10,0)`. Default display widths
/// go, others stay. Unknown types pass in lower case. Idempotent.
std::string canonical_type(std::string_view written);
/// Name of the type without arguments and attributes: `int` of `int unsigned`.
std::string base_type(std::string_view canonical);
bool is_integer(std::string_view base);
/// Numbers whose defaults the servers may print in quotes.
bool is_numeric(std::string_view base);
bool is_spatial(std::string_view base);
/// `text`, `blob` and their sizes.
bool is_large(std::string_view base);
/// Types with a character set.
bool has_charset(std::string_view base);
/// The type without a display width that only some servers keep.
std::string without_width(std::string_view canonical);

/// `utf8` -> `utf8mb3`, `utf8_bin` -> `utf8mb3_bin`, lower case.
std::string canonical_charset(std::string_view name);
/// `latin1` of `latin1_bin`.
std::string charset_of(std::string_view collation);
/// The collation that every server has as the default of a character set; empty where they differ.
std::string_view common_default_collation(std::string_view charset);

}  // namespace trueup::mysql
