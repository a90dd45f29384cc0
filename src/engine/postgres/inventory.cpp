// What a database holds beside what the kinds cover: every object is managed, an extension's, ignored or
// unmodelled, and none is passed over in silence.
#include "base/text.hpp"
#include "engine/postgres/catalog_query.hpp"
#include "engine/postgres/handlers.hpp"

namespace trueup {
namespace {
using namespace postgres;

// Each query gives the object's name as trueup shows it and a text that changes when its definition does.

/// Partitioned tables, partitions, inheritance, typed and foreign tables: with all that hangs on them.
constexpr std::string_view tables = R"sql(
select case when c.relkind = 'p' then 'partitioned table ' when c.relispartition then 'partition '
            when c.relkind = 'f' then 'foreign table ' when c.reloftype <> 0 then 'typed table '
            else 'inheriting table ' end || quote_ident(n.nspname) || '.' || quote_ident(c.relname),
       concat_ws(' | ', pg_get_partkeydef(c.oid), pg_get_expr(c.relpartbound, c.oid), c.reloptions::text, c.relpersistence,
         c.relrowsecurity, c.relforcerowsecurity, c.relreplident, nullif(c.reloftype, 0)::regtype,
         (select string_agg(h.inhparent::regclass::text, ',' order by h.inhseqno) from pg_inherits h where h.inhrelid = c.oid),
         (select string_agg(concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
                                      a.attgenerated, pg_get_expr(d.adbin, d.adrelid), a.attislocal, a.attinhcount,
                                      a.attstorage, a.attstattarget, a.attoptions::text, a.attfdwoptions::text,
                                      nullif(a.attcollation, 0)::regcollation), ', ' order by a.attname)
          from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
          where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
         (select string_agg(k.conname || ' ' || pg_get_constraintdef(k.oid), ', ' order by k.conname)
          from pg_constraint k where k.conrelid = c.oid),
         (select string_agg(pg_get_indexdef(x.indexrelid), ', ' order by x.indexrelid::regclass::text)
          from pg_index x where x.indrelid = c.oid),
         (select string_agg(concat_ws(' ', q.seqtypid::regtype, q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache,
                                      q.seqcycle, o.refobjsubid), ', ' order by o.refobjsubid, q.seqrelid::regclass::text)
          from pg_depend o join pg_sequence q on q.seqrelid = o.objid
          where o.classid = 'pg_class'::regclass and o.refclassid = 'pg_class'::regclass and o.refobjid = c.oid
            and o.refobjsubid > 0 and o.deptype in ('a', 'i')),
         (select string_agg(pg_get_triggerdef(t.oid) || t.tgenabled::text, ', ' order by t.tgname)
          from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal),
         (select f.ftoptions::text || s.srvname from pg_foreign_table f join pg_foreign_server s on s.oid = f.ftserver
          where f.ftrelid = c.oid),
         (select string_agg(d.objsubid || d.description, ',' order by d.objsubid) from pg_description d
          where d.objoid = c.oid and d.classoid = 'pg_class'::regclass))
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where {in_scope} and not {member pg_class c.oid} and c.relpersistence <> 't'
  and (c.relkind in ('p', 'f') or c.relkind = 'r' and not {modelled_table})
  {but_own}
)sql";

constexpr std::string_view on_tables = R"sql(
select 'policy ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) || '.' || quote_ident(p.polname),
       concat_ws(' ', p.polcmd, p.polpermissive,
                 (select string_agg(coalesce(r.rolname, 'public'), ',' order by r.rolname)
                  from unnest(p.polroles) u (role) left join pg_roles r on r.oid = u.role),
                 pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
where {in_scope} and not {modelled_table}
union all
select 'rule ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) || '.' || quote_ident(r.rulename),
       pg_get_ruledef(r.oid) || r.ev_enabled::text
from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
where {in_scope} and r.rulename <> '_RETURN' and not {member pg_class c.oid}
union all
select 'view column default ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) || '.' || quote_ident(a.attname),
       pg_get_expr(d.adbin, d.adrelid)
from pg_attrdef d join pg_class c on c.oid = d.adrelid join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
where {in_scope} and c.relkind = 'v' and not {member pg_class c.oid}
union all
select 'temporal ' || case k.contype when 'f' then 'foreign key ' else 'key ' end || quote_ident(n.nspname) || '.'
       || quote_ident(c.relname) || '.' || quote_ident(k.conname), pg_get_constraintdef(k.oid)
from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
where {in_scope} and {since 180000 k.conperiod else false} and c.relkind = 'r' and not {member pg_class c.oid}
union all
select 'statistics ' || quote_ident(n.nspname) || '.' || quote_ident(s.stxname),
       pg_get_statisticsobjdef(s.oid) || coalesce(to_jsonb(s) ->> 'stxstattarget', '')
from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace
where {in_scope} and not {member pg_statistic_ext s.oid}
)sql";

constexpr std::string_view in_namespaces = R"sql(
select 'range type ' || quote_ident(n.nspname) || '.' || quote_ident(t.typname),
       concat_ws(' ', format_type(r.rngsubtype, null), r.rngcollation, r.rngsubopc, r.rngcanonical::text, r.rngsubdiff::text)
from pg_range r join pg_type t on t.oid = r.rngtypid join pg_namespace n on n.oid = t.typnamespace
where {in_scope} and not {member pg_type t.oid}
union all
select 'base type ' || quote_ident(n.nspname) || '.' || quote_ident(t.typname),
       concat_ws(' ', t.typlen, t.typbyval, t.typalign, t.typstorage, t.typinput, t.typoutput, t.typcategory, t.typisdefined)
from pg_type t join pg_namespace n on n.oid = t.typnamespace
where {in_scope} and (t.typtype = 'p' or t.typtype = 'b'
      and not exists (select 1 from pg_type e where e.typarray = t.oid)) and not {member pg_type t.oid}
union all
select 'operator ' || quote_ident(n.nspname) || '.' || o.oprname || ' (' || format_type(o.oprleft, null) || ', '
       || format_type(o.oprright, null) || ')',
       concat_ws(' ', o.oprcode, o.oprcom::regoper, o.oprnegate::regoper, o.oprrest, o.oprjoin, o.oprcanhash, o.oprcanmerge)
from pg_operator o join pg_namespace n on n.oid = o.oprnamespace where {in_scope} and not {member pg_operator o.oid}
union all
select 'operator class ' || quote_ident(n.nspname) || '.' || quote_ident(o.opcname) || ' using ' || m.amname,
       concat_ws(' ', format_type(o.opcintype, null), o.opcdefault, format_type(o.opckeytype, null))
from pg_opclass o join pg_am m on m.oid = o.opcmethod join pg_namespace n on n.oid = o.opcnamespace
where {in_scope} and not {member pg_opclass o.oid}
union all
select 'operator family ' || quote_ident(n.nspname) || '.' || quote_ident(o.opfname) || ' using ' || m.amname,
       (select string_agg(concat_ws(' ', a.amopstrategy, a.amopopr::regoperator), ',' order by a.amopstrategy, a.amopopr::regoperator::text)
        from pg_amop a where a.amopfamily = o.oid)
from pg_opfamily o join pg_am m on m.oid = o.opfmethod join pg_namespace n on n.oid = o.opfnamespace
where {in_scope} and not {member pg_opfamily o.oid}
union all
select 'collation ' || quote_ident(n.nspname) || '.' || quote_ident(c.collname),
       (to_jsonb(c) - 'oid' - 'collnamespace' - 'collowner' - 'collversion')::text
from pg_collation c join pg_namespace n on n.oid = c.collnamespace where {in_scope} and not {member pg_collation c.oid}
union all
select 'conversion ' || quote_ident(n.nspname) || '.' || quote_ident(c.conname),
       concat_ws(' ', c.conforencoding, c.contoencoding, c.conproc, c.condefault)
from pg_conversion c join pg_namespace n on n.oid = c.connamespace where {in_scope} and not {member pg_conversion c.oid}
)sql";

