// Does the model hold everything that the server's own CREATE TABLE says?
#pragma once
#include "engine/mysql/cursor.hpp"
#include "kinds/catalog.hpp"

namespace trueup::mysql {

/// Throws ParseError when the statement rendered from the objects does not say what `sql` says.
void check_fidelity(const std::string& sql, const Catalog& part, const ObjectKey& table);
/// The statement without the table's AUTO_INCREMENT counter.
std::string without_counter(const std::string& sql);

}  // namespace trueup::mysql
