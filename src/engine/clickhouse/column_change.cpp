#include "engine/clickhouse/column_change.hpp"

#include "base/text.hpp"
#include "engine/clickhouse/build.hpp"
#include "engine/clickhouse/catalog.hpp"
#include "engine/clickhouse/conversion.hpp"
#include "engine/clickhouse/lexer.hpp"
#include "engine/clickhouse/ttl.hpp"
#include "engine/clickhouse/types.hpp"
#include "kinds/order.hpp"

namespace trueup::clickhouse {
namespace {
class Change {
 public:
  Change(const ObjectKey& key, const RenderContext& context, std::string place, SqlWriter& w)
      : key_(key),
        from_(*context.from.find<Column>(key)),
        to_(*context.to.find<Column>(key)),
        storable_(is_merge_tree(*owner_of(context.from, key)) && !reads_ephemeral(key, context.from)),
        place_(std::move(place)),
        w_(w) {}

  void run() {
    if (made_again(from_, to_)) return replace();
    const bool typed = !(from_.type == to_.type);
    check_values(key_, from_, to_, w_);
    const bool value_kind = from_.default_value.has_value() != to_.default_value.has_value() ||
                            from_.generated.has_value() != to_.generated.has_value();
    const bool given = to_.default_value || to_.generated || to_.options.contains("ephemeral");
    const bool stored = storable_ && default_may_be_missed(from_, to_);
    if (stored) store_values();
    if (value_kind && !given) remove(stored ? "DEFAULT" : default_word(from_));
    if (from_.codec && !to_.codec) remove("CODEC");
    if (from_.ttl && !to_.ttl) remove("TTL");
    reset_settings();
    const bool ephemeral = from_.options.contains("ephemeral") != to_.options.contains("ephemeral");
    const bool value =
        ephemeral || (!(from_.default_value == to_.default_value && from_.generated == to_.generated &&
                        from_.generated_kind == to_.generated_kind) &&
                      given);
    const bool codec = to_.codec && !(from_.codec == to_.codec), ttl = to_.ttl && !(from_.ttl == to_.ttl);
    if (typed || value || codec || ttl) modify(typed && !moves_zone_only(from_.type.text, to_.type.text));
    set_settings();
    statistics();
    if (from_.comment != to_.comment)
      begin().raw("COMMENT COLUMN ").ident(key_.name).raw(" ").literal(to_.comment).end();
  }

 private:
  /// Such a column has no values but on the way in: a mutation that asks for it never ends.
  static bool reads_ephemeral(const ObjectKey& key, const Catalog& from) {
    const auto uses = from.uses.find(key);
    if (uses == from.uses.end()) return false;
    return std::any_of(uses->second.hard.begin(), uses->second.hard.end(), [&](const ObjectKey& used) {
      const auto* column = from.find<Column>(used);
      return column != nullptr && column->options.contains("ephemeral");
    });
  }
  SqlWriter& begin() { return w_.raw("ALTER TABLE ").ident(key_.owner).raw(" "); }
  static std::string default_word(const Column& c) {
    if (c.options.contains("ephemeral")) return "EPHEMERAL";
    if (c.default_value) return "DEFAULT";
    return c.generated_kind == "virtual" ? "ALIAS" : "MATERIALIZED";
  }
  void replace() {
    begin().raw("DROP COLUMN ").ident(key_.name).end();
    begin().raw("ADD COLUMN IF NOT EXISTS " + placed_definition(key_.name, to_, place_)).end();
  }
  /// Parts from before the column hold no values of it: they give what the expression of today says. The
  /// server leaves alone what is stored.
  void store_values() {
    if (from_.generated) {
      Column plain = from_;
      plain.default_value = std::exchange(plain.generated, std::nullopt);
      plain.comment.clear();
      plain.options.clear();
      begin().raw("MODIFY COLUMN " + column_definition(key_.name, plain)).end();
    }
    begin().raw("MATERIALIZE COLUMN ").ident(key_.name);
    w_.end(TxMode::inside, {{HazardKind::rewrites_table,
                             "writes the values into the parts that do not store them, as a mutation"}});
  }
  void remove(const std::string& what) {
    begin().raw("MODIFY COLUMN ").ident(key_.name).raw(" REMOVE " + what).end();
  }
  void modify(bool rewrites) {
    Column plain = to_;  // comment, settings and statistics have statements of their own
    plain.comment.clear();
    plain.options.clear();
    if (to_.options.contains("ephemeral")) plain.options["ephemeral"] = "1";
    // Without a default in the same statement the server takes no Nullable away.
    const bool filler =
        is_nullable(from_.type.text) && !is_nullable(to_.type.text) && !to_.default_value && !to_.generated;
    const std::string value = "defaultValueOfTypeName(" + literal(to_.type.text) + ")";
    if (filler) plain.default_value = Expr{value, value};
    begin().raw("MODIFY COLUMN " + column_definition(key_.name, plain));
    std::vector<Hazard> hazards;
    if (rewrites)
      hazards.push_back({HazardKind::rewrites_table, "rewrites the column in every part, as a mutation"});
    if (values_grow_old(from_, to_))
      hazards.push_back(
          {HazardKind::deletes_data, "values that are older than the new TTL go, as a mutation"});
    w_.end(TxMode::inside, std::move(hazards));
    if (filler) remove("DEFAULT");
  }
  void reset_settings() {
    std::vector<std::string> gone;
    const Options kept = column_settings(to_);
    for (const auto& [name, value] : column_settings(from_))
      if (!kept.contains(name)) gone.push_back(name);
    if (!gone.empty())
      begin().raw("MODIFY COLUMN ").ident(key_.name).raw(" RESET SETTING " + join(gone, ", ")).end();
  }
  void set_settings() {
    Options set;
    const Options before = column_settings(from_);
    for (const auto& [name, value] : column_settings(to_))
      if (auto it = before.find(name); it == before.end() || it->second != value) set.emplace(name, value);
    if (!set.empty())
      begin().raw("MODIFY COLUMN ").ident(key_.name).raw(" MODIFY SETTING " + settings_sql(set)).end();
  }
  void statistics() {
    const auto x = from_.options.find("statistics"), y = to_.options.find("statistics");
    const bool had = x != from_.options.end(), has = y != to_.options.end();
    if (had && !has) begin().raw("DROP STATISTICS ").ident(key_.name).end();
    if (has && (!had || x->second != y->second))
      begin()
          .raw(had ? "MODIFY STATISTICS " : "ADD STATISTICS ")
          .ident(key_.name)
          .raw(" TYPE " + y->second)
          .end();
    if (has && (!had || x->second != y->second)) {
      begin().raw("MATERIALIZE STATISTICS ").ident(key_.name);
      w_.end(TxMode::inside, {{HazardKind::scans_table, "reads the column in every part, as a mutation"}});
    }
  }