constexpr std::string_view text_search = R"sql(
select 'text search configuration ' || quote_ident(n.nspname) || '.' || quote_ident(c.cfgname),
       c.cfgparser::text || (select string_agg(concat_ws(' ', m.maptokentype, m.mapseqno, m.mapdict::regdictionary), ',' order by m.maptokentype, m.mapseqno)
        from pg_ts_config_map m where m.mapcfg = c.oid)
from pg_ts_config c join pg_namespace n on n.oid = c.cfgnamespace where {in_scope} and not {member pg_ts_config c.oid}
union all
select 'text search dictionary ' || quote_ident(n.nspname) || '.' || quote_ident(d.dictname),
       concat_ws(' ', t.tmplname, d.dictinitoption)
from pg_ts_dict d join pg_ts_template t on t.oid = d.dicttemplate join pg_namespace n on n.oid = d.dictnamespace
where {in_scope} and not {member pg_ts_dict d.oid}
union all
select 'text search parser ' || quote_ident(n.nspname) || '.' || quote_ident(p.prsname),
       concat_ws(' ', p.prsstart, p.prstoken, p.prsend, p.prsheadline, p.prslextype)
from pg_ts_parser p join pg_namespace n on n.oid = p.prsnamespace where {in_scope} and not {member pg_ts_parser p.oid}
union all
select 'text search template ' || quote_ident(n.nspname) || '.' || quote_ident(t.tmplname),
       concat_ws(' ', t.tmplinit, t.tmpllexize)
