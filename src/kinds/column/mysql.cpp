#include <fmt/format.h>

#include "base/error.hpp"
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
    if (x == nullptr || y == nullptr) return {};
    if (y->generated) return x->generated ? "" : "its values are replaced by computed ones";
    return x->type == y->type ? "" : type_loss(x->type.text, y->type.text);
  }

 protected:
  /// MySQL refuses to rename a column that something else mentions, unless that goes and comes, or is said
  /// again, in the same statement. `from` has the new names already.
  std::vector<std::string> rename_clauses(const Step& step, const RenderContext& c) const override {
    std::vector<std::string> out, again;
    const bool follows = c.from.server.starts_with("MariaDB");
    const auto children = follows ? std::vector<ObjectKey>() : c.from.children(table_key(step.key.owner));
    for (const auto& key : children) {
      const auto* check = c.from.find<Check>(key);
      const bool goes = check != nullptr ? !in_column(*check) && mentions(check->expression, step.key.name)
                                         : indexes_expression(c.from, key, step.key.name);
      if (!goes) continue;
      out.push_back(drop_clause(c.from, key));
      again.push_back("ADD " + part_definition(c.from, key));
    }
    out.push_back("RENAME COLUMN " + backquoted(step.old_key->name) + " TO " + backquoted(step.key.name));
    if (!follows)
      for (const auto& key : computed_from(c.from, step.key))
        out.push_back("MODIFY COLUMN " + column_definition(c.from, key));
    out.insert(out.end(), again.begin(), again.end());
    return out;
  }

 public:
  RenameMeans rename_means(const ObjectKey& old_key, const ObjectKey& new_key,
                           const Catalog& from) const override {
    const auto* table = from.find<Table>(table_key(old_key.owner));
    if (table == nullptr || from.server.starts_with("MariaDB")) return RenameMeans::in_place;
    const auto rule = table->options.find("partition_by");
    if (rule != table->options.end() && mentions(Expr{rule->second, {}}, old_key.name))
      throw RefusedError(
          {{to_string(new_key), "MySQL does not rename a column by which its table is partitioned",
            "take partition_by away in a migration before, and put it back in one after"}});
    return RenameMeans::in_place;
  }

 private:
  static bool indexes_expression(const Catalog& from, const ObjectKey& key, const std::string& name) {
    bool used = false;
    if (key.kind == Kind::index || key.kind == Kind::unique)
      for_each_expr(from.objects.at(key), [&](const Expr& e) { used = used || mentions(e, name); });
    return used;
  }
  /// Generated columns and defaults that mention the column, and what is computed from these.
  static std::vector<ObjectKey> computed_from(const Catalog& from, const ObjectKey& renamed) {
    std::vector<ObjectKey> out, sources{renamed};
    const auto all = from.columns(table_key(renamed.owner));
    for (std::size_t i = 0; i < sources.size(); ++i)
      for (const auto& key : all) {
        const auto& column = *from.find<Column>(key);
        const auto& e = column.generated ? column.generated : column.default_value;
        const bool known = key == renamed || std::find(out.begin(), out.end(), key) != out.end();
        if (known || !e || !mentions(*e, sources[i].name)) continue;
        out.push_back(key);
        if (column.generated) sources.push_back(key);
      }
    return out;
  }
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
