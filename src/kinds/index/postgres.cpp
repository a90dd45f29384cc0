#include "base/text.hpp"
#include "engine/postgres/catalog_names.hpp"
#include "engine/postgres/clauses.hpp"
#include "engine/postgres/dialect.hpp"
#include "engine/postgres/handlers.hpp"
#include "engine/postgres/key_constraint.hpp"
#include "engine/postgres/lexer.hpp"
#include "engine/postgres/types.hpp"

namespace trueup {
namespace {
using namespace postgres;

// One row an index, its parts as numbers in order. The whole definition is only for the collations of
// expressions, which the catalog does not tell apart from inherited ones.
constexpr std::string_view indexes_query = R"sql(
select x.indexrelid, x.indrelid, i.relname, x.indisunique, m.amname, pg_get_expr(x.indpred, x.indrelid), i.reloptions,
       s.spcname, {since 150000 x.indnullsnotdistinct else false}, x.indisvalid, x.indisclustered,
       x.indisreplident and c.relreplident = 'i', d.description, x.indnkeyatts,
       x.indkey, x.indoption, x.indcollation, x.indclass,
       case when x.indexprs is not null
            then (select array_agg(case when x.indkey[p.place] = 0
                                        then pg_get_indexdef(x.indexrelid, p.place + 1, false) end order by p.place)
                  from generate_series(0, x.indnatts - 1) p (place)) end,
       case when x.indexprs is not null then pg_get_indexdef(x.indexrelid) end
from pg_index x
join pg_class i on i.oid = x.indexrelid
join pg_class c on c.oid = x.indrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_am m on m.oid = i.relam
left join pg_tablespace s on s.oid = i.reltablespace
left join pg_description d on d.objoid = i.oid and d.classoid = 'pg_class'::regclass and d.objsubid = 0
where {in_scope} and ({modelled_table} or (c.relkind = 'm' and not {member pg_class c.oid}))
  and not exists (select from pg_constraint b where b.conindid = x.indexrelid and b.contype in ('p', 'u', 'x'))
  and not {member pg_class i.oid}
)sql";

/// What few parts have.
constexpr std::string_view part_options = R"sql(
select a.attrelid, a.attnum, array_to_string(a.attoptions, ', '), case when a.attstattarget >= 0 then a.attstattarget end
from pg_attribute a
join pg_class i on i.oid = a.attrelid
join pg_namespace n on n.oid = i.relnamespace
where {in_scope} and i.relkind = 'i' and a.attnum > 0 and (a.attoptions is not null or a.attstattarget >= 0)
)sql";

std::string without_builtin(const std::string& qualified) {
  constexpr std::string_view prefix = "pg_catalog.";
  return without_public(qualified.starts_with(prefix) ? qualified.substr(prefix.size()) : qualified);
}

/// Does part `place` (from 0) of a CREATE INDEX text end with a collation of its own?
bool spells_collation(const std::string& definition, std::size_t place) {
  const auto t = significant(definition);
  std::size_t i = 0, part = 0;
  while (i < t.size() && t[i].text != "(") ++i;
  int depth = 0;
  for (; i < t.size(); ++i) {
    if (t[i].text == "(") ++depth;
    if (t[i].text == ")" && --depth == 0) return false;
    if (t[i].text == "," && depth == 1) ++part;
    if (part == place && depth == 1 && t[i].type == Token::Type::word && t[i].folded == "collate")
      return true;
  }
  return false;
}

bool has_order(const Index& index) {
  return index.method.empty();
}

/// The columns and expressions of indexes.
class Parts {
 public:
  Parts(Connection& c, const Scope& scope, const std::vector<ResultRow>& rows)
      : names_(names(scope)), classes_(CatalogNames::operator_classes(c, scope)) {
    std::set<Oid> relations, collations;
    for (const auto& r : rows) relations.insert(number(r[1]));
    names_.need_columns(c, std::move(relations));
    for (const auto& r : rows) {
      const auto columns = numbers(r[14]), wanted = numbers(r[16]);
      for (std::size_t i = 0; i < wanted.size(); ++i)
        if (own_collation(number(r[1]), columns.at(i), wanted[i])) collations.insert(wanted[i]);
    }
    collations_ = CatalogNames::collations(c, collations);
    for (const auto& r : catalog_rows(c, scope, part_options))
      options_.emplace(std::pair{number(r[0]), number(r[1])}, std::pair{text(r[2]), r[3]});
  }

