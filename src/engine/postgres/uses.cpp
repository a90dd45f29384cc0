// Dependencies that no Ref field shows, from pg_depend: one query an identity class, one for the edges.
#include <unordered_map>

#include "base/text.hpp"
#include "engine/postgres/catalog_names.hpp"
#include "engine/postgres/handlers.hpp"
#include "engine/postgres/infer.hpp"
#include "engine/postgres/routine.hpp"

namespace trueup {
namespace {
using namespace postgres;

constexpr std::string_view sequences = R"sql(
select c.oid, n.nspname, c.relname
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where {in_scope} and c.relkind = 'S'
)sql";

constexpr std::string_view indexes = R"sql(
select x.indexrelid, x.indrelid, c.relname
from pg_index x
join pg_class c on c.oid = x.indexrelid
join pg_namespace n on n.oid = c.relnamespace
where {in_scope} and c.relkind = 'i'
)sql";

constexpr std::string_view types = R"sql(
select t.oid, n.nspname, t.typname, t.typtype, t.typrelid, e.oid
from pg_type t
join pg_namespace n on n.oid = t.typnamespace
left join pg_type e on e.oid = t.typelem and t.typlen = -1 and t.typcategory = 'A'
where {in_scope} and (t.typtype in ('e', 'd', 'c') or e.oid is not null)
)sql";

constexpr std::string_view constraints = R"sql(
select k.oid, k.conrelid, k.conname, k.contype, k.contypid, k.conindid
from pg_constraint k
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
select t.oid, t.tgrelid, t.tgname
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
/// Left out are the many that say nothing: of row and array types to what they are the types of, of a foreign
/// key's triggers.
constexpr std::string_view edges = R"sql(
select d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, d.deptype
from pg_depend d
where d.refobjid >= 16384 and (d.objid >= 16384 or d.deptype = 'e') and d.deptype in ('n', 'a', 'i', 'e', 'x')
  and not (d.deptype = 'i' and d.classid in ('pg_type'::regclass, 'pg_trigger'::regclass))
)sql";

Kind constraint_kind(const std::string& type) {
  if (type == "p") return Kind::primary_key;
  if (type == "u") return Kind::unique;
  if (type == "f") return Kind::foreign_key;
  if (type == "x") return Kind::exclusion;
  return Kind::check;
}

/// What pg_depend calls (class, object, column) as the keys of the objects that were read.
class Identities {
 public:
  Identities(Connection& connection, const Scope& scope, const Catalog& catalog)
      : connection_(connection), scope_(scope), catalog_(catalog), names_(names(scope)) {
    for (const auto& r : connection.query(
             "select oid, relname from pg_class where relname in ('pg_class', 'pg_type', "
             "'pg_proc', 'pg_constraint', 'pg_attrdef', 'pg_rewrite', 'pg_trigger', 'pg_policy', "
             "'pg_extension', 'pg_namespace') and relnamespace = 'pg_catalog'::regnamespace"))
      classes_[text(r[1])] = number(r[0]);
    relation_class_ = classes_.at("pg_class");
    load_relations();
    load_types();
    load_routines();
    load_rest();
  }

  const ObjectKey* find(const Cell& catalog_class, const Cell& object, const Cell& column) const {
    const Oid c = number(catalog_class), o = number(object);
    const std::int64_t n = number(column);
    if (n > 0 && c == relation_class_)
      if (const auto* found = table_column(o, n)) return found;
    auto it = objects_.find({c, o});
    return it == objects_.end() ? nullptr : it->second;
  }
  /// The object is a member of the extension.
  void member(const Cell& catalog_class, const Cell& object, const ObjectKey* extension) {
    objects_.insert_or_assign({number(catalog_class), number(object)}, extension);
  }

 private:
  using Pair = std::pair<Oid, Oid>;
  struct Hash {
    std::size_t operator()(const Pair& p) const {
      return static_cast<std::size_t>(p.first) * 1'000'003 + static_cast<std::size_t>(p.second);
    }
  };

  std::vector<ResultRow> rows(std::string_view query) { return catalog_rows(connection_, scope_, query); }
  /// The key as the catalog holds it; null when it does not.
  const ObjectKey* known(const ObjectKey& key) const {
    const auto it = catalog_.objects.find(key);
    return it == catalog_.objects.end() ? nullptr : &it->first;
  }
  void put(Oid catalog_class, Oid oid, const ObjectKey& key) {
    if (const auto* found = known(key)) objects_.emplace(Pair{catalog_class, oid}, found);
  }
  void put(const char* catalog_class, const Cell& oid, const ObjectKey& key) {
    put(classes_.at(catalog_class), number(oid), key);
  }
  const ObjectKey* type(const Cell& oid) const {
    auto it = objects_.find({classes_.at("pg_type"), number(oid)});
    return it == objects_.end() ? nullptr : it->second;
  }
  const ObjectKey* table_column(Oid relation, std::int64_t attnum) const {
    const auto* table = names_.relation(relation);
    if (table == nullptr || !table->modelled) return nullptr;
    const auto [it, is_new] = columns_.try_emplace({relation, attnum}, nullptr);
    if (is_new)
      it->second = known(
          child_key(Kind::column, table->key.ns, table->key.name, names_.column(relation, attnum).name));
    return it->second;
  }

