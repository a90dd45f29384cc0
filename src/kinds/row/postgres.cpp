#include "base/text.hpp"
#include "engine/postgres/handlers.hpp"
#include "engine/postgres/types.hpp"
#include "engine/row_forms.hpp"

namespace trueup {
namespace {

const Column* column_of(const ObjectKey& row, const std::string& name, const Catalog& c) {
  return c.find<Column>({Kind::column, row.ns, row.owner, name, ""});
}

/// Does a primary key, unique constraint or plain unique index cover just these columns, so that ON CONFLICT
/// can name them?
bool has_arbiter(const ObjectKey& row, const std::vector<std::string>& key, const Catalog& c) {
  const std::set<std::string> wanted(key.begin(), key.end());
  auto covers = [&](const std::vector<IndexPart>& on) {
    std::set<std::string> have;
    for (const auto& p : on) have.insert(p.column ? p.column->to.name : std::string());
    return have == wanted;
  };
  const ObjectKey* table = c.relation(row.ns, row.owner);
  if (table == nullptr) return false;
  for (const auto& k : c.children(*table, Kind::primary_key))
    if (const auto* pk = c.find<PrimaryKey>(k); !pk->deferrable && covers(pk->on)) return true;
  for (const auto& k : c.children(*table, Kind::unique))
    if (const auto* u = c.find<Unique>(k); !u->deferrable && covers(u->on)) return true;
  for (const auto& k : c.children(*table, Kind::index))
    if (const auto* i = c.find<Index>(k); i->unique && !i->where && covers(i->on)) return true;
  return false;
}

/// The one spelling that equal values of such a column have.
RowValue one_spelling(const RowValue& value, const postgres::TypeParts& type) {
  const auto number = [&](const std::optional<std::string>& text) {
    return text ? RowValue{"number", *text} : value;
  };
  if (type.array || (value.type != "number" && value.type != "text")) return value;
  const std::string& base = type.base;
  if (base == "smallint" || base == "integer" || base == "bigint" || base == "numeric")
    return number(plain_number(value.text));
  if (base == "real") return number(shortest_float(value.text));
  if (base == "double precision") return number(shortest_double(value.text));
  return base == "uuid" ? RowValue{"text", lower(value.text)} : value;
}

class Handler final : public KindHandler {
 public:
  void introspect(Connection&, const Scope&, Catalog&) const override {}
  void normalize(const ObjectKey& key, ObjectBody& body, const Catalog& catalog,
                 std::vector<Diagnostic>&) const override {
    auto& row = std::get<Row>(body);
    for (const auto& name : keyed_columns(catalog, key, row))
      if (const Column* column = column_of(key, name, catalog);
          column != nullptr && !column->type.user && row.values.contains(name))
        row.values[name] = one_spelling(row.values[name], postgres::parse_type(column->type.text));
  }
  Means means(const Altered&, const Catalog&, const Catalog&) const override { return InPlace{}; }

  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    switch (step.verb) {
      case Verb::create:
        return insert(step.key, context, w);
      case Verb::alter:
        return update(step.key, context, w);
      case Verb::drop: {
        const auto& row = std::get<Row>(context.from.objects.at(step.key));
        w.raw("DELETE FROM ").relation(step.key.ns, step.key.owner);
        where_key(step.key, row, context.from, context.dialect, w);
        w.end(TxMode::inside, {{HazardKind::deletes_data, "deletes one reference row"}});
        return;
      }
      case Verb::rename:
      case Verb::rebuild:
        break;
    }
    throw std::logic_error("a row is never renamed or rebuilt");
  }

 private:
  static std::string value_of(const ObjectKey& row, const std::string& column, const RowValue& v,
                              const Catalog& c, const EngineDialect& d) {
    const Column* definition = column_of(row, column, c);
    return d.value(v, definition == nullptr ? DataType{} : definition->type);
  }

  static void where_key(const ObjectKey& key, const Row& row, const Catalog& c, const EngineDialect& d,
                        SqlWriter& w) {
    for (std::size_t i = 0; i < row.key.size(); ++i) {
      w.raw(i == 0 ? " WHERE " : " AND ").ident(row.key[i]);
      auto it = row.values.find(row.key[i]);
      if (it == row.values.end() || it->second.type == "null")
        w.raw(" IS NULL");
      else
        w.raw(" = ").raw(value_of(key, row.key[i], it->second, c, d));
    }
  }

  static void insert(const ObjectKey& key, const RenderContext& context, SqlWriter& w) {
    const auto& row = std::get<Row>(context.to.objects.at(key));
    const bool arbiter = has_arbiter(key, row.key, context.to);
    std::vector<std::string> names, values;
    bool identity_always = false;
    for (const auto& [name, v] : row.values) {
      names.push_back(context.dialect.quote(name));
      values.push_back(value_of(key, name, v, context.to, context.dialect));
      const Column* c = column_of(key, name, context.to);
      identity_always =
          identity_always || (c != nullptr && c->identity && c->identity->generation == "always");
    }
    w.raw("INSERT INTO ").relation(key.ns, key.owner).raw(" (").raw(join(names, ", ")).raw(")");
    if (identity_always) w.raw(" OVERRIDING SYSTEM VALUE");
    if (!arbiter) {
      w.raw("\nSELECT ").raw(join(values, ", ")).raw("\nWHERE NOT EXISTS (SELECT 1 FROM ");
      w.relation(key.ns, key.owner);
      where_key(key, row, context.to, context.dialect, w);
      w.raw(")").end();
      return;
    }
    w.raw("\nVALUES (").raw(join(values, ", ")).raw(")\nON CONFLICT (");
    for (std::size_t i = 0; i < row.key.size(); ++i) w.raw(i > 0 ? ", " : "").ident(row.key[i]);
    w.raw(")");
    std::vector<std::string> set;
    for (const auto& [name, v] : row.values) {
      const bool in_key = std::find(row.key.begin(), row.key.end(), name) != row.key.end();
      if (in_key || v.type == "sql") continue;  // an expression gives the first value only
      set.push_back(context.dialect.quote(name) + " = EXCLUDED." + context.dialect.quote(name));
    }
    w.raw(set.empty() ? " DO NOTHING" : " DO UPDATE SET " + join(set, ", ")).end();
  }

  static void update(const ObjectKey& key, const RenderContext& context, SqlWriter& w) {
    const auto& a = std::get<Row>(context.from.objects.at(key));
    const auto& b = std::get<Row>(context.to.objects.at(key));
    std::vector<std::string> set;
    for (const auto& [name, v] : b.values) {
      auto it = a.values.find(name);
      if (it != a.values.end() && it->second == v) continue;
      set.push_back(context.dialect.quote(name) + " = " +
                    value_of(key, name, v, context.to, context.dialect));
    }
    if (set.empty())
      return insert(key, context, w);  // fewer columns are declared now: nothing to set, still be there
    w.raw("UPDATE ").relation(key.ns, key.owner).raw(" SET ").raw(join(set, ", "));
    where_key(key, b, context.to, context.dialect, w);
    w.end();
  }
};
}  // namespace

const KindHandler& postgres_row_handler() {
  static const Handler handler;
  return handler;
}

}  // namespace trueup
