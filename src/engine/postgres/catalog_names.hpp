// What one introspection knows by number: relations, their columns, collations and operator classes, so that
// the catalog queries send numbers and need not join names again and again.
#pragma once
#include <cstdint>
#include <set>
#include <unordered_map>

#include "engine/postgres/catalog_query.hpp"

namespace trueup::postgres {

using Oid = std::int64_t;

class CatalogNames final : public ReadContext {
 public:
  struct Relation {
    ObjectKey key;
    bool modelled = false;  ///< a plain table that we model
  };
  struct Column {
    std::string name;
    Oid collation = 0;
  };
  struct OperatorClass {
    std::string name;  ///< qualified
    bool is_default = false;
  };

  /// Reads the tables, views and composite types in scope.
  CatalogNames(Connection&, const Scope&);

  const Relation* relation(Oid oid) const;
  const std::unordered_map<Oid, Relation>& relations() const { return relations_; }
  /// The table's key; null when it is none that we model.
  const ObjectKey* modelled_table(const Cell& oid) const;

  void add_column(Oid relation, std::int64_t attnum, Column column);
  /// Reads the names of other relations, in scope or not, and of their columns, where they are not known yet.
  void need_columns(Connection&, std::set<Oid> relations);
  /// Throws WorldError for a column that is not known: the relation was altered meanwhile.
  const Column& column(Oid relation, std::int64_t attnum) const;
  /// Columns by their numbers.
  std::vector<Ref> column_refs(Oid relation, const std::vector<std::int64_t>& attnums) const;

  /// Quoted and qualified names of those collations.
  static std::unordered_map<Oid, std::string> collations(Connection&, const std::set<Oid>& wanted);
  static std::unordered_map<Oid, OperatorClass> operator_classes(Connection&, const Scope&);

 private:
  std::unordered_map<Oid, Relation> relations_;
  std::unordered_map<Oid, std::vector<Column>> columns_;  ///< by attnum - 1
};

/// What the running introspection shares.
CatalogNames& names(const Scope&);

/// `1 2 3` of a vector, or `{1,2,3}` of an array.
std::vector<std::int64_t> numbers(const Cell& c);
/// `{1,2}` for a parameter.
std::string oid_array(const std::set<Oid>& oids);

}  // namespace trueup::postgres
