#pragma once
#include <string_view>
#include <vector>

#include "engine/engine.hpp"

namespace trueup::mysql {

/// Cuts a script into statements. Knows DELIMITER as the client does, versioned comments (which are code),
/// bodies of routines with and without DELIMITER, and what `SET sql_mode` in the script changes for the rest
/// of it (ANSI_QUOTES, NO_BACKSLASH_ESCAPES). DML may share a transaction, all else commits by itself.
std::vector<ScriptStatement> split_script(std::string_view script);

}  // namespace trueup::mysql
