// Sequences, which only MariaDB has.
#include <fmt/format.h>

#include "base/text.hpp"
#include "engine/mysql/flavor.hpp"
#include "engine/mysql/handlers.hpp"
#include "engine/mysql/lexer.hpp"
#include "engine/mysql/types.hpp"

namespace trueup::mysql {
namespace {
constexpr std::int64_t usual_cache = 1000;

bool is_unsigned(const std::string& type) {
  return type.ends_with(" unsigned");
}
int bits(const std::string& type) {
  const std::string base = base_type(type);
  return base == "tinyint" ? 8 : base == "smallint" ? 16 : base == "mediumint" ? 24 : base == "int" ? 32 : 64;
}
/// The type's own limits less one.
std::int64_t greatest(const std::string& type) {
  const int value_bits = bits(type) - (is_unsigned(type) && bits(type) < 64 ? 0 : 1);
  return static_cast<std::int64_t>((std::uint64_t{1} << value_bits) - 2);
}
std::int64_t least(const std::string& type) {
  return is_unsigned(type) ? 1 : -greatest(type) - 1;
}

class SequenceHandler final : public KindHandler {
 public:
  void introspect(Connection&, const Scope&, Catalog&) const override {}  // see introspect.cpp
  Means means(const Altered&, const Catalog&, const Catalog&) const override { return InPlace{}; }
  void normalize(const ObjectKey&, ObjectBody& body, const Catalog&,
                 std::vector<Diagnostic>&) const override {
    auto& type = std::get<Sequence>(body).type;
    type = canonical_type(type);
    if (type == "bigint") type.clear();
  }
  /// What the author leaves open is the server's default; a state that leaves it open, too, is no other.
  void settle(ObjectBody& desired, const ObjectBody& current) const override {
    const auto& wanted = std::get<Sequence>(desired);
    const auto& now = std::get<Sequence>(current).options;
    auto& o = std::get<Sequence>(desired).options;
    const bool down = o.increment.value_or(1) < 0;
    const std::string& type = wanted.type;
    const std::int64_t minimum = o.minimum.value_or(down ? least(type) : 1);
    const std::int64_t maximum = o.maximum.value_or(down && !is_unsigned(type) ? -1 : greatest(type));
    if (!o.increment && now.increment) o.increment = 1;
    if (!o.minimum && now.minimum) o.minimum = minimum;
    if (!o.maximum && now.maximum) o.maximum = maximum;
    if (!o.start && now.start) o.start = down ? maximum : minimum;
    if (!o.cache && now.cache) o.cache = usual_cache;
  }
  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    const std::string name = backquoted(step.key.name);
    if (step.verb == Verb::drop)
      w.raw("DROP SEQUENCE " + name).end();
    else if (step.verb == Verb::rename)
      w.raw("RENAME TABLE " + backquoted(step.old_key->name) + " TO " + name).end();
    else if (step.verb == Verb::alter)
      alter(step, context, w);
    else
      create(step, context, w);
  }

 private:
  static std::vector<Hazard> notes(const Step& step, const RenderContext& context) {
    return flavor_notes(context, {step.key});
  }
  static void create(const Step& step, const RenderContext& context, SqlWriter& w) {
    const auto& s = *context.to.find<Sequence>(step.key);
    w.raw("CREATE SEQUENCE " + backquoted(step.key.name) + (s.type.empty() ? "" : " AS " + s.type) +
          clauses(s.options));
    w.end(TxMode::inside, notes(step, context));
  }
  /// The type changes in a statement of its own, while the numbers fit both. It is prepared: MariaDB 11.8
  /// checks a bare ALTER SEQUENCE AS against the keys of an earlier CREATE TABLE of the same server thread
  /// and refuses it by chance ("Sequence tables cannot have any keys", error 4086).
  static void alter(const Step& step, const RenderContext& context, SqlWriter& w) {
    const auto& a = *context.from.find<Sequence>(step.key);
    const auto& b = *context.to.find<Sequence>(step.key);
    const std::string head = "ALTER SEQUENCE " + backquoted(step.key.name);
    const bool wider = bits(b.type) > bits(a.type) || (is_unsigned(a.type) && !is_unsigned(b.type));
    const auto type = [&] {
      if (a.type == b.type) return;
      w.raw("EXECUTE IMMEDIATE " + literal(head + " AS " + (b.type.empty() ? "bigint" : b.type)));
      w.end(TxMode::inside, notes(step, context));
    };
    if (wider) type();
    if (!(a.options == b.options)) w.raw(head + clauses(b.options)).end(TxMode::inside, notes(step, context));
    if (!wider) type();
  }
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
