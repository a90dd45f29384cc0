// What keys, checks and references have in common: they live in the text of their table.
#pragma once
#include "engine/engine.hpp"

namespace trueup::sqlite {

class ConstraintHandler : public KindHandler {
 public:
  void introspect(Connection&, const Scope&, Catalog&) const override {}  // read with the table
  Means means(const Altered&, const Catalog&, const Catalog&) const override { return Rebuild{}; }
  bool needs_rebuild(Verb, const ObjectKey&, const Catalog&, const Catalog&) const override { return true; }
  RenameMeans rename_means(const ObjectKey& old_key, const ObjectKey& new_key,
                           const Catalog& from) const override;
  void render(const Step&, std::span<const Step>, const RenderContext&, SqlWriter&) const override;
};

void report(const Catalog& catalog, const ObjectKey& key, std::vector<Diagnostic>& found, std::string message,
            std::string remedy);

}  // namespace trueup::sqlite
