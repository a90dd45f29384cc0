#include "engine/mysql/handlers.hpp"
#include "engine/mysql/routines.hpp"

namespace trueup::mysql {
namespace {
class TriggerHandler final : public KindHandler {
 public:
  void introspect(Connection&, const Scope&, Catalog&) const override {}  // see introspect.cpp
  RenameMeans rename_means(const ObjectKey&, const ObjectKey&, const Catalog&) const override {
    return RenameMeans::unsupported;
  }
  Means means(const Altered&, const Catalog&, const Catalog&) const override { return Recreate{}; }
  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    if (step.verb == Verb::drop)
      drop_trigger(step.key, w);
    else
      create_trigger(context.to, step.key, w);
  }
};
}  // namespace

const KindHandler& trigger_handler() {
  static const TriggerHandler handler;
  return handler;
}

}  // namespace trueup::mysql
