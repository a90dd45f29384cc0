#pragma once
#include <nlohmann/json.hpp>

#include "kinds/catalog.hpp"

namespace trueup {

/// A body as JSON by its field table; fields that hold their default are left out.
nlohmann::ordered_json to_json(const ObjectBody& body);
/// The inverse. Unknown keys, wrong types and malformed references throw InputError naming object and field.
ObjectBody body_from_json(const ObjectKey& key, const nlohmann::ordered_json& json);

/// An object as one line of a snapshot: {"object": "column app.users.id", ...fields, "uses": [...],
/// "uses_soft": [...]}.
std::string object_line(const Catalog& catalog, const ObjectKey& key);

/// SHA-256 of the canonical catalog: what a migration calls its parent and resulting state. Text that authors
/// wrote does not count where the canonical form is known, nor do hints, uses or places.
std::string state_hash(const Catalog& catalog);

}  // namespace trueup
