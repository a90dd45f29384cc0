#include "engine/mysql/handlers.hpp"
#include "engine/mysql/split.hpp"

namespace trueup::mysql {
namespace {
class RawHandler final : public KindHandler {
 public:
  void introspect(Connection&, const Scope&, Catalog&) const override {}  // known to its author only

  RenameMeans rename_means(const ObjectKey&, const ObjectKey&, const Catalog&) const override {
    return RenameMeans::unsupported;
  }
  Means means(const Altered& a, const Catalog& from, const Catalog&) const override {
    if (a.only({"drop"})) return InPlace{};
    if (from.find<Raw>(a.key)->drop.empty())
      return Unsupported{"it changed, and the former state does not say how to drop it",
                         "write the change by hand with `trueup new`"};
    return Recreate{};
  }

  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    const bool drop = step.verb == Verb::drop;
    const Raw* raw = drop ? context.from.find<Raw>(step.key) : context.to.find<Raw>(step.key);
    if (step.verb == Verb::alter) {
      w.raw("DO 0").end();  // only the way to drop it is told differently
      return;
    }
    for (const auto& s : split_script(drop ? raw->drop : raw->create.text)) w.raw(s.sql).end(s.tx);
  }
};
}  // namespace

const KindHandler& raw_handler() {
  static const RawHandler handler;
  return handler;
}

}  // namespace trueup::mysql
