#include <fmt/format.h>

#include "engine/mysql/alter.hpp"
#include "engine/mysql/definition.hpp"
#include "engine/mysql/handlers.hpp"
#include "engine/mysql/lexer.hpp"
#include "engine/mysql/part_handler.hpp"
#include "engine/mysql/show_create.hpp"
#include "engine/mysql/type_change.hpp"

namespace trueup::mysql {
namespace {
class ColumnHandler final : public PartHandler {
 public:
  std::string loses_data(const Altered& a, const Catalog& from, const Catalog& to) const override {
    const auto* x = from.find<Column>(a.key);
    const auto* y = to.find<Column>(a.key);
    if (x == nullptr || y == nullptr || x->generated || x->type == y->type) return {};
    if (y->generated) return "its values are replaced by computed ones";
    return type_loss(x->type.text, y->type.text);
  }

 protected:
  /// MySQL refuses to rename a column that a check mentions, unless the check goes and comes in the same
  /// statement. `from` has the new names already.
  std::vector<std::string> rename_clauses(const Step& step, const RenderContext& c) const override {
    std::vector<std::string> drops, adds;
    for (const auto& key : c.from.children(table_key(step.key.owner))) {
      const auto* check = c.from.find<Check>(key);
      if (check == nullptr || in_column(*check) || c.from.server.starts_with("MariaDB")) continue;
      if (!mentions(check->expression, step.key.name)) continue;
      drops.push_back(drop_clause(c.from, key));
      adds.push_back("ADD " + part_definition(c.from, key));
    }
    drops.push_back("RENAME COLUMN " + backquoted(step.old_key->name) + " TO " + backquoted(step.key.name));
    drops.insert(drops.end(), adds.begin(), adds.end());
    return drops;
  }

 public:
  /// MySQL refuses it under a generated column or an index of an expression.
  RenameMeans rename_means(const ObjectKey& old_key, const ObjectKey&, const Catalog& from) const override {
    if (from.server.starts_with("MariaDB")) return RenameMeans::in_place;
    for (const auto& key : from.children(table_key(old_key.owner))) {
      bool used = false;
      if (const auto* column = from.find<Column>(key); column != nullptr && column->generated)
        used = mentions(*column->generated, old_key.name);
      if (key.kind == Kind::index || key.kind == Kind::unique)
        for_each_expr(from.objects.at(key), [&](const Expr& e) { used = used || mentions(e, old_key.name); });
      if (used) return RenameMeans::unsupported;
    }
    return RenameMeans::in_place;
  }

 private:
  static bool mentions(const Expr& e, const std::string& name) {
    const auto all = significant(sql_of(e));
    return std::any_of(all.begin(), all.end(), [&](const Token& t) {
      return (t.type == Token::Type::word || t.type == Token::Type::quoted_identifier) &&
             same_word(t.value(), name);
    });
  }
};
}  // namespace

const KindHandler& column_handler() {
  static const ColumnHandler handler;
  return handler;
}

}  // namespace trueup::mysql
