#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace trueup {

/// ASCII lower case; other bytes untouched.
std::string lower(std::string_view s);
/// ASCII upper case; other bytes untouched.
std::string upper(std::string_view s);
/// Without leading and trailing ASCII whitespace.
std::string_view trim(std::string_view s);
std::vector<std::string> split(std::string_view s, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
bool starts_with_nocase(std::string_view s, std::string_view prefix);
std::string replace_all(std::string s, std::string_view from, std::string_view to);
/// True for well-formed UTF-8 without NUL.
bool is_utf8(std::string_view s);
/// Levenshtein-nearest candidate within a third of the word's length; empty when none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);
/// Lower-case hexadecimal SHA-256.
std::string sha256(std::string_view bytes);
/// Control characters (newline included) as spaces, for `--` comments and one-line messages.
std::string one_line(std::string_view s);

}  // namespace trueup
