// Dependencies that no Ref field shows, from pg_depend: one query an identity class, one for the edges.
#include <unordered_map>

#include "base/text.hpp"
#include "engine/postgres/catalog_query.hpp"
#include "engine/postgres/handlers.hpp"
#include "engine/postgres/infer.hpp"
#include "engine/postgres/routine.hpp"

namespace trueup {
namespace {
using namespace postgres;

constexpr std::string_view relations = R"sql(
select c.oid, n.nspname, c.relname, c.relkind, t.relname, k.conname, k.contype
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
left join pg_index x on x.indexrelid = c.oid
left join pg_class t on t.oid = x.indrelid
left join pg_constraint k on k.conindid = c.oid and k.contype in ('p', 'u', 'x')
where {in_scope} and c.relkind in ('r', 'v', 'm', 'S', 'i', 'c')
)sql";

constexpr std::string_view columns = R"sql(
select a.attrelid, a.attnum, a.attname
from pg_attribute a
join pg_class c on c.oid = a.attrelid
join pg_namespace n on n.oid = c.relnamespace
where {in_scope} and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
)sql";

constexpr std::string_view types = R"sql(
select t.oid, n.nspname, t.typname, t.typtype, t.typrelid, e.oid
from pg_type t
join pg_namespace n on n.oid = t.typnamespace
left join pg_type e on e.oid = t.typelem and t.typlen = -1 and t.typcategory = 'A'
where {in_scope} and (t.typtype in ('e', 'd', 'c') or e.oid is not null)
)sql";

constexpr std::string_view constraints = R"sql(
select k.oid, n.nspname, c.relname, k.conname, k.contype, k.contypid
from pg_constraint k
left join pg_class c on c.oid = k.conrelid
join pg_namespace n on n.oid = k.connamespace
where {in_scope}
)sql";

constexpr std::string_view defaults = R"sql(
select d.oid, d.adrelid, d.adnum
from pg_attrdef d
join pg_class c on c.oid = d.adrelid
join pg_namespace n on n.oid = c.relnamespace
where {in_scope}
)sql";

constexpr std::string_view rules = R"sql(
select r.oid, r.ev_class
from pg_rewrite r
join pg_class c on c.oid = r.ev_class
join pg_namespace n on n.oid = c.relnamespace
where {in_scope} and c.relkind in ('v', 'm')
)sql";

constexpr std::string_view triggers = R"sql(
select t.oid, n.nspname, c.relname, t.tgname
from pg_trigger t
join pg_class c on c.oid = t.tgrelid
join pg_namespace n on n.oid = c.relnamespace
where {in_scope} and not t.tgisinternal
)sql";

constexpr std::string_view policies = R"sql(
select p.oid, n.nspname, c.relname, p.polname
from pg_policy p
join pg_class c on c.oid = p.polrelid
join pg_namespace n on n.oid = c.relnamespace
where {in_scope}
)sql";

constexpr std::string_view namespaces = "select n.oid, n.nspname from pg_namespace n where {in_scope}";

constexpr std::string_view extensions = "select e.oid, e.extname from pg_extension e";

/// The edges. Objects below 16384 are the server's own. Sequences owned by columns have an object for that.
constexpr std::string_view edges = R"sql(
select d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, d.deptype
from pg_depend d
where d.refobjid >= 16384 and (d.objid >= 16384 or d.deptype = 'e') and d.deptype in ('n', 'a', 'i', 'e', 'x')
)sql";

Kind constraint_kind(const std::string& type) {
  if (type == "p") return Kind::primary_key;
  if (type == "u") return Kind::unique;
  if (type == "f") return Kind::foreign_key;
  if (type == "x") return Kind::exclusion;
  return Kind::check;
}

/// What pg_depend calls (class, object, column) as the catalog's keys.
class Identities {
 public:
  Identities(Connection& connection, const Scope& scope) : connection_(connection), scope_(scope) {
    for (const auto& r : connection.query(
             "select oid, relname from pg_class where relname in ('pg_class', 'pg_type', "
             "'pg_proc', 'pg_constraint', 'pg_attrdef', 'pg_rewrite', 'pg_trigger', 'pg_policy', "
             "'pg_extension', 'pg_namespace') and relnamespace = 'pg_catalog'::regnamespace"))
      classes_[text(r[1])] = number(r[0]);
    load_relations();
    load_types();
    load_routines();
    load_rest();
  }

