#include "engine/finding.hpp"
#include "engine/postgres/catalog_query.hpp"
#include "engine/postgres/clauses.hpp"
#include "engine/postgres/column_change.hpp"
#include "engine/postgres/handlers.hpp"
#include "engine/postgres/lexer.hpp"
#include "engine/postgres/sequence_options.hpp"
#include "engine/postgres/type_replacement.hpp"
#include "engine/postgres/types.hpp"

namespace trueup {
namespace {
using namespace postgres;

// Sequences of identity columns belong to the column; those owned by a table that is not modelled go with it.
constexpr std::string_view sequences_query = R"sql(
select n.nspname, s.relname, format_type(q.seqtypid, null), q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache,
       q.seqcycle, s.relpersistence = 'u', d.description
from pg_sequence q
join pg_class s on s.oid = q.seqrelid
join pg_namespace n on n.oid = s.relnamespace
left join pg_description d on d.objoid = s.oid and d.classoid = 'pg_class'::regclass and d.objsubid = 0
left join pg_depend o on o.classid = 'pg_class'::regclass and o.objid = s.oid and o.objsubid = 0
                     and o.refclassid = 'pg_class'::regclass and o.refobjsubid > 0 and o.deptype in ('a', 'i')
left join pg_class c on c.oid = o.refobjid
where {in_scope} and s.relpersistence <> 't' and not {member pg_class s.oid}
  and o.deptype is distinct from 'i' and (c.oid is null or {modelled_table})
)sql";

std::string type_of(const Sequence& s) {
  return s.type.empty() ? "bigint" : s.type;
}

class Handler final : public KindHandler {
 public:
  void introspect(Connection& c, const Scope& scope, Catalog& out) const override {
    for (const auto& r : catalog_rows(c, scope, sequences_query)) {
      Sequence s;
      s.type = text(r[2]);
      s.options = {number(r[3]), number(r[4]), number(r[5]), number(r[6]), number(r[7]), truth(r[8])};
      s.unlogged = truth(r[9]);
      s.comment = text(r[10]);
      make_canonical(s);
      out.objects.emplace(ObjectKey{Kind::sequence, text(r[0]), {}, text(r[1]), {}}, std::move(s));
    }
  }

  void normalize(const ObjectKey& key, ObjectBody& body, const Catalog& catalog,
                 std::vector<Diagnostic>& found) const override {
    auto& s = std::get<Sequence>(body);
    if (!s.type.empty()) s.type = parse_type(s.type).base;
    if (!s.type.empty() && s.type != "bigint" && s.type != "integer" && s.type != "smallint") {
      found.push_back(
          finding(catalog, key, "a sequence cannot be of type " + s.type, "use smallint, integer or bigint"));
    }
    make_canonical(s);
  }

  /// One that a column owns stays in the namespace of its table.
  RenameMeans rename_means(const ObjectKey& old_key, const ObjectKey& new_key,
                           const Catalog& from) const override {
    ObjectKey owner = old_key;
    owner.kind = Kind::sequence_owner;
    return old_key.ns != new_key.ns && from.contains(owner) ? RenameMeans::unsupported
                                                            : RenameMeans::in_place;
  }
  Means means(const Altered&, const Catalog&, const Catalog&) const override { return InPlace{}; }

  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    const ObjectKey& key = step.key;
    switch (step.verb) {
      case Verb::create: {
        const auto& s = *context.to.find<Sequence>(key);
        const auto column = predecessor(key, context);
        const ObjectKey former = column ? make_way(key, *column, context, w) : key;
        w.raw(s.unlogged ? "CREATE UNLOGGED SEQUENCE " : "CREATE SEQUENCE ").name(key);
        if (!s.type.empty()) w.raw(" AS ").raw(s.type);
        w.raw(sequence_clauses(s.options)).end();
        if (column) replace_identity(key, *column, former, w);
        if (!s.comment.empty()) write_comment(w, "SEQUENCE", key, s.comment);
        return;
      }
      case Verb::drop:
        w.raw("DROP SEQUENCE ").name(key).end();
        free_name(key, context, w);
        return;
      case Verb::rename:
        write_rename(w, "SEQUENCE", step, context);
        return;
      case Verb::alter:
        alter(key, context, w);
        return;
      case Verb::rebuild:
        break;
    }
    throw std::logic_error("a sequence is never rebuilt");
  }

