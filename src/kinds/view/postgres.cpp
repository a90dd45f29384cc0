#include "base/text.hpp"
#include "engine/postgres/catalog_query.hpp"
#include "engine/postgres/clauses.hpp"
#include "engine/postgres/handlers.hpp"
#include "engine/postgres/view_change.hpp"
#include "engine/postgres/view_parts.hpp"

namespace trueup {
namespace {
using namespace postgres;

class Handler final : public KindHandler {
 public:
  void introspect(Connection& connection, const Scope& scope, Catalog& out) const override {
    for (const auto& r : view_rows(connection, scope, "v")) {
      View v;
      v.query = server_expr(view_query(r[2]));
      v.options = reloptions(r[3]);
      v.comment = text(r[4]);
      v.column_comments = column_comments(r[5], r[6]);
      out.objects.emplace(ObjectKey{Kind::view, text(r[0]), "", text(r[1]), ""}, std::move(v));
    }
  }
  void normalize(const ObjectKey&, ObjectBody& body, const Catalog&,
                 std::vector<Diagnostic>&) const override {
    auto& v = std::get<View>(body);
    v.query.text = view_query(v.query.text);
    for (auto& [name, value] : v.options) value = lower(value);
    std::erase_if(v.options, [](const auto& o) {
      return o.second == "false" && (o.first == "security_barrier" || o.first == "security_invoker");
    });
    std::erase_if(v.column_comments, [](const auto& c) { return c.second.empty(); });
  }
  /// CREATE OR REPLACE VIEW can only add columns at the end.
  Means means(const Altered& a, const Catalog& from, const Catalog& to) const override {
    if (a.only({"comment", "options", "column_comments"})) return InPlace{};
    if (a.only({"query", "comment", "options", "column_comments"}) && replaceable(a.key, from, to))
      return InPlace{};
    return Recreate{};
  }
  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    switch (step.verb) {
      case Verb::rename:
        write_rename(w, "VIEW", step, context);
        return;
      case Verb::drop:
        w.raw("DROP VIEW ").name(step.key);
        w.end(TxMode::inside,
              context.to.contains(step.key)
                  ? std::vector<Hazard>{{HazardKind::other, "privileges granted on it are lost"}}
                  : std::vector<Hazard>{});
        return;
      case Verb::create:
        return create(step.key, std::get<View>(context.to.objects.at(step.key)), w);
      case Verb::alter: {
        const auto& a = std::get<View>(context.from.objects.at(step.key));
        const auto& b = std::get<View>(context.to.objects.at(step.key));
        if (a.query == b.query)
          alter_options(w, "VIEW", step.key, a.options, b.options);
        else
          define(step.key, b, "CREATE OR REPLACE VIEW ", w);
        if (a.comment != b.comment) write_comment(w, "VIEW", step.key, b.comment);
        comment_columns(w, step.key, a.column_comments, b.column_comments);
        return;
      }
      case Verb::rebuild:
        break;
    }
    throw std::logic_error("a view is never rebuilt");
  }

 private:
  static void define(const ObjectKey& key, const View& v, std::string_view verb, SqlWriter& w) {
    w.raw(verb).name(key);
    write_columns(w, v.columns);
    write_options(w, v.options);
    w.raw(" AS\n").raw(sql_of(v.query)).end();
  }
  static void create(const ObjectKey& key, const View& v, SqlWriter& w) {
    define(key, v, "CREATE VIEW ", w);
    if (!v.comment.empty()) write_comment(w, "VIEW", key, v.comment);
    comment_columns(w, key, {}, v.column_comments);
  }
};
}  // namespace

const KindHandler& postgres_view_handler() {
  static const Handler handler;
  return handler;
}

}  // namespace trueup
