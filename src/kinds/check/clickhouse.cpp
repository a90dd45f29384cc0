#include "base/text.hpp"
#include "engine/clickhouse/build.hpp"
#include "engine/clickhouse/column_change.hpp"
#include "engine/clickhouse/handlers.hpp"

namespace trueup::clickhouse {
namespace {
class CheckHandler final : public KindHandler {
 public:
  void introspect(Connection&, const Scope&, Catalog&) const override {}  // comes with its table

  void normalize(const ObjectKey&, ObjectBody& body, const Catalog&,
                 std::vector<Diagnostic>&) const override {
    auto& check = std::get<Check>(body);
    check.comment.clear();  // nowhere to keep it
    check.not_valid = check.no_inherit = false;
  }
  RenameMeans rename_means(const ObjectKey&, const ObjectKey&, const Catalog&) const override {
    return RenameMeans::unsupported;
  }
  Means means(const Altered&, const Catalog&, const Catalog&) const override { return InPlace{}; }

  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    refuse_unalterable(step.key, context.from);
    if (step.verb == Verb::drop) {
      w.raw("ALTER TABLE ").ident(step.key.owner).raw(" DROP CONSTRAINT ").ident(step.key.name).end();
      return;
    }
    const auto& check = *context.to.find<Check>(step.key);
    // The server takes a constraint that rows break, and refuses every later INSERT of their like only.
    if (!check.not_enforced && context.from.contains(table_key(step.key.owner)))
      refuse_rows(step.key.owner, "NOT (" + sql_of(check.expression) + ")",
                  "rows of " + step.key.owner + " break the constraint " + step.key.name, w);
    w.raw("ALTER TABLE ").ident(step.key.owner);
    if (step.verb == Verb::alter) w.raw(" DROP CONSTRAINT ").ident(step.key.name).raw(",");
    w.raw(" ADD " + check_definition(step.key.name, check)).end();
  }
};
}  // namespace

const KindHandler& check_handler() {
  static const CheckHandler handler;
  return handler;
}

}  // namespace trueup::clickhouse
