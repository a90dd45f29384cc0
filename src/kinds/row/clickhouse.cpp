#include "base/text.hpp"
#include "engine/clickhouse/build.hpp"
#include "engine/clickhouse/handlers.hpp"
#include "engine/clickhouse/lexer.hpp"
#include "engine/clickhouse/rows.hpp"

namespace trueup::clickhouse {
namespace {
/// Reference rows: an INSERT where the engine replaces rows of equal keys, else a DELETE before it.
class RowHandler final : public KindHandler {
 public:
  void introspect(Connection&, const Scope&, Catalog&) const override {}  // see read_rows

  Means means(const Altered&, const Catalog&, const Catalog&) const override { return InPlace{}; }

  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    if (step.verb != Verb::create) {
      const Row& old = *context.from.find<Row>(step.key);
      w.raw("DELETE FROM ").ident(step.key.owner).raw(" WHERE " + condition(old, step.key, context.from));
      w.end(TxMode::inside,
            {{HazardKind::deletes_data,
              step.verb == Verb::alter ? "the row comes back changed" : "deletes a reference row"}});
    }
    if (step.verb == Verb::drop) return;
    const Row& row = *context.to.find<Row>(step.key);
    std::vector<std::string> columns, values;
    for (const auto& [name, value] : row.values) {
      columns.push_back(quote(name));
      values.push_back(value_sql(value, type_of(context.to, step.key, name)));
    }
    w.raw("INSERT INTO ").ident(step.key.owner).raw(" (" + join(columns, ", ") + ") ");
    const auto* table = context.to.find<Table>(table_key(step.key.owner));
    if (table != nullptr && engine_name(*table).find("Replacing") != std::string::npos)
      w.raw("VALUES (" + join(values, ", ") + ")");  // takes the place of a row of the same key
    else
      w.raw("SELECT " + join(selected(row, step.key, context.to), ", ") + " WHERE NOT EXISTS (SELECT 1 FROM ")
          .ident(step.key.owner)
          .raw(" WHERE " + condition(row, step.key, context.to) + ")");
    w.end();
  }

 private:
  /// Literals of a SELECT have types of their own: 1.15 would go through a float to a Decimal.
  static std::vector<std::string> selected(const Row& row, const ObjectKey& key, const Catalog& catalog) {
    std::vector<std::string> out;
    for (const auto& [name, value] : row.values) {
      const DataType type = type_of(catalog, key, name);
      const bool whole = type.text.starts_with("Int") || type.text.starts_with("UInt");
      const bool plain = value.type == "null" || value.type == "sql" || value.type == "bool" ||
                         type.text.empty() || type.text == "String" || (whole && value.type == "number");
      out.push_back(plain ? value_sql(value, type)
                          : "CAST(" + literal(value.text) + ", " + literal(type.text) + ")");
    }
    return out;
  }
  static DataType type_of(const Catalog& catalog, const ObjectKey& row, const std::string& name) {
    const auto* column = catalog.find<Column>(child_key(Kind::column, row.owner, name));
    return column == nullptr ? DataType{} : column->type;
  }
  static std::string condition(const Row& row, const ObjectKey& key, const Catalog& catalog) {
    std::vector<std::string> out;
    for (const auto& k : row.key) {
      const RowValue& value = row.values.at(k);
      const DataType type = type_of(catalog, key, k);
      const bool cast = value.type == "text" && !type.text.empty() && type.text != "String";
      if (value.type == "null")
        out.push_back(quote(k) + " IS NULL");
      else if (cast)
        out.push_back(quote(k) + " = CAST(" + literal(value.text) + ", " + literal(type.text) + ")");
      else
        out.push_back(quote(k) + " = " + value_sql(value, type));
    }
    return join(out, " AND ");
  }
};
}  // namespace

const KindHandler& row_handler() {
  static const RowHandler handler;
  return handler;
}

}  // namespace trueup::clickhouse