  void read(const ResultRow& r, const ObjectKey& key, Index& index) const {
    const Oid relation = number(r[1]);
    const auto columns = numbers(r[14]), order = numbers(r[15]), collations = numbers(r[16]),
               classes = numbers(r[17]);
    const auto expressions = array(r[18]);
    const auto keys = static_cast<std::size_t>(number(r[13]));
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (i >= keys) {
        index.include.push_back(column(relation, columns[i], key));
        continue;
      }
      IndexPart part;
      if (columns[i] == 0)
        part.expression = server_expr(text(expressions.at(i)));
      else
        part.column = column(relation, columns[i], key);
      const bool desc = (order.at(i) & 1) != 0, nulls_first = (order.at(i) & 2) != 0;
      if (desc) part.order = "desc";
      if (nulls_first != desc) part.nulls = nulls_first ? "first" : "last";
      if (own_collation(relation, columns[i], collations.at(i)) &&
          (columns[i] != 0 || spells_collation(text(r[19]), i)))
        part.collation = postgres_collation(collations_.at(collations[i]));
      const auto own = options_.find({number(r[0]), static_cast<std::int64_t>(i + 1)});
      const bool parameters = own != options_.end() && !own->second.first.empty();
      const auto& opclass = classes_.at(classes.at(i));
      if (!opclass.is_default || parameters) part.opclass = without_builtin(opclass.name);
      if (parameters) part.opclass += "(" + own->second.first + ")";
      if (own != options_.end() && own->second.second)
        index.options[fmt::format("statistics.{}", i + 1)] = *own->second.second;
      index.on.push_back(std::move(part));
    }
  }

 private:
  Ref column(Oid relation, std::int64_t attnum, const ObjectKey& key) const {
    return Ref{child_key(Kind::column, key.ns, key.owner, names_.column(relation, attnum).name)};
  }
  /// A collation that is not just the column's; an expression's may be.
  bool own_collation(Oid relation, std::int64_t attnum, Oid collation) const {
    return collation != 0 && (attnum == 0 || names_.column(relation, attnum).collation != collation);
  }

  CatalogNames& names_;
  std::unordered_map<Oid, CatalogNames::OperatorClass> classes_;
  std::unordered_map<Oid, std::string> collations_;
  std::map<std::pair<Oid, std::int64_t>, std::pair<std::string, Cell>> options_;  ///< parameters, statistics
};

class Handler final : public KindHandler {
 public:
  void introspect(Connection& c, const Scope& scope, Catalog& out) const override {
    const auto rows = catalog_rows(c, scope, indexes_query);
    if (rows.empty()) return;
    Parts parts(c, scope, rows);
    for (const auto& r : rows) {
      const auto* owner = names(scope).relation(number(r[1]));
      if (owner == nullptr) continue;
      const ObjectKey key = child_key(Kind::index, owner->key.ns, owner->key.name, text(r[2]));
      Index index;
      index.unique = truth(r[3]);
      if (text(r[4]) != "btree") index.method = text(r[4]);
      if (r[5]) index.where = server_expr(*r[5]);
      index.options = reloptions(r[6]);
      if (r[7]) index.options["tablespace"] = *r[7];
      index.nulls_not_distinct = truth(r[8]);
      if (!truth(r[9])) index.options["invalid"] = "true";
      if (truth(r[10])) index.options["clustered"] = "true";
      if (truth(r[11])) index.options["replica_identity"] = "true";
      index.comment = text(r[12]);
      parts.read(r, key, index);
      out.objects.emplace(key, std::move(index));
    }
  }

