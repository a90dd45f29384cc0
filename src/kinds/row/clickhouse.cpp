#include "base/text.hpp"
#include "engine/clickhouse/build.hpp"
#include "engine/clickhouse/catalog.hpp"
#include "engine/clickhouse/handlers.hpp"
#include "engine/clickhouse/lexer.hpp"
#include "engine/clickhouse/rows.hpp"
#include "engine/clickhouse/types.hpp"
#include "engine/row_forms.hpp"

namespace trueup::clickhouse {
namespace {
const Table* table_of(const Catalog& catalog, const ObjectKey& row) {
  return catalog.find<Table>(table_key(row.owner));
}
bool is_replacing(const Table* table) {
  return table != nullptr && engine_name(*table).find("Replacing") != std::string::npos;
}

/// How a row that is there comes to its new values.
enum class Way {
  none,    ///< fewer columns are declared: it only must be there
  update,  ///< a mutation
  copy,    ///< as another row, and the former goes: a key cannot be updated
  anew,    ///< deleted and inserted: undeclared columns are lost
};

/// A changed reference row.
class Change {
 public:
  Change(const ObjectKey& key, const Catalog& from, const Catalog& to)
      : key_(key), from_(from), to_(to), row_(*to.find<Row>(key)) {
    const Row& before = *from.find<Row>(key);
    for (const auto& [name, value] : row_.values)
      if (const auto it = before.values.find(name);
          it == before.values.end() || !(it->second == value) || comes_out_otherwise(name))
        columns_.push_back(name);
  }

  const std::vector<std::string>& columns() const { return columns_; }

  Way way() const {
    if (columns_.empty()) return Way::none;
    const Table *x = table_of(from_, key_), *y = table_of(to_, key_);
    if (x == nullptr || y == nullptr || !updates(*x) || !updates(*y)) return Way::anew;
    if (decides_what_stays(*x) || decides_what_stays(*y)) return Way::anew;
    const bool keyed =
        any_in(key_words(from_, table_key(key_.owner))) || any_in(key_words(to_, table_key(key_.owner)));
    if (!keyed) return refused_by_replicas(*y) ? Way::anew : Way::update;
    return is_merge_tree(*x) && is_merge_tree(*y) && !tellable().empty() ? Way::copy : Way::anew;
  }

  /// Columns with values that the row does not declare.
  std::vector<std::string> undeclared() const {
    std::vector<std::string> out;
    for (const auto& name : kept_columns())
      if (!row_.values.contains(name)) out.push_back(name);
    return out;
  }
  /// Columns that a row is copied with: those that it has before and after, and those that are declared.
  std::vector<std::string> kept_columns() const {
    std::vector<std::string> out;
    for (const auto& key : to_.columns(table_key(key_.owner))) {
      const Column &after = *to_.find<Column>(key), *before = from_.find<Column>(key);
      const bool computed = after.generated || after.options.contains("ephemeral") || before == nullptr ||
                            before->generated || before->options.contains("ephemeral");
      if (!computed || row_.values.contains(key.name)) out.push_back(key.name);
    }
    return out;
  }
  /// Changed columns by whose values the new row is told from the former one.
  std::vector<std::string> tellable() const {
    std::vector<std::string> out;
    for (const auto& name : columns_)
      if (row_.values.at(name).type != "sql") out.push_back(name);
    return out;
  }

 private:
  /// 1.1 as a Float32 is not 1.1 as a Float64.
  bool comes_out_otherwise(const std::string& name) const {
    const ObjectKey column = child_key(Kind::column, key_.owner, name);
    const auto *x = from_.find<Column>(column), *y = to_.find<Column>(column);
    return x != nullptr && y != nullptr && without_nullable(x->type.text) == "Float32" &&
           without_nullable(y->type.text) == "Float64";
  }
  static bool updates(const Table& table) {
    const std::string engine = engine_name(table);
    return is_merge_tree(table) || engine == "Memory" || engine == "EmbeddedRocksDB" || engine == "KeeperMap";
  }
  bool any_in(const std::set<std::string>& words) const {
    return std::any_of(columns_.begin(), columns_.end(),
                       [&](const std::string& name) { return words.contains(name); });
  }
  /// A version or a sign: it says which of two rows stays, and the server may ask it between two statements.
  bool decides_what_stays(const Table& table) const {
    const std::string engine = engine_name(table);
    if (!table.engine || (!is_replacing(&table) && engine.find("Collapsing") == std::string::npos))
      return false;
    std::set<std::string> words;
    for (const auto& token : significant(sql_of(*table.engine)))
      if (is_name(token)) words.insert(token.value());
    return any_in(words);
  }
  /// No mutation of replicas takes what may differ between them.
  bool refused_by_replicas(const Table& table) const {
    const std::string engine = engine_name(table);
    if (!engine.starts_with("Replicated") && !engine.starts_with("Shared")) return false;
    return std::any_of(columns_.begin(), columns_.end(), [&](const std::string& name) {
      const RowValue& value = row_.values.at(name);
      return value.type == "sql" && differs_by_moment(value.text);
    });
  }

