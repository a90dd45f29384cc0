// Primary keys and unique constraints: the same catalog query and the same ways to change.
#pragma once
#include "engine/postgres/constraint.hpp"
#include "engine/postgres/dialect.hpp"

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

/// Has the table a constraint before this one that CREATE TABLE would take for the same, whatever the two are
/// called and however they are stored? It makes one index for both, and one constraint.
bool merged_in_create(const ObjectKey& constraint, const Catalog& catalog);

/// What a table uses the index for: `CLUSTER ON`, `REPLICA IDENTITY USING INDEX`; and the comment on the
/// index of a constraint, which is not the constraint's.
void write_index_roles(SqlWriter& w, const ObjectKey& key, const Options& from, const Options& to);
/// `ALTER INDEX` that brings the storage parameters of the index behind `key`, its tablespace and roles from
/// one state to the other.
void alter_index_options(const ObjectKey& key, const Options& from, const Options& to,
                         const EngineDialect& dialect, SqlWriter& w);

/// PrimaryKey or Unique.
template <class K>
class KeyConstraintHandler final : public ConstraintHandler {
 public:
  void introspect(Connection& connection, const Scope& scope, Catalog& out) const override {
    for (auto& row : key_constraints(connection, scope, K::kind)) {
      K k;
      k.on = std::move(row.on);
      k.include = std::move(row.include);
      if constexpr (requires { k.nulls_not_distinct; }) k.nulls_not_distinct = row.nulls_not_distinct;
      k.deferrable = row.deferrable;
      k.initially_deferred = row.initially_deferred;
      k.options = std::move(row.options);
      k.comment = std::move(row.comment);
      out.objects.emplace(std::move(row.key), std::move(k));
    }
  }
  void normalize(const ObjectKey&, ObjectBody& body, const Catalog&,
                 std::vector<Diagnostic>&) const override {
    auto& k = std::get<K>(body);
    if (k.initially_deferred) k.deferrable = true;
    for (auto& part : k.on)
      part.order.clear(), part.nulls.clear(), part.opclass.clear(), part.collation.clear();
  }

 protected:
  bool alterable(const Altered& a, const ObjectBody&, const ObjectBody&) const override {
    return a.only({"comment", "options"});
  }
  void alter(const ObjectKey& key, const ObjectBody& from, const ObjectBody& to,
             SqlWriter& w) const override {
    const auto& a = std::get<K>(from).options;
    const auto& b = std::get<K>(to).options;
    if (a != b) alter_index_options(key, a, b, postgres_dialect(), w);
  }
  std::vector<Hazard> add_hazards(const ObjectBody&) const override {
    return {{HazardKind::builds_index, "builds an index; fails when rows are equal in the key"},
            {HazardKind::blocks_reads, "exclusive lock on the table while the index is built"}};
  }
};

}  // namespace trueup::postgres
