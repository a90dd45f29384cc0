#include "base/text.hpp"
#include "engine/clickhouse/build.hpp"
#include "engine/clickhouse/column_change.hpp"
#include "engine/clickhouse/handlers.hpp"
#include "engine/clickhouse/lexer.hpp"
#include "engine/finding.hpp"

namespace trueup::clickhouse {
namespace {
/// Data skipping indexes.
class IndexHandler final : public KindHandler {
 public:
  void introspect(Connection&, const Scope&, Catalog&) const override {}  // comes with its table

  void normalize(const ObjectKey& key, ObjectBody& body, const Catalog& catalog,
                 std::vector<Diagnostic>& found) const override {
    auto& index = std::get<Index>(body);
    const auto refuse = [&](const std::string& what) {
      found.push_back(finding(catalog, key, what, "limit it to other engines with `engines:`"));
    };
    if (index.unique) refuse("no index of ClickHouse is unique");
    if (index.where) refuse("an index of ClickHouse covers all rows");
    if (!index.include.empty()) refuse("indexes of ClickHouse carry no further columns");
    index.comment.clear();  // nowhere to keep it
    if (index.method.empty() || lower(index.method) == "btree") index.method = "minmax";
    index.method = joined_list(index.method);
    for (auto& part : index.on) {
      part.order.clear();
      part.nulls.clear();
      const std::string text = part.expression ? lexical_form(sql_of(*part.expression)) : "";
      const auto all = significant(text);
      if (all.size() != 1 || !is_name(all[0])) continue;  // not `(a)`
      if (const ObjectKey column = child_key(Kind::column, key.owner, all[0].value());
          catalog.contains(column))
        part.column = Ref{column}, part.expression.reset();
    }
    if (auto it = index.options.find("granularity");
        it != index.options.end() && it->second == usual_granularity(index.method))
      index.options.erase(it);
  }
  RenameMeans rename_means(const ObjectKey&, const ObjectKey&, const Catalog&) const override {
    return RenameMeans::unsupported;
  }
  Means means(const Altered&, const Catalog&, const Catalog&) const override { return Recreate{}; }

  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    change_kept(
        step, context, w, "INDEX",
        [&] { return index_definition(step.key.name, *context.to.find<Index>(step.key)); },
        "reads its columns of every part, as a mutation");
  }
};
}  // namespace

const KindHandler& index_handler() {
  static const IndexHandler handler;
  return handler;
}

}  // namespace trueup::clickhouse
