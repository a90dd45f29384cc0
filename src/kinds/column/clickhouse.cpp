#include "base/text.hpp"
#include "engine/clickhouse/build.hpp"
#include "engine/clickhouse/catalog.hpp"
#include "engine/clickhouse/column_change.hpp"
#include "engine/clickhouse/conversion.hpp"
#include "engine/clickhouse/followers.hpp"
#include "engine/clickhouse/handlers.hpp"
#include "engine/clickhouse/lexer.hpp"
#include "engine/clickhouse/reading.hpp"
#include "engine/clickhouse/types.hpp"

namespace trueup::clickhouse {
namespace {
class ColumnHandler final : public KindHandler {
 public:
  void introspect(Connection&, const Scope&, Catalog&) const override {}  // comes with its table

  RenameMeans rename_means(const ObjectKey& old_key, const ObjectKey&, const Catalog& from) const override {
    const Table* table = owner_of(from, old_key);
    const bool fixed = table != nullptr && !renames_columns(*table);
    return fixed || key_words(from, table_key(old_key.owner)).contains(old_key.name) ? RenameMeans::rebuild
                                                                                     : RenameMeans::in_place;
  }

  bool needs_rebuild(Verb, const ObjectKey& child, const Catalog& from, const Catalog& to) const override {
    const Table *before = owner_of(from, child), *after = owner_of(to, child);
    return before != nullptr && after != nullptr && !is_alterable(*before) &&
           (after->rebuild || is_replaceable(*before));
  }
  Means means(const Altered& a, const Catalog& from, const Catalog& to) const override {
    if (const std::string why = impossible(a, from, to); !why.empty())
      return Unsupported{why, "add a column of the new type, fill it, and drop this one"};
    if (a.has("name") && engine_name(*owner_of(from, a.key)) == "Buffer")
      return Unsupported{
          "a Buffer writes what it has under the former name, which the table behind it may lack",
          "drop the Buffer, and create it again in a migration after that"};
    if (const std::string why = obstacle(a, from, to); !why.empty()) {
      const Table *before = owner_of(from, a.key), *after = owner_of(to, a.key);
      if (after != nullptr && (after->rebuild || is_replaceable(*before))) return Rebuild{};
      return Unsupported{why, "write `rebuild: true` at the table to have it copied into a new one"};
    }
    return InPlace{};
  }

  std::string loses_data(const Altered& a, const Catalog& from, const Catalog& to) const override {
    const auto &x = *from.find<Column>(a.key), &y = *to.find<Column>(a.key);
    const auto stored = [](const Column& c) { return !c.generated || c.generated_kind == "stored"; };
    if (stored(x) && !x.options.contains("ephemeral") && y.options.contains("ephemeral"))
      return "an ephemeral column keeps no values";
    if (stored(x) && !x.generated && !stored(y)) return "its stored values give way to an expression";
    const Table& table = *owner_of(from, a.key);
    if (!stored(x) && !y.generated && !is_merge_tree(table) && !holds_nothing(table) &&
        !owner_of(to, a.key)->rebuild)
      return "its values are computed and stored nowhere, and a table of the engine " + engine_name(table) +
             " has no way to store them";
    if (has_values(x, y))
      if (std::string why = lost_in_conversion(x.type.text, y.type.text); !why.empty()) return why;
    return values_grow_old(x, y) ? "values that are older than the new TTL go" : "";
  }

  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    const auto begin = [&]() -> SqlWriter& { return w.raw("ALTER TABLE ").ident(step.key.owner).raw(" "); };
    if (step.verb == Verb::create) {
      create(step.key, context, begin());
      if (context.from.contains(table_key(step.key.owner))) refresh_views(step, context, w);
    } else if (step.verb == Verb::drop) {
      refuse_under_view(step.key, context);
      refuse_unalterable(step.key, context.from);
      release_column(step, context, w);
      begin().raw("DROP COLUMN ").ident(step.key.name);
      w.end(TxMode::inside, {{HazardKind::deletes_data, "deletes the column"}});
      refresh_views(step, context, w);
    } else if (step.verb == Verb::rename) {
      rename(step, context, w);
      refresh_views(step, context, w);
    } else {
      if (context.from.find<Column>(step.key)->type == context.to.find<Column>(step.key)->type)
        return change_column(step.key, context, w);
      retype(step, context, w);
      refresh_views(step, context, w);
    }
  }