from pg_ts_template t join pg_namespace n on n.oid = t.tmplnamespace where {in_scope} and not {member pg_ts_template t.oid}
)sql";

/// Objects of the whole database.
constexpr std::string_view database_wide = R"sql(
select 'event trigger ' || quote_ident(e.evtname),
       concat_ws(' ', e.evtevent, e.evtfoid::regproc, e.evtenabled, e.evttags::text)
from pg_event_trigger e where not {member pg_event_trigger e.oid}
union all
select 'publication ' || quote_ident(p.pubname),
       (to_jsonb(p) - 'oid' - 'pubowner')::text
       || coalesce((select string_agg(concat_ws(' ', r.prrelid::regclass,
                                      {since 150000 pg_get_expr(r.prqual, r.prrelid) else null},
                                      {since 150000 r.prattrs::text else null}), ',' order by r.prrelid::regclass::text)
                    from pg_publication_rel r where r.prpubid = p.oid), '')
       || coalesce({since 150000 (select string_agg(n.pnnspid::regnamespace::text, ',' order by n.pnnspid::regnamespace::text)
                    from pg_publication_namespace n where n.pnpubid = p.oid) else null}, '')
from pg_publication p
union all
select 'subscription ' || quote_ident(s.subname), concat_ws(' ', s.subenabled, s.subpublications::text)
from pg_subscription s where s.subdbid = (select d.oid from pg_database d where d.datname = current_database())
union all
select 'cast (' || format_type(c.castsource, null) || ' as ' || format_type(c.casttarget, null) || ')',
       concat_ws(' ', nullif(c.castfunc, 0)::regprocedure, c.castcontext, c.castmethod)
from pg_cast c where c.oid >= 16384 and not {member pg_cast c.oid}
  and c.oid not in (select i.objid from pg_depend i where i.classid = 'pg_cast'::regclass and i.deptype = 'i')
union all
select 'language ' || quote_ident(l.lanname), concat_ws(' ', l.lanpltrusted, nullif(l.lanplcallfoid, 0)::regproc)
from pg_language l where l.oid >= 16384 and not {member pg_language l.oid}
union all
select 'transform for ' || format_type(t.trftype, null) || ' language ' || l.lanname,
       concat_ws(' ', t.trffromsql, t.trftosql)