  const ObjectKey* find(const Cell& catalog_class, const Cell& object, const Cell& column) const {
    const std::int64_t c = number(catalog_class), o = number(object), n = number(column);
    if (n > 0 && c == classes_.at("pg_class")) {
      auto it = columns_.find({o, n});
      if (it != columns_.end()) return &it->second;
    }
    auto it = objects_.find({c, o});
    return it == objects_.end() ? nullptr : &it->second;
  }
  /// The object is a member of the extension.
  void member(const Cell& catalog_class, const Cell& object, const ObjectKey& extension) {
    objects_.insert_or_assign({number(catalog_class), number(object)}, extension);
  }

 private:
  using Pair = std::pair<std::int64_t, std::int64_t>;
  struct Hash {
    std::size_t operator()(const Pair& p) const {
      return std::hash<std::int64_t>{}(p.first * 1000003 + p.second);
    }
  };

  std::vector<ResultRow> rows(std::string_view query) { return catalog_rows(connection_, scope_, query); }
  void put(const char* catalog_class, const Cell& oid, ObjectKey key) {
    objects_.emplace(Pair{classes_.at(catalog_class), number(oid)}, std::move(key));
  }
  const ObjectKey* relation(const Cell& oid) const {
    auto it = objects_.find({classes_.at("pg_class"), number(oid)});
    return it == objects_.end() ? nullptr : &it->second;
  }

  void load_relations() {
    for (const auto& r : rows(relations)) {
      const std::string ns = text(r[1]), name = text(r[2]), kind = text(r[3]);
      if (kind == "r")
        put("pg_class", r[0], {Kind::table, ns, "", name, ""});
      else if (kind == "v")
        put("pg_class", r[0], {Kind::view, ns, "", name, ""});
      else if (kind == "m")
        put("pg_class", r[0], {Kind::materialized_view, ns, "", name, ""});
      else if (kind == "S")
        put("pg_class", r[0], {Kind::sequence, ns, "", name, ""});
      else if (kind == "c")
        put("pg_class", r[0], {Kind::composite_type, ns, "", name, ""});
      else if (r[5])
        put("pg_class", r[0], child_key(constraint_kind(text(r[6])), ns, text(r[4]), *r[5]));
      else
        put("pg_class", r[0], child_key(Kind::index, ns, text(r[4]), name));
    }
    for (const auto& r : rows(columns))
      if (const auto* table = relation(r[0]))
        columns_.emplace(Pair{number(r[0]), number(r[1])},
                         child_key(Kind::column, table->ns, table->name, text(r[2])));
  }
  void load_types() {
    std::vector<std::pair<Cell, Cell>> arrays;
    for (const auto& r : rows(types)) {
      const std::string ns = text(r[1]), name = text(r[2]), kind = text(r[3]);
      if (r[5])
        arrays.emplace_back(r[0], r[5]);
      else if (kind == "e")
        put("pg_type", r[0], {Kind::enum_type, ns, "", name, ""});
      else if (kind == "d")
        put("pg_type", r[0], {Kind::domain, ns, "", name, ""});
      else if (const auto* owner = relation(r[4]))
        put("pg_type", r[0], *owner);
    }
    for (const auto& [array, element] : arrays)
      if (auto it = objects_.find({classes_.at("pg_type"), number(element)}); it != objects_.end())
        put("pg_type", array, ObjectKey(it->second));
  }
  void load_routines() {
    const std::string query = replace_all(
        "select p.oid, n.nspname, p.proname, p.prokind, {signature} from pg_proc p "
        "join pg_namespace n on n.oid = p.pronamespace where {in_scope}",
        "{signature}", routine_signature);
    for (const auto& r : rows(query)) {
      const std::string kind = text(r[3]);
      put("pg_proc", r[0],
          {kind == "p"   ? Kind::procedure
           : kind == "a" ? Kind::aggregate
                         : Kind::function,
           text(r[1]), "", text(r[2]), text(r[4])});
    }
  }
  void load_rest() {
    for (const auto& r : rows(constraints)) {
      if (r[2]) {
        put("pg_constraint", r[0], child_key(constraint_kind(text(r[4])), text(r[1]), *r[2], text(r[3])));
      } else if (auto it = objects_.find({classes_.at("pg_type"), number(r[5])}); it != objects_.end()) {
        put("pg_constraint", r[0], ObjectKey(it->second));
      }
    }
    for (const auto& r : rows(defaults))
      if (auto it = columns_.find({number(r[1]), number(r[2])}); it != columns_.end())
        put("pg_attrdef", r[0], ObjectKey(it->second));
    for (const auto& r : rows(rules))
      if (const auto* view = relation(r[1])) put("pg_rewrite", r[0], ObjectKey(*view));
    for (const auto& r : rows(triggers))
      put("pg_trigger", r[0], child_key(Kind::trigger, text(r[1]), text(r[2]), text(r[3])));
    for (const auto& r : rows(policies))
      put("pg_policy", r[0], child_key(Kind::policy, text(r[1]), text(r[2]), text(r[3])));
    for (const auto& r : rows(namespaces))
      put("pg_namespace", r[0], {Kind::name_space, "", "", text(r[1]), ""});
    for (const auto& r : rows(extensions))
      put("pg_extension", r[0], {Kind::extension, "", "", text(r[1]), ""});
  }

