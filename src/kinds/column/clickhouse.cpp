#include "base/text.hpp"
#include "engine/clickhouse/build.hpp"
#include "engine/clickhouse/catalog.hpp"
#include "engine/clickhouse/column_change.hpp"
#include "engine/clickhouse/handlers.hpp"
#include "engine/clickhouse/lexer.hpp"

namespace trueup::clickhouse {
namespace {
class ColumnHandler final : public KindHandler {
 public:
  void introspect(Connection&, const Scope&, Catalog&) const override {}  // comes with its table

  RenameMeans rename_means(const ObjectKey& old_key, const ObjectKey&, const Catalog& from) const override {
    return key_words(from, table_key(old_key.owner)).contains(old_key.name) ? RenameMeans::unsupported
                                                                            : RenameMeans::in_place;
  }

  Means means(const Altered& a, const Catalog& from, const Catalog& to) const override {
    if (const std::string why = obstacle(a, from, to); !why.empty()) {
      if (const Table* table = owner_of(to, a.key); table != nullptr && table->rebuild) return Rebuild{};
      return Unsupported{why, "write `rebuild: true` at the table to have it copied into a new one"};
    }
    return InPlace{};
  }

  std::string loses_data(const Altered& a, const Catalog& from, const Catalog& to) const override {
    const auto &x = *from.find<Column>(a.key), &y = *to.find<Column>(a.key);
    const auto stored = [](const Column& c) { return !c.generated || c.generated_kind == "stored"; };
    if (stored(x) && !x.options.contains("ephemeral") && y.options.contains("ephemeral"))
      return "an ephemeral column keeps no values";
    return stored(x) && !x.generated && !stored(y) ? "its stored values give way to an expression" : "";
  }

  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    const auto begin = [&]() -> SqlWriter& { return w.raw("ALTER TABLE ").ident(step.key.owner).raw(" "); };
    if (step.verb == Verb::create) {
      create(step.key, context, begin());
    } else if (step.verb == Verb::drop) {
      refuse_under_view(step.key, context);
      begin().raw("DROP COLUMN ").ident(step.key.name);
      w.end(TxMode::inside, {{HazardKind::deletes_data, "deletes the column"}});
    } else if (step.verb == Verb::rename) {
      begin().raw("RENAME COLUMN ").ident(step.old_key->name).raw(" TO ").ident(step.key.name).end();
    } else {
      change_column(step.key, context, w);
    }
  }

 private:
  /// Does the query use the name otherwise than as the alias of a result?
  static bool reads(const std::string& query, const std::string& name) {
    const auto all = significant(query);
    for (std::size_t i = 0; i < all.size(); ++i)
      if (is_name(all[i]) && all[i].value() == name && (i == 0 || !is_word(all[i - 1], "as"))) return true;
    return false;
  }

  /// The server drops a column under a view that reads it, and then refuses every query of the view, and
  /// every INSERT that a materialized view would collect.
  static void refuse_under_view(const ObjectKey& key, const RenderContext& context) {
    for (const auto& [view, body] : context.to.objects) {
      const Expr* query = nullptr;
      if (const auto* v = std::get_if<View>(&body)) query = &v->query;
      if (const auto* v = std::get_if<MaterializedView>(&body)) query = &v->query;
      const auto before = context.from.uses.find(view), after = context.to.uses.find(view);
      if (query == nullptr || before == context.from.uses.end() || after == context.to.uses.end()) continue;
      if (!before->second.soft.contains(key) || !reads(sql_of(*query), key.name)) continue;
      const auto& now = after->second;
      const bool still_reads_it = now.hard.contains(table_key(key.owner));
      const bool from_elsewhere = std::any_of(now.soft.begin(), now.soft.end(), [&](const ObjectKey& other) {
        return other.kind == Kind::column && other.name == key.name && reads(sql_of(*query), other.owner);
      });
      if (still_reads_it && !from_elsewhere)
        throw RefusedError({{to_string(key), to_string(view) + " still reads it, and would fail from then on",
                             "take it out of the query of " + display_name(view) + " in the same change"}});
    }
  }

  static std::string obstacle(const Altered& a, const Catalog& from, const Catalog& to) {
    const bool in_key = key_words(from, table_key(a.key.owner)).contains(a.key.name);
    const auto &x = *from.find<Column>(a.key), &y = *to.find<Column>(a.key);
    if (a.has("type") && in_key && !keeps_order(x.type.text, y.type.text))
      return "a column of the table's keys or of its engine's arguments cannot change its type in place";
    if (x.options.contains("ephemeral") && !x.default_value && !y.options.contains("ephemeral"))
      for (const auto& other : to.columns(table_key(a.key.owner)))
        if (to.uses.contains(other) && to.uses.at(other).hard.contains(a.key))
          return "it is ephemeral and " + other.name + " is computed from it, so that it cannot be replaced";
    return {};
  }

  /// A column that the sorting key grows by must come in the same ALTER as the key.
  static void create(const ObjectKey& key, const RenderContext& context, SqlWriter& w) {
    const auto& column = *context.to.find<Column>(key);
    const ObjectKey table = table_key(key.owner);
    const Table *before = owner_of(context.from, key), *after = owner_of(context.to, key);
    const bool keyed = before != nullptr && !(before->order_by == after->order_by) &&
                       key_words(context.to, table).contains(key.name);
    std::string last;
    bool middle = false;
    for (const auto& other : context.to.columns(table)) {
      if (other == key) {
        middle = true;
      } else if (!middle && context.from.contains(other)) {
        last = other.name;
      } else if (middle && context.from.contains(other)) {
        middle = false;
        w.raw("ADD COLUMN IF NOT EXISTS " + column_definition(key.name, column));
        w.raw(last.empty() ? " FIRST" : " AFTER " + quote(last));
        return finish(keyed, *after, key, context, w);
      }
    }
    w.raw("ADD COLUMN IF NOT EXISTS " + column_definition(key.name, column));
    finish(keyed, *after, key, context, w);
  }
  static void finish(bool keyed, const Table& after, const ObjectKey& key, const RenderContext& context,
                     SqlWriter& w) {
    if (keyed) {
      const auto words = key_words(context.to, table_key(key.owner));
      for (const auto& other : context.to.columns(table_key(key.owner)))
        if (other != key && words.contains(other.name) && !context.from.contains(other))
          w.raw(", ADD COLUMN IF NOT EXISTS " +
                column_definition(other.name, *context.to.find<Column>(other)));
      w.raw(", MODIFY ORDER BY " + sql_of(*after.order_by));
    }
    w.end();
  }
};
}  // namespace

const KindHandler& column_handler() {
  static const ColumnHandler handler;
  return handler;
}

}  // namespace trueup::clickhouse