from pg_transform t join pg_language l on l.oid = t.trflang where not {member pg_transform t.oid}
union all
select 'access method ' || quote_ident(m.amname), concat_ws(' ', m.amtype, m.amhandler)
from pg_am m where m.oid >= 16384 and not {member pg_am m.oid}
union all
select 'foreign data wrapper ' || quote_ident(w.fdwname), concat_ws(' ', w.fdwhandler, w.fdwvalidator, w.fdwoptions::text)
from pg_foreign_data_wrapper w where not {member pg_foreign_data_wrapper w.oid}
union all
select 'server ' || quote_ident(s.srvname), concat_ws(' ', w.fdwname, s.srvtype, s.srvversion)
from pg_foreign_server s join pg_foreign_data_wrapper w on w.oid = s.srvfdw where not {member pg_foreign_server s.oid}
union all
select 'user mapping for ' || u.usename || ' server ' || quote_ident(u.srvname), ''
from pg_user_mappings u
)sql";

/// What is said about objects by others than their own kinds. Kinds keep the comments of what they model.
constexpr std::string_view remarks = R"sql(
select 'comment on ' || i.type || ' ' || i.identity, d.description
from (select * from pg_description d
where (d.objoid >= 16384 and d.classoid not in ('pg_class'::regclass, 'pg_proc'::regclass, 'pg_constraint'::regclass,
                               'pg_trigger'::regclass, 'pg_type'::regclass, 'pg_namespace'::regclass,
                               'pg_extension'::regclass, 'pg_policy'::regclass)
       or d.classoid = 'pg_type'::regclass
          and d.objoid in (select t.oid from pg_type t where t.typtype not in ('e', 'd', 'c') and t.oid >= 16384)
       or d.classoid = 'pg_class'::regclass
          and d.objoid in (select k.conindid from pg_constraint k join pg_class c on c.oid = k.conrelid
                           where k.contype = 'x' or k.contype in ('p', 'u')
                             and not ({modelled_table} {since 180000 and not k.conperiod else })))
 offset 0) d  -- named only when chosen
cross join lateral pg_identify_object(d.classoid, d.objoid, d.objsubid) i
left join pg_namespace n on n.nspname = i.schema
where (i.schema is null or {in_scope})
  and not exists (select from pg_depend m where m.classid = d.classoid and m.objid = d.objoid and m.deptype = 'e')
union all
select 'column settings of materialized view ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) || '.' || quote_ident(a.attname),
       concat_ws(' ', nullif(a.attstattarget, -1), a.attstorage, a.attoptions::text)
from pg_attribute a join pg_class c on c.oid = a.attrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_type t on t.oid = a.atttypid
where {in_scope} and c.relkind = 'm' and a.attnum > 0 and not a.attisdropped and not {member pg_class c.oid}
  and (coalesce(a.attstattarget, -1) <> -1 or a.attstorage <> t.typstorage or a.attoptions is not null)
union all
select 'absent namespace public', '' where to_regnamespace('public') is null
union all
select 'security label of ' || l.provider || ' on ' || pg_describe_object(l.classoid, l.objoid, l.objsubid), l.label
from pg_seclabel l
union all
select 'dependence of ' || i.type || ' ' || i.identity || ' on extension ' || quote_ident(e.extname), ''
from pg_depend d join pg_extension e on e.oid = d.refobjid
cross join lateral pg_identify_object(d.classid, d.objid, d.objsubid) i
join pg_namespace n on n.nspname = i.schema
where d.refclassid = 'pg_extension'::regclass and d.deptype = 'x' and {in_scope}
union all
select 'transforms of function ' || p.oid::regprocedure, p.protrftypes::regtype[]::text
from pg_proc p join pg_namespace n on n.oid = p.pronamespace
where {in_scope} and p.protrftypes is not null and not {member pg_proc p.oid}
)sql";

