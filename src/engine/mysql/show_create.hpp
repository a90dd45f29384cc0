// From the server's SHOW CREATE TABLE to objects.
#pragma once
#include <map>
#include <string>

#include "engine/mysql/cursor.hpp"
#include "kinds/catalog.hpp"

namespace trueup::mysql {

/// What one must know of the server to read what it prints.
struct Server {
  bool mariadb = false;
  std::int64_t version = 0;
  std::map<std::string, std::string> default_collations;  ///< by character set
  bool folds_names = false;                               ///< lower_case_table_names=1
  std::string user;                                       ///< `root@localhost`, of this session
  std::string database = {};                              ///< of this session
};

/// What stands before the account in Catalog::server: definers that are that account are left out of a state.
inline constexpr std::string_view connected_as = " connected as ";
/// What Catalog::server ends with where the server turns the names of tables into lower case.
inline constexpr std::string_view folding_server = " lower_case_table_names=1";
inline constexpr std::string_view folds_names = "this server keeps names of tables in lower case";

ObjectKey table_key(const std::string& name);
ObjectKey child_key(Kind kind, const std::string& table, const std::string& name);

/// `charset` where the collation is its default on that server, else `collation`.
void put_collation(const Server&, const std::string& charset, const std::string& collation, Options&);
/// Adds the table and everything in it to `out`. Throws ParseError, `out` untouched, when the statement holds
/// anything that the model does not: such a table stays opaque.
void read_create_table(const std::string& sql, const Server& server, Catalog& out);

}  // namespace trueup::mysql