  const ObjectKey& key_;
  const Catalog &from_, &to_;
  const Row& row_;
  std::vector<std::string> columns_;  ///< those that get another value
};

/// Reference rows. The server does not keep keys apart, so that every INSERT looks whether the row is there,
/// but where the engine replaces rows of equal keys.
class RowHandler final : public KindHandler {
 public:
  void introspect(Connection&, const Scope&, Catalog&) const override {}  // see read_rows

  void normalize(const ObjectKey& key, ObjectBody& body, const Catalog& catalog,
                 std::vector<Diagnostic>& found) const override {
    auto& row = std::get<Row>(body);
    for (const auto& name : keyed_columns(catalog, key, row))
      if (const auto* column = catalog.find<Column>(child_key(Kind::column, key.owner, name));
          column != nullptr && row.values.contains(name))
        row.values[name] = one_spelling(row.values[name], column->type);
    for (const auto& [name, value] : row.values)
      if (const auto* column = catalog.find<Column>(child_key(Kind::column, key.owner, name));
          column != nullptr && without_nullable(column->type.text).starts_with("Float"))
        refuse_beyond_double(catalog, key, name, value.text, found);
  }

  Means means(const Altered&, const Catalog&, const Catalog&) const override { return InPlace{}; }

  std::string loses_data(const Altered& a, const Catalog& from, const Catalog& to) const override {
    const Change change(a.key, from, to);
    if (change.way() != Way::anew || change.undeclared().empty()) return {};
    return fmt::format(
        "the row is deleted and inserted again, and its values of {}, which are not declared, "
        "are lost",
        join(change.undeclared(), ", "));
  }

  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    const ObjectKey& key = step.key;
    if (step.verb == Verb::alter) return alter(key, context, w);
    if (step.verb == Verb::create) return insert(key, context.to, w);
    remove(key, context, key_of(*context.from.find<Row>(key), key, context.from), w);
    w.end(TxMode::inside, {{HazardKind::deletes_data, "deletes a reference row"}});
  }

 private:
  static void alter(const ObjectKey& key, const RenderContext& context, SqlWriter& w) {
    const Change change(key, context.from, context.to);
    const Row& row = *context.to.find<Row>(key);
    const std::string there = key_of(row, key, context.to);
    switch (change.way()) {
      case Way::none:
        insert_missing(key, context.to, w);
        break;
      case Way::update: {
        std::vector<std::string> set;
        for (const auto& name : change.columns())
          set.push_back(quote(name) + " = " + typed_sql(row.values.at(name), type_of(context.to, key, name)));
        w.raw("ALTER TABLE ").ident(key.owner).raw(" UPDATE " + join(set, ", ") + " WHERE " + there).end();
        break;
      }
      case Way::copy:
        copy(key, change, there, context, w);
        break;
      case Way::anew:
        remove(key, context, key_of(*context.from.find<Row>(key), key, context.from), w);
        w.end(TxMode::inside, {{HazardKind::deletes_data, "the row comes back changed"}});
        insert(key, context.to, w);
        break;
    }
  }