/// Looked at, known, and on purpose none of trueup's business.
constexpr std::string_view ignored = R"sql(
select 'privileges on ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where {in_scope} and c.relacl is not null and c.relkind in ('r', 'v', 'm', 'S') and not {member pg_class c.oid}
union all
select 'privileges on function ' || p.oid::regprocedure
from pg_proc p join pg_namespace n on n.oid = p.pronamespace
where {in_scope} and p.proacl is not null and not {member pg_proc p.oid}
union all
select 'privileges on type ' || t.oid::regtype
from pg_type t join pg_namespace n on n.oid = t.typnamespace
where {in_scope} and t.typacl is not null and not {member pg_type t.oid}
union all
select 'privileges on namespace ' || quote_ident(n.nspname)
from pg_namespace n where {in_scope} and n.nspacl is not null and n.nspname <> 'public'
union all
select distinct 'privileges on columns of ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname)
from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
where {in_scope} and a.attacl is not null and a.attnum > 0 and not {member pg_class c.oid}
union all
select 'default privileges of ' || pg_get_userbyid(d.defaclrole) || coalesce(' in ' || quote_ident(n.nspname), '')
       || ' on ' || d.defaclobjtype::text
from pg_default_acl d left join pg_namespace n on n.oid = d.defaclnamespace
where d.defaclnamespace = 0 or {in_scope}
)sql";

constexpr std::string_view members = R"sql(
select pg_describe_object(d.classid, d.objid, 0), e.extname
from pg_depend d join pg_extension e on e.oid = d.refobjid
where d.refclassid = 'pg_extension'::regclass and d.deptype = 'e' and e.extname <> 'plpgsql'
  and d.classid in ('pg_class'::regclass, 'pg_type'::regclass, 'pg_proc'::regclass)
)sql";

void add(Catalog& out, std::string object, Standing standing, std::string detail) {
  if (standing == Standing::unmodelled) out.unmodelled.emplace(object, detail);
  out.inventory.push_back({std::move(object), standing, std::move(detail)});
}

/// Every database is born with this comment. Its absence is worth a line, not a refusal.
constexpr std::string_view public_comment =
    "select 1 where obj_description(to_regnamespace('public'), 'pg_namespace') is null";

void unmodelled(Connection& connection, const Scope& scope, std::string_view query, Catalog& out) {
  std::string sql(query);
  const std::string own = scope.ignore_table.empty() ? "" : "and c.relname <> '" + scope.ignore_table + "'";
  sql = replace_all(std::move(sql), "{but_own}", own);
  for (const auto& r : catalog_rows(connection, scope, sql))
    add(out, text(r[0]), Standing::unmodelled, sha256(text(r[1])).substr(0, 16));
}
}  // namespace

void postgres_list_managed(Catalog& out) {
  std::vector<InventoryItem> managed;
  for (const auto& [key, body] : out.objects)
    if (!info(key.kind).owned && key.kind != Kind::sequence_owner)
      managed.push_back({to_string(key), Standing::managed, {}});
  out.inventory.insert(out.inventory.begin(), std::make_move_iterator(managed.begin()),
                       std::make_move_iterator(managed.end()));
}

void postgres_introspect_inventory(Connection& connection, const Scope& scope, Catalog& out) {
  for (const auto query : {tables, on_tables, in_namespaces, text_search, database_wide, remarks})
    unmodelled(connection, scope, query, out);
  if (!catalog_rows(connection, scope, public_comment).empty())
    out.inventory.push_back({"absent comment on schema public", Standing::unmodelled, "not compared"});
  for (const auto& r : catalog_rows(connection, scope, ignored))
    add(out, text(r[0]), Standing::ignored, "privileges are not managed");
  for (const auto& r : catalog_rows(connection, scope, members))
    add(out, text(r[0]), Standing::extension_member, text(r[1]));
}

}  // namespace trueup
