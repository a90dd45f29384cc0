#pragma once
#include "engine/engine.hpp"

namespace trueup::sqlite {
/// See EngineDialect::infer_uses.
void infer_uses(Catalog& catalog);
/// Does the text name this, in any of SQLite's quotings and cases?
bool mentions(std::string_view sql, std::string_view name);
}  // namespace trueup::sqlite
