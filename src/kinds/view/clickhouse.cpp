#include "base/text.hpp"
#include "engine/clickhouse/build.hpp"
#include "engine/clickhouse/catalog.hpp"
#include "engine/clickhouse/followers.hpp"
#include "engine/clickhouse/former_columns.hpp"
#include "engine/clickhouse/handlers.hpp"
#include "engine/clickhouse/lexer.hpp"

namespace trueup::clickhouse {
namespace {
class ViewHandler final : public KindHandler {
 public:
  void introspect(Connection&, const Scope&, Catalog&) const override {
  }  // see engine/clickhouse/introspect.cpp

  void normalize(const ObjectKey&, ObjectBody& body, const Catalog&,
                 std::vector<Diagnostic>&) const override {
    auto& view = std::get<View>(body);
    view.column_comments.clear();  // nowhere to keep them
    normalize_security(view.options);
    std::string_view text = trim(view.query.text);
    while (text.ends_with(';')) text = trim(text.substr(0, text.size() - 1));
    view.query.text = std::string(text);
  }
  Means means(const Altered&, const Catalog&, const Catalog&) const override { return InPlace{}; }

  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    if (step.verb == Verb::drop) {
      w.raw("DROP VIEW ").ident(step.key.name).end();
    } else if (step.verb == Verb::rename) {
      w.raw("RENAME TABLE ").ident(step.old_key->name).raw(" TO ").ident(step.key.name).end();
    } else {
      std::string sql = create_view(step.key.name, *context.to.find<View>(step.key));
      if (step.verb == Verb::alter) sql.insert(std::string_view("CREATE").size(), " OR REPLACE");
      const View* former = step.verb == Verb::alter ? context.from.find<View>(step.key) : nullptr;
      std::vector<Hazard> hazards;
      if (std::string why = former == nullptr ? "" : former_columns(*former); !why.empty())
        hazards.push_back({HazardKind::other, std::move(why)});
      w.raw(sql).end(TxMode::inside, std::move(hazards));
      if (former != nullptr && !(former->query == context.to.find<View>(step.key)->query))
        refresh_views(step, context, w);
    }
  }
};
}  // namespace

const KindHandler& view_handler() {
  static const ViewHandler handler;
  return handler;
}

}  // namespace trueup::clickhouse
