#include "base/text.hpp"
#include "engine/mysql/handlers.hpp"
#include "engine/mysql/lexer.hpp"
#include "engine/mysql/rows.hpp"
#include "engine/mysql/show_create.hpp"

namespace trueup::mysql {
namespace {
class RowHandler final : public KindHandler {
 public:
  void introspect(Connection&, const Scope&, Catalog&) const override {}  // see read_rows

  void normalize(const ObjectKey& key, ObjectBody& body, const Catalog& catalog,
                 std::vector<Diagnostic>&) const override {
    for (auto& [name, value] : std::get<Row>(body).values)
      if (const auto* column = catalog.find<Column>(child_key(Kind::column, key.owner, name));
          column != nullptr)
        value = stored_value(value, column->type);
  }

  Means means(const Altered&, const Catalog&, const Catalog&) const override { return InPlace{}; }

  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    if (step.verb == Verb::drop)
      remove(step, *context.from.find<Row>(step.key), w);
    else
      upsert(step, *context.to.find<Row>(step.key), w);
  }

 private:
  static void remove(const Step& step, const Row& row, SqlWriter& w) {
    std::vector<std::string> conditions;
    for (const auto& k : row.key) conditions.push_back(backquoted(k) + " <=> " + value_sql(row.values.at(k)));
    w.raw("DELETE FROM " + backquoted(step.key.owner) + " WHERE " + join(conditions, " AND "));
    w.end(TxMode::inside, {{HazardKind::deletes_data, "deletes a reference row"}});
  }

  static void upsert(const Step& step, const Row& row, SqlWriter& w) {
    std::vector<std::string> columns, values, updates;
    for (const auto& [name, value] : row.values) {
      columns.push_back(backquoted(name));
      values.push_back(value_sql(value));
      if (std::find(row.key.begin(), row.key.end(), name) == row.key.end())
        updates.push_back(backquoted(name) + " = VALUES(" + backquoted(name) + ")");
    }
    if (updates.empty()) updates.push_back(backquoted(row.key.front()) + " = " + backquoted(row.key.front()));
    w.raw("INSERT INTO " + backquoted(step.key.owner) + " (" + join(columns, ", ") + ") VALUES (" +
          join(values, ", ") + ")\nON DUPLICATE KEY UPDATE " + join(updates, ", "))
        .end();
  }
};
}  // namespace

const KindHandler& row_handler() {
  static const RowHandler handler;
  return handler;
}

}  // namespace trueup::mysql
