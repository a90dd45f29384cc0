// What a clause of ALTER TABLE costs on each flavor, as the servers were seen to do it (MariaDB 10.11
// and 11.8, MySQL 9.7; InnoDB). 22 of 57 operations differ between the two.
#pragma once
#include "engine/engine.hpp"

namespace trueup::mysql {

enum class Cost : std::uint8_t {
  instant,   ///< metadata only
  in_place,  ///< work, while writes go on
  blocking,  ///< in place, but writes wait (LOCK=SHARED)
  copy,      ///< the table is copied and writes wait; MariaDB 11.2 and later let them go on
};
struct Costs {
  Cost mariadb = Cost::instant, mysql = Cost::instant;
  bool rows = false;        ///< the layout of rows changes
  bool virtuals = false;    ///< a virtual column comes or goes
  bool recollates = false;  ///< a char or a text gets another collation
  void add(Costs other);
};
/// What of a whole table makes its changes dearer.
struct Shape {
  bool other_engine = false, partitioned = false, versioned = false, compressed = false;
  bool fulltext = false, spatial = false, generated = false, indexed_virtual = false;
  bool long_unique = false;  ///< MariaDB keeps a virtual column of hashes for a unique key
  /// None of it: what the server will do is known for sure.
  bool plain() const;
};
/// Is the unique key longer than InnoDB's keys, so that MariaDB keeps one of hashes?
bool is_long(const Catalog&, const Unique&);
Shape shape_of(const Catalog&, const ObjectKey& table);
/// The costs of so many clauses in one ALTER of such a table.
Costs in_shape(Costs, const Shape&, std::size_t clauses);

Costs add_column_costs(const Catalog& to, const ObjectKey& column, bool last);
Costs drop_column_costs(const Catalog& from, const ObjectKey& column);
Costs modify_column_costs(const RenderContext&, const ObjectKey& column, bool moved);
/// Of keys, checks and foreign keys. `replaced`: the primary key goes and comes in one statement.
Costs add_part_costs(const Catalog& to, const ObjectKey& part);
Costs drop_part_costs(const Catalog& from, const ObjectKey& part, bool replaced);
Costs option_costs(std::string_view name);

/// The clause that makes the server refuse rather than do it at a higher cost than was said; empty where
/// not every server that may run the statement would take it.
std::string guard(Costs, const Shape&, const std::string& server);

/// The costs in words, for the server of a live state or, where none is known, for both flavors.
Hazard describe(Costs, const std::string& table, const std::string& server);

}  // namespace trueup::mysql
