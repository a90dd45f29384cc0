#include "base/text.hpp"
#include "engine/postgres/catalog_query.hpp"
#include "engine/postgres/clauses.hpp"
#include "engine/postgres/constraint.hpp"
#include "engine/postgres/dialect.hpp"
#include "engine/postgres/handlers.hpp"
#include "engine/postgres/key_constraint.hpp"

namespace trueup {
namespace {
using namespace postgres;

constexpr std::string_view tables_query = R"sql(
select n.nspname, c.relname, c.relpersistence = 'u', c.reloptions, t.reloptions, s.spcname, m.amname, c.relreplident,
       c.relrowsecurity, c.relforcerowsecurity, d.description
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
left join pg_class t on t.oid = c.reltoastrelid
left join pg_tablespace s on s.oid = c.reltablespace
left join pg_am m on m.oid = c.relam
left join pg_description d on d.objoid = c.oid and d.classoid = 'pg_class'::regclass and d.objsubid = 0
where {in_scope} and {modelled_table}
)sql";

std::string at(const Options& o, const std::string& name, std::string otherwise = {}) {
  const auto it = o.find(name);
  return it == o.end() ? std::move(otherwise) : it->second;
}

class Handler final : public KindHandler {
 public:
  void introspect(Connection& c, const Scope& scope, Catalog& out) const override {
    for (const auto& r : catalog_rows(c, scope, tables_query)) {
      Table t;
      t.options = reloptions(r[3]);
      t.options.merge(reloptions(r[4], "toast."));
      if (truth(r[2])) t.options["unlogged"] = "true";
      if (r[5]) t.options["tablespace"] = *r[5];
      if (r[6] && *r[6] != "heap") t.options["access_method"] = *r[6];
      if (text(r[7]) == "f") t.options["replica_identity"] = "full";
      if (text(r[7]) == "n") t.options["replica_identity"] = "nothing";
      if (truth(r[8])) t.options["row_security"] = "true";
      if (truth(r[9])) t.options["force_row_security"] = "true";
      t.comment = text(r[10]);
      out.objects.emplace(ObjectKey{Kind::table, text(r[0]), {}, text(r[1]), {}}, std::move(t));
    }
  }

  Means means(const Altered&, const Catalog&, const Catalog&) const override { return InPlace{}; }

  bool folds(Verb verb, const ObjectKey& child, const Catalog& catalog) const override {
    switch (child.kind) {
      case Kind::column:
      case Kind::primary_key:
        return true;
      case Kind::unique:
      case Kind::exclusion:
        return verb == Verb::drop || !merged_in_create(child, catalog);
      // In CREATE TABLE every constraint is valid at once.
      case Kind::check:
        return verb == Verb::drop || !catalog.find<Check>(child)->not_valid;
      case Kind::foreign_key:
        return verb == Verb::drop || !catalog.find<ForeignKey>(child)->not_valid;
      case Kind::index:
      case Kind::trigger:
      case Kind::policy:
        return verb == Verb::drop;
      default:
        return false;
    }
  }

  void render(const Step& step, std::span<const Step> folded, const RenderContext& context,
              SqlWriter& w) const override {
    const ObjectKey& key = step.key;
    switch (step.verb) {
      case Verb::create:
        create(key, folded, context, w);
        return;
      case Verb::drop:
        w.raw("DROP TABLE ").name(key).end();
        return;
      case Verb::rename:
        write_rename(w, "TABLE", step, context);
        return;
      case Verb::alter:
        alter(key, context, w);
        return;
      case Verb::rebuild:
        break;
    }
    throw std::logic_error("a table is never rebuilt on PostgreSQL");
  }

 private:
  static SqlWriter& alter_table(SqlWriter& w, const ObjectKey& key) {
    return w.raw("ALTER TABLE ").name(key);
  }

  static void create(const ObjectKey& key, std::span<const Step> folded, const RenderContext& context,
                     SqlWriter& w) {
    const auto& t = *context.to.find<Table>(key);
    std::vector<ObjectKey> columns, constraints;
    for (const auto& s : folded) (s.key.kind == Kind::column ? columns : constraints).push_back(s.key);
    std::stable_sort(columns.begin(), columns.end(), [&](const ObjectKey& a, const ObjectKey& b) {
      return context.to.find<Column>(a)->position < context.to.find<Column>(b)->position;
    });
    std::stable_sort(constraints.begin(), constraints.end());
    w.raw(t.options.contains("unlogged") ? "CREATE UNLOGGED TABLE " : "CREATE TABLE ").name(key).raw(" (");
    std::string_view separator = "\n  ";
    for (const auto& c : columns) {
      w.raw(std::exchange(separator, ",\n  "));
      write_column_definition(w, c, *context.to.find<Column>(c), context);
    }
    for (const auto& c : constraints)
      w.raw(std::exchange(separator, ",\n  "))
          .raw(constraint_clause(c, context.to.objects.at(c), context.dialect));
    w.raw(columns.empty() && constraints.empty() ? ")" : "\n)");
    if (t.options.contains("access_method")) w.raw(" USING ").ident(at(t.options, "access_method"));
    write_with(w, storage_parameters(t.options));
    if (t.options.contains("tablespace")) w.raw(" TABLESPACE ").ident(at(t.options, "tablespace"));
    w.end();
    write_identity(key, {}, t.options, w);
    write_row_security(key, {}, t.options, w);
    if (!t.comment.empty()) write_comment(w, "TABLE", key, t.comment);
    for (const auto& c : columns) write_column_extras(w, c, *context.to.find<Column>(c));
    for (const auto& c : constraints) write_constraint_extras(w, c, context.to.objects.at(c));
  }

