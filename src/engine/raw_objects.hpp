// Raw objects, the same on every engine: the author's own SQL.
#pragma once
#include "engine/engine.hpp"

namespace trueup {

class RawObjects : public KindHandler {
 public:
  /// `nothing`: a statement that does nothing, for a change of which the server need not hear.
  RawObjects(const EngineDialect& dialect, std::string nothing)
      : dialect_(dialect), nothing_(std::move(nothing)) {}
  void introspect(Connection&, const Scope&, Catalog&) const override {}  // known to their authors only
  RenameMeans rename_means(const ObjectKey&, const ObjectKey&, const Catalog&) const override {
    return RenameMeans::unsupported;
  }
  Means means(const Altered&, const Catalog& from, const Catalog&) const override;
  void render(const Step&, std::span<const Step>, const RenderContext&, SqlWriter&) const override;

 private:
  const EngineDialect& dialect_;
  std::string nothing_;
};

/// Why `exists` cannot be asked of a database: it is no single SELECT. Empty when it can, or there is none.
std::string bad_question(const Raw& raw, const EngineDialect& dialect);

/// Adds to a live catalog the raw objects of the other state that its database has by their `exists:`, as the
/// other state declares them. A query that fails counts as missing. `notices` receives a line for each object
/// found and each query that failed. InputError for a bad_question().
void see_raw_objects(Connection& connection, const Catalog& declared, Catalog& live,
                     const EngineDialect& dialect, std::vector<std::string>& notices);

}  // namespace trueup
