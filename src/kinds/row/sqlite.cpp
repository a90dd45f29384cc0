#include "base/text.hpp"
#include "engine/finding.hpp"
#include "engine/row_forms.hpp"
#include "engine/sqlite/build.hpp"
#include "engine/sqlite/handlers.hpp"
#include "engine/sqlite/lexer.hpp"
#include "engine/sqlite/rows.hpp"

namespace trueup::sqlite {
namespace {
class RowHandler final : public KindHandler {
 public:
  void introspect(Connection&, const Scope&, Catalog&) const override {}  // see read_rows

  void normalize(const ObjectKey& key, ObjectBody& body, const Catalog& catalog,
                 std::vector<Diagnostic>& found) const override {
    for (auto& [name, value] : std::get<Row>(body).values) {
      const auto* column = catalog.find<Column>(child_key(Kind::column, key.owner, name));
      if (column == nullptr) continue;
      value = stored_value(value, column->type);
      if (too_large(value, column->type))
        found.push_back(finding(catalog, key,
                                fmt::format("SQLite has no whole number as large as {}, the value of {}, and "
                                            "would keep the nearest real number",
                                            value.text, name),
                                "make the column text, or write the value with a point"));
      if (becomes_number(value, column->type)) refuse_beyond_double(catalog, key, name, value.text, found);
    }
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
    for (const auto& k : row.key) {
      // SQLite takes a "word" that is no column for a string, and deletes every row then.
      const std::string name = quote(k), table = name.starts_with('"') ? quote(step.key.owner) + "." : "";
      conditions.push_back(table + name + " is " + value_sql(row.values.at(k)));
    }
    w.raw("delete from ").ident(step.key.owner).raw(" where " + join(conditions, " and "));
    w.end(TxMode::inside, {{HazardKind::deletes_data, "deletes a reference row"}});
  }

  static void upsert(const Step& step, const Row& row, SqlWriter& w) {
    std::vector<std::string> columns, values, key, updates;
    for (const auto& [name, value] : row.values) {
      columns.push_back(quote(name));
      values.push_back(value_sql(value));
      if (std::find(row.key.begin(), row.key.end(), name) == row.key.end())
        updates.push_back(quote(name) + " = excluded." + quote(name));
    }
    for (const auto& k : row.key) key.push_back(quote(k));
    w.raw("insert into ")
        .ident(step.key.owner)
        .raw(" (" + join(columns, ", ") + ") values (" + join(values, ", ") + ")");
    w.raw("\non conflict (" + join(key, ", ") + ") do ");
    w.raw(updates.empty() ? "nothing" : "update set " + join(updates, ", ")).end();
  }
};
}  // namespace

const KindHandler& row_handler() {
  static const RowHandler handler;
  return handler;
}

}  // namespace trueup::sqlite
