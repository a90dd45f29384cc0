// The handler of functions and of procedures.
#pragma once
#include "base/text.hpp"
#include "engine/mysql/flavor.hpp"
#include "engine/mysql/handlers.hpp"
#include "engine/mysql/lexer.hpp"
#include "engine/mysql/routines.hpp"

namespace trueup::mysql {

/// Of what `T` is, Function or Procedure.
template <class T>
class RoutineHandler final : public KindHandler {
 public:
  void introspect(Connection&, const Scope&, Catalog&) const override {}  // see introspect.cpp
  RenameMeans rename_means(const ObjectKey&, const ObjectKey&, const Catalog&) const override {
    return RenameMeans::unsupported;
  }
  Means means(const Altered&, const Catalog&, const Catalog&) const override { return InPlace{}; }
  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    if (step.verb == Verb::drop || step.verb == Verb::alter)
      w.raw("DROP " + upper(info(T::kind).name) + " " + backquoted(step.key.name)).end();
    if (step.verb == Verb::drop) return;
    const T& body = *context.to.find<T>(step.key);
    const ProgramSession session(context.to, body.options, w);
    w.raw(create_routine(step.key, body)).end(TxMode::inside, flavor_notes(context, {step.key}));
  }
};

}  // namespace trueup::mysql
