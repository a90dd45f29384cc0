// Pieces of CREATE TABLE and ALTER TABLE, spelled so that both servers take them.
#pragma once
#include <string>

#include "kinds/catalog.hpp"

namespace trueup::mysql {

/// How an expression goes into SQL: as the author wrote it, if an author wrote it.
const std::string& sql_of(const Expr&);
/// A number, a string, null, true or false?
bool is_literal(const Expr&);
/// The current time?
bool is_time(const Expr&);
/// Types that MySQL gives no literal as a default, but an expression.
bool needs_expression(std::string_view base);
/// `` `name` type ... ``: everything about a column, a check that lives in it included.
std::string column_definition(const Catalog&, const ObjectKey& column);
/// What follows ADD or stands in CREATE TABLE: `UNIQUE KEY ...`, `CONSTRAINT ...`. Empty for a check that
/// lives in its column.
std::string part_definition(const Catalog&, const ObjectKey& part);
/// What no two rows have equal under a primary or unique key; null for all else.
const std::vector<IndexPart>* unique_parts(const ObjectBody&);
/// ` ENGINE=InnoDB ...`: those of `options` that are options of a table, and the comment.
std::string table_options(const Options& options, const std::string& comment);
/// `PARTITION BY ...`; empty when there is none.
std::string partition_clause(const Options& options);
std::string create_table(const Catalog&, const ObjectKey& table, const std::vector<ObjectKey>& parts);
/// What CREATE TABLE, ADD and MODIFY COLUMN cannot say about a column: `ALTER COLUMN ... DROP DEFAULT`;
/// empty: nothing.
std::string column_afterthought(const Catalog&, const ObjectKey& column);
/// The clause that resets an option of a table, with a blank before it; empty for those without one.
std::string reset_option(const std::string& name);
/// Does the check stand in the column of its name?
bool in_column(const Check&);

}  // namespace trueup::mysql
