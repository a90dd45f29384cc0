// The names that objects had before, as authors write them: `users`, or `app.users` in another namespace.
#pragma once
#include <set>
#include <string>

#include "kinds/catalog.hpp"

namespace trueup {

/// The name that the author says the object had (`renamed_from`); empty without one.
std::string rename_hint(const ObjectBody&);

/// The key that the object `key` of the desired state had when its former name was `hint`. A dot parts
/// namespace and name, unless `from` has an object with the dot in its name.
ObjectKey former_key(const ObjectKey& key, const std::string& hint, const Catalog& from);

/// What to write after `renamed_from:` of `now` for what was called `before`.
std::string former_name(const ObjectKey& before, const ObjectKey& now);

/// The objects of `from`, of other namespaces than `namespaces`, that the desired state says it moves from
/// there, with their parts and the sequences of their columns.
std::set<ObjectKey> moved_in(const Catalog& from, const Catalog& desired,
                             const std::set<std::string>& namespaces);
/// The namespaces that former names of the desired state speak of.
std::set<std::string> former_namespaces(const Catalog& desired);

}  // namespace trueup
