#pragma once
#include <string>
#include <string_view>

namespace trueup::mysql {
/// Why values may not survive the change of a column's type; empty when all do. Canonical spellings.
std::string type_loss(std::string_view from, std::string_view to);
/// Does `blob` become `text`, so that the server refuses bytes that are no text?
bool bytes_to_text(std::string_view from, std::string_view to);
}  // namespace trueup::mysql
