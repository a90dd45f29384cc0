// Primary keys and unique constraints: the same catalog query and the same ways to change.
#pragma once
#include "engine/postgres/constraint.hpp"

namespace trueup::postgres {

struct KeyConstraintRow {
  ObjectKey key;  ///< kind as asked for
  std::vector<IndexPart> on;
  std::vector<Ref> include;
  bool deferrable = false, initially_deferred = false, nulls_not_distinct = false;
  Options options;
  std::string comment;
};
std::vector<KeyConstraintRow> key_constraints(Connection&, const Scope&, Kind kind);

/// What a table uses the index for: `CLUSTER ON`, `REPLICA IDENTITY USING INDEX`; and the comment on the
/// index of a constraint, which is not the constraint's.
void write_index_roles(SqlWriter& w, const ObjectKey& key, const Options& from, const Options& to);
/// `ALTER INDEX` that brings the storage parameters of the index behind `key`, its tablespace and roles from
/// one state to the other.
void alter_index_options(const ObjectKey& key, const Options& from, const Options& to,
                         const EngineDialect& dialect, SqlWriter& w);

}  // namespace trueup::postgres
