#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kinds/catalog.hpp"

namespace trueup::postgres {

/// A written type taken apart: `numeric(10,2)[]` -> base `numeric`, modifiers `10`, `2`, one array.
struct TypeParts {
  std::string ns;    ///< folded qualifier; empty when not written
  std::string base;  ///< canonical name with its words: `timestamp with time zone`, `interval year`
  std::vector<std::string> modifiers;  ///< as written, trimmed
  bool array = false;
  bool quoted = false;  ///< the name was written in double quotes
  bool serial = false;  ///< serial, bigserial, smallserial: `base` is the integer type
};
/// Never throws; text that is no type comes back as `base`.
TypeParts parse_type(std::string_view written);
/// The canonical spelling: format_type()'s, with user names quoted where needed.
std::string spell_type(const TypeParts& parts);
/// Is this a type of pg_catalog, so that no object of a catalog can be meant?
bool is_builtin_type(std::string_view base);

/// Turns a type that the catalog declares into a reference; others get their canonical spelling.
void resolve_type(const Catalog& catalog, DataType& type, std::string_view default_ns = "public");

/// Canonical name of a collation: quoted where needed, `pg_catalog` and `public` left out.
std::string postgres_collation(std::string_view written);
/// The same for SQL text.
std::string collation_sql(std::string_view canonical);

/// The canonical text of a type, with a reference spelled out: for messages and casts.
std::string display_type(const DataType& type);

/// How existing values get from one type to another.
struct TypeChange {
  bool assignable = false;  ///< ALTER COLUMN TYPE needs no USING
  bool rewrites = true;     ///< the table is rewritten
  std::string loses;        ///< why values can be lost or cut; empty when they cannot
};
/// Has the server a cast from one to the other? Else the way leads by text.
bool explicit_cast(const DataType& from, const DataType& to);
TypeChange type_change(const DataType& from, const DataType& to);

}  // namespace trueup::postgres
