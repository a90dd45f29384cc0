#pragma once
#include "engine/engine.hpp"

namespace trueup::mysql {

void normalize(Catalog&, std::vector<Diagnostic>& found);
/// What the servers spell in different ways, or keep only on one of them, made the same in both states.
void complete(Catalog& from, Catalog& to);
/// Lower names for the sake of equality: relations and columns that bodies mention.
void infer_uses(Catalog&);
/// A column in canonical form. `of_bytes`: the texts of its table are bytes, where they do not say otherwise.
void normalize_column(Column&, bool of_bytes);
/// Does the text hold characters (emoji) for which utf8mb3 has none, in which the servers keep what is
/// theirs?
bool beyond_three_bytes(std::string_view text);
/// The first word in a column's type that begins a clause of the column; empty without.
std::string misplaced_clause(const std::string& type);

}  // namespace trueup::mysql
