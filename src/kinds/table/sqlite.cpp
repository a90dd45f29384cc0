#include "base/text.hpp"
#include "engine/sqlite/build.hpp"
#include "engine/sqlite/definition.hpp"
#include "engine/sqlite/handlers.hpp"
#include "engine/sqlite/inventory.hpp"
#include "engine/sqlite/lexer.hpp"
#include "engine/sqlite/parent_key.hpp"
#include "engine/sqlite/rebuild.hpp"

namespace trueup::sqlite {
namespace {
class TableHandler final : public KindHandler {
 public:
  void introspect(Connection& connection, const Scope& scope, Catalog& out) const override {
    read_tables(connection, scope, out);
  }

  void normalize(const ObjectKey&, ObjectBody& body, const Catalog&,
                 std::vector<Diagnostic>&) const override {
    std::get<Table>(body).comment.clear();  // nowhere to keep it
  }

  Means means(const Altered&, const Catalog&, const Catalog&) const override { return Rebuild{}; }

  /// CREATE TABLE holds columns and constraints; indexes, triggers and rows follow. DROP TABLE takes
  /// everything along.
  bool folds(Verb verb, const ObjectKey& child, const Catalog&) const override {
    const Kind kind = child.kind;
    return verb == Verb::drop || kind == Kind::column || kind == Kind::primary_key || kind == Kind::unique ||
           kind == Kind::check || kind == Kind::foreign_key;
  }

  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    switch (step.verb) {
      case Verb::rename:
        return rename(step, context, w);
      case Verb::create:
        w.raw(table_definition(context.to, step.key, step.key.name));
        w.end(TxMode::inside, lost_parent_keys(context.from, context.to, step.key));
        return;
      case Verb::drop:
        return drop(step, context, w);
      case Verb::alter:
      case Verb::rebuild:
        return rebuild_table(step.key, context, w);
    }
  }

 private:
  /// `fts5(..., content = 'docs')`: SQLite leaves that name as it was, and the virtual table cannot be read.
  static void refuse_under_content(const ObjectKey& former, const RenderContext& context) {
    for (const auto& [key, body] : context.from.of_kind(Kind::virtual_table)) {
      const auto all = significant(std::get<VirtualTable>(body).definition.text);
      for (std::size_t i = 2; i < all.size(); ++i)
        if (is_word(all[i - 2], "content") && is_symbol(all[i - 1], "=") &&
            lower(all[i].value()) == lower(former.name))
          throw RefusedError(
              {{to_string(key),
                fmt::format("its content table {} gets another name, which SQLite does not tell it",
                            former.name),
                "drop it in a migration before, and create it again with the new name in the next, where "
                "`insert into NAME(NAME) values ('rebuild')` fills it"}});
    }
  }
  static void rename(const Step& step, const RenderContext& context, SqlWriter& w) {
    const std::string& old = step.old_key->name;
    refuse_under_content(*step.old_key, context);
    const bool case_only = find_relation(context.from, old) == find_relation(context.from, step.key.name);
    const std::string between = "trueup_new_" + step.key.name;
    if (case_only) {  // SQLite takes the new spelling for the table that is already there
      w.raw("alter table ").ident(old).raw(" rename to ").ident(between).end();
      w.raw("alter table ").ident(between).raw(" rename to ").ident(step.key.name).end();
      return;
    }
    w.raw("alter table ").ident(old).raw(" rename to ").ident(step.key.name).end();
  }

  /// DROP TABLE deletes the rows first, and that would cascade into tables that refer to it.
  static void drop(const Step& step, const RenderContext& context, SqlWriter& w) {
    const bool referenced = is_referenced(context.from, step.key);
    if (referenced) foreign_keys_off(w);
    w.raw("drop table ")
        .ident(step.key.name)
        .end(TxMode::inside, {{HazardKind::deletes_data, "drops the table and its rows"}});
    if (referenced) foreign_keys_on(w);
  }
};
}  // namespace

const KindHandler& table_handler() {
  static const TableHandler handler;
  return handler;
}

}  // namespace trueup::sqlite
