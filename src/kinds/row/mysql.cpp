#include "base/text.hpp"
#include "engine/mysql/definition.hpp"
#include "engine/mysql/handlers.hpp"
#include "engine/mysql/lexer.hpp"
#include "engine/mysql/rows.hpp"
#include "engine/mysql/show_create.hpp"

namespace trueup::mysql {
namespace {
using Names = std::vector<std::string>;

bool has(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Is it unique over just these columns?
bool over(const std::vector<IndexPart>& parts, const Names& columns) {
  return parts.size() == columns.size() && std::all_of(parts.begin(), parts.end(), [&](const IndexPart& p) {
           return p.column && p.prefix == 0 && has(columns, p.column->to.name);
         });
}
/// ON DUPLICATE KEY means every unique key of the table, those also that go later.
bool key_alone(const ObjectKey& row, const Names& key, const RenderContext& c) {
  const ObjectKey table = table_key(row.owner);
  bool known = false;
  for (const auto& child : c.to.children(table)) {
    const auto* parts = unique_parts(c.to.objects.at(child));
    if (parts != nullptr && !over(*parts, key)) return false;
    known = known || parts != nullptr;
  }
  for (const auto& child : c.from.children(table))
    if (const auto* parts = unique_parts(c.from.objects.at(child)); parts != nullptr && !over(*parts, key))
      return false;
  return known;
}

class RowHandler final : public KindHandler {
 public:
  void introspect(Connection&, const Scope&, Catalog&) const override {}  // see read_rows
  Means means(const Altered&, const Catalog&, const Catalog&) const override { return InPlace{}; }

  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    if (step.verb == Verb::drop) return remove(step, *context.from.find<Row>(step.key), w);
    const Row& row = *context.to.find<Row>(step.key);
    const ObjectKey table = table_key(step.key.owner);
    if (!context.from.contains(table) && is_transactional(context.to, table))
      return insert_rows(std::span(&step, 1), context.to, w);
    const Row* now = step.verb == Verb::alter ? context.from.find<Row>(step.key) : nullptr;
    const auto changes = assignments(row, now);
    if (now != nullptr && !changes.empty()) return update(step.key, row, changes, w);
    if (key_alone(step.key, row.key, context)) return upsert(step.key, row, w);
    if (now == nullptr && !changes.empty()) update(step.key, row, changes, w);
    insert(step.key, row, w);
  }

 private:
  static void remove(const Step& step, const Row& row, SqlWriter& w) {
    w.raw("DELETE FROM " + backquoted(step.key.owner) + " WHERE " + key_condition(row));
    w.end(TxMode::inside, {{HazardKind::deletes_data, "deletes a reference row"}});
  }

  /// What an existing row gets. An expression gives the first value only.
  static Names assignments(const Row& row, const Row* now) {
    Names out;
    for (const auto& [name, value] : row.values) {
      if (now == nullptr && (has(row.key, name) || value.type == "sql")) continue;
      if (now != nullptr) {
        const auto old = now->values.find(name);
        if (old != now->values.end() && old->second == value) continue;
      }
      out.push_back(backquoted(name) + " = " + value_sql(value));
    }
    return out;
  }
  static void update(const ObjectKey& key, const Row& row, const Names& changes, SqlWriter& w) {
    w.raw("UPDATE " + backquoted(key.owner) + " SET " + join(changes, ", ") + " WHERE " + key_condition(row))
        .end();
  }

  static void columns(const ObjectKey& key, const Row& row, Names& values, SqlWriter& w) {
    Names names;
    for (const auto& [name, value] : row.values) {
      names.push_back(backquoted(name));
      values.push_back(value_sql(value));
    }
    w.raw("INSERT INTO " + backquoted(key.owner) + " (" + join(names, ", ") + ")");
  }
  static void insert(const ObjectKey& key, const Row& row, SqlWriter& w) {
    Names values;
    columns(key, row, values, w);
    w.raw("\nSELECT " + join(values, ", ") + " FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM " +
          backquoted(key.owner) + " WHERE " + key_condition(row) + ")")
        .end();
  }
  static void upsert(const ObjectKey& key, const Row& row, SqlWriter& w) {
    Names values, updates;
    columns(key, row, values, w);
    for (const auto& [name, value] : row.values)
      if (!has(row.key, name) && value.type != "sql")
        updates.push_back(backquoted(name) + " = VALUES(" + backquoted(name) + ")");
    if (updates.empty()) updates.push_back(backquoted(row.key.front()) + " = " + backquoted(row.key.front()));
    w.raw(" VALUES (" + join(values, ", ") + ")\nON DUPLICATE KEY UPDATE " + join(updates, ", ")).end();
  }
};
}  // namespace

const KindHandler& row_handler() {
  static const RowHandler handler;
  return handler;
}

}  // namespace trueup::mysql
