#pragma once
#include <string_view>

namespace trueup::mysql {

/// One spelling for what SHOW CREATE prints and for what a migration means, whatever the server's
/// configuration says. Zero dates stay allowed: old tables have them as defaults, and no ALTER of such a
/// table would pass otherwise.
inline constexpr std::string_view session_settings =
    "set names utf8mb4, session sql_mode = "
    "'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', "
    "session time_zone = '+00:00', session sql_quote_show_create = 1, session foreign_key_checks = 1, "
    "session unique_checks = 1, session autocommit = 1, session sql_safe_updates = 0";

/// The same, for programs that need another mode or zone for one statement.
inline constexpr std::string_view standard_mode =
    "STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION";
inline constexpr std::string_view standard_zone = "+00:00";

}  // namespace trueup::mysql
