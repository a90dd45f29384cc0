#include "base/text.hpp"
#include "engine/sqlite/build.hpp"
#include "engine/sqlite/constraint.hpp"
#include "engine/sqlite/definition.hpp"
#include "engine/sqlite/handlers.hpp"
#include "engine/sqlite/inventory.hpp"
#include "engine/sqlite/lexer.hpp"

namespace trueup::sqlite {
namespace {
class ViewHandler final : public KindHandler {
 public:
  void introspect(Connection& connection, const Scope& scope, Catalog& out) const override {
    for (const auto& row : schema_rows(connection, "view", scope)) {
      const ObjectKey key{Kind::view, "", "", row.name, ""};
      try {
        ParsedView parsed = parse_view(row.sql);
        if (parsed.name != row.name) throw ParseError("it is stored under another name");
        add_view(parsed, out);
        add_item(out, key, Standing::managed);
      } catch (const ParseError& e) {
        add_unmodelled(out, key, row.sql, e.what());
      }
    }
  }

  void normalize(const ObjectKey&, ObjectBody& body, const Catalog&,
                 std::vector<Diagnostic>&) const override {
    auto& v = std::get<View>(body);
    v.comment.clear();  // nowhere to keep them
    v.column_comments.clear();
    std::string_view text = trim(v.query.text);
    while (text.ends_with(';')) text = trim(text.substr(0, text.size() - 1));
    v.query.text = std::string(text);
  }

  RenameMeans rename_means(const ObjectKey&, const ObjectKey&, const Catalog&) const override {
    return RenameMeans::unsupported;
  }
  Means means(const Altered&, const Catalog&, const Catalog&) const override { return Recreate{}; }

  /// DROP VIEW takes its triggers along.
  bool folds(Verb verb, const ObjectKey&, const Catalog&) const override { return verb == Verb::drop; }

  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    if (step.verb == Verb::drop)
      w.raw("drop view ").ident(step.key.name).end();
    else
      w.raw(view_definition(step.key, *context.to.find<View>(step.key))).end();
  }
};
}  // namespace

const KindHandler& view_handler() {
  static const ViewHandler handler;
  return handler;
}

}  // namespace trueup::sqlite
