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
  const auto all = significant(strip_parentheses(sql_of(e)));
  return std::none_of(all.begin(), all.end(), [](const Token& t) { return is_symbol(t, "("); }) ||
         lexical_form(sql_of(e)).starts_with("current_timestamp(");
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
  return open == std::string::npos ? std::vector<std::string>() : Cursor(type.substr(open)).elements();
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

Costs type_costs(const RenderContext& c, const ObjectKey& key, const Column& a, const Column& b) {
  Costs out;
  const std::string before = effective(c.from, key, a), after = effective(c.to, key, b);
  if (before != after && has_charset(base_type(b.type.text))) {
    const bool same_set = charset_of(before) == charset_of(after) && !indexed(c.from, key);
    out.add(same_set ? Costs{Cost::instant, Cost::in_place} : both(Cost::copy));
  }
  if (a.type == b.type) return out;
  if (grows(c.to, key, a, b))
    out.add({Cost::instant, Cost::in_place});
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

void Costs::add(Costs other) {
  mariadb = std::max(mariadb, other.mariadb);
  mysql = std::max(mysql, other.mysql);
}

Costs add_column_costs(const Catalog& to, const ObjectKey& column, bool last) {
  const Column& c = *to.find<Column>(column);
  if (c.identity) return {Cost::blocking, Cost::copy};
  if (c.generated) return c.generated_kind == "stored" ? both(Cost::copy) : both(Cost::instant);
  Costs out;
  if (c.default_value && !constant(*c.default_value)) out.add(both(Cost::copy));
  const auto* check = to.find<Check>(child_key(Kind::check, column.owner, column.name));
  if (check != nullptr && in_column(*check)) out.add({Cost::instant, Cost::copy});
  if (!last && has_generated(to, column.owner)) out.add(both(Cost::copy));
  return out;
}

Costs drop_column_costs(const Catalog& from, const ObjectKey& column) {
  const Column& c = *from.find<Column>(column);
  if (c.generated && c.generated_kind == "stored") return both(Cost::in_place);
  return both(indexed(from, column) ? Cost::in_place : Cost::instant);
}

Costs modify_column_costs(const RenderContext& c, const ObjectKey& column, bool moved) {
  const Column& a = *c.from.find<Column>(column);
  const Column& b = *c.to.find<Column>(column);
  Costs out;
  if (moved) out.add({Cost::instant, Cost::in_place});
  out.add(type_costs(c, column, a, b));
  if (a.not_null != b.not_null)
    out.add(both(has_generated(c.to, column.owner) ? Cost::copy : Cost::in_place));
  if (a.generated != b.generated || a.identity.has_value() != b.identity.has_value())
    out.add(both(Cost::copy));
  if (a.options.contains("invisible") != b.options.contains("invisible"))
    out.add({Cost::instant, Cost::in_place});
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
  const bool blocks = index != nullptr && (index->method == "fulltext" || index->method == "spatial" ||
                                           index->method == "vector");
  return both(blocks ? Cost::blocking : Cost::in_place);
}

Costs drop_part_costs(const Catalog& from, const ObjectKey& part, bool replaced) {
  if (part.kind == Kind::primary_key) return {Cost::in_place, replaced ? Cost::in_place : Cost::copy};
  if (part.kind == Kind::check || part.kind == Kind::foreign_key) return {};
  return from.contains(part) ? both(Cost::in_place) : Costs();
}

Costs option_costs(std::string_view name) {
  if (name == "comment" || name == "charset" || name == "collation" || name.starts_with("stats_"))
    return {Cost::instant, Cost::in_place};
  if (name == "engine" || name == "system_versioning") return both(Cost::copy);
  return both(Cost::in_place);
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
