#include "engine/mysql/online.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "engine/mysql/cursor.hpp"
#include "engine/mysql/definition.hpp"
#include "engine/mysql/show_create.hpp"
#include "engine/mysql/types.hpp"

namespace trueup::mysql {
namespace {
constexpr Costs both(Cost c) {
  return {c, c};
}
constexpr int online_copies_since = 110200;

std::string option(const Options& options, const char* name) {
  const auto it = options.find(name);
  return it == options.end() ? std::string() : it->second;
}

/// Literals and the current time.
bool constant(const Expr& e) {
  return is_literal(e) || is_time(e);
}

bool has_generated(const Catalog& catalog, const std::string& table) {
  const auto columns = catalog.columns(table_key(table));
  return std::any_of(columns.begin(), columns.end(),
                     [&](const ObjectKey& key) { return catalog.find<Column>(key)->generated.has_value(); });
}

const std::vector<IndexPart>* parts_of(const ObjectBody& body) {
  if (const auto* i = std::get_if<Index>(&body)) return &i->on;
  if (const auto* u = std::get_if<Unique>(&body)) return &u->on;
  if (const auto* p = std::get_if<PrimaryKey>(&body)) return &p->on;
  return nullptr;
}
/// MySQL keeps a virtual column for each. It builds the index while writes wait; for a unique one it copies
/// the table, whether that comes or goes (9.7).
bool of_expressions(const ObjectBody& body) {
  const auto* parts = parts_of(body);
  return parts != nullptr &&
         std::any_of(parts->begin(), parts->end(), [](const IndexPart& p) { return !p.column; });
}
bool indexed(const Catalog& catalog, const ObjectKey& column) {
  for (const auto& key : catalog.children(table_key(column.owner)))
    if (const auto* parts = parts_of(catalog.objects.at(key)))
      if (std::any_of(parts->begin(), parts->end(),
                      [&](const IndexPart& p) { return p.column && p.column->to == column; }))
        return true;
  return false;
}

/// The most bytes of a character; every larger set counts as four.
std::int64_t character_bytes(const Catalog& catalog, const ObjectKey& key, const Column& c) {
  std::string charset = c.collation.empty() ? option(c.options, "charset") : charset_of(c.collation);
  if (const auto* t = catalog.find<Table>(table_key(key.owner)); charset.empty() && t != nullptr) {
    const std::string collation = option(t->options, "collation");
    charset = collation.empty() ? option(t->options, "charset") : charset_of(collation);
  }
  if (charset == "latin1" || charset == "ascii" || charset == "binary") return 1;
  return charset == "utf8mb3" ? 3 : 4;
}

std::vector<std::string> arguments(const std::string& type) {
  const auto open = type.find('(');
  return open == std::string::npos ? std::vector<std::string>()
                                   : Cursor(std::string_view(type).substr(open)).elements();
}
bool grows(const Catalog& to, const ObjectKey& key, const Column& a, const Column& b) {
  const std::string base = base_type(a.type.text);
  if (base != base_type(b.type.text) || (base != "varchar" && base != "varbinary")) return false;
  const std::int64_t bytes = base == "varchar" ? character_bytes(to, key, b) : 1;
  const auto x = arguments(a.type.text), y = arguments(b.type.text);
  if (x.size() != 1 || y.size() != 1) return false;
  const std::int64_t before = std::atoll(x[0].c_str()) * bytes, after = std::atoll(y[0].c_str()) * bytes;
  constexpr std::int64_t one_length_byte = 256;
  return before <= after && (before < one_length_byte) == (after < one_length_byte);
}
/// Values added at the end that need no more bytes.
bool appends(const Column& a, const Column& b) {
  const std::string base = base_type(a.type.text);
  if (base != base_type(b.type.text) || (base != "enum" && base != "set")) return false;
  const auto x = arguments(a.type.text), y = arguments(b.type.text);
  constexpr std::size_t one_byte_enum = 255, one_byte_set = 8;
  return y.size() >= x.size() && std::equal(x.begin(), x.end(), y.begin()) &&
         y.size() <= (base == "enum" ? one_byte_enum : one_byte_set);
}

std::string effective(const Catalog& catalog, const ObjectKey& key, const Column& c) {
  if (!c.collation.empty() || c.options.contains("charset"))
    return c.collation + option(c.options, "charset");
  const auto* t = catalog.find<Table>(table_key(key.owner));
  return t == nullptr ? "" : option(t->options, "collation") + option(t->options, "charset");
}

/// Another collation of the same character set. MariaDB copies for an enum, and nothing is instant when the
/// table's own collation changes as well; MySQL lets nobody write then, but for a varchar.
Costs collation_costs(const RenderContext& c, const ObjectKey& key, const std::string& type) {
  const bool listed = type == "enum" || type == "set";
  const Options& before = c.from.find<Table>(table_key(key.owner))->options;
  const Options& after = c.to.find<Table>(table_key(key.owner))->options;
  const bool of_table = option(before, "collation") != option(after, "collation") ||
                        option(before, "charset") != option(after, "charset");
  return {listed     ? Cost::copy
          : of_table ? Cost::in_place
                     : Cost::instant,
          of_table && !listed && type != "varchar" ? Cost::blocking : Cost::in_place};
}

Costs type_costs(const RenderContext& c, const ObjectKey& key, const Column& a, const Column& b) {
  Costs out;
  const std::string before = effective(c.from, key, a), after = effective(c.to, key, b);
  if (before != after && has_charset(base_type(b.type.text))) {
    const bool same_set = charset_of(before) == charset_of(after) && !indexed(c.from, key);
    out.recollates = base_type(b.type.text) == "char" || base_type(b.type.text).ends_with("text");
    out.add(same_set ? collation_costs(c, key, base_type(b.type.text)) : both(Cost::copy));
  }
  if (a.type == b.type) return out;
  if (grows(c.to, key, a, b))
    out.add({base_type(b.type.text) == "varchar" ? Cost::instant : Cost::in_place, Cost::in_place});
  else if (!appends(a, b))
    out.add(both(Cost::copy));
  return out;
}

std::string phrase(Cost cost, const std::string& table, bool online_copy) {
  switch (cost) {
    case Cost::instant:
      return "instant";
    case Cost::in_place:
      return "in place, writes go on";
    case Cost::blocking:
      return "in place, blocks writes to " + table;
    case Cost::copy:
      return "copies " + table + (online_copy ? ", writes go on" : " and blocks writes");
  }
  return {};
}
HazardKind kind_of(Cost cost) {
  if (cost == Cost::copy) return HazardKind::rewrites_table;
  return cost == Cost::blocking ? HazardKind::blocks_writes : HazardKind::other;
}
}  // namespace

bool is_long(const Catalog& catalog, const Unique& unique) {
  constexpr std::int64_t longest = 3072;  // bytes of a key of InnoDB
  std::int64_t bytes = 0;
  for (const auto& part : unique.on) {
    const auto* c = part.column ? catalog.find<Column>(part.column->to) : nullptr;
    if (c == nullptr) continue;
    const std::string base = base_type(c->type.text);
    if (part.prefix == 0 && is_large(base)) return true;
    const auto size = arguments(c->type.text);
    const auto length = part.prefix > 0 ? part.prefix : size.size() == 1 ? std::atoll(size[0].c_str()) : 0;
    if (has_charset(base) || base.ends_with("binary"))
      bytes += length * (has_charset(base) ? character_bytes(catalog, part.column->to, *c) : 1);
  }
  return bytes > longest;
}

void Costs::add(Costs other) {
  mariadb = std::max(mariadb, other.mariadb);
  mysql = std::max(mysql, other.mysql);
  rows = rows || other.rows;
  virtuals = virtuals || other.virtuals;
  recollates = recollates || other.recollates;
}

bool Shape::plain() const {
  return !other_engine && !partitioned && !versioned && !compressed && !fulltext && !spatial && !generated &&
         !long_unique;
}

Shape shape_of(const Catalog& catalog, const ObjectKey& table) {
  Shape out;
  const Options& options = catalog.find<Table>(table)->options;
  const std::string engine = option(options, "engine");
  out.other_engine = !engine.empty() && !same_word(engine, "innodb");
  out.partitioned = options.contains("partition_by");
  out.versioned = options.contains("system_versioning");
  out.compressed = option(options, "row_format") == "compressed" || options.contains("key_block_size") ||
                   options.contains("page_compressed");
  for (const auto& key : catalog.children(table)) {
    const ObjectBody& body = catalog.objects.at(key);
    if (const auto* index = std::get_if<Index>(&body)) {
      out.fulltext = out.fulltext || index->method == "fulltext";
      out.spatial = out.spatial || index->method == "spatial" || index->method == "vector";
    }
    if (const auto* unique = std::get_if<Unique>(&body))
      out.long_unique =
          out.long_unique || is_long(catalog, *unique) || option(unique->options, "using") == "hash";
    const auto* column = std::get_if<Column>(&body);
    if (column == nullptr || !column->generated) continue;
    out.generated = true;
    if (column->generated_kind != "stored" && indexed(catalog, key)) out.indexed_virtual = true;
  }
  return out;
}

Costs in_shape(Costs costs, const Shape& shape, std::size_t clauses) {
  if (shape.other_engine) costs.add(both(Cost::copy));
  if (costs.virtuals && clauses > 1) costs.add(both(Cost::copy));
  if (shape.partitioned && (costs.virtuals || (costs.rows && costs.mariadb > Cost::instant)))
    costs.add({Cost::copy, Cost::instant});
  if (shape.versioned && (costs.rows || costs.mariadb == Cost::blocking)) costs.add(both(Cost::copy));
  if (shape.long_unique) costs.add({Cost::copy, Cost::instant});
  if (!costs.rows) return costs;
  if (costs.recollates) costs.add({Cost::instant, Cost::blocking});
  if (shape.fulltext) costs.add({Cost::blocking, Cost::copy});
  if (shape.indexed_virtual) costs.add({Cost::blocking, Cost::instant});
  if (shape.compressed) costs.add(both(Cost::in_place));
  if (shape.spatial && costs.mariadb == Cost::in_place) costs.mariadb = Cost::blocking;
  if (shape.spatial && costs.mysql == Cost::in_place) costs.mysql = Cost::blocking;
  return costs;
}

std::string guard(Costs costs, const Shape& shape, const std::string& server) {
  if (!shape.plain()) return {};
  const Cost cost = server.starts_with("MariaDB") ? costs.mariadb
                    : server.starts_with("MySQL") ? costs.mysql
                                                  : std::max(costs.mariadb, costs.mysql);
  switch (cost) {
    case Cost::instant:
      return "ALGORITHM=INSTANT";
    case Cost::in_place:
      return "ALGORITHM=INPLACE, LOCK=NONE";
    case Cost::blocking:
      return "ALGORITHM=INPLACE, LOCK=SHARED";
    case Cost::copy:
      return {};
  }
  return {};
}

Costs add_column_costs(const Catalog& to, const ObjectKey& column, bool last) {
  const Column& c = *to.find<Column>(column);
  Costs out;
  out.rows = true;
  if (c.identity) out.add({Cost::blocking, Cost::copy});
  if (c.generated && c.generated_kind == "stored") out.add(both(Cost::copy));
  out.virtuals = c.generated && c.generated_kind != "stored";
  if (c.default_value && !constant(*c.default_value)) out.add(both(Cost::copy));
  const std::string base = base_type(c.type.text);
  if (c.default_value && needs_expression(base)) out.add({Cost::instant, Cost::copy});
  // MySQL fills the new column row by row.
  if (c.not_null && !c.default_value && (is_spatial(base) || base == "date" || base == "datetime"))
    out.add({Cost::instant, Cost::in_place});
  const auto* check = to.find<Check>(child_key(Kind::check, column.owner, column.name));
  if (check != nullptr && in_column(*check)) out.add({Cost::instant, Cost::copy});
  if (!last && has_generated(to, column.owner)) out.add({Cost::copy, Cost::instant});
  return out;
}

Costs drop_column_costs(const Catalog& from, const ObjectKey& column) {
  const Column& c = *from.find<Column>(column);
  Costs out;
  out.rows = true;
  out.virtuals = c.generated && c.generated_kind != "stored";
  if (c.generated && c.generated_kind == "stored") out.add(both(Cost::in_place));
  // MariaDB cannot keep the virtual columns of rows that it writes anew.
  if (indexed(from, column))
    out.add({has_generated(from, column.owner) ? Cost::copy : Cost::in_place, Cost::in_place});
  return out;
}

Costs modify_column_costs(const RenderContext& c, const ObjectKey& column, bool moved) {
  const Column& a = *c.from.find<Column>(column);
  const Column& b = *c.to.find<Column>(column);
  const bool generated = has_generated(c.from, column.owner) || has_generated(c.to, column.owner);
  Costs out;
  out.rows = moved || a.not_null != b.not_null;
  if (moved) out.add({generated ? Cost::copy : Cost::instant, Cost::in_place});
  out.add(type_costs(c, column, a, b));
  if (a.not_null != b.not_null) out.add({generated ? Cost::copy : Cost::in_place, Cost::in_place});
  // A null in a timestamp would become the time of the change.
  if (b.not_null && !a.not_null && base_type(b.type.text) == "timestamp") out.add(both(Cost::copy));
  if (b.default_value && a.default_value != b.default_value && !constant(*b.default_value))
    out.add(both(Cost::copy));
  if (a.generated != b.generated || a.identity.has_value() != b.identity.has_value())
    out.add(both(Cost::copy));
  const ObjectKey check = child_key(Kind::check, column.owner, column.name);
  const auto* x = c.from.find<Check>(check);
  const auto* y = c.to.find<Check>(check);
  if (y != nullptr && in_column(*y) && (x == nullptr || !(*x == *y))) out.add(both(Cost::copy));
  return out;
}

Costs add_part_costs(const Catalog& to, const ObjectKey& part) {
  const ObjectBody& body = to.objects.at(part);
  if (part.kind == Kind::check || part.kind == Kind::foreign_key) {
    const auto* check = std::get_if<Check>(&body);
    return both(check != nullptr && check->not_enforced ? Cost::instant : Cost::copy);
  }
  const auto* index = std::get_if<Index>(&body);
  if (index != nullptr && index->method == "vector") return both(Cost::copy);
  const bool virtuals = of_expressions(body);
  const bool blocks =
      virtuals || (index != nullptr && (index->method == "fulltext" || index->method == "spatial"));
  Costs out = both(blocks ? Cost::blocking : Cost::in_place);
  if (virtuals && part.kind == Kind::unique) out.add(both(Cost::copy));
  out.rows = part.kind == Kind::primary_key;
  out.virtuals = virtuals;
  return out;
}

namespace {
/// Is the unique key what the rows are kept in the order of, for want of a primary key?
bool clusters(const Catalog& catalog, const ObjectKey& part) {
  const auto* unique = catalog.find<Unique>(part);
  if (unique == nullptr) return false;
  const auto children = catalog.children(table_key(part.owner));
  if (std::any_of(children.begin(), children.end(),
                  [](const ObjectKey& key) { return key.kind == Kind::primary_key; }))
    return false;
  return std::all_of(unique->on.begin(), unique->on.end(), [&](const IndexPart& p) {
    const auto* column = p.column ? catalog.find<Column>(p.column->to) : nullptr;
    return column != nullptr && column->not_null && p.prefix == 0;
  });
}
}  // namespace

Costs drop_part_costs(const Catalog& from, const ObjectKey& part, bool replaced) {
  Costs out;
  out.rows = part.kind == Kind::primary_key;
  if (out.rows)
    out.add(both(replaced ? Cost::in_place : Cost::copy));
  else if (clusters(from, part))
    out.add(both(Cost::copy));
  else if (part.kind == Kind::foreign_key)
    out.add({Cost::instant, Cost::in_place});
  else if (part.kind != Kind::check && from.contains(part))
    out.add(both(Cost::in_place));
  out.virtuals = from.contains(part) && of_expressions(from.objects.at(part));
  if (out.virtuals && part.kind == Kind::unique) out.add(both(Cost::copy));
  return out;
}

Costs option_costs(std::string_view name) {
  if (name == "comment" || name == "charset" || name == "collation" || name.starts_with("stats_"))
    return {Cost::instant, Cost::in_place};
  Costs out = both(name == "engine" || name == "system_versioning" ? Cost::copy : Cost::in_place);
  out.rows = true;
  return out;
}

Hazard describe(Costs costs, const std::string& table, const std::string& server) {
  constexpr std::string_view mariadb = "MariaDB ";
  if (server.starts_with(mariadb)) {
    const bool online = std::atoi(server.c_str() + mariadb.size()) >= online_copies_since;
    return {kind_of(costs.mariadb), phrase(costs.mariadb, table, online)};
  }
  if (server.starts_with("MySQL")) return {kind_of(costs.mysql), phrase(costs.mysql, table, false)};
  if (costs.mariadb == costs.mysql)
    return {kind_of(costs.mysql), phrase(costs.mysql, table, false) +
                                      (costs.mysql == Cost::copy ? " (not on MariaDB 11.2 and later)" : "")};
  return {kind_of(std::max(costs.mysql, costs.mariadb)),
          fmt::format("MySQL: {}; MariaDB: {}", phrase(costs.mysql, table, false),
                      phrase(costs.mariadb, table, false))};
}

}  // namespace trueup::mysql
