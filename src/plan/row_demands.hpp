// Which changes of a table ask more of its rows than before: rows that change are changed first then.
#pragma once
#include "engine/kind_handler.hpp"

namespace trueup::planning {

class RowDemands {
 public:
  RowDemands(const Catalog& from, const Catalog& to, const EngineDialect& dialect)
      : from_(from), to_(to), dialect_(dialect) {}

  /// Does an object of that kind refuse rows that do not suit it?
  static bool judges(const ObjectKey&);
  /// Must the row have its new values before the step that alters its column or the type of it, or rebuilds
  /// its table?
  bool asks_first(const Step& row, const Step& other);

 private:
  enum class Change { none, stricter, other };
  bool values_fit_now(const Row&, const ObjectKey& row) const;
  /// Does the row change a value that the column's new type no longer lists?
  bool gives_up(const ObjectKey& column, const ObjectKey& row) const;
  bool gives_up_any(const ObjectKey& table, const ObjectKey& row) const;
  std::string loses(const ObjectKey&) const;
  Change change_of(const ObjectKey& column_or_other) const;
  bool stricter(const ObjectKey& table);

  const Catalog& from_;
  const Catalog& to_;
  const EngineDialect& dialect_;
  std::map<ObjectKey, bool> tables_;
};

/// Rows of the table that give up the values of a unique key, each with the row that takes them. (What checks
/// at the end of the transaction only does not mind.)
std::vector<std::pair<ObjectKey, ObjectKey>> handed_over(const Catalog& from, const Catalog& to,
                                                         const ObjectKey& table);

}  // namespace trueup::planning