 private:
  /// The server renames no column that a projection names. One that changes itself comes later.
  static void rename(const Step& step, const RenderContext& context, SqlWriter& w) {
    const auto projections = projections_over(step.key, context.from);
    take_away(projections, step, w);
    w.raw("ALTER TABLE ").ident(step.key.owner).raw(" RENAME COLUMN ").ident(step.old_key->name).raw(" TO ");
    w.ident(step.key.name).end();
    bring_back(projections, step, context, w);
  }

  /// It converts no state of an aggregation to another type. Projections that change themselves are away.
  static void retype(const Step& step, const RenderContext& context, SqlWriter& w) {
    auto projections = projections_over(step.key, context.from);
    std::erase_if(projections, [&](const ObjectKey& key) {
      const auto &before = *context.from.find<Projection>(key), *after = context.to.find<Projection>(key);
      return after == nullptr || !changed_fields(before, *after).empty() || !aggregates(sql_of(before.query));
    });
    take_away(projections, step, w);
    change_column(step.key, context, w);
    bring_back(projections, step, context, w);
  }

  static bool aggregates(const std::string& query) {
    const auto all = significant(query);
    return std::any_of(all.begin(), all.end(), [](const Token& token) { return is_word(token, "group"); });
  }
  static void take_away(const std::vector<ObjectKey>& projections, const Step& step, SqlWriter& w) {
    for (const auto& key : projections) {
      w.begin_step(on_behalf(step, key));
      w.raw("ALTER TABLE ").ident(key.owner).raw(" DROP PROJECTION ").ident(key.name).end();
    }
    w.begin_step(step);
  }
  static void bring_back(const std::vector<ObjectKey>& projections, const Step& step,
                         const RenderContext& context, SqlWriter& w) {
    for (const auto& key : projections) {
      w.begin_step(on_behalf(step, key));
      const auto &before = *context.from.find<Projection>(key), *after = context.to.find<Projection>(key);
      w.raw("ALTER TABLE ").ident(key.owner).raw(" ADD " + projection_definition(key.name, before)).end();
      if (after == nullptr || !changed_fields(before, *after).empty()) continue;
      w.raw("ALTER TABLE ").ident(key.owner).raw(" MATERIALIZE PROJECTION ").ident(key.name);
      w.end(TxMode::inside, {{HazardKind::builds_index, "reads and writes every part, as a mutation"}});
    }
    w.begin_step(step);
  }

  static std::vector<ObjectKey> projections_over(const ObjectKey& column, const Catalog& from) {
    std::vector<ObjectKey> out;
    for (const auto& child : from.children(table_key(column.owner), Kind::projection)) {
      const auto uses = from.uses.find(child);
      if (reads_all(sql_of(from.find<Projection>(child)->query)) ||
          (uses != from.uses.end() && uses->second.hard.contains(column)))
        out.push_back(child);
    }
    return out;
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
      if (!before->second.soft.contains(key) || !reads_column(sql_of(*query), key.name)) continue;
      const auto& now = after->second;
      // Itself, or by way of a view that gives all columns.
      const bool by_view = std::any_of(now.hard.begin(), now.hard.end(), [&](const ObjectKey& other) {
        return other.kind == Kind::view && before->second.hard.contains(other);
      });
      const bool still_reads_it = by_view || now.hard.contains(table_key(key.owner));
      const bool from_elsewhere = std::any_of(now.soft.begin(), now.soft.end(), [&](const ObjectKey& other) {
        return other.kind == Kind::column && other.name == key.name && mentions(sql_of(*query), other.owner);
      });
      if (still_reads_it && !from_elsewhere)
        throw RefusedError({{to_string(key), to_string(view) + " still reads it, and would fail from then on",
                             "take it out of the query of " + display_name(view) + " in the same change"}});
    }
  }