  Connection& connection_;
  const Scope& scope_;
  std::map<std::string, std::int64_t> classes_;
  std::unordered_map<Pair, ObjectKey, Hash> objects_, columns_;
};
/// Objects of no kind of ours that stand on objects of ours.
class Unknown {
 public:
  void note(const ResultRow& edge, const ObjectKey& needed) {
    Catalog::Outsider& o = found_[{text(edge[0]), text(edge[1])}];
    (text(edge[6]) == "n" ? o.needs : o.within).insert(needed);
  }
  void name(Connection& connection, Catalog& out) {
    std::erase_if(found_, [](const auto& each) { return each.second.needs.empty(); });
    if (found_.empty()) return;
    std::string classes, objects;
    for (const auto& [id, outsider] : found_) {
      classes += (classes.empty() ? "" : ",") + id.first;
      objects += (objects.empty() ? "" : ",") + id.second;
    }
    const std::array<Cell, 2> arguments{"{" + classes + "}", "{" + objects + "}"};
    auto it = found_.begin();
    for (const auto& r :
         connection.query("select coalesce(pg_describe_object(u.c, u.o, 0), 'an object that is gone') "
                          "from unnest($1::oid[], $2::oid[]) with ordinality u (c, o, place) "
                          "order by u.place",
                          arguments))
      out.outsiders.insert_or_assign(text(r[0]), std::move((it++)->second));
  }

 private:
  std::map<std::pair<std::string, std::string>, Catalog::Outsider> found_;
};
}  // namespace

void postgres_introspect_uses(Connection& connection, const Scope& scope, Catalog& out) {
  Identities ids(connection, scope);
  const auto rows = catalog_rows(connection, scope, edges);
  for (const auto& r : rows)  // first, so that what uses a member uses its extension
    if (text(r[6]) == "e")
      if (const auto* extension = ids.find(r[3], r[4], r[5])) ids.member(r[0], r[1], ObjectKey(*extension));
  Unknown unknown;
  for (const auto& r : rows) {
    if (text(r[6]) == "e") continue;
    const auto* object = ids.find(r[0], r[1], r[2]);
    const auto* needs = ids.find(r[3], r[4], r[5]);
    if (object == nullptr && needs != nullptr && out.contains(*needs)) unknown.note(r, *needs);
    if (object == nullptr || needs == nullptr || *object == *needs) continue;
    if (!out.contains(*object) || !out.contains(*needs)) continue;
    if (object->kind == Kind::sequence && needs->kind == Kind::column)
      continue;  // Kind::sequence_owner says it
    if (needs->kind == Kind::table && info(object->kind).owned && object->owner == needs->name &&
        object->ns == needs->ns)
      continue;  // the owner is known from the key
    out.uses[*object].hard.insert(*needs);
    if (needs->kind == Kind::column && object->kind != Kind::column)
      if (const auto* table = out.relation(needs->ns, needs->owner);
          table != nullptr && !info(object->kind).owned)
        out.uses[*object].hard.insert(*table);
  }
  infer_body_uses(out);
  unknown.name(connection, out);
}

}  // namespace trueup
