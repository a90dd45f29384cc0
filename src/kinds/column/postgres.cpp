#include "base/text.hpp"
#include "engine/finding.hpp"
#include "engine/postgres/catalog_names.hpp"
#include "engine/postgres/column_change.hpp"
#include "engine/postgres/handlers.hpp"
#include "engine/postgres/sequence_options.hpp"
#include "engine/postgres/types.hpp"

namespace trueup {
namespace {
using namespace postgres;

// A default names no columns, so the server need not open the table to spell it.
constexpr std::string_view columns_query = R"sql(
select a.attrelid, a.attnum, a.attname, a.attcollation,
       format_type(a.atttypid, a.atttypmod), a.attnotnull,
       pg_get_expr(d.adbin, case when a.attgenerated <> '' then d.adrelid else 0 end), a.attgenerated, a.attidentity,
       case when a.attcollation <> t.typcollation
            then (select quote_ident(ln.nspname) || '.' || quote_ident(l.collname) from pg_collation l
                  join pg_namespace ln on ln.oid = l.collnamespace where l.oid = a.attcollation) end,
       case when a.attstorage <> t.typstorage then a.attstorage end,
       {since 140000 case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end else null},
       case when a.attstattarget >= 0 then a.attstattarget end, a.attoptions, m.description,
       q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache, q.seqcycle, qc.relname, c.relname,
       case when q.seqrelid is not null then obj_description(q.seqrelid, 'pg_class') end
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
join pg_type t on t.oid = a.atttypid
left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
left join pg_description m on m.objoid = c.oid and m.classoid = 'pg_class'::regclass and m.objsubid = a.attnum
left join pg_depend s on a.attidentity <> '' and s.refclassid = 'pg_class'::regclass and s.refobjid = c.oid
                     and s.refobjsubid = a.attnum and s.classid = 'pg_class'::regclass and s.deptype = 'i'
left join pg_sequence q on q.seqrelid = s.objid
left join pg_class qc on qc.oid = q.seqrelid
where {in_scope} and {modelled_table}
)sql";

/// Positions count from 1 without the gaps that dropped columns leave: of each table, its attnums in order.
using Attnums = std::unordered_map<Oid, std::vector<std::int64_t>>;
std::int64_t position(const Attnums& all, const ResultRow& r) {
  const auto& attnums = all.at(number(r[0]));
  return std::lower_bound(attnums.begin(), attnums.end(), number(r[1])) - attnums.begin() + 1;
}

std::string storage_name(const Cell& code) {
  const std::string c = text(code);
  return c == "p" ? "plain" : c == "e" ? "external" : c == "m" ? "main" : "extended";
}

Column column_from(const Catalog& catalog, const ResultRow& r) {
  Column c;
  c.type = data_type(catalog, text(r[4]));
  c.not_null = truth(r[5]);
  const std::string generated = text(r[7]), identity = text(r[8]);
  if (!generated.empty()) {
    c.generated = server_expr(text(r[6]));
    c.generated_kind = generated == "v" ? "virtual" : "stored";
  } else if (r[6]) {
    c.default_value = server_expr(*r[6]);
  }
  if (!identity.empty()) {
    Identity id;
    id.generation = identity == "a" ? "always" : "by default";
    id.options =
        canonical({number(r[15]), number(r[16]), number(r[17]), number(r[18]), number(r[19]), truth(r[20])},
                  c.type.text);
    c.identity = std::move(id);
    if (r[21] && *r[21] != identity_sequence(text(r[22]), text(r[2]), {})) c.options["sequence"] = *r[21];
    if (r[23]) c.options["sequence_comment"] = *r[23];
  }
  if (r[9]) c.collation = postgres_collation(*r[9]);
  if (r[10]) c.options["storage"] = storage_name(r[10]);
  if (r[11]) c.options["compression"] = *r[11];
  if (r[12]) c.options["statistics"] = *r[12];
  c.options.merge(reloptions(r[13]));
  c.comment = text(r[14]);
  return c;
}

class Handler final : public KindHandler {
 public:
  void introspect(Connection& connection, const Scope& scope, Catalog& out) const override {
    const auto rows = catalog_rows(connection, scope, columns_query);
    CatalogNames& known = names(scope);
    Attnums attnums;
    for (const auto& r : rows) {
      attnums[number(r[0])].push_back(number(r[1]));
      known.add_column(number(r[0]), number(r[1]), {text(r[2]), number(r[3])});
    }
    for (auto& [table, all] : attnums) std::sort(all.begin(), all.end());
    for (const auto& r : rows) {
      const ObjectKey* table = known.modelled_table(r[0]);
      if (table == nullptr) continue;  // created since the relations were read
      Column c = column_from(out, r);
      c.position = position(attnums, r);
      out.objects.emplace(child_key(Kind::column, table->ns, table->name, text(r[2])), std::move(c));
    }
  }

