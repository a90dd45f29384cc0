#include "engine/mysql/flavor.hpp"
#include "engine/mysql/handlers.hpp"
#include "engine/mysql/lexer.hpp"
#include "engine/mysql/routines.hpp"

namespace trueup::mysql {
namespace {
class ViewHandler final : public KindHandler {
 public:
  void introspect(Connection&, const Scope&, Catalog&) const override {}  // see introspect.cpp
  Means means(const Altered&, const Catalog&, const Catalog&) const override { return InPlace{}; }
  void normalize(const ObjectKey&, ObjectBody& body, const Catalog&,
                 std::vector<Diagnostic>&) const override {
    auto& view = std::get<View>(body);
    view.comment.clear();  // nowhere to keep them
    view.column_comments.clear();
  }
  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    if (step.verb == Verb::drop)
      w.raw("DROP VIEW " + backquoted(step.key.name)).end();
    else if (step.verb == Verb::rename)
      w.raw("RENAME TABLE " + backquoted(step.old_key->name) + " TO " + backquoted(step.key.name)).end();
    else
      w.raw(create_view(step.key, *context.to.find<View>(step.key)))
          .end(TxMode::inside, flavor_notes(context, {step.key}));
  }
};
}  // namespace

const KindHandler& view_handler() {
  static const ViewHandler handler;
  return handler;
}

}  // namespace trueup::mysql
