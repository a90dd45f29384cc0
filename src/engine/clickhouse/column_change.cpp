#include "engine/clickhouse/column_change.hpp"

#include "base/text.hpp"
#include "engine/clickhouse/build.hpp"
#include "engine/clickhouse/lexer.hpp"
#include "engine/clickhouse/ttl.hpp"
#include "engine/clickhouse/types.hpp"
#include "kinds/order.hpp"

namespace trueup::clickhouse {
namespace {
bool is_enum(std::string_view type) {
  return type.starts_with("Enum8(") || type.starts_with("Enum16(");
}

/// `'a' = 1` elements of an enum.
std::set<std::string> enum_values(std::string_view type) {
  std::set<std::string> out;
  const auto all = significant(type);
  if (all.size() < 4) return out;
  for (const auto& one : by_commas(std::span(all).subspan(2, all.size() - 3))) out.insert(text_of(one));
  return out;
}

/// Labels that are gone, or stand for another number.
std::vector<std::string> lost_labels(std::string_view from, std::string_view to) {
  std::vector<std::string> out;
  const auto kept = enum_values(to);
  for (const auto& value : enum_values(from)) {
    if (kept.contains(value)) continue;
    const auto tokens_of = significant(value);
    out.emplace_back(tokens_of[0].text);
  }
  return out;
}

/// `'a' = 1` and so on by label.
std::map<std::string, std::string> enum_numbers(std::string_view type) {
  std::map<std::string, std::string> out;
  for (const auto& value : enum_values(type)) {
    const auto all = significant(value);
    out.emplace(all[0].text, text_of(std::span(all).subspan(2)));
  }
  return out;
}

/// Bits of a whole number type, signed or not; 0 for others.
int bits(std::string_view type, std::string_view prefix) {
  if (!type.starts_with(prefix)) return 0;
  const auto digits = type.substr(prefix.size());
  for (int n : {8, 16, 32, 64, 128, 256})
    if (digits == std::to_string(n)) return n;
  return 0;
}

/// `Decimal(18, 4)`: 18 and 4; nullopt for other types.
std::optional<std::pair<int, int>> decimal(std::string_view type) {
  const auto all = significant(type);
  if (!type.starts_with("Decimal(") || all.size() != 6) return std::nullopt;
  return std::pair{std::stoi(std::string(all[2].text)), std::stoi(std::string(all[4].text))};
}

/// Digits behind the second; nullopt where it is no point in time.
std::optional<int> fraction(std::string_view type) {
  if (type == "DateTime" || type.starts_with("DateTime(")) return 0;
  const auto all = significant(type);
  if (!type.starts_with("DateTime64(") || all.size() < 4) return std::nullopt;
  return std::stoi(std::string(all[2].text));
}

/// Does every value of the one type have its like in the other?
bool widens(std::string_view from, std::string_view to) {
  if (from == to) return true;
  const int fs = bits(from, "Int"), fu = bits(from, "UInt"), ts = bits(to, "Int"), tu = bits(to, "UInt");
  if (fs > 0 && ts > 0) return ts >= fs;
  if (fu > 0 && tu > 0) return tu >= fu;
  if (fu > 0 && ts > 0) return ts > fu;
  if ((from == "Float32" && to == "Float64") || (from == "Date" && to == "Date32")) return true;
  if (const auto x = decimal(from), y = decimal(to); x && y)
    return y->second >= x->second && y->first - y->second >= x->first - x->second;
  // Nine digits leave less room for years.
  if (const auto x = fraction(from), y = fraction(to); x && y)
    return *x == *y || (*x < *y && (*x == 0 || *y < 9));
  if (is_enum(from) && is_enum(to)) return lost_labels(from, to).empty();
  if (to == "String")
    return is_enum(from) || from.starts_with("FixedString") || fs > 0 || fu > 0 || from == "UUID" ||
           from == "Date";
  return false;
}

bool is_text(std::string_view type) {
  return type == "String" || type.starts_with("FixedString");
}

bool is_time(std::string_view type) {
  return type.starts_with("Date");  // Date32, DateTime, DateTime64
}

/// Numbers or labels that an enum holds, for `IN (...)`.
std::string enum_list(std::string_view type, std::size_t token) {
  std::vector<std::string> out;
  for (const auto& value : enum_values(type)) {
    const auto all = significant(value);
    const std::span<const Token> rest(all);
    out.push_back(token == 0 ? std::string(all[0].text) : text_of(rest.subspan(2)));
  }
  return join(out, ", ");
}

/// `abs(x) >= 1e8` for Decimal(10, 2): the server stores more digits than the type says, as long as they fit
/// its bytes.
std::string beyond_decimal(const std::string& name, std::string_view to) {
  const auto d = decimal(to);
  return d ? fmt::format(" OR abs(toFloat64({})) >= 1e{}", name, d->first - d->second) : std::string();
}

/// Condition that holds for values that would not be the same in the other type. The accurate casts of the
/// server are not: they cut fractions of seconds and of decimals, times of day and what lies outside of a
/// range of dates.
std::string changed_by_cast(const std::string& name, const std::string& from, const std::string& to) {
  const std::string cast = fmt::format("accurateCastOrNull({}, {})", name, literal(to));
  const std::string lost = fmt::format("{} IS NOT NULL AND ({} IS NULL", name, cast);
  if (is_enum(to) && is_text(from)) return fmt::format("toString({}) NOT IN ({})", name, enum_list(to, 0));
  if (is_enum(to)) return fmt::format("{} NOT IN ({})", name, enum_list(to, 1));
  if (is_text(to)) return lost + ")";
  if (is_text(from)) {
    if (is_time(to)) return lost + fmt::format(" OR NOT startsWith(toString({}), toString({})))", cast, name);
    if (to.starts_with("Decimal"))
      return lost + fmt::format(" OR toFloat64OrNull(toString({})) != toFloat64({}))", name, cast);
    return lost + ")";
  }
  const std::string back = is_enum(from) ? "Int16" : from;
  return lost + fmt::format(" OR CAST({}, {}) != {}{})", cast, literal("Nullable(" + back + ")"), name,
                            beyond_decimal(name, to));
}

bool of_values(std::string_view type) {
  constexpr std::array<std::string_view, 3> containers{"Array", "Map", "Tuple"};
  constexpr std::array<std::string_view, 5> others{"JSON", "Variant", "Dynamic", "AggregateFunction",
                                                   "Object"};
  return std::find(containers.begin(), containers.end(), base_of(type)) != containers.end() &&
         std::none_of(others.begin(), others.end(),
                      [&](auto other) { return type.find(other) != std::string_view::npos; });
}

class Change {
 public:
  Change(const ObjectKey& key, const Column& from, const Column& to, std::string place, SqlWriter& w)
      : key_(key), from_(from), to_(to), place_(std::move(place)), w_(w) {}