  void normalize(const ObjectKey&, ObjectBody& body, const Catalog&,
                 std::vector<Diagnostic>&) const override {
    auto& index = std::get<Index>(body);
    index.method = lower(index.method);
    if (index.method == "btree") index.method.clear();
    for (auto& part : index.on) {
      part.order = lower(part.order);
      part.nulls = lower(part.nulls);
      if (part.order == "asc") part.order.clear();
      if (part.nulls == (part.order == "desc" ? "first" : "last")) part.nulls.clear();
      part.opclass = without_builtin(part.opclass);
      part.collation = postgres_collation(part.collation);
    }
    if (index.where) index.where->text = std::string(trim(index.where->text));
  }

  Means means(const Altered& a, const Catalog& from, const Catalog&) const override {
    const auto* index = from.find<Index>(a.key);
    if (index != nullptr && index->options.contains("invalid")) return Recreate{};
    if (a.only({"comment", "with"})) return InPlace{};
    return Recreate{};
  }

  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    const ObjectKey& key = step.key;
    switch (step.verb) {
      case Verb::create:
        create(key, context, w);
        return;
      case Verb::drop:
        w.raw("DROP INDEX ").name(key).end(TxMode::inside, {});
        return;
      case Verb::rename:
        w.raw("ALTER INDEX ").relation(key.ns, step.old_key->name).raw(" RENAME TO ").ident(key.name).end();
        return;
      case Verb::alter: {
        const auto& a = *context.from.find<Index>(key);
        const auto& b = *context.to.find<Index>(key);
        if (a.options != b.options) alter_index_options(key, a.options, b.options, context.dialect, w);
        if (a.comment != b.comment) write_comment(w, "INDEX", key, b.comment);
        return;
      }
      case Verb::rebuild:
        break;
    }
    throw std::logic_error("an index is never rebuilt with its table on PostgreSQL");
  }

 private:
  static void write_part(const IndexPart& part, const Index& index, SqlWriter& w) {
    if (part.column)
      w.ident(part.column->to.name);
    else
      w.raw(parenthesised(sql_of(*part.expression)));
    if (!part.collation.empty()) w.raw(" COLLATE ").raw(collation_sql(part.collation));
    if (!part.opclass.empty()) w.raw(" ").raw(part.opclass);
    if (!has_order(index)) return;
    if (part.order == "desc") w.raw(" DESC");
    if (!part.nulls.empty()) w.raw(part.nulls == "first" ? " NULLS FIRST" : " NULLS LAST");
  }

  static void create(const ObjectKey& key, const RenderContext& context, SqlWriter& w) {
    const auto& index = *context.to.find<Index>(key);
    w.raw(index.unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ").ident(key.name).raw(" ON ");
    write_owner(w, key);
    if (!index.method.empty()) w.raw(" USING ").ident(index.method);
    w.raw(" (");
    for (std::size_t i = 0; i < index.on.size(); ++i) {
      if (i > 0) w.raw(", ");
      write_part(index.on[i], index, w);
    }
    w.raw(")");
    if (!index.include.empty()) w.raw(" INCLUDE (").idents(index.include).raw(")");
    if (index.nulls_not_distinct) w.raw(" NULLS NOT DISTINCT");
    write_with(w, storage_parameters(index.options));
    if (const auto it = index.options.find("tablespace"); it != index.options.end())
      w.raw(" TABLESPACE ").ident(it->second);
    if (index.where) w.raw(" WHERE ").raw(sql_of(*index.where));
    std::vector<Hazard> hazards;
    if (on_existing_relation(key, context))
      hazards.push_back(builds_index(
          key, index.unique ? "writes wait until it is done; fails when rows are equal in the key"
                            : "writes wait until it is done"));
    w.end(TxMode::inside, std::move(hazards));
    Options extras = index.options;
    std::erase_if(extras, [](const auto& o) { return !o.first.starts_with("statistics."); });
    if (!extras.empty()) alter_index_options(key, {}, extras, context.dialect, w);
    write_index_roles(w, key, {}, index.options);
    if (!index.comment.empty()) write_comment(w, "INDEX", key, index.comment);
  }
};
}  // namespace

const KindHandler& postgres_index_handler() {
  static const Handler handler;
  return handler;
}

}  // namespace trueup
