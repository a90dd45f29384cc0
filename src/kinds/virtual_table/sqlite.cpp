#include "base/text.hpp"
#include "engine/sqlite/build.hpp"
#include "engine/sqlite/handlers.hpp"
#include "engine/sqlite/inventory.hpp"
#include "engine/sqlite/lexer.hpp"

namespace trueup::sqlite {
namespace {
class VirtualTableHandler final : public KindHandler {
 public:
  void introspect(Connection& connection, const Scope& scope, Catalog& out) const override {
    for (const auto& row : schema_rows(connection, "table", scope)) {
      if (!is_virtual(row)) continue;
      const ObjectKey key{Kind::virtual_table, "", "", row.name, ""};
      try {
        const ParsedVirtualTable parsed = parse_virtual_table(row.sql);
        if (parsed.name != row.name) throw ParseError("it is stored under another name");
        out.objects.insert_or_assign(key, VirtualTable{Expr{parsed.definition, ""}, ""});
        add_item(out, key, Standing::managed);
      } catch (const ParseError& e) {
        add_unmodelled(out, key, row.sql, e.what());
      }
    }
  }

  void normalize(const ObjectKey&, ObjectBody& body, const Catalog&,
                 std::vector<Diagnostic>&) const override {
    auto& text = std::get<VirtualTable>(body).definition.text;
    const auto all = significant(text);
    if (!all.empty() && !is_word(all.front(), "using")) text = "using " + text;
    text = std::string(trim(text));
  }

  Means means(const Altered&, const Catalog&, const Catalog&) const override {
    return Unsupported{
        "SQLite cannot change the definition of a virtual table, and only its module could copy its content",
        "drop it in one migration and create it in the next, then fill it again"};
  }

  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    if (step.verb == Verb::rename) {
      w.raw("alter table ").ident(step.old_key->name).raw(" rename to ").ident(step.key.name).end();
    } else if (step.verb == Verb::drop) {
      w.raw("drop table ").ident(step.key.name);
      w.end(TxMode::inside, {{HazardKind::deletes_data, "drops the virtual table and the tables behind it"}});
    } else {
      w.raw("create virtual table ").ident(step.key.name).raw(" ");
      w.raw(context.to.find<VirtualTable>(step.key)->definition.text).end();
    }
  }
};
}  // namespace

const KindHandler& virtual_table_handler() {
  static const VirtualTableHandler handler;
  return handler;
}

}  // namespace trueup::sqlite
