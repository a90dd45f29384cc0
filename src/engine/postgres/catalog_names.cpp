#include "engine/postgres/catalog_names.hpp"

#include <charconv>

namespace trueup::postgres {
namespace {
constexpr std::string_view relations_query = R"sql(
select c.oid, n.nspname, c.relname, c.relkind, c.relkind = 'r' and {modelled_table}
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where {in_scope} and c.relkind in ('r', 'v', 'm', 'c')
)sql";

constexpr std::string_view other_relations = R"sql(
select c.oid, n.nspname, c.relname, c.relkind
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.oid = any ($1::oid[])
)sql";

constexpr std::string_view other_columns = R"sql(
select a.attrelid, a.attnum, a.attname, a.attcollation
from pg_attribute a
where a.attrelid = any ($1::oid[]) and a.attnum > 0 and not a.attisdropped
)sql";

constexpr std::string_view collation_names = R"sql(
select l.oid, quote_ident(n.nspname) || '.' || quote_ident(l.collname)
from pg_collation l
join pg_namespace n on n.oid = l.collnamespace
where l.oid = any ($1::oid[])
)sql";

constexpr std::string_view class_names = R"sql(
select o.oid, quote_ident(n.nspname) || '.' || quote_ident(o.opcname), o.opcdefault
from pg_opclass o
join pg_namespace n on n.oid = o.opcnamespace
)sql";

CatalogNames::Relation relation_from(const Cell& ns, const Cell& name, const Cell& relkind) {
  const char code = relkind && !relkind->empty() ? relkind->front() : 'r';
  const Kind kind = code == 'v'   ? Kind::view
                    : code == 'm' ? Kind::materialized_view
                    : code == 'c' ? Kind::composite_type
                                  : Kind::table;
  return {{kind, text(ns), {}, text(name), {}}, false};
}
}  // namespace

CatalogNames::CatalogNames(Connection& connection, const Scope& scope) {
  const auto rows = catalog_rows(connection, scope, relations_query);
  relations_.reserve(rows.size());
  columns_.reserve(rows.size());
  for (const auto& r : rows)
    relations_.try_emplace(number(r[0]), relation_from(r[1], r[2], r[3])).first->second.modelled =
        truth(r[4]);
}

const CatalogNames::Relation* CatalogNames::relation(Oid oid) const {
  const auto it = relations_.find(oid);
  return it == relations_.end() ? nullptr : &it->second;
}

const ObjectKey* CatalogNames::modelled_table(const Cell& oid) const {
  const auto* r = relation(number(oid));
  return r != nullptr && r->modelled ? &r->key : nullptr;
}

void CatalogNames::add_column(Oid relation, std::int64_t attnum, Column column) {
  auto& all = columns_[relation];
  const auto index = static_cast<std::size_t>(attnum - 1);
  if (all.size() <= index) all.resize(index + 1);
  all[index] = std::move(column);
}

void CatalogNames::need_columns(Connection& connection, std::set<Oid> wanted) {
  std::erase_if(wanted, [&](Oid oid) { return columns_.contains(oid); });
  if (wanted.empty()) return;
  const std::array<Cell, 1> args{oid_array(wanted)};
  for (const auto& r : connection.query(other_relations, args))
    relations_.try_emplace(number(r[0]), relation_from(r[1], r[2], r[3]));
  for (const auto& r : connection.query(other_columns, args))
    add_column(number(r[0]), number(r[1]), {text(r[2]), number(r[3])});
}

const CatalogNames::Column& CatalogNames::column(Oid relation, std::int64_t attnum) const {
  const auto it = columns_.find(relation);
  const auto index = static_cast<std::size_t>(attnum - 1);
  if (attnum < 1 || it == columns_.end() || index >= it->second.size() || it->second[index].name.empty())
    throw WorldError("a table was altered while it was read", {{}, {}, {}, "try again", {}});
  return it->second[index];
}

std::vector<Ref> CatalogNames::column_refs(Oid relation_oid, const std::vector<std::int64_t>& attnums) const {
  std::vector<Ref> out;
  if (attnums.empty()) return out;
  const auto& key = relations_.at(relation_oid).key;
  out.reserve(attnums.size());
  for (const auto attnum : attnums)
    out.push_back(Ref{child_key(Kind::column, key.ns, key.name, column(relation_oid, attnum).name)});
  return out;
}

std::unordered_map<Oid, std::string> CatalogNames::collations(Connection& connection,
                                                              const std::set<Oid>& wanted) {
  std::unordered_map<Oid, std::string> out;
  if (wanted.empty()) return out;
  const std::array<Cell, 1> args{oid_array(wanted)};
  for (const auto& r : connection.query(collation_names, args)) out.emplace(number(r[0]), text(r[1]));
  return out;
}

std::unordered_map<Oid, CatalogNames::OperatorClass> CatalogNames::operator_classes(Connection& connection,
                                                                                    const Scope& scope) {
  std::unordered_map<Oid, OperatorClass> out;
  for (const auto& r : catalog_rows(connection, scope, class_names))
    out.emplace(number(r[0]), OperatorClass{text(r[1]), truth(r[2])});
  return out;
}

CatalogNames& names(const Scope& scope) {
  if (scope.context == nullptr) throw std::logic_error("only inside PostgresDialect::introspect()");
  return static_cast<CatalogNames&>(*scope.context);
}

std::vector<std::int64_t> numbers(const Cell& c) {
  std::vector<std::int64_t> out;
  if (!c) return out;
  const char* at = c->data();
  const char* const end = at + c->size();
  while (at < end) {
    std::int64_t n = 0;
    const auto done = std::from_chars(at, end, n);
    if (done.ec == std::errc()) out.push_back(n);
    at = done.ec == std::errc() ? done.ptr : at + 1;
  }
  return out;
}

std::string oid_array(const std::set<Oid>& oids) {
  std::string out = "{";
  for (const Oid oid : oids) {
    if (out.size() > 1) out += ',';
    out += std::to_string(oid);
  }
  return out + "}";
}

}  // namespace trueup::postgres
