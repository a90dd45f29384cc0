// Sequences, which only MariaDB has.
#include <fmt/format.h>

#include "base/text.hpp"
#include "engine/mysql/flavor.hpp"
#include "engine/mysql/handlers.hpp"
#include "engine/mysql/lexer.hpp"

namespace trueup::mysql {
namespace {
constexpr std::int64_t greatest = 9223372036854775806, usual_cache = 1000;

class SequenceHandler final : public KindHandler {
 public:
  void introspect(Connection&, const Scope&, Catalog&) const override {}  // see introspect.cpp
  Means means(const Altered&, const Catalog&, const Catalog&) const override { return InPlace{}; }
  void settle(ObjectBody& desired, const ObjectBody& current) const override {
    auto& wanted = std::get<Sequence>(desired);
    const auto& now = std::get<Sequence>(current);
    const bool down = wanted.options.increment.value_or(1) < 0;
    auto& o = wanted.options;
    if (!o.increment) o.increment = 1;
    if (!o.minimum) o.minimum = down ? -greatest - 1 : 1;
    if (!o.maximum) o.maximum = down ? -1 : greatest;
    if (!o.start) o.start = down ? *o.maximum : *o.minimum;
    if (!o.cache) o.cache = usual_cache;
    wanted.type = now.type;
  }
  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    const std::string name = backquoted(step.key.name);
    if (step.verb == Verb::drop)
      w.raw("DROP SEQUENCE " + name).end();
    else if (step.verb == Verb::rename)
      w.raw("RENAME TABLE " + backquoted(step.old_key->name) + " TO " + name).end();
    else
      w.raw((step.verb == Verb::alter ? "ALTER SEQUENCE " : "CREATE SEQUENCE ") + name +
            clauses(context.to.find<Sequence>(step.key)->options))
          .end(TxMode::inside,
               context.from.server.empty() ? flavor_notes(context.to, {step.key}) : std::vector<Hazard>());
  }

 private:
  static std::string clauses(const SequenceOptions& o) {
    std::string out;
    if (o.start) out += fmt::format(" START WITH {}", *o.start);
    if (o.minimum) out += fmt::format(" MINVALUE {}", *o.minimum);
    if (o.maximum) out += fmt::format(" MAXVALUE {}", *o.maximum);
    if (o.increment) out += fmt::format(" INCREMENT BY {}", *o.increment);
    if (o.cache) out += fmt::format(" CACHE {}", *o.cache);
    return out + (o.cycle ? " CYCLE" : " NOCYCLE");
  }
};
}  // namespace

const KindHandler& sequence_handler() {
  static const SequenceHandler handler;
  return handler;
}

}  // namespace trueup::mysql
