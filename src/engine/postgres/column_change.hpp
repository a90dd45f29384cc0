// How a column changes where it is: means, what stands in the way, what is lost, and the statements.
#pragma once
#include "engine/engine.hpp"

namespace trueup::postgres {

Means column_means(const Altered&, const Catalog& from, const Catalog& to);
bool column_blocks(const Altered&, const ObjectKey& dependent, const Catalog& from, const Catalog& to);
std::string column_loses(const Altered&, const Catalog& from, const Catalog& to);

/// The column stops being an identity column, and this new sequence, which it owns, goes on in its place:
/// whoever creates the sequence drops the identity.
std::optional<ObjectKey> successor_of_identity(const ObjectKey& column, const RenderContext&);

/// Name of an identity column's sequence: `sequence` of its options, else what the server makes of the names.
std::string identity_sequence(const std::string& table, const std::string& column, const Options& options);
std::string sequence_of_identity(const ObjectKey& column, const RenderContext&);
/// The column becomes an identity column whose sequence gets the name of the one that it counted with: what
/// the new one is called until whoever drops the old one renames it.
std::optional<std::string> interim_sequence(const ObjectKey& column, const RenderContext&);
/// The type below domains.
DataType base_type(DataType type, const Catalog& catalog);

void add_column(const ObjectKey&, const RenderContext&, SqlWriter&);
void alter_column(const ObjectKey&, const RenderContext&, SqlWriter&);

}  // namespace trueup::postgres
