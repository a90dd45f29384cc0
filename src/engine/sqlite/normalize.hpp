#pragma once
#include "engine/engine.hpp"

namespace trueup::sqlite {
/// See EngineDialect::normalize.
void normalize(Catalog& catalog, std::vector<Diagnostic>& found);
/// What SQLite would refuse when it meets it.
void precheck(const Catalog& to, std::vector<Diagnostic>& found);
}  // namespace trueup::sqlite
