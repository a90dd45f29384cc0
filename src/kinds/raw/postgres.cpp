#include "base/text.hpp"
#include "engine/postgres/handlers.hpp"

namespace trueup {
namespace {

/// The author's own SQL, as it is. A server cannot be asked what is there, so introspection knows none.
class Handler final : public KindHandler {
 public:
  void introspect(Connection&, const Scope&, Catalog&) const override {}
  void normalize(const ObjectKey& key, ObjectBody& body, const Catalog&,
                 std::vector<Diagnostic>& found) const override {
    auto& r = std::get<Raw>(body);
    r.create.text = trim(r.create.text);
    r.drop = trim(r.drop);
    while (r.create.text.ends_with(';')) r.create.text.pop_back();
    while (r.drop.ends_with(';')) r.drop.pop_back();
    if (r.create.text.empty())
      found.push_back({{}, to_string(key) + ": no SQL to create it", "add `create:`", {}});
  }
  Means means(const Altered& a, const Catalog& from, const Catalog&) const override {
    if (a.only({"drop"})) return InPlace{};
    if (std::get<Raw>(from.objects.at(a.key)).drop.empty())
      return Unsupported{"its SQL changed, and nothing says how to drop what is there",
                         "add `drop:` to the raw object"};
    return Recreate{};
  }
  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    const std::vector<Hazard> hazards{{HazardKind::other, "raw SQL: trueup does not know what it does"}};
    if (step.verb == Verb::drop) {
      const auto& r = std::get<Raw>(context.from.objects.at(step.key));
      if (r.drop.empty())
        throw RefusedError(
            {{to_string(step.key), "nothing says how to drop it", "add `drop:` to the raw object first"}});
      w.raw(r.drop).end(TxMode::inside, hazards);
    } else if (step.verb == Verb::alter) {
      w.raw("SELECT 1").end(TxMode::inside, {{HazardKind::other, "only the way to drop it changed"}});
    } else {
      w.raw(std::get<Raw>(context.to.objects.at(step.key)).create.text).end(TxMode::inside, hazards);
    }
  }
};
}  // namespace

const KindHandler& postgres_raw_handler() {
  static const Handler handler;
  return handler;
}

}  // namespace trueup
