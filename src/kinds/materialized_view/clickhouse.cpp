#include "base/text.hpp"
#include "engine/clickhouse/build.hpp"
#include "engine/clickhouse/catalog.hpp"
#include "engine/clickhouse/cluster.hpp"
#include "engine/clickhouse/followers.hpp"
#include "engine/clickhouse/handlers.hpp"
#include "engine/clickhouse/lexer.hpp"
#include "engine/clickhouse/reading.hpp"

namespace trueup::clickhouse {
namespace {
class MaterializedViewHandler final : public KindHandler {
 public:
  void introspect(Connection&, const Scope&, Catalog&) const override {
  }  // see engine/clickhouse/introspect.cpp

  void normalize(const ObjectKey&, ObjectBody& body, const Catalog&,
                 std::vector<Diagnostic>&) const override {
    auto& view = std::get<MaterializedView>(body);
    view.column_comments.clear();  // nowhere to keep them
    normalize_security(view.options);
    // The server writes it into a refreshable view that says nothing.
    if (auto it = view.options.find("sql_security"); it != view.options.end())
      if (view.refresh && it->second == "DEFINER" && !view.options.contains("definer"))
        view.options.erase(it);
    std::string_view text = trim(view.query.text);
    while (text.ends_with(';')) text = trim(text.substr(0, text.size() - 1));
    view.query.text = std::string(text);
    if (view.storage) view.storage->text = plain_storage(view.storage->text);
    if (view.storage && !view.storage->canonical.empty()) view.storage->canonical = view.storage->text;
  }

  void settle(ObjectBody& desired, const ObjectBody& current) const override {
    auto& want = std::get<MaterializedView>(desired).storage;
    const auto& have = std::get<MaterializedView>(current).storage;
    if (!want || !have) return;
    const auto engine = [](const Expr& e) {  // behind `ENGINE =`
      const auto all = significant(sql_of(e));
      return all.size() > 2 ? text_of(std::span(all).subspan(2)) : std::string();
    };
    const std::string wanted = engine(*want), open = with_path_of(wanted, engine(*have));
    if (open == wanted) return;
    want->text = "ENGINE = " + open;
    want->canonical = lexical_form(want->text) == lexical_form(sql_of(*have)) ? have->canonical : "";
  }

  Means means(const Altered& a, const Catalog& from, const Catalog& to) const override {
    const auto &x = *from.find<MaterializedView>(a.key), &y = *to.find<MaterializedView>(a.key);
    const bool schedule = x.refresh.has_value() == y.refresh.has_value() && appends(x) == appends(y);
    const bool rights = !a.has("options") || y.options.contains("sql_security");
    if (!a.has("storage") && !a.has("to") && schedule && rights) return InPlace{};
    if (x.storage)
      return Unsupported{"its rows are in a table of its own, which cannot change in place and would be lost",
                         "make a second view with `to:` and a table, fill it, then drop this one"};
    return Recreate{};
  }
  std::string drop_loses_data(const ObjectKey& key, const Catalog& from) const override {
    return from.find<MaterializedView>(key)->storage ? "is dropped, with the rows in its own table" : "";
  }

  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    switch (step.verb) {
      case Verb::drop:
        drop(step, context, w);
        break;
      case Verb::rename:
        w.raw("RENAME TABLE ").ident(step.old_key->name).raw(" TO ").ident(step.key.name).end();
        break;
      case Verb::create:
        create(step, context, w);
        break;
      case Verb::alter:
      case Verb::rebuild:
        alter(step, context, w);
        break;
    }
  }

 private:
  static bool appends(const MaterializedView& view) {
    const auto all = view.refresh ? significant(sql_of(*view.refresh)) : std::vector<Token>{};
    return std::any_of(all.begin(), all.end(), [](const Token& token) { return is_word(token, "append"); });
  }

  /// Without the setting that every table gets when it says nothing.
  static std::string plain_storage(std::string text) {
    for (std::string_view usual : {" SETTINGS index_granularity = 8192", ", index_granularity = 8192"})
      if (text.ends_with(usual)) text.erase(text.size() - usual.size());
    return text;
  }

  static void drop(const Step& step, const RenderContext& context, SqlWriter& w) {
    std::vector<Hazard> hazards;
    if (context.from.find<MaterializedView>(step.key)->storage)
      hazards.push_back({HazardKind::deletes_data, "deletes the rows in its own table"});
    if (context.to.contains(step.key))
      hazards.push_back({HazardKind::other, "rows that arrive until it is created again are not collected"});
    w.raw("DROP VIEW ").ident(step.key.name).raw(" SYNC").end(TxMode::inside, std::move(hazards));
  }

  static void create(const Step& step, const RenderContext& context, SqlWriter& w) {
    const auto& view = *context.to.find<MaterializedView>(step.key);
    std::vector<Hazard> hazards;
    if (!view.refresh && !context.from.contains(step.key))
      hazards.push_back({HazardKind::other, "collects rows from now on; what is there already is not in it"});
    w.raw(create_materialized_view(step.key.name, view)).end(TxMode::inside, std::move(hazards));
  }

  /// CREATE refuses a query with results that the table has no columns for; MODIFY QUERY takes it, and the
  /// values are lost.
  static void refuse_lost_results(const ObjectKey& key, const MaterializedView& x, const MaterializedView& y,
                                  const Catalog& to) {
    if (!y.to) return;
    const auto target = significant(sql_of(*y.to));
    if (target.size() != 1 || !to.contains(table_key(target[0].value()))) return;
    const auto before = results_of(sql_of(x.query), Results::all);
    for (const auto& result : results_of(sql_of(y.query), Results::all))
      if (!before.contains(result) && !to.contains(child_key(Kind::column, target[0].value(), result)))
        throw RefusedError(
            {{to_string(key),
              fmt::format("its query gives {0}, and {1} has no column of that name: the values would be lost",
                          result, target[0].value()),
              fmt::format("add the column to {0}, or name the result as a column of {0}",
                          target[0].value())}});
  }

  static void alter(const Step& step, const RenderContext& context, SqlWriter& w) {
    const auto &x = *context.from.find<MaterializedView>(step.key),
               &y = *context.to.find<MaterializedView>(step.key);
    const auto begin = [&]() -> SqlWriter& { return w.raw("ALTER TABLE ").ident(step.key.name).raw(" "); };
    if (!(x.query == y.query)) {
      refuse_lost_results(step.key, x, y, context.to);
      begin().raw("MODIFY QUERY " + sql_of(y.query));
      w.end(TxMode::inside, {{HazardKind::other, "rows collected so far stay as they are"}});
      refresh_views(step, context, w);
    }
    if (x.options != y.options) begin().raw("MODIFY" + security_clauses(y.options, " ")).end();
    if (!(x.refresh == y.refresh)) begin().raw("MODIFY REFRESH " + sql_of(*y.refresh)).end();
    if (x.comment != y.comment) begin().raw("MODIFY COMMENT ").literal(y.comment).end();
  }
};
}  // namespace

const KindHandler& materialized_view_handler() {
  static const MaterializedViewHandler handler;
  return handler;
}

}  // namespace trueup::clickhouse