  void run() {
    if (made_again(from_, to_)) return replace();
    const bool typed = !(from_.type == to_.type);
    check_values(key_, from_, to_, w_);
    const bool value_kind = from_.default_value.has_value() != to_.default_value.has_value() ||
                            from_.generated.has_value() != to_.generated.has_value();
    const bool given = to_.default_value || to_.generated || to_.options.contains("ephemeral");
    if (value_kind && !given) remove(default_word(from_));
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
  std::string place_;  ///< ` AFTER x`
  SqlWriter& w_;
};
}  // namespace

void check_values(const ObjectKey& key, const Column& from, const Column& to, SqlWriter& w) {
  const bool kept =
      !from.options.contains("ephemeral") && (!from.generated || from.generated_kind == "stored");
  if (!kept || from.type == to.type) return;
  const std::string x = without_nullable(from.type.text), y = without_nullable(to.type.text);
  const std::string name = quote(key.name);
  std::vector<std::string> broken;
  if (is_nullable(from.type.text) && !is_nullable(to.type.text)) broken.push_back(name + " IS NULL");
  if (is_enum(x) && is_enum(y)) {
    if (const auto lost = lost_labels(x, y); !lost.empty())
      broken.push_back("toString(" + name + ") IN (" + join(lost, ", ") + ")");
  } else if (!widens(x, y)) {
    if (is_simple(x) && is_simple(y))
      broken.push_back("(" + changed_by_cast(name, x, y) + ")");
    else if (of_values(x) && of_values(y))
      broken.push_back(fmt::format("toString(CAST(CAST({0}, {1}), {2})) != toString({0})", name,
                                   literal(to.type.text), literal(from.type.text)));
    else
      broken.push_back(fmt::format("ignore(CAST({}, {})) = 1", name, literal(to.type.text)));
  }
  if (!broken.empty())
    refuse_rows(key.owner, join(broken, " OR "),
                fmt::format("values of {}.{} do not fit the type {}", key.owner, key.name, to.type.text), w);
}

bool made_again(const Column& from, const Column& to) {
  if (!from.options.contains("ephemeral")) return false;
  const bool given = to.default_value || to.generated;
  return from.default_value ? !given && !to.options.contains("ephemeral")
                            : given || !to.options.contains("ephemeral");
}

std::string renumbered(std::string_view from, std::string_view to) {
  const std::string x = without_nullable(from), y = without_nullable(to);
  if (!is_enum(x) || !is_enum(y)) return {};
  const auto after = enum_numbers(y);
  for (const auto& [label, number] : enum_numbers(x))
    if (const auto it = after.find(label); it != after.end() && it->second != number) return label;
  return {};
}

bool keeps_order(std::string_view from, std::string_view to) {
  return is_enum(from) && is_enum(to) && base_of(from) == base_of(to) && lost_labels(from, to).empty();
}

bool moves_zone_only(std::string_view from, std::string_view to) {
  const auto without_zone = [](std::string_view type) {
    std::string out;
    for (const auto& token : significant(type))
      if (token.type != Token::Type::string && !is_symbol(token, ",")) out += std::string(token.text) + " ";
    for (const std::string_view none : {"( ) "})
      if (out.ends_with(none)) out.resize(out.size() - none.size());
    return out;
  };
  return from.starts_with("DateTime") && without_zone(from) == without_zone(to);
}

void refuse_rows(const std::string& table, const std::string& condition, const std::string& message,
                 SqlWriter& w) {
  w.raw("SELECT throwIf(count() > 0, " + literal(message) + ") FROM ")
      .ident(table)
      .raw(" WHERE " + condition);
  w.end(TxMode::inside,
        {{HazardKind::scans_table, "only looks, and stops the migration where rows are in the way"}});
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
  if (among == Among::earlier)
    for (const auto& other : placed) {
      if (other == key) break;
      there.insert(other);
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
                               place_of(column, context, Among::old)) +
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
  if (!changed_fields(from, to).empty()) Change(key, from, to, place, w).run();
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
