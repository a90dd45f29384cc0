// What columns, keys, checks and foreign keys have in common: they change with their table, in its ALTER.
#pragma once
#include "engine/engine.hpp"

namespace trueup::mysql {

class PartHandler : public KindHandler {
 public:
  void introspect(Connection&, const Scope&, Catalog&) const override {}  // read with the table
  Means means(const Altered&, const Catalog&, const Catalog&) const override { return Rebuild{}; }
  bool needs_rebuild(Verb, const ObjectKey&, const Catalog&, const Catalog&) const override { return true; }
  /// `rename()` renders it where there is one.
  void render(const Step&, std::span<const Step>, const RenderContext&, SqlWriter&) const override;

 protected:
  virtual std::vector<std::string> rename_clauses(const Step&, const RenderContext&) const;
};

/// Indexes of a table share their names, whatever they enforce. One that goes leaves in the ALTER TABLE after
/// the renames: it is in the way of one that would get its name. So is a check, whose DROP CONSTRAINT would
/// not say which of the two is meant.
RenameMeans index_rename(const ObjectKey& new_key, const Catalog& from);

}  // namespace trueup::mysql
