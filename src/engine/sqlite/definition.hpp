// From the model to the text of CREATE statements.
#pragma once
#include <string>
#include <vector>

#include "engine/engine.hpp"

namespace trueup::sqlite {

/// The definition of a table as CREATE TABLE text, with all columns and constraints of `catalog`. `as`: the
/// name it is to be created under.
std::string table_definition(const Catalog& catalog, const ObjectKey& table, std::string_view as);
/// One column as it stands in CREATE TABLE or ALTER TABLE ADD COLUMN, without keys, checks and references.
std::string column_definition(const ObjectKey& key, const Column& column);
std::string index_definition(const ObjectKey& key, const Index& index);
std::string trigger_definition(const ObjectKey& key, const Trigger& trigger);
std::string view_definition(const ObjectKey& key, const View& view);

/// Children of one kind in the order in which unnamed ones get their numbers: `t_check`, `t_check1`, ...
/// `t_check10`.
std::vector<ObjectKey> in_naming_order(const Catalog& catalog, const ObjectKey& table, Kind kind);
/// The name that a constraint gets when it is written without one, `taken` being the names before it.
std::string name_when_unnamed(const Catalog& catalog, const ObjectKey& table, const ObjectKey& constraint,
                              const std::set<std::string>& taken);
/// Constraints of the table whose name the database need not store.
std::set<ObjectKey> unnamed_constraints(const Catalog& catalog, const ObjectKey& table);

/// Is the default a literal that stands without parentheses?
bool bare_default(std::string_view text);
/// Is it a constant, so that ALTER TABLE ADD COLUMN takes it?
bool constant_default(std::string_view text);
/// The default as an expression: bare words are strings in a DEFAULT clause, and columns elsewhere.
std::string default_expression(std::string_view text);
/// The column that is another name for the rowid, or null.
const ObjectKey* rowid_alias(const Catalog& catalog, const ObjectKey& table);
bool has_option(const Options& options, std::string_view name);
/// Option value, empty when absent.
std::string option(const Options& options, std::string_view name);
std::string quoted_list(const std::vector<Ref>& refs);

/// Constraints of the renamed table, or of the renamed column's table, whose names are not stored and so are
/// others now: key in `after`, new key.
std::vector<std::pair<ObjectKey, ObjectKey>> implied_renames(const Catalog& before, const ObjectKey& old_key,
                                                             const Catalog& after, const ObjectKey& new_key);

}  // namespace trueup::sqlite
