#include "base/text.hpp"
#include "engine/clickhouse/build.hpp"
#include "engine/clickhouse/catalog.hpp"
#include "engine/clickhouse/cluster.hpp"
#include "engine/clickhouse/column_change.hpp"
#include "engine/clickhouse/handlers.hpp"
#include "engine/clickhouse/lexer.hpp"
#include "engine/clickhouse/running.hpp"

namespace trueup::clickhouse {
namespace {
const Table& table_of(const Catalog& catalog, const ObjectKey& key) {
  return *catalog.find<Table>(key);
}

class TableHandler final : public KindHandler {
 public:
  void introspect(Connection&, const Scope&, Catalog&) const override {
  }  // see engine/clickhouse/introspect.cpp

  /// The server renames no table that a dictionary is loaded from.
  RenameMeans rename_means(const ObjectKey& old_key, const ObjectKey&, const Catalog& from) const override {
    const bool loaded = std::any_of(from.uses.begin(), from.uses.end(), [&](const auto& entry) {
      return entry.first.kind == Kind::dictionary &&
             (entry.second.hard.contains(old_key) || entry.second.soft.contains(old_key));
    });
    return loaded ? RenameMeans::unsupported : RenameMeans::in_place;
  }
  Means means(const Altered& a, const Catalog& from, const Catalog& to) const override {
    if (const std::string why = obstacle(a, from, to); !why.empty()) {
      if (table_of(to, a.key).rebuild || replaceable(a.key, from, to)) return Rebuild{};
      return Unsupported{why, "write `rebuild: true` at the table to have it copied into a new one"};
    }
    return InPlace{};
  }

  /// Where a replicated table is in the coordination service may be left to the cluster or to the server.
  void settle(ObjectBody& desired, const ObjectBody& current) const override {
    auto& want = std::get<Table>(desired).engine;
    const auto& have = std::get<Table>(current).engine;
    if (!want || !have) return;
    const std::string open = with_path_of(sql_of(*want), sql_of(*have));
    if (open != sql_of(*want)) want = have;
  }

  bool folds(Verb verb, const ObjectKey& child, const Catalog&) const override {
    return child.kind != Kind::row && (verb == Verb::create || verb == Verb::drop);
  }

  void render(const Step& step, std::span<const Step> folded, const RenderContext& context,
              SqlWriter& w) const override {
    switch (step.verb) {
      case Verb::create: {
        std::set<ObjectKey> with;
        for (const auto& s : folded) with.insert(s.key);
        w.raw(create_table(step.key, context.to, with)).end();
        break;
      }
      case Verb::drop:
        w.raw("DROP TABLE ").ident(step.key.name).raw(" SYNC");
        w.end(TxMode::inside, {{HazardKind::deletes_data, "deletes the table"}});
        break;
      case Verb::rename:
        w.raw("RENAME TABLE ").ident(step.old_key->name).raw(" TO ").ident(step.key.name).end();
        break;
      case Verb::alter:
        alter(step.key, context, w);
        break;
      case Verb::rebuild:
        rebuild(step.key, context, w);
        break;
    }
  }

 private:
  /// Only a way to other tables, before and after.
  static bool replaceable(const ObjectKey& key, const Catalog& from, const Catalog& to) {
    return holds_nothing(table_of(from, key)) && holds_nothing(table_of(to, key));
  }

  static std::string obstacle(const Altered& a, const Catalog& from, const Catalog& to) {
    if (a.has("engine")) return "the engine of a table cannot change in place";
    if (a.has("partition_by")) return "the partitioning key of a table cannot change in place";
    if (a.has("order_by") && !new_key_columns(a.key, from, to))
      return "a sorting key cannot change in place, but for columns at its end that are new and have no "
             "default";
    const Options &before = table_of(from, a.key).options, &after = table_of(to, a.key).options;
    for (std::string_view fixed :
         {"index_granularity", "allow_nullable_key", "enable_mixed_granularity_parts"}) {
      const auto x = before.find(std::string(fixed)), y = after.find(std::string(fixed));
      if ((x == before.end()) != (y == after.end()) || (x != before.end() && x->second != y->second))
        return fmt::format("the setting {} of a table cannot change in place", fixed);
    }
    return {};
  }

