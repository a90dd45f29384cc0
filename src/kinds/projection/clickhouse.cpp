#include "engine/clickhouse/build.hpp"
#include "engine/clickhouse/column_change.hpp"
#include "engine/clickhouse/handlers.hpp"

namespace trueup::clickhouse {
namespace {
class ProjectionHandler final : public KindHandler {
 public:
  void introspect(Connection&, const Scope&, Catalog&) const override {}  // comes with its table

  RenameMeans rename_means(const ObjectKey&, const ObjectKey&, const Catalog&) const override {
    return RenameMeans::unsupported;
  }
  Means means(const Altered&, const Catalog&, const Catalog&) const override { return Recreate{}; }

  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    change_kept(
        step, context, w, "PROJECTION",
        [&] { return projection_definition(step.key.name, *context.to.find<Projection>(step.key)); },
        "reads and writes every part, as a mutation");
  }
};
}  // namespace

const KindHandler& projection_handler() {
  static const ProjectionHandler handler;
  return handler;
}

}  // namespace trueup::clickhouse