 private:
  static void make_canonical(Sequence& s) {
    s.options = postgres::canonical(s.options, type_of(s));
    if (s.type == "bigint") s.type.clear();
  }
  /// Columns whose own sequence has that name by convention. Only a name that may have been shortened is
  /// looked for in all of them.
  static std::vector<ObjectKey> columns_called(const ObjectKey& sequence, const Catalog& catalog) {
    constexpr std::string_view end = "_seq";
    constexpr std::size_t shortened = 63 - 6;  // bytes; two characters may have been cut off in the middle
    const std::string& name = sequence.name;
    std::vector<ObjectKey> out;
    if (name.size() >= shortened) {
      for (const auto& [key, body] : catalog.of_kind(Kind::column))
        if (key.ns == sequence.ns && identity_sequence(key.owner, key.name, {}) == name) out.push_back(key);
      return out;
    }
    const std::string both = name.ends_with(end) ? name.substr(0, name.size() - end.size()) : "";
    for (auto at = both.find('_'); at != std::string::npos; at = both.find('_', at + 1))
      if (ObjectKey column{Kind::column, sequence.ns, both.substr(0, at), both.substr(at + 1), {}};
          catalog.contains(column))
        out.push_back(std::move(column));
    return out;
  }
  /// Columns of the `other` state that may have counted, or count, with a sequence of this one.
  static std::vector<ObjectKey> columns_of(const ObjectKey& sequence, const Catalog& own,
                                           const Catalog& other) {
    auto out = columns_called(sequence, other);
    const auto* owner = own.find<SequenceOwner>({Kind::sequence_owner, sequence.ns, {}, sequence.name, {}});
    if (owner != nullptr) {
      if (other.contains(owner->column.to)) out.push_back(owner->column.to);
    } else {  // anybody's
      for (const auto& [key, body] : other.of_kind(Kind::column))
        if (std::get<Column>(body).identity && key.ns == sequence.ns) out.push_back(key);
    }
    return out;
  }
  /// The identity column that became a serial one with this sequence.
  static std::optional<ObjectKey> predecessor(const ObjectKey& key, const RenderContext& context) {
    for (const auto& column : columns_of(key, context.to, context.from))
      if (successor_of_identity(column, context) == key) return column;
    return std::nullopt;
  }
  /// The identity's own sequence has the name that this one gets, as a rule.
  static ObjectKey make_way(const ObjectKey& key, const ObjectKey& column, const RenderContext& context,
                            SqlWriter& w) {
    const ObjectKey own{Kind::sequence, column.ns, {}, sequence_of_identity(column, context), {}};
    if (own != key) return own;
    w.raw("ALTER SEQUENCE ").name(own).raw(" RENAME TO ").ident(replaced(own).name).end();
    return replaced(own);
  }
  /// The new sequence goes on where the former one is.
  static void replace_identity(const ObjectKey& key, const ObjectKey& column, const ObjectKey& former,
                               SqlWriter& w) {
    w.raw("SELECT pg_catalog.setval(").literal(quote_identifier(key.ns) + "." + quote_identifier(key.name));
    w.raw(", last_value, is_called) FROM ").name(former).end();
    w.raw("ALTER TABLE ");
    write_owner(w, column).raw(" ALTER COLUMN ").ident(column.name).raw(" DROP IDENTITY").end();
  }
  /// A column that counted with it became an identity column: its new sequence gets the name.
  static void free_name(const ObjectKey& key, const RenderContext& context, SqlWriter& w) {
    for (const auto& k : columns_of(key, context.from, context.to)) {
      const auto& column = *context.to.find<Column>(k);
      if (!column.identity || identity_sequence(k.owner, k.name, column.options) != key.name) continue;
      const auto interim = interim_sequence(k, context);
      if (!interim) continue;
      w.raw("ALTER SEQUENCE ").relation(key.ns, *interim).raw(" RENAME TO ").ident(key.name).end();
      return;
    }
  }
  static void alter(const ObjectKey& key, const RenderContext& context, SqlWriter& w) {
    const auto& from = *context.from.find<Sequence>(key);
    const auto& to = *context.to.find<Sequence>(key);
    move_into_bounds(key, {from.options, type_of(from)}, {to.options, type_of(to)}, w);
    std::string clauses;
    if (from.type != to.type) clauses += " AS " + type_of(to);
    clauses += sequence_changes(from.options, to.options, type_of(to), "");
    if (!clauses.empty()) w.raw("ALTER SEQUENCE ").name(key).raw(clauses).end();
    if (from.unlogged != to.unlogged)
      w.raw("ALTER SEQUENCE ").name(key).raw(to.unlogged ? " SET UNLOGGED" : " SET LOGGED").end();
    if (from.comment != to.comment) write_comment(w, "SEQUENCE", key, to.comment);
  }
};
}  // namespace

const KindHandler& postgres_sequence_handler() {
  static const Handler handler;
  return handler;
}

}  // namespace trueup