  const ObjectKey& key_;
  const Column &from_, &to_;
  bool storable_;      ///< can the server compute the values and store them in the parts of the table?
  std::string place_;  ///< ` AFTER x`
  SqlWriter& w_;
};
}  // namespace

void check_values(const ObjectKey& key, const Column& from, const Column& to, SqlWriter& w) {
  if (!has_values(from, to) || from.type == to.type) return;
  const std::string condition = changed_values(quote(key.name), from.type.text, to.type.text);
  if (condition.empty()) return;
  std::string note = filled_by_conversion(from.type.text, to.type.text);
  refuse_rows(key.owner, condition,
              fmt::format("values of {}.{} do not fit the type {}", key.owner, key.name, to.type.text), w,
              std::move(note));
}

bool has_values(const Column& from, const Column& to) {
  const bool stored = !from.generated || from.generated_kind == "stored";
  return !from.options.contains("ephemeral") && (stored || !to.generated);
}

bool default_may_be_missed(const Column& from, const Column& to) {
  if (to.generated || from.options.contains("ephemeral") || to.options.contains("ephemeral")) return false;
  const auto& before = from.generated ? from.generated : from.default_value;
  return before && !(before == to.default_value);
}

bool made_again(const Column& from, const Column& to) {
  if (!from.options.contains("ephemeral")) return false;
  const bool given = to.default_value || to.generated;
  return from.default_value ? !given && !to.options.contains("ephemeral")
                            : given || !to.options.contains("ephemeral");
}

void refuse_rows(const std::string& table, const std::string& condition, const std::string& message,
                 SqlWriter& w, std::string note) {
  w.raw("SELECT throwIf(count() > 0, " + literal(message) + ") FROM ")
      .ident(table)
      .raw(" WHERE " + condition);
  std::vector<Hazard> hazards{
      {HazardKind::scans_table, "only looks, and stops the migration where rows are in the way"}};
  if (!note.empty()) hazards.push_back({HazardKind::other, std::move(note)});
  w.end(TxMode::inside, std::move(hazards));
}

bool values_grow_old(const Column& from, const Column& to) {
  return !(from.ttl == to.ttl) &&
         ttl_takes_more(from.ttl ? sql_of(*from.ttl) : "", to.ttl ? sql_of(*to.ttl) : "");
}

std::string place_of(const ObjectKey& key, const RenderContext& context, Among among) {
  const ObjectKey table = table_key(key.owner);
  const auto placed = placing_order(context.from, context.to, table);
  std::set<ObjectKey> there;
  for (const auto& other : context.to.columns(table))
    if (std::find(placed.begin(), placed.end(), other) == placed.end()) there.insert(other);
  // The columns that the sorting key grows by come all at once, with the first of them.
  std::vector<ObjectKey> keyed;
  if (!placed.empty()) keyed = new_key_columns(table, context.from, context.to).value_or(keyed);
  const auto in_key = [&](const ObjectKey& k) {
    return std::find(keyed.begin(), keyed.end(), k) != keyed.end();
  };
  for (const auto& other : placed) {
    if (among == Among::before_key ? in_key(other) : other == key) break;
    there.insert(other);
    if (in_key(other)) there.insert(keyed.begin(), keyed.end());
  }
  std::string place = " FIRST";
  bool behind = false, last = !context.from.contains(key);
  for (const auto& other : context.to.columns(table)) {
    if (other == key)
      behind = true;
    else if (there.contains(other) && behind)
      last = false;
    else if (there.contains(other))
      place = " AFTER " + quote(other.name);
  }
  return last && among == Among::earlier ? "" : place;
}

std::optional<std::vector<ObjectKey>> new_key_columns(const ObjectKey& table, const Catalog& from,
                                                      const Catalog& to) {
  const auto elements = [&](const Catalog& c) {
    const auto& order_by = c.find<Table>(table)->order_by;
    return order_by ? elements_of(sql_of(*order_by)) : std::vector<std::string>{};
  };
  const auto before = elements(from), after = elements(to);
  if (after.size() <= before.size() || !std::equal(before.begin(), before.end(), after.begin()))
    return std::nullopt;
  std::vector<ObjectKey> out;
  for (std::size_t i = before.size(); i < after.size(); ++i) {
    const auto token = significant(after[i]);
    if (token.size() != 1 || !is_name(token[0])) return std::nullopt;
    const ObjectKey column = child_key(Kind::column, table.name, token[0].value());
    const auto* body = to.find<Column>(column);
    if (body == nullptr || from.contains(column) || body->default_value || body->generated)
      return std::nullopt;
    out.push_back(column);
  }
  return out;
}

std::string grown_key(const ObjectKey& table, const RenderContext& context) {
  const auto fresh = new_key_columns(table, context.from, context.to).value_or(std::vector<ObjectKey>{});
  auto columns = context.to.columns(table);
  std::reverse(columns.begin(), columns.end());  // so that those behind the same column come in their order
  std::string out;
  for (const auto& column : columns)
    if (std::find(fresh.begin(), fresh.end(), column) != fresh.end())
      out += "ADD COLUMN IF NOT EXISTS " +
             placed_definition(column.name, *context.to.find<Column>(column),
                               place_of(column, context, Among::before_key)) +
             ", ";
  return out + "MODIFY ORDER BY " + sql_of(*context.to.find<Table>(table)->order_by);
}

void refuse_unalterable(const ObjectKey& child, const Catalog& from) {
  const auto* table = from.find<Table>(table_key(child.owner));
  if (table == nullptr || is_alterable(*table)) return;
  throw RefusedError(
      {{to_string(child), "a table of the engine " + engine_name(*table) + " cannot change in place",
        "write `rebuild: true` at the table to have it copied into a new one"}});
}

void change_kept(const Step& step, const RenderContext& context, SqlWriter& w, std::string_view what,
                 const std::function<std::string()>& definition, std::string cost) {
  refuse_unalterable(step.key, context.from);
  const auto begin = [&]() -> SqlWriter& { return w.raw("ALTER TABLE ").ident(step.key.owner).raw(" "); };
  if (step.verb == Verb::drop) {
    begin().raw(fmt::format("DROP {} ", what)).ident(step.key.name).end();
    return;
  }
  begin().raw("ADD " + definition()).end();
  begin().raw(fmt::format("MATERIALIZE {} ", what)).ident(step.key.name);
  w.end(TxMode::inside, {{HazardKind::builds_index, std::move(cost)}});
}

void change_column(const ObjectKey& key, const RenderContext& context, SqlWriter& w) {
  const std::size_t before = w.count();
  const auto &from = *context.from.find<Column>(key), &to = *context.to.find<Column>(key);
  const std::string place = place_of(key, context, Among::earlier);
  const auto placed = placing_order(context.from, context.to, table_key(key.owner));
  if (!changed_fields(from, to).empty()) Change(key, context, place, w).run();
  if (std::find(placed.begin(), placed.end(), key) != placed.end())
    w.raw("ALTER TABLE ")
        .ident(key.owner)
        .raw(" MODIFY COLUMN ")
        .ident(key.name)
        .raw(" " + to.type.text + place)
        .end();
  if (w.count() == before) throw std::logic_error("no statement for the change of " + to_string(key));
}

}  // namespace trueup::clickhouse