  void load_relations() {
    for (const auto& [oid, relation] : names_.relations()) put(relation_class_, oid, relation.key);
    for (const auto& r : rows(sequences))
      put("pg_class", r[0], {Kind::sequence, text(r[1]), "", text(r[2]), ""});
    for (const auto& r : rows(indexes))
      if (const auto* owner = names_.relation(number(r[1])))
        put("pg_class", r[0], child_key(Kind::index, owner->key.ns, owner->key.name, text(r[2])));
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
      else if (const auto* owner = names_.relation(number(r[4])))
        put("pg_type", r[0], owner->key);
    }
    for (const auto& [array, element] : arrays)
      if (const auto* of = type(element)) put("pg_type", array, *of);
  }
  void load_routines() {
    const std::string query = replace_all(
        "select p.oid, n.nspname, p.proname, p.prokind, {signature} from pg_proc p "
        "join pg_namespace n on n.oid = p.pronamespace where {in_scope}",
        "{signature}", routine_signature);
    for (const auto& r : rows(query)) {
      const std::string kind = text(r[3]);
      const Kind routine = kind == "p" ? Kind::procedure : kind == "a" ? Kind::aggregate : Kind::function;
      put("pg_proc", r[0], {routine, text(r[1]), "", text(r[2]), text(r[4])});
    }
  }
  void load_constraints() {
    for (const auto& r : rows(constraints)) {
      const std::string contype = text(r[3]);
      if (const auto* table = names_.relation(number(r[1]))) {
        const ObjectKey key = child_key(constraint_kind(contype), table->key.ns, table->key.name, text(r[2]));
        put("pg_constraint", r[0], key);
        if (contype == "p" || contype == "u" || contype == "x") put("pg_class", r[5], key);
      } else if (const auto* domain = type(r[4])) {
        put("pg_constraint", r[0], *domain);
      }
    }
  }
  void load_rest() {
    load_constraints();
    for (const auto& r : rows(defaults))
      if (const auto* column = table_column(number(r[1]), number(r[2]))) put("pg_attrdef", r[0], *column);
    for (const auto& r : rows(rules))
      if (const auto* view = names_.relation(number(r[1]))) put("pg_rewrite", r[0], view->key);
    for (const auto& r : rows(triggers))
      if (const auto* table = names_.relation(number(r[1])))
        put("pg_trigger", r[0], child_key(Kind::trigger, table->key.ns, table->key.name, text(r[2])));
    for (const auto& r : rows(policies))
      put("pg_policy", r[0], child_key(Kind::policy, text(r[1]), text(r[2]), text(r[3])));
    for (const auto& r : rows(namespaces))
      put("pg_namespace", r[0], {Kind::name_space, "", "", text(r[1]), ""});
    for (const auto& r : rows(extensions))
      put("pg_extension", r[0], {Kind::extension, "", "", text(r[1]), ""});
  }

  Connection& connection_;
  const Scope& scope_;
  const Catalog& catalog_;
  const CatalogNames& names_;
  std::map<std::string, Oid> classes_;
  Oid relation_class_ = 0;
  std::unordered_map<Pair, const ObjectKey*, Hash> objects_;
  mutable std::unordered_map<Pair, const ObjectKey*, Hash> columns_;  ///< those asked for
};

/// The owner is known from the key; Kind::sequence_owner says what a column's sequence needs.
bool says_nothing(const ObjectKey& object, const ObjectKey& needs) {
  if (object.kind == Kind::sequence && needs.kind == Kind::column) return true;
  return needs.kind == Kind::table && info(object.kind).owned && object.owner == needs.name &&
         object.ns == needs.ns;
}

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
  Identities ids(connection, scope, out);
  const auto rows = catalog_rows(connection, scope, edges);
  for (const auto& r : rows)  // first, so that what uses a member uses its extension
    if (r[6] == "e")
      if (const auto* extension = ids.find(r[3], r[4], r[5])) ids.member(r[0], r[1], extension);
  std::unordered_map<const ObjectKey*, std::vector<const ObjectKey*>> found;
  Unknown unknown;
  for (const auto& r : rows) {
    if (r[6] == "e") continue;
    const auto* object = ids.find(r[0], r[1], r[2]);
    const auto* needs = ids.find(r[3], r[4], r[5]);
    if (object == nullptr && needs != nullptr) unknown.note(r, *needs);
    if (object == nullptr || needs == nullptr || object == needs || says_nothing(*object, *needs)) continue;
    auto& all = found[object];
    all.push_back(needs);
    if (needs->kind == Kind::column && object->kind != Kind::column && !info(object->kind).owned)
      if (const auto* table = out.relation(needs->ns, needs->owner)) all.push_back(table);
  }
  for (const auto& [key, body] : out.objects)
    if (const auto it = found.find(&key); it != found.end())
      for (const auto* needs : it->second) out.uses[key].hard.insert(*needs);
  infer_body_uses(out);
  unknown.name(connection, out);
}

}  // namespace trueup
