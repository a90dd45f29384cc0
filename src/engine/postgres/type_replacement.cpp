#include "engine/postgres/type_replacement.hpp"

#include "engine/postgres/catalog_query.hpp"
#include "engine/postgres/clauses.hpp"
#include "engine/postgres/types.hpp"

namespace trueup::postgres {

std::vector<ObjectKey> columns_of_type(const ObjectKey& type, const Catalog& from, const Catalog& to) {
  std::vector<ObjectKey> out;
  for (const auto& [k, body] : from.objects) {
    const auto* a = std::get_if<Column>(&body);
    const auto* b = to.find<Column>(k);
    if (a != nullptr && b != nullptr && a->type.user && a->type.user->to == type && a->type == b->type)
      out.push_back(k);
  }
  return out;
}

ObjectKey replaced_type(const ObjectKey& type) {
  ObjectKey old = type;
  old.name = type.name.substr(0, 50) + "__trueup_old";
  return old;
}

void move_columns(const ObjectKey& type, std::string_view through, const RenderContext& context,
                  SqlWriter& w) {
  for (const auto& k : columns_of_type(type, context.from, context.to)) {
    const auto& before = *context.from.find<Column>(k);
    const auto& column = *context.to.find<Column>(k);
    auto alter_column = [&]() -> SqlWriter& {
      w.raw("ALTER TABLE ");
      return write_owner(w, k).raw(" ALTER COLUMN ").ident(k.name);
    };
    if (before.default_value) alter_column().raw(" DROP DEFAULT").end();
    const std::string sql = context.dialect.type_sql(column.type);
    alter_column().raw(" TYPE ").raw(sql);
    if (!column.collation.empty()) w.raw(" COLLATE ").raw(collation_sql(column.collation));
    w.raw(" USING ").ident(k.name);
    if (!through.empty()) w.raw("::").raw(through).raw(column.type.suffix.empty() ? "" : "[]");
    w.raw("::").raw(sql);
    w.end(TxMode::inside, {{HazardKind::rewrites_table, "rewrites the table under an exclusive lock"}});
    if (column.default_value) alter_column().raw(" SET DEFAULT ").raw(sql_of(*column.default_value)).end();
  }
}

}  // namespace trueup::postgres
