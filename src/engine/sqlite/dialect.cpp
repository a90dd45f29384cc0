#include "engine/sqlite/dialect.hpp"

#include <array>

#include "base/text.hpp"
#include "engine/apply_support.hpp"
#include "engine/sqlite/definition.hpp"
#include "engine/sqlite/handlers.hpp"
#include "engine/sqlite/infer.hpp"
#include "engine/sqlite/lexer.hpp"
#include "engine/sqlite/normalize.hpp"
#include "engine/sqlite/options.hpp"
#include "engine/sqlite/rows.hpp"
#include "engine/sqlite/types.hpp"
#include "engine/sqlite/view_order.hpp"

namespace trueup {

Capabilities SqliteDialect::capabilities() const {
  Capabilities c;
  c.transactional_ddl = true;
  c.unchecked_foreign_keys = true;
  c.bodies_follow_renames = true;
  c.keeps_text = true;
  return c;
}

std::span<const OptionSpec> SqliteDialect::options() const {
  return sqlite::option_table();
}

const KindHandler* SqliteDialect::handler(Kind kind) const {
  switch (kind) {
    case Kind::table:
      return &sqlite::table_handler();
    case Kind::column:
      return &sqlite::column_handler();
    case Kind::primary_key:
      return &sqlite::primary_key_handler();
    case Kind::unique:
      return &sqlite::unique_handler();
    case Kind::check:
      return &sqlite::check_handler();
    case Kind::foreign_key:
      return &sqlite::foreign_key_handler();
    case Kind::index:
      return &sqlite::index_handler();
    case Kind::view:
      return &sqlite::view_handler();
    case Kind::virtual_table:
      return &sqlite::virtual_table_handler();
    case Kind::trigger:
      return &sqlite::trigger_handler();
    case Kind::raw:
      return &sqlite::raw_handler();
    case Kind::row:
      return &sqlite::row_handler();
    case Kind::policy:
    case Kind::database:
    case Kind::name_space:
    case Kind::extension:
    case Kind::enum_type:
    case Kind::domain:
    case Kind::composite_type:
    case Kind::sequence:
    case Kind::function:
    case Kind::procedure:
    case Kind::aggregate:
    case Kind::exclusion:
    case Kind::sequence_owner:
    case Kind::materialized_view:
    case Kind::projection:
    case Kind::event:
    case Kind::dictionary:
      return nullptr;
  }
  return nullptr;
}

std::string SqliteDialect::quote(std::string_view identifier) const {
  return sqlite::quote(identifier);
}
std::string SqliteDialect::literal(std::string_view text) const {
  return sqlite::literal(text);
}
std::string SqliteDialect::value(const RowValue& value, const DataType&) const {
  return sqlite::value_sql(value);
}
std::string SqliteDialect::type_sql(const DataType& type) const {
  return type.text;
}
std::string SqliteDialect::canonical_type(std::string_view written) const {
  return sqlite::type_text(written);
}
std::vector<Token> SqliteDialect::tokens(std::string_view sql) const {
  return sqlite::tokens(sql);
}
std::string SqliteDialect::lexical_form(std::string_view sql) const {
  return sqlite::lexical_form(sql);
}
std::vector<ScriptStatement> SqliteDialect::split(std::string_view script) const {
  return sqlite::split(script);
}

Catalog SqliteDialect::introspect(Connection& connection, const Scope& scope) const {
  Catalog out;
  // Tables first, then what stands on them; keys, checks and columns come with their tables.
  for (Kind kind : {Kind::table, Kind::virtual_table, Kind::view, Kind::index, Kind::trigger})
    handler(kind)->introspect(connection, scope, out);
  std::vector<Diagnostic> found;
  sqlite::normalize(out, found);
  if (!found.empty()) throw InputError(std::move(found));
  sqlite::infer_uses(out);
  return out;
}

void SqliteDialect::normalize(Catalog& catalog, std::vector<Diagnostic>& found) const {
  sqlite::normalize(catalog, found);
}
/// Indexes are among the relations; case does not count.
std::vector<HeldName> SqliteDialect::held_names(const ObjectKey& key, const ObjectBody&) const {
  if (!info(key.kind).relation && key.kind != Kind::index) return {};
  return {{"relation", {}, lower(key.name)}};
}
void SqliteDialect::infer_uses(Catalog& catalog) const {
  sqlite::infer_uses(catalog);
}
std::vector<std::pair<ObjectKey, ObjectKey>> SqliteDialect::implied_renames(const Catalog& before,
                                                                            const ObjectKey& old_key,
                                                                            const Catalog& after,
                                                                            const ObjectKey& new_key) const {
  return sqlite::implied_renames(before, old_key, after, new_key);
}
void SqliteDialect::read_rows(Connection& connection, const Catalog& desired, Catalog& from) const {
  sqlite::read_rows(connection, desired, from);
}
void SqliteDialect::precheck(const Catalog& to, std::vector<Diagnostic>& found) const {
  sqlite::precheck(to, found);
}
void SqliteDialect::arrange(std::vector<Statement>& all) const {
  sqlite::arrange(all);
}
const ApplySupport* SqliteDialect::apply_support() const {
  return &sqlite_apply_support();
}

const EngineDialect& sqlite_dialect() {
  static const SqliteDialect dialect;
  return dialect;
}

}  // namespace trueup
