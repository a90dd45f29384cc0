#pragma once
#include "engine/engine.hpp"

namespace trueup::mysql {

void normalize(Catalog&, std::vector<Diagnostic>& found);
/// What the servers spell in different ways, or keep only on one of them, made the same in both states.
void complete(Catalog& from, Catalog& to);
/// Lower names for the sake of equality: relations and columns that bodies mention.
void infer_uses(Catalog&);
/// A column in canonical form, without what depends on its table.
void normalize_column(const ObjectKey&, Column&);
/// Does the text hold characters (emoji) for which utf8mb3 has none, in which the servers keep what is
/// theirs?
bool beyond_three_bytes(std::string_view text);
/// The first word in a column's type that begins a clause of the column; empty without.
std::string misplaced_clause(const std::string& type);

}  // namespace trueup::mysql
