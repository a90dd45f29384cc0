#include "engine/clickhouse/column_change.hpp"

#include "base/text.hpp"
#include "engine/clickhouse/build.hpp"
#include "engine/clickhouse/lexer.hpp"
#include "engine/clickhouse/types.hpp"

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

/// Bits of a whole number type, signed or not; 0 for others.
int bits(std::string_view type, std::string_view prefix) {
  if (!type.starts_with(prefix)) return 0;
  const auto digits = type.substr(prefix.size());
  for (int n : {8, 16, 32, 64, 128, 256})
    if (digits == std::to_string(n)) return n;
  return 0;
}

/// Does every value of the one type have its like in the other?
bool widens(std::string_view from, std::string_view to) {
  if (from == to) return true;
  const int fs = bits(from, "Int"), fu = bits(from, "UInt"), ts = bits(to, "Int"), tu = bits(to, "UInt");
  if (fs > 0 && ts > 0) return ts >= fs;
  if (fu > 0 && tu > 0) return tu >= fu;
  if (fu > 0 && ts > 0) return ts > fu;
  if (from == "Float32" && to == "Float64") return true;
  if (is_enum(from) && is_enum(to)) return lost_labels(from, to).empty();
  if (to == "String")
    return is_enum(from) || from.starts_with("FixedString") || fs > 0 || fu > 0 || from == "UUID" ||
           from == "Date";
  return false;
}

bool simple(std::string_view type) {
  constexpr std::array<std::string_view, 14> complex{"Array",
                                                     "Map",
                                                     "Tuple",
                                                     "JSON",
                                                     "Object",
                                                     "Variant",
                                                     "Dynamic",
                                                     "Nested",
                                                     "AggregateFunction",
                                                     "SimpleAggregateFunction",
                                                     "Point",
                                                     "Ring",
                                                     "Polygon",
                                                     "Geometry"};
  return std::find(complex.begin(), complex.end(), base_of(type)) == complex.end();
}

/// The server takes every change of a type and meets the values later, in the mutation or when they are read.
void check_type(const ObjectKey& key, const Column& from, const Column& to, SqlWriter& w) {
  if (from.generated && from.generated_kind != "stored") return;
  const std::string x = without_nullable(from.type.text), y = without_nullable(to.type.text);
  const std::string name = quote(key.name);
  std::vector<std::string> broken;
  if (is_nullable(from.type.text) && !is_nullable(to.type.text)) broken.push_back(name + " IS NULL");
  if (is_enum(x) && is_enum(y)) {
    if (const auto lost = lost_labels(x, y); !lost.empty())
      broken.push_back("toString(" + name + ") IN (" + join(lost, ", ") + ")");
  } else if (!widens(x, y)) {
    if (simple(x) && simple(y))
      broken.push_back(
          fmt::format("({0} IS NOT NULL AND accurateCastOrNull({0}, {1}) IS NULL)", name, literal(y)));
    else
      broken.push_back(fmt::format("ignore(CAST({}, {})) = 1", name, literal(to.type.text)));
  }
  if (!broken.empty())
    refuse_rows(key.owner, join(broken, " OR "),
                fmt::format("values of {}.{} do not fit the type {}", key.owner, key.name, to.type.text), w);
}

class Change {
 public:
  Change(const ObjectKey& key, const Column& from, const Column& to, std::string place, SqlWriter& w)
      : key_(key), from_(from), to_(to), place_(std::move(place)), w_(w) {}

  void run() {
    if (from_.options.contains("ephemeral") && !from_.default_value && !to_.options.contains("ephemeral"))
      return replace();
    const bool typed = !(from_.type == to_.type);
    if (typed) check_type(key_, from_, to_, w_);
    const bool value_kind = from_.default_value.has_value() != to_.default_value.has_value() ||
                            from_.generated.has_value() != to_.generated.has_value();
    if (value_kind && !to_.default_value && !to_.generated) remove(default_word(from_));
    if (from_.codec && !to_.codec) remove("CODEC");
    if (from_.ttl && !to_.ttl) remove("TTL");
    reset_settings();
    const bool ephemeral = from_.options.contains("ephemeral") != to_.options.contains("ephemeral");
    const bool value =
        ephemeral || (!(from_.default_value == to_.default_value && from_.generated == to_.generated &&
                        from_.generated_kind == to_.generated_kind) &&
                      (to_.default_value || to_.generated));
    const bool codec = to_.codec && !(from_.codec == to_.codec), ttl = to_.ttl && !(from_.ttl == to_.ttl);
    if (typed || value || codec || ttl) modify(typed);
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
  /// ClickHouse 26.7 cannot change EPHEMERAL without an expression into anything else. It holds no values.
  void replace() {
    begin().raw("DROP COLUMN ").ident(key_.name).end();
    begin().raw("ADD COLUMN IF NOT EXISTS " + column_definition(key_.name, to_) + place_).end();
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
  }

  const ObjectKey& key_;
  const Column &from_, &to_;
  std::string place_;  ///< ` AFTER x`
  SqlWriter& w_;
};
}  // namespace

bool keeps_order(std::string_view from, std::string_view to) {
  return is_enum(from) && is_enum(to) && lost_labels(from, to).empty();
}

void refuse_rows(const std::string& table, const std::string& condition, const std::string& message,
                 SqlWriter& w) {
  w.raw("SELECT throwIf(count() > 0, " + literal(message) + ") FROM ")
      .ident(table)
      .raw(" WHERE " + condition);
  w.end(TxMode::inside,
        {{HazardKind::scans_table, "only looks, and stops the migration where rows are in the way"}});
}

void change_column(const ObjectKey& key, const RenderContext& context, SqlWriter& w) {
  const std::size_t before = w.count();
  std::string place = " FIRST";
  for (const auto& other : context.to.columns(table_key(key.owner))) {
    if (other == key) break;
    place = " AFTER " + quote(other.name);
  }
  Change(key, *context.from.find<Column>(key), *context.to.find<Column>(key), std::move(place), w).run();
  if (w.count() == before) throw std::logic_error("no statement for the change of " + to_string(key));
}

}  // namespace trueup::clickhouse
