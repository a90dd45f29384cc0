#include "engine/postgres/catalog_query.hpp"
#include "engine/postgres/clauses.hpp"
#include "engine/postgres/handlers.hpp"
#include "engine/postgres/view_parts.hpp"

namespace trueup {
namespace {
using namespace postgres;

std::string option(const Options& o, const std::string& name, const char* fallback) {
  auto it = o.find(name);
  return it == o.end() ? fallback : it->second;
}

class Handler final : public KindHandler {
 public:
  void introspect(Connection& connection, const Scope& scope, Catalog& out) const override {
    for (const auto& r : view_rows(connection, scope, "m")) {
      MaterializedView v;
      v.query = server_expr(view_query(r[2]));
      v.options = reloptions(r[3]);
      if (r[7] && *r[7] != "heap") v.options["method"] = *r[7];
      if (r[8]) v.options["tablespace"] = *r[8];
      v.comment = text(r[4]);
      v.column_comments = column_comments(r[5], r[6]);
      v.no_data = !truth(r[9]);
      out.objects.emplace(ObjectKey{Kind::materialized_view, text(r[0]), "", text(r[1]), ""}, std::move(v));
    }
  }
  void normalize(const ObjectKey&, ObjectBody& body, const Catalog&,
                 std::vector<Diagnostic>&) const override {
    auto& v = std::get<MaterializedView>(body);
    v.query.text = view_query(v.query.text);
    std::erase_if(v.column_comments, [](const auto& c) { return c.second.empty(); });
  }
  Means means(const Altered& a, const Catalog& from, const Catalog& to) const override {
    if (!a.only({"comment", "options", "column_comments"})) return Recreate{};
    const auto& x = std::get<MaterializedView>(from.objects.at(a.key)).options;
    const auto& y = std::get<MaterializedView>(to.objects.at(a.key)).options;
    if (option(x, "method", "heap") != option(y, "method", "heap")) return Recreate{};
    return InPlace{};
  }
  bool folds(Verb verb, const ObjectKey&, const Catalog&) const override { return verb == Verb::drop; }

  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    switch (step.verb) {
      case Verb::rename:
        write_rename(w, "MATERIALIZED VIEW", step, context);
        return;
      case Verb::drop:
        w.raw("DROP MATERIALIZED VIEW ").name(step.key);
        w.end(TxMode::inside,
              context.to.contains(step.key)
                  ? std::vector<
                        Hazard>{{HazardKind::other,
                                 "privileges granted on it are lost; it is filled again from its query"}}
                  : std::vector<Hazard>{});
        return;
      case Verb::create:
        return create(step.key, std::get<MaterializedView>(context.to.objects.at(step.key)), w);
      case Verb::alter: {
        const auto& a = std::get<MaterializedView>(context.from.objects.at(step.key));
        const auto& b = std::get<MaterializedView>(context.to.objects.at(step.key));
        alter_options(w, "MATERIALIZED VIEW", step.key, a.options, b.options);
        if (option(a.options, "tablespace", "pg_default") != option(b.options, "tablespace", "pg_default"))
          w.raw("ALTER MATERIALIZED VIEW ")
              .name(step.key)
              .raw(" SET TABLESPACE ")
              .ident(option(b.options, "tablespace", "pg_default"))
              .end();
        if (a.comment != b.comment) write_comment(w, "MATERIALIZED VIEW", step.key, b.comment);
        comment_columns(w, step.key, a.column_comments, b.column_comments);
        return;
      }
      case Verb::rebuild:
        break;
    }
    throw std::logic_error("a materialized view is never rebuilt");
  }

 private:
  static void create(const ObjectKey& key, const MaterializedView& v, SqlWriter& w) {
    w.raw("CREATE MATERIALIZED VIEW ").name(key);
    write_columns(w, v.columns);
    if (auto it = v.options.find("method"); it != v.options.end()) w.raw(" USING ").ident(it->second);
    write_options(w, v.options);
    if (auto it = v.options.find("tablespace"); it != v.options.end())
      w.raw(" TABLESPACE ").ident(it->second);
    w.raw(" AS\n").raw(sql_of(v.query)).raw(v.no_data ? "\nWITH NO DATA" : "");
    w.end(TxMode::inside, {{HazardKind::other, "runs its query to fill it"}});
    if (!v.comment.empty()) write_comment(w, "MATERIALIZED VIEW", key, v.comment);
    comment_columns(w, key, {}, v.column_comments);
  }
};
}  // namespace

const KindHandler& postgres_materialized_view_handler() {
  static const Handler handler;
  return handler;
}

}  // namespace trueup
