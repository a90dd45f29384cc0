#include "engine/clickhouse/dialect.hpp"

#include "base/text.hpp"
#include "engine/clickhouse/catalog.hpp"
#include "engine/clickhouse/cluster.hpp"
#include "engine/clickhouse/followers.hpp"
#include "engine/clickhouse/handlers.hpp"
#include "engine/clickhouse/lexer.hpp"
#include "engine/clickhouse/rows.hpp"
#include "engine/clickhouse/scratch.hpp"
#include "engine/clickhouse/types.hpp"

namespace trueup {

const EngineDialect& clickhouse_dialect() {
  static const ClickhouseDialect dialect;
  return dialect;
}

Capabilities ClickhouseDialect::capabilities() const {
  Capabilities c;
  c.respells = true;
  c.column_order = true;
  c.inlines_functions = true;
  return c;
}

std::span<const OptionSpec> ClickhouseDialect::options() const {
  return {};  // settings are the server's own and too many to list: it checks them
}

const KindHandler* ClickhouseDialect::handler(Kind kind) const {
  switch (kind) {
    case Kind::table:
      return &clickhouse::table_handler();
    case Kind::column:
      return &clickhouse::column_handler();
    case Kind::primary_key:
      return &clickhouse::primary_key_handler();
    case Kind::check:
      return &clickhouse::check_handler();
    case Kind::index:
      return &clickhouse::index_handler();
    case Kind::projection:
      return &clickhouse::projection_handler();
    case Kind::view:
      return &clickhouse::view_handler();
    case Kind::materialized_view:
      return &clickhouse::materialized_view_handler();
    case Kind::dictionary:
      return &clickhouse::dictionary_handler();
    case Kind::function:
      return &clickhouse::function_handler();
    case Kind::raw:
      return &clickhouse::raw_handler();
    case Kind::row:
      return &clickhouse::row_handler();
    case Kind::database:
    case Kind::name_space:
    case Kind::extension:
    case Kind::enum_type:
    case Kind::domain:
    case Kind::composite_type:
    case Kind::sequence:
    case Kind::procedure:
    case Kind::aggregate:
    case Kind::unique:
    case Kind::exclusion:
    case Kind::foreign_key:
    case Kind::sequence_owner:
    case Kind::virtual_table:
    case Kind::trigger:
    case Kind::event:
    case Kind::policy:
      return nullptr;
  }
  return nullptr;
}

std::string ClickhouseDialect::quote(std::string_view identifier) const {
  return clickhouse::quote(identifier);
}
std::string ClickhouseDialect::literal(std::string_view text) const {
  return clickhouse::literal(text);
}
std::string ClickhouseDialect::value(const RowValue& value, const DataType& type) const {
  return clickhouse::value_sql(value, type);
}
std::string ClickhouseDialect::type_sql(const DataType& type) const {
  return type.text;
}
std::string ClickhouseDialect::canonical_type(std::string_view written) const {
  return clickhouse::canonical_type(written);
}
std::vector<Token> ClickhouseDialect::tokens(std::string_view sql) const {
  return clickhouse::tokens(sql);
}
std::string ClickhouseDialect::lexical_form(std::string_view sql) const {
  return clickhouse::lexical_form(sql);
}
std::vector<ScriptStatement> ClickhouseDialect::split(std::string_view script) const {
  return clickhouse::split(script);
}
Catalog ClickhouseDialect::introspect(Connection& connection, const Scope& scope) const {
  return clickhouse::introspect(connection, scope);
}
void ClickhouseDialect::normalize(Catalog& catalog, std::vector<Diagnostic>& found) const {
  clickhouse::normalize(catalog, found);
}
void ClickhouseDialect::complete(Catalog& from, Catalog& to) const {
  clickhouse::complete(from, to);
}
void ClickhouseDialect::infer_uses(Catalog& catalog) const {
  clickhouse::infer_uses(catalog);
}
void ClickhouseDialect::read_rows(Connection& connection, const Catalog& desired, Catalog& from) const {
  clickhouse::read_rows(connection, desired, from);
}
void ClickhouseDialect::arrange(std::vector<Statement>& statements) const {
  clickhouse::once(statements);
}
void ClickhouseDialect::spread(std::vector<Statement>& statements, const Cluster& cluster) const {
  clickhouse::spread(statements, cluster);
}
void ClickhouseDialect::precheck(const Catalog& to, std::vector<Diagnostic>& found) const {
  clickhouse::precheck(to, found);
}

std::unique_ptr<ScratchDatabase> ClickhouseDialect::scratch_beside(Connection& beside) const {
  return clickhouse::scratch_beside(beside);
}

}  // namespace trueup
