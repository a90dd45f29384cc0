#pragma once
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.hpp"

namespace trueup {

/// PostgreSQL's name for an unnamed constraint or index, used on every engine: `table_columns_label`,
/// shortened to 63 bytes by cutting the longer of table and columns, never inside a UTF-8 character. Labels:
/// `pkey` (no columns), `key`, `check`, `fkey`, `idx`, `excl`.
std::string conventional_name(std::string_view table, const std::vector<std::string>& columns,
                              std::string_view label);

/// The same, numbered 1, 2, ... after the label until `taken` does not hold it.
std::string conventional_name(std::string_view table, const std::vector<std::string>& columns,
                              std::string_view label, const std::set<std::string>& taken);

/// Columns that the name of an unnamed check carries: the one column of `columns` that the condition
/// mentions, or none when it mentions several.
std::vector<std::string> check_name_columns(std::string_view condition,
                                            const std::vector<std::string>& columns,
                                            const EngineDialect& dialect);

/// Columns that the name of an unnamed index carries: column names, `expr` for an expression; repeated ones
/// numbered.
std::vector<std::string> index_name_columns(const std::vector<IndexPart>& parts);

}  // namespace trueup