  static void alter(const ObjectKey& key, const RenderContext& context, SqlWriter& w) {
    const auto& a = *context.from.find<Table>(key);
    const auto& b = *context.to.find<Table>(key);
    std::set<ObjectKey> done;
    if (a.options.contains("unlogged") != b.options.contains("unlogged"))
      write_logging(key, done, context, w);
    if (at(a.options, "access_method") != at(b.options, "access_method"))
      alter_table(w, key)
          .raw(" SET ACCESS METHOD ")
          .ident(at(b.options, "access_method", "heap"))
          .end(TxMode::inside, {rewrites(key)});
    if (at(a.options, "tablespace") != at(b.options, "tablespace"))
      alter_table(w, key)
          .raw(" SET TABLESPACE ")
          .ident(at(b.options, "tablespace", "pg_default"))
          .end(TxMode::inside, {rewrites(key)});
    write_parameters(key, storage_parameters(a.options), storage_parameters(b.options), w);
    write_identity(key, a.options, b.options, w);
    write_row_security(key, a.options, b.options, w);
    if (a.comment != b.comment) write_comment(w, "TABLE", key, b.comment);
  }

  /// No logged table refers to an unlogged one at any time: arrange() keeps the first of equal statements.
  static void write_logging(const ObjectKey& key, std::set<ObjectKey>& done, const RenderContext& context,
                            SqlWriter& w) {
    const auto unlogged = [](const Catalog& c, const ObjectKey& table) {
      const auto* t = c.find<Table>(table);
      return t != nullptr && t->options.contains("unlogged");
    };
    if (!done.insert(key).second) return;
    const bool off = unlogged(context.to, key);
    for (const auto& [k, body] : context.from.of_kind(Kind::foreign_key)) {
      const ObjectKey owner{Kind::table, k.ns, {}, k.owner, {}},
          other = std::get<ForeignKey>(body).ref_table.to;
      const ObjectKey& first = off ? owner : other;
      if ((off ? other : owner) == key && context.to.contains(first) &&
          unlogged(context.from, first) != unlogged(context.to, first))
        write_logging(first, done, context, w);
    }
    alter_table(w, key).raw(off ? " SET UNLOGGED" : " SET LOGGED").end(TxMode::inside, {rewrites(key)});
  }

  static void write_parameters(const ObjectKey& key, const Options& a, const Options& b, SqlWriter& w) {
    Options set;
    std::string reset;
    for (const auto& [name, value] : b)
      if (const auto it = a.find(name); it == a.end() || it->second != value) set.emplace(name, value);
    for (const auto& [name, value] : a)
      if (!b.contains(name)) reset += (reset.empty() ? "" : ", ") + name;
    if (!set.empty()) alter_table(w, key).raw(" SET (").raw(parameter_list(set)).raw(")").end();
    if (!reset.empty()) alter_table(w, key).raw(" RESET (").raw(reset).raw(")").end();
  }

  static void write_identity(const ObjectKey& key, const Options& a, const Options& b, SqlWriter& w) {
    const std::string want = at(b, "replica_identity");
    if (at(a, "replica_identity") == want) return;
    alter_table(w, key).raw(" REPLICA IDENTITY ");
    w.raw(want == "full" ? "FULL" : want == "nothing" ? "NOTHING" : "DEFAULT").end();
  }

  static void write_row_security(const ObjectKey& key, const Options& a, const Options& b, SqlWriter& w) {
    auto toggle = [&](const char* option, std::string_view on, std::string_view off) {
      if (a.contains(option) != b.contains(option))
        alter_table(w, key).raw(b.contains(option) ? on : off).end();
    };
    toggle("row_security", " ENABLE ROW LEVEL SECURITY", " DISABLE ROW LEVEL SECURITY");
    toggle("force_row_security", " FORCE ROW LEVEL SECURITY", " NO FORCE ROW LEVEL SECURITY");
  }
};
}  // namespace

const KindHandler& postgres_table_handler() {
  static const Handler handler;
  return handler;
}

}  // namespace trueup