  static SqlWriter& begin(SqlWriter& w, const ObjectKey& key) {
    return w.raw("ALTER TABLE ").ident(key.name).raw(" ");
  }

  static void alter(const ObjectKey& key, const RenderContext& context, SqlWriter& w) {
    const Table &from = table_of(context.from, key), &to = table_of(context.to, key);
    if (!(from.order_by == to.order_by)) begin(w, key).raw(grown_key(key, context)).end();
    if (!(from.sample_by == to.sample_by))
      begin(w, key)
          .raw(to.sample_by ? "MODIFY SAMPLE BY " + sql_of(*to.sample_by) : "REMOVE SAMPLE BY")
          .end();
    if (!(from.ttl == to.ttl)) {
      begin(w, key).raw(to.ttl ? "MODIFY TTL " + sql_of(*to.ttl) : "REMOVE TTL");
      w.end(TxMode::inside,
            {{HazardKind::deletes_data, "rows that are older than the new TTL go, as a mutation"}});
    }
    if (from.options != to.options) settings(key, from.options, to.options, w);
    if (from.comment != to.comment) begin(w, key).raw("MODIFY COMMENT ").literal(to.comment).end();
  }

  static void settings(const ObjectKey& key, const Options& from, const Options& to, SqlWriter& w) {
    Options set;
    std::vector<std::string> reset;
    for (const auto& [name, value] : to)
      if (auto it = from.find(name); it == from.end() || it->second != value) set.emplace(name, value);
    for (const auto& [name, value] : from)
      if (!to.contains(name)) reset.push_back(name);
    if (!set.empty()) begin(w, key).raw("MODIFY SETTING " + settings_sql(set)).end();
    if (!reset.empty()) begin(w, key).raw("RESET SETTING " + join(reset, ", ")).end();
  }

  /// New table, copy, exchange: the table is there under its name at every moment.
  static void rebuild(const ObjectKey& key, const RenderContext& context, SqlWriter& w) {
    const std::string fresh = key.name + std::string(rebuilt_suffix);
    std::set<ObjectKey> with;
    for (const auto& child : context.to.children(key)) with.insert(child);
    if (replaceable(key, context.from, context.to)) {
      std::string sql = create_table(key, context.to, with);
      w.raw(sql.insert(std::string_view("CREATE").size(), " OR REPLACE")).end();
      return;
    }
    w.raw("DROP TABLE IF EXISTS ").ident(fresh).raw(" SYNC").end();
    w.raw(create_table(key, context.to, with, fresh)).end();
    std::vector<std::string> columns;
    for (const auto& child : context.to.columns(key)) {
      const auto& column = *context.to.find<Column>(child);
      if (!column.generated && context.from.contains(child)) columns.push_back(quote(child.name));
    }
    const std::string list = join(columns, ", ");
    w.raw("INSERT INTO ").ident(fresh).raw(" (" + list + ") SELECT " + list + " FROM ").ident(key.name);
    w.end(TxMode::inside,
          {{HazardKind::rewrites_table, "copies every row; needs the space of the table again"},
           {HazardKind::blocks_writes,
            "rows written between the copy and the exchange are lost: stop the writers"}});
    w.raw("EXCHANGE TABLES ").ident(fresh).raw(" AND ").ident(key.name).end();
    w.raw("DROP TABLE ").ident(fresh).raw(" SYNC");
    w.end(TxMode::inside, {{HazardKind::other, "drops the old copy; its rows are in the new table"}});
  }
};
}  // namespace

const KindHandler& table_handler() {
  static const TableHandler handler;
  return handler;
}

}  // namespace trueup::clickhouse