  /// Neither in place nor in a copy.
  static std::string impossible(const Altered& a, const Catalog& from, const Catalog& to) {
    if (!a.has("type")) return {};
    const std::string &x = from.find<Column>(a.key)->type.text, &y = to.find<Column>(a.key)->type.text;
    const std::string label = renumbered(x, y);
    if (!label.empty() && !is_simple(without_nullable(x)))
      return "the value " + label + " of an enum inside of it cannot get another number";
    return no_conversion(x, y);
  }

  static std::string obstacle(const Altered& a, const Catalog& from, const Catalog& to) {
    if (const Table* table = owner_of(from, a.key); table != nullptr && !is_alterable(*table))
      return "a table of the engine " + engine_name(*table) + " cannot change in place";
    if (a.has("name") && !renames_columns(*owner_of(from, a.key)))
      return "a table of the engine " + engine_name(*owner_of(from, a.key)) + " renames no column in place";
    if (a.has("name"))
      return "a column of the table's keys or of its engine's arguments cannot be renamed in place";
    const bool in_key = key_words(from, table_key(a.key.owner)).contains(a.key.name);
    const auto &x = *from.find<Column>(a.key), &y = *to.find<Column>(a.key);
    if (a.has("type") && x.type.text.starts_with("Variant(") && y.type.text.starts_with("Variant("))
      for (const auto& one : variants(x.type.text))
        if (!variants(y.type.text).contains(one)) return "a Variant cannot lose types in place";
    if (const std::string label = renumbered(x.type.text, y.type.text); !label.empty())
      return "the value " + label + " of an enum cannot get another number in place";
    const bool kept = keeps_order(x.type.text, y.type.text) ||
                      (moves_zone_only(x.type.text, y.type.text) && only_itself_in_keys(a.key, from));
    if (a.has("type") && in_key && !kept)
      return "a column of the table's keys or of its engine's arguments cannot change its type in place";
    if (made_again(x, y))
      for (const auto& other : to.columns(table_key(a.key.owner)))
        if (to.uses.contains(other) && to.uses.at(other).hard.contains(a.key))
          return "it is ephemeral and " + other.name + " is computed from it, so that it cannot be replaced";
    return {};
  }

  /// No key computes anything from the column: `at`, but not `toDate(at)`.
  static bool only_itself_in_keys(const ObjectKey& key, const Catalog& from) {
    const Table& table = *owner_of(from, key);
    std::vector<std::string> elements;
    for (const auto* e : {&table.order_by, &table.partition_by, &table.sample_by})
      if (*e)
        for (auto& one : elements_of(sql_of(**e))) elements.push_back(std::move(one));
    return std::none_of(elements.begin(), elements.end(), [&](const std::string& element) {
      const auto all = significant(element);
      return all.size() > 1 &&
             std::any_of(all.begin(), all.end(), [&](const Token& t) { return t.value() == key.name; });
    });
  }

  static std::set<std::string> variants(std::string_view type) {
    std::set<std::string> out;
    const auto all = significant(type);
    for (const auto& one : by_commas(std::span(all).subspan(2, all.size() - 3))) out.insert(text_of(one));
    return out;
  }

  /// A column that the sorting key grows by must come in the same ALTER as the key.
  static void create(const ObjectKey& key, const RenderContext& context, SqlWriter& w) {
    refuse_unalterable(key, context.from);
    const ObjectKey table = table_key(key.owner);
    const Table *before = owner_of(context.from, key), *after = owner_of(context.to, key);
    if (before != nullptr && !(before->order_by == after->order_by)) {
      const auto keyed = new_key_columns(table, context.from, context.to).value_or(std::vector<ObjectKey>{});
      if (std::find(keyed.begin(), keyed.end(), key) != keyed.end()) {
        w.raw(grown_key(table, context)).end();
        return;
      }
    }
    w.raw("ADD COLUMN IF NOT EXISTS " +
          placed_definition(key.name, *context.to.find<Column>(key), place_of(key, context, Among::earlier)))
        .end();
  }
};
}  // namespace

const KindHandler& column_handler() {
  static const ColumnHandler handler;
  return handler;
}

}  // namespace trueup::clickhouse
