#include "engine/mysql/handlers.hpp"
#include "engine/mysql/lexer.hpp"
#include "engine/mysql/routines.hpp"

namespace trueup::mysql {
namespace {
class FunctionHandler final : public KindHandler {
 public:
  void introspect(Connection&, const Scope&, Catalog&) const override {}  // see introspect.cpp
  RenameMeans rename_means(const ObjectKey&, const ObjectKey&, const Catalog&) const override {
    return RenameMeans::unsupported;
  }
  Means means(const Altered&, const Catalog&, const Catalog&) const override { return InPlace{}; }
  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    if (step.verb == Verb::drop || step.verb == Verb::alter)
      w.raw("DROP FUNCTION " + backquoted(step.key.name)).end();
    if (step.verb == Verb::drop) return;
    const Function& body = *context.to.find<Function>(step.key);
    const ProgramSession session(context.to, body.options, w);
    w.raw(create_function(step.key, body)).end();
  }
};
}  // namespace

const KindHandler& function_handler() {
  static const FunctionHandler handler;
  return handler;
}

}  // namespace trueup::mysql
