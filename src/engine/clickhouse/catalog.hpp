// Whole catalogs of ClickHouse: read from a server, brought to canonical form, with what uses what.
#pragma once
#include <set>
#include <string>
#include <string_view>

#include "engine/engine.hpp"

namespace trueup::clickhouse {

Catalog introspect(Connection& connection, const Scope& scope);
void normalize(Catalog& catalog, std::vector<Diagnostic>& found);
void precheck(const Catalog& to, std::vector<Diagnostic>& found);
/// A table that says no primary key has its sorting key for one: written out in `from` where the sorting key
/// grows and `to` says that the primary key does not.
/// A definer that is the connected user is written out in a state of a server where the other state names it.
void complete(Catalog& from, Catalog& to);
/// Catalog::server of a state that such definers were left out of: this, and the user.
inline constexpr std::string_view connected_as = "ClickHouse, connected as ";
/// Rights of a view as the server tells them.
void normalize_security(Options& options);
void infer_uses(Catalog& catalog);

/// Names that the sorting, primary, partition and sampling keys and the engine's arguments of a table
/// mention.
std::set<std::string> key_words(const Catalog& catalog, const ObjectKey& table);
/// The table that owns `child`.
const Table* owner_of(const Catalog& catalog, const ObjectKey& child);

}  // namespace trueup::clickhouse
