#include "engine/mysql/dialect.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "engine/apply_support.hpp"
#include "engine/mysql/alter.hpp"
#include "engine/mysql/handlers.hpp"
#include "engine/mysql/introspect.hpp"
#include "engine/mysql/lexer.hpp"
#include "engine/mysql/normalize.hpp"
#include "engine/mysql/options.hpp"
#include "engine/mysql/rows.hpp"
#include "engine/mysql/split.hpp"
#include "engine/mysql/types.hpp"
#include "engine/temporary_database.hpp"

namespace trueup {

Capabilities MysqlDialect::capabilities() const {
  Capabilities c;
  c.multi_clause_alter = true;
  c.column_order = true;
  c.max_identifier = 64;
  c.respells = true;
  return c;
}

std::span<const OptionSpec> MysqlDialect::options() const {
  return mysql::option_table();
}

const KindHandler* MysqlDialect::handler(Kind kind) const {
  switch (kind) {
    case Kind::database:
      return &mysql::database_handler();
    case Kind::table:
      return &mysql::table_handler();
    case Kind::column:
      return &mysql::column_handler();
    case Kind::primary_key:
      return &mysql::primary_key_handler();
    case Kind::unique:
      return &mysql::unique_handler();
    case Kind::check:
      return &mysql::check_handler();
    case Kind::foreign_key:
      return &mysql::foreign_key_handler();
    case Kind::index:
      return &mysql::index_handler();
    case Kind::sequence:
      return &mysql::sequence_handler();
    case Kind::function:
      return &mysql::function_handler();
    case Kind::procedure:
      return &mysql::procedure_handler();
    case Kind::view:
      return &mysql::view_handler();
    case Kind::trigger:
      return &mysql::trigger_handler();
    case Kind::event:
      return &mysql::event_handler();
    case Kind::raw:
      return &mysql::raw_handler();
    case Kind::row:
      return &mysql::row_handler();
    case Kind::name_space:
    case Kind::extension:
    case Kind::enum_type:
    case Kind::domain:
    case Kind::composite_type:
    case Kind::aggregate:
    case Kind::exclusion:
    case Kind::sequence_owner:
    case Kind::materialized_view:
    case Kind::virtual_table:
    case Kind::projection:
    case Kind::dictionary:
    case Kind::policy:
      return nullptr;
  }
  return nullptr;
}

std::string MysqlDialect::quote(std::string_view identifier) const {
  return mysql::quote(identifier);
}
std::string MysqlDialect::literal(std::string_view text) const {
  return mysql::literal(text);
}
std::string MysqlDialect::value(const RowValue& value, const DataType&) const {
  return mysql::value_sql(value);
}
std::string MysqlDialect::type_sql(const DataType& type) const {
  return type.text;
}
std::string MysqlDialect::canonical_type(std::string_view written) const {
  return mysql::canonical_type(written);
}
std::vector<Token> MysqlDialect::tokens(std::string_view sql) const {
  return mysql::tokens(sql);
}
std::string MysqlDialect::lexical_form(std::string_view sql) const {
  return mysql::lexical_form(sql);
}
std::vector<ScriptStatement> MysqlDialect::split(std::string_view script) const {
  return mysql::split_script(script);
}

const ApplySupport* MysqlDialect::apply_support() const {
  return &mysql_apply_support();
}

Catalog MysqlDialect::introspect(Connection& connection, const Scope& scope) const {
  Catalog out = mysql::introspect(connection, scope);
  std::vector<Diagnostic> found;
  mysql::normalize(out, found);
  if (!found.empty()) throw InputError(std::move(found));
  mysql::infer_uses(out);
  return out;
}
void MysqlDialect::normalize(Catalog& catalog, std::vector<Diagnostic>& found) const {
  mysql::normalize(catalog, found);
}
void MysqlDialect::complete(Catalog& from, Catalog& to) const {
  mysql::complete(from, to);
}
void MysqlDialect::infer_uses(Catalog& catalog) const {
  mysql::infer_uses(catalog);
}
void MysqlDialect::read_rows(Connection& connection, const Catalog& desired, Catalog& from) const {
  mysql::read_rows(connection, desired, from);
}
void MysqlDialect::arrange(std::vector<Statement>& statements) const {
  mysql::arrange(statements);
}

std::string MysqlDialect::script_form(const std::string& sql) const {
  const auto all = mysql::tokens(sql);
  const bool body =
      std::any_of(all.begin(), all.end(), [](const Token& t) { return mysql::is_symbol(t, ";"); });
  return body ? "DELIMITER $$\n" + sql + "\n$$\nDELIMITER ;\n" : EngineDialect::script_form(sql);
}

std::unique_ptr<ScratchDatabase> MysqlDialect::scratch_beside(Connection& beside) const {
  return temporary_database(beside, [](Connection& session, const std::string& name) {
    // The same default collation, or columns would differ.
    const auto row = session.query("select @@character_set_database, @@collation_database");
    return TemporaryDatabase{fmt::format("create database {} character set {} collate {}", name,
                                         row.at(0).at(0).value(), row.at(0).at(1).value()),
                             "drop database if exists " + name};
  });
}

const EngineDialect& mysql_dialect() {
  static const MysqlDialect dialect;
  return dialect;
}

}  // namespace trueup
