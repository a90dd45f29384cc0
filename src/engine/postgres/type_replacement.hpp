// A type that cannot be changed in place: a new one takes its name, and the columns of the old one move over.
#pragma once
#include "engine/engine.hpp"

namespace trueup::postgres {

/// Columns that have the type before and after.
std::vector<ObjectKey> columns_of_type(const ObjectKey& type, const Catalog& from, const Catalog& to);
/// What an old type or sequence is called while the one that replaces it has its name.
ObjectKey replaced(const ObjectKey& old);
/// Does the column go over to a type of another kind that takes the name of this one?
bool goes_over(const ObjectKey& type, const ObjectKey& column, const Catalog& from, const Catalog& to);
/// `DROP <word> ...`; where columns go over to another type of its name, it is set aside until they have.
void drop_type(std::string_view word, const ObjectKey& type, const RenderContext&, SqlWriter&);
/// Domains and composite types that both states build on the type, those that others of them stand on first:
/// they are replaced with it. Of what else may change about them only what CREATE DOMAIN says besides the
/// type.
std::vector<ObjectKey> types_on(const ObjectKey& type, const Catalog& from, const Catalog& to);
/// These and the columns of the type and of them: what a replacement alters besides.
std::vector<ObjectKey> replaced_with(const ObjectKey& type, const Catalog& from, const Catalog& to);
/// Is it among the types_on() of another type that the plan replaces, and so in its new form already?
bool replaced_by_another(const ObjectKey& type, const RenderContext&);
/// Do columns that stay hold values of the domain inside of others: in arrays, or in composite values?
bool inside_columns(const ObjectKey& domain, const Catalog& from, const Catalog& to);
/// Must the dependent be gone while the type is replaced? All but tables, columns, rows and types_on().
bool blocks_replacement(const ObjectKey& type, const ObjectKey& dependent, const Catalog& from,
                        const Catalog& to);
/// The old type has been set aside and the new one made. Replaces types_on(), moves all columns, their
/// defaults taken off and set anew, and drops what is old. `through` is the type that values pass on the way,
/// without
/// `[]`; empty: none.
void finish_replacement(const ObjectKey& type, std::string_view through, const RenderContext&, SqlWriter&);

}  // namespace trueup::postgres
