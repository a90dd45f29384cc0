#include "engine/clickhouse/build.hpp"
#include "engine/clickhouse/catalog.hpp"
#include "engine/clickhouse/handlers.hpp"

namespace trueup::clickhouse {
namespace {
/// The part of the sorting key that the index in memory holds. It is fixed when the table is made.
class PrimaryKeyHandler final : public KindHandler {
 public:
  void introspect(Connection&, const Scope&, Catalog&) const override {}  // comes with its table

  /// A table that says only how it is sorted takes any index over the beginning of that.
  bool left_open(const ObjectKey& key, const Catalog& from, const Catalog& to) const override {
    const Table* table = owner_of(to, key);
    if (table == nullptr || table->rebuild || !table->order_by) return false;
    for (const auto& child : to.children(table_key(key.owner)))
      if (child.kind == Kind::primary_key) return false;
    const auto parts = elements_of(parts_sql(from.find<PrimaryKey>(key)->on));
    const auto sorted = elements_of(sql_of(*table->order_by));
    return parts.size() <= sorted.size() && std::equal(parts.begin(), parts.end(), sorted.begin());
  }
  RenameMeans rename_means(const ObjectKey&, const ObjectKey&, const Catalog&) const override {
    return RenameMeans::implied;
  }
  bool needs_rebuild(Verb, const ObjectKey& child, const Catalog&, const Catalog& to) const override {
    const Table* table = owner_of(to, child);
    return table != nullptr && table->rebuild;
  }
  Means means(const Altered& a, const Catalog&, const Catalog& to) const override {
    if (const Table* table = owner_of(to, a.key); table != nullptr && table->rebuild) return Rebuild{};
    return Unsupported{"the primary key of a table cannot change in place",
                       "write `rebuild: true` at the table to have it copied into a new one"};
  }
  void render(const Step& step, std::span<const Step>, const RenderContext&, SqlWriter&) const override {
    throw RefusedError({{to_string(step.key), "the primary key of a table cannot change in place",
                         "write `rebuild: true` at the table to have it copied into a new one"}});
  }
};
}  // namespace

const KindHandler& primary_key_handler() {
  static const PrimaryKeyHandler handler;
  return handler;
}

}  // namespace trueup::clickhouse
