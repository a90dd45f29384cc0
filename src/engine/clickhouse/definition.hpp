// Reading CREATE statements as the server prints them.
#pragma once
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

#include "engine/engine.hpp"

namespace trueup::clickhouse {

/// A definition that cannot be taken apart for certain: its object becomes unmodelled.
class Unreadable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The statement without the database that its names are qualified with: `db.t` as `t`, 'db.t' as 't', and
/// the database as an argument as `currentDatabase()`. Only names in `relations` are taken for its own.
/// Unreadable where the name of the database is also an alias.
std::string unqualified(std::string_view sql, const std::string& database,
                        const std::set<std::string>& relations);

/// Adds the object that an unqualified statement creates, with its children. `kind` is known from the server.
/// Unreadable when it does not come out the same when written again.
void add_definition(Kind kind, const std::string& name, std::string_view sql, Catalog& out);

}  // namespace trueup::clickhouse
