#include "base/text.hpp"
#include "engine/clickhouse/build.hpp"
#include "engine/clickhouse/catalog.hpp"
#include "engine/clickhouse/cluster.hpp"
#include "engine/clickhouse/column_change.hpp"
#include "engine/clickhouse/conversion.hpp"
#include "engine/clickhouse/followers.hpp"
#include "engine/clickhouse/handlers.hpp"
#include "engine/clickhouse/lexer.hpp"
#include "engine/clickhouse/running.hpp"
#include "engine/clickhouse/ttl.hpp"

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

  std::string loses_data(const Altered& a, const Catalog& from, const Catalog& to) const override {
    const Table &x = table_of(from, a.key), &y = table_of(to, a.key);
    if (auto why = lost_in_copy(x, y); !why.empty()) return why;
    if (a.has("ttl") && takes_more(x, y)) return "rows that are older than the new TTL go";
    return {};
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
        refresh_views(step, context, w);
        break;
    }
  }

 private:
  /// Only a way to other tables, before and after.
  static bool replaceable(const ObjectKey& key, const Catalog& from, const Catalog& to) {
    return is_replaceable(table_of(from, key)) && is_replaceable(table_of(to, key));
  }

  /// What becomes of rows that another engine or key does not keep apart.
  static std::string lost_in_copy(const Table& x, const Table& y) {
    if (holds_nothing(y) && !holds_nothing(x))
      return fmt::format("the engine {} keeps none of its rows", engine_name(y));
    if (merges_more(x, y))
      return fmt::format("the engine {} makes one row of those that have the same key", engine_name(y));
    return {};
  }

  static bool takes_more(const Table& x, const Table& y) {
    return ttl_takes_more(x.ttl ? sql_of(*x.ttl) : "", y.ttl ? sql_of(*y.ttl) : "");
  }

  /// Rows that the former table kept apart become one in the new one.
  static bool merges_more(const Table& x, const Table& y) {
    const auto family = [](const Table& t) {
      std::string name = engine_name(t);
      for (const std::string_view prefix : {"Replicated", "Shared"})
        if (name.starts_with(prefix)) name.erase(0, prefix.size());
      return name;
    };
    const auto merges = [&](const Table& t) {
      const std::string name = family(t);
      return (is_merge_tree(t) && name != "MergeTree") || name == "Set" || name == "Join" ||
             name == "EmbeddedRocksDB" || name == "KeeperMap";
    };
    if (!merges(y)) return false;
    if (family(x) != family(y)) return true;
    const auto before = x.order_by ? elements_of(sql_of(*x.order_by)) : std::vector<std::string>{};
    const auto after = y.order_by ? elements_of(sql_of(*y.order_by)) : std::vector<std::string>{};
    return after.size() < before.size() || !std::equal(before.begin(), before.end(), after.begin());
  }

  static std::string obstacle(const Altered& a, const Catalog& from, const Catalog& to) {
    if (a.has("engine")) return "the engine of a table cannot change in place";
    if (a.has("partition_by")) return "the partitioning key of a table cannot change in place";
    if (a.has("order_by") && !new_key_columns(a.key, from, to))
      return "a sorting key cannot change in place, but for columns at its end that are new and have no "
             "default";
    if (a.has("options") && is_stream(table_of(from, a.key)))
      return "the settings of a table of the engine " + engine_name(table_of(from, a.key)) +
             " cannot change in place";
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
      std::vector<Hazard> hazards;
      if (takes_more(from, to))
        hazards.push_back(
            {HazardKind::deletes_data, "rows that are older than the new TTL go, as a mutation"});
      else if (to.ttl)
        hazards.push_back({HazardKind::rewrites_table, "every part is given its new times, as a mutation"});
      w.end(TxMode::inside, std::move(hazards));
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
    if (holds_nothing(table_of(context.to, key)) || is_stream(table_of(context.from, key)))
      return replace(key, create_table(key, context.to, with), context, w);
    for (const auto& child : context.to.columns(key))
      if (const auto* former = context.from.find<Column>(child))
        check_values(former_key(child, context), *former, *context.to.find<Column>(child), w);
    w.raw("DROP TABLE IF EXISTS ").ident(fresh).raw(" SYNC").end();
    w.raw(create_table(key, context.to, with, fresh)).end();
    copy(key, fresh, context, w);
    w.raw("EXCHANGE TABLES ").ident(fresh).raw(" AND ").ident(key.name).end();
    w.raw("DROP TABLE ").ident(fresh).raw(" SYNC");
    w.end(TxMode::inside, {{HazardKind::other, "drops the old copy; its rows are in the new table"}});
  }

  /// Made anew: there is nothing to copy.
  static void replace(const ObjectKey& key, std::string sql, const RenderContext& context, SqlWriter& w) {
    const Table &x = table_of(context.from, key), &y = table_of(context.to, key);
    std::vector<Hazard> hazards;
    if (auto why = lost_in_copy(x, y); !why.empty())
      hazards.push_back({HazardKind::deletes_data, std::move(why)});
    if (is_stream(x))
      hazards.push_back({HazardKind::other,
                         "nothing is read until it is there again, with the views that collect from it"});
    const auto apart = [](const Table& t) { return is_stream(t) && !is_replaceable(t); };
    if (apart(x) || apart(y)) {  // two of them at once would take each other's place
      hazards.push_back({HazardKind::other,
                         "what waits for it may go with it, and files that it has read may be read again"});
      w.raw("DROP TABLE IF EXISTS ").ident(key.name).raw(" SYNC").end(TxMode::inside, std::move(hazards));
      w.raw(sql).end();
      return;
    }
    w.raw(sql.insert(std::string_view("CREATE").size(), " OR REPLACE"));
    w.end(TxMode::inside, std::move(hazards));
  }

  /// A column as the table that is copied has it.
  static ObjectKey former_key(const ObjectKey& column, const RenderContext& context) {
    const auto it = context.former_names.find(column);
    return it == context.former_names.end() ? column : child_key(Kind::column, column.owner, it->second);
  }

  /// All that both tables store; what an INSERT is not given otherwise, MATERIALIZED columns, too.
  static void copy(const ObjectKey& key, const std::string& fresh, const RenderContext& context,
                   SqlWriter& w) {
    std::vector<std::string> columns, sources;
    bool computed = false;
    for (const auto& child : context.to.columns(key)) {
      const Column &y = *context.to.find<Column>(child), *x = context.from.find<Column>(child);
      if (x == nullptr || x->options.contains("ephemeral") || y.options.contains("ephemeral")) continue;
      if (y.generated && (y.generated_kind == "virtual" || (x->generated && x->generated_kind == "virtual")))
        continue;
      computed = computed || y.generated.has_value();
      columns.push_back(quote(child.name));
      std::string source = quote(former_key(child, context).name);
      if (!renumbered(x->type.text, y.type.text).empty())  // the server would match the numbers
        source = fmt::format("CAST(toString({}), {})", source, literal(y.type.text));
      sources.push_back(std::move(source));
    }
    w.raw("INSERT INTO ").ident(fresh).raw(" (" + join(columns, ", ") + ")");
    if (computed) w.raw(" SETTINGS insert_allow_materialized_columns = 1");
    w.raw(" SELECT " + join(sources, ", ") + " FROM ").ident(key.name);
    std::vector<Hazard> hazards{
        {HazardKind::rewrites_table, "copies every row; needs the space of the table again"},
        {HazardKind::blocks_writes,
         "rows written between the copy and the exchange are lost: stop the writers"}};
    if (auto why = lost_in_copy(table_of(context.from, key), table_of(context.to, key)); !why.empty())
      hazards.push_back({HazardKind::deletes_data, std::move(why)});
    w.end(TxMode::inside, std::move(hazards));
  }
};
}  // namespace

const KindHandler& table_handler() {
  static const TableHandler handler;
  return handler;
}

}  // namespace trueup::clickhouse
