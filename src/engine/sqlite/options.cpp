#include "engine/sqlite/options.hpp"

#include <array>

namespace trueup::sqlite {
namespace {
constexpr std::array<OptionSpec, 11> table{{
    {"strict", Kind::table, "false", true, "Values must be of the declared types (STRICT)."},
    {"without_rowid", Kind::table, "false", true, "Stored under its primary key (WITHOUT ROWID)."},
    {"autoincrement", Kind::column, "false", true, "The integer primary key never uses a value twice."},
    {"not_null_conflict", Kind::column, "abort", true,
     "What a null does: rollback, abort, fail, ignore or replace."},
    {"not_null_name", Kind::column, "", true, "Name of the NOT NULL constraint."},
    {"default_name", Kind::column, "", true, "Name of the DEFAULT clause."},
    {"collate_name", Kind::column, "", true, "Name of the COLLATE clause."},
    {"generated_name", Kind::column, "", true, "Name of the GENERATED clause."},
    {"conflict", Kind::primary_key, "abort", true,
     "What a duplicate does: rollback, abort, fail, ignore or replace."},
    {"in_column", Kind::primary_key, "false", true,
     "Written `integer primary key desc`, which is no rowid alias."},
    {"conflict", Kind::unique, "abort", true,
     "What a duplicate does: rollback, abort, fail, ignore or replace."},
}};
}  // namespace

std::span<const OptionSpec> option_table() {
  return table;
}

}  // namespace trueup::sqlite
