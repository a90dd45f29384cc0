#include "engine/postgres/handlers.hpp"
#include "engine/postgres/routine.hpp"

namespace trueup {
namespace {
using namespace postgres;

Function of(const Catalog& c, const ObjectKey& key) {
  return as_function(std::get<Procedure>(c.objects.at(key)));
}

class Handler final : public KindHandler {
 public:
  void introspect(Connection& connection, const Scope& scope, Catalog& out) const override {
    introspect_routines(connection, scope, "'p'", out);
  }
  void normalize(const ObjectKey& key, ObjectBody& body, const Catalog& catalog,
                 std::vector<Diagnostic>&) const override {
    auto& p = std::get<Procedure>(body);
    p.arguments = canonical_arguments(catalog, key.ns, p.arguments);
    std::transform(p.language.begin(), p.language.end(), p.language.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  }
  Means means(const Altered& a, const Catalog& from, const Catalog& to) const override {
    if (a.only({"comment"}) || replaceable(of(from, a.key), of(to, a.key))) return InPlace{};
    return Recreate{};
  }
  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    std::optional<Function> from, to;
    if (context.from.contains(step.key)) from = of(context.from, step.key);
    if (context.to.contains(step.key)) to = of(context.to, step.key);
    render_routine(step, "PROCEDURE", from ? &*from : nullptr, to ? &*to : nullptr, context, w);
  }
};
}  // namespace

const KindHandler& postgres_procedure_handler() {
  static const Handler handler;
  return handler;
}

}  // namespace trueup