  /// Both statements do nothing the second time.
  static void copy(const ObjectKey& key, const Change& change, const std::string& there,
                   const RenderContext& context, SqlWriter& w) {
    const Row& row = *context.to.find<Row>(key);
    std::vector<std::string> columns, values, fresh;
    for (const auto& name : change.kept_columns()) {
      const auto& changed = change.columns();
      const bool other = std::find(changed.begin(), changed.end(), name) != changed.end();
      columns.push_back(quote(name));
      values.push_back(other ? typed_sql(row.values.at(name), type_of(context.to, key, name)) : quote(name));
    }
    for (const auto& name : change.tellable())
      fresh.push_back(equals(name, row.values.at(name), type_of(context.to, key, name), " <=> "));
    const std::string source = quote(key.owner) + (is_replacing(table_of(context.to, key)) ? " FINAL" : "");
    w.raw("INSERT INTO ").ident(key.owner).raw(" (" + join(columns, ", ") + ") SELECT " + join(values, ", "));
    w.raw(fmt::format(" FROM {0} WHERE {1} AND NOT EXISTS (SELECT 1 FROM {0} WHERE {1} AND {2})", source,
                      there, join(fresh, " AND ")));
    w.end();
    remove(key, context, there + " AND NOT (" + join(fresh, " AND ") + ")", w);
    w.end(TxMode::inside, {{HazardKind::other, "deletes its former version; the new one is there"}});
  }

  /// DELETE is for the MergeTree family, and there for tables without projections.
  static void remove(const ObjectKey& key, const RenderContext& context, const std::string& condition,
                     SqlWriter& w) {
    bool light = true;
    for (const auto* catalog : {&context.from, &context.to}) {
      const Table* table = table_of(*catalog, key);
      light = light && (table == nullptr || engine_name(*table) != "Memory");
      for (const auto& child : catalog->children(table_key(key.owner)))
        light = light && child.kind != Kind::projection;
    }
    if (light)
      w.raw("DELETE FROM ").ident(key.owner).raw(" WHERE " + condition);
    else
      w.raw("ALTER TABLE ").ident(key.owner).raw(" DELETE WHERE " + condition);
  }

  static void insert(const ObjectKey& key, const Catalog& to, SqlWriter& w) {
    if (!is_replacing(table_of(to, key))) return insert_missing(key, to, w);
    const Row& row = *to.find<Row>(key);
    std::vector<std::string> columns, values;
    for (const auto& [name, value] : row.values) {
      columns.push_back(quote(name));
      values.push_back(value_sql(value, type_of(to, key, name)));
    }
    w.raw("INSERT INTO ").ident(key.owner).raw(" (" + join(columns, ", ") + ") ");
    w.raw("VALUES (" + join(values, ", ") + ")").end();  // takes the place of a row of the same key
  }

  static void insert_missing(const ObjectKey& key, const Catalog& to, SqlWriter& w) {
    const Row& row = *to.find<Row>(key);
    std::vector<std::string> columns, values;
    for (const auto& [name, value] : row.values) {
      columns.push_back(quote(name));
      values.push_back(typed_sql(value, type_of(to, key, name)));
    }
    w.raw("INSERT INTO ").ident(key.owner).raw(" (" + join(columns, ", ") + ") ");
    w.raw("SELECT " + join(values, ", ") + " WHERE NOT EXISTS (SELECT 1 FROM ").ident(key.owner);
    w.raw(is_replacing(table_of(to, key)) ? " FINAL" : "").raw(" WHERE " + key_of(row, key, to) + ")").end();
  }

  static DataType type_of(const Catalog& catalog, const ObjectKey& row, const std::string& name) {
    const auto* column = catalog.find<Column>(child_key(Kind::column, row.owner, name));
    return column == nullptr ? DataType{} : column->type;
  }
  static std::string equals(const std::string& name, const RowValue& value, const DataType& type,
                            std::string_view sign) {
    return value.type == "null" ? quote(name) + " IS NULL"
                                : quote(name) + std::string(sign) + typed_sql(value, type);
  }
  /// The condition that the row meets, and no other.
  static std::string key_of(const Row& row, const ObjectKey& key, const Catalog& catalog) {
    std::vector<std::string> out;
    for (const auto& k : row.key) out.push_back(equals(k, row.values.at(k), type_of(catalog, key, k), " = "));
    return join(out, " AND ");
  }
};
}  // namespace

const KindHandler& row_handler() {
  static const RowHandler handler;
  return handler;
}

}  // namespace trueup::clickhouse