  void normalize(const ObjectKey& key, ObjectBody& body, const Catalog& catalog,
                 std::vector<Diagnostic>& found) const override {
    auto& c = std::get<Column>(body);
    if (c.generated && c.generated_kind.empty()) c.generated_kind = "stored";
    c.collation = postgres_collation(c.collation);
    if (c.collation == "\"default\"") c.collation.clear();
    if (c.default_value && lower(trim(c.default_value->text)) == "null") c.default_value.reset();
    for (const char* name : {"storage", "compression"})
      if (const auto it = c.options.find(name); it != c.options.end()) it->second = lower(it->second);
    if (const auto it = c.options.find("sequence");
        it != c.options.end() && (!c.identity || it->second == identity_sequence(key.owner, key.name, {})))
      c.options.erase(it);
    if (const auto it = c.options.find("sequence_comment");
        it != c.options.end() && (!c.identity || it->second.empty()))
      c.options.erase(it);
    if (!c.identity) return;
    c.not_null = true;
    c.identity->generation = lower(c.identity->generation);
    if (c.identity->generation.empty()) c.identity->generation = "by default";
    c.identity->options = canonical(c.identity->options, c.type.text);
    const bool integer =
        !c.type.user && (c.type.text == "smallint" || c.type.text == "integer" || c.type.text == "bigint");
    if (integer && !c.default_value) return;
    found.push_back(integer ? finding(catalog, key, "an identity column cannot have a default as well",
                                      "remove the default")
                            : finding(catalog, key, "an identity column must be smallint, integer or bigint",
                                      "change the type, or remove `identity`"));
  }

  Means means(const Altered& a, const Catalog& from, const Catalog& to) const override {
    return column_means(a, from, to);
  }
  bool blocks(const Altered& a, const ObjectKey& dependent, const Catalog& from,
              const Catalog& to) const override {
    return column_blocks(a, dependent, from, to);
  }
  std::string loses_data(const Altered& a, const Catalog& from, const Catalog& to) const override {
    return column_loses(a, from, to);
  }

  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    const ObjectKey& key = step.key;
    switch (step.verb) {
      case Verb::create:
        add_column(key, context, w);
        return;
      case Verb::drop:
        w.raw("ALTER TABLE ");
        write_owner(w, key).raw(" DROP COLUMN ").ident(key.name).end();
        return;
      case Verb::rename:
        w.raw("ALTER TABLE ");
        write_owner(w, key)
            .raw(" RENAME COLUMN ")
            .ident(step.old_key->name)
            .raw(" TO ")
            .ident(key.name)
            .end();
        return;
      case Verb::alter:
        alter_column(key, context, w);
        return;
      case Verb::rebuild:
        break;
    }
    throw std::logic_error("a column is never rebuilt");
  }
};
}  // namespace

const KindHandler& postgres_column_handler() {
  static const Handler handler;
  return handler;
}

}  // namespace trueup
