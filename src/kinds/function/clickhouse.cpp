#include "engine/clickhouse/build.hpp"
#include "engine/clickhouse/handlers.hpp"
#include "engine/finding.hpp"

namespace trueup::clickhouse {
namespace {
/// Functions in SQL: `body: (x, y) -> x + y`. They belong to the whole server.
class FunctionHandler final : public KindHandler {
 public:
  void introspect(Connection&, const Scope&, Catalog&) const override {
  }  // see engine/clickhouse/introspect.cpp

  void normalize(const ObjectKey& key, ObjectBody& body, const Catalog& catalog,
                 std::vector<Diagnostic>& found) const override {
    auto& f = std::get<Function>(body);
    if (f.arguments.empty() && f.returns.empty()) return;
    found.push_back(finding(catalog, key, "functions of ClickHouse are lambdas",
                            "write arguments and body as one: `body: (x, y) -> x + y`"));
  }
  /// Other databases of the server may use what this one's schema does not name.
  bool left_open(const ObjectKey&, const Catalog& from, const Catalog&) const override {
    return !from.inventory.empty();  // read from a server, not from a snapshot
  }
  RenameMeans rename_means(const ObjectKey&, const ObjectKey&, const Catalog&) const override {
    return RenameMeans::unsupported;
  }
  Means means(const Altered&, const Catalog&, const Catalog&) const override { return InPlace{}; }

  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    if (step.verb == Verb::drop) {
      // It may be gone by way of another database.
      w.raw("DROP FUNCTION IF EXISTS ").ident(step.key.name).end();
      return;
    }
    // It may be there by way of another database of the server.
    w.raw("CREATE OR REPLACE FUNCTION ").ident(step.key.name);
    std::vector<Hazard> hazards;
    if (step.verb == Verb::alter)
      hazards.push_back(
          {HazardKind::other, "what other databases of the server made with it keeps its former body"});
    w.raw(" AS " + sql_of(context.to.find<Function>(step.key)->body)).end(TxMode::inside, std::move(hazards));
  }
};
}  // namespace

const KindHandler& function_handler() {
  static const FunctionHandler handler;
  return handler;
}

}  // namespace trueup::clickhouse
