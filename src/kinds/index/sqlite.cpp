#include "base/text.hpp"
#include "engine/sqlite/build.hpp"
#include "engine/sqlite/constraint.hpp"
#include "engine/sqlite/definition.hpp"
#include "engine/sqlite/handlers.hpp"
#include "engine/sqlite/inventory.hpp"
#include "engine/sqlite/lexer.hpp"
#include "engine/sqlite/parent_key.hpp"

namespace trueup::sqlite {
namespace {
class IndexHandler final : public KindHandler {
 public:
  void introspect(Connection& connection, const Scope& scope, Catalog& out) const override {
    for (const auto& row : schema_rows(connection, "index", scope)) {
      const ObjectKey key = child_key(Kind::index, row.table, row.name);
      try {
        const ParsedIndex parsed = parse_index(row.sql);
        if (out.unmodelled.contains(to_string(table_key(row.table))))
          throw ParseError("its table is not modelled");
        if (!out.contains(table_key(row.table))) continue;  // of a table that is ignored, and so is this
        add_index(parsed, out);
        add_item(out, key, Standing::managed);
      } catch (const ParseError& e) {
        add_unmodelled(out, key, row.sql, e.what());
      }
    }
  }

  void normalize(const ObjectKey& key, ObjectBody& body, const Catalog& catalog,
                 std::vector<Diagnostic>& found) const override {
    auto& index = std::get<Index>(body);
    index.comment.clear();  // nowhere to keep it
    auto refuse = [&](std::string message) {
      report(catalog, key, found, std::move(message), "limit the index to other engines with `engines:`");
    };
    if (lower(index.method) == "btree") index.method.clear();
    if (!index.method.empty()) refuse("SQLite has no index method '" + index.method + "'");
    if (!index.include.empty()) refuse("SQLite indexes carry no further columns");
    if (index.nulls_not_distinct) refuse("SQLite takes nulls for distinct");
    for (auto& part : index.on) {
      part.nulls.clear();  // there is one order only
      if (!part.opclass.empty()) refuse("SQLite has no operator classes");
    }
  }

  void settle(ObjectBody& desired, const ObjectBody& current) const override {
    auto& d = std::get<Index>(desired);
    const auto& c = std::get<Index>(current);
    for (std::size_t i = 0; i < d.on.size() && i < c.on.size(); ++i)
      if (same_name(d.on[i].collation, c.on[i].collation)) d.on[i].collation = c.on[i].collation;
  }

  RenameMeans rename_means(const ObjectKey&, const ObjectKey&, const Catalog&) const override {
    return RenameMeans::unsupported;
  }
  Means means(const Altered&, const Catalog&, const Catalog&) const override { return Recreate{}; }

  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    if (step.verb == Verb::drop) {
      w.raw("drop index ").ident(step.key.name);
      w.end(TxMode::inside, lost_parent_keys(context.from, context.to, table_key(step.key.owner)));
      return;
    }
    const auto& index = *context.to.find<Index>(step.key);
    std::vector<Hazard> hazards;
    if (context.from.contains(table_key(step.key.owner))) {
      hazards.push_back({HazardKind::builds_index, "reads the whole table"});
      if (index.unique) hazards.push_back({HazardKind::other, "fails when rows are equal in the key"});
    }
    w.raw(index_definition(step.key, index)).end(TxMode::inside, std::move(hazards));
  }
};
}  // namespace

const KindHandler& index_handler() {
  static const IndexHandler handler;
  return handler;
}

}  // namespace trueup::sqlite
