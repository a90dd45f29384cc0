// Changes of columns in place, with the queries that find rows a change would break.
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "engine/engine.hpp"

namespace trueup::clickhouse {

/// A statement that fails with `message` while rows of the table meet `condition`; `note` says what is to
/// come.
void refuse_rows(const std::string& table, const std::string& condition, const std::string& message,
                 SqlWriter& w, std::string note = {});

/// The server takes every change of a type and meets the values later, in the mutation or when they are read:
/// a statement that looks for them first. Nothing where the type is the same or no value is stored.
void check_values(const ObjectKey& key, const Column& from, const Column& to, SqlWriter& w);
/// Has the column values that the new one keeps? Computed ones it has, too, where nothing computes them
/// anew.
bool has_values(const Column& from, const Column& to);
/// Would rows that do not store the column, which is older than they, give another value than until now?
bool default_may_be_missed(const Column& from, const Column& to);
/// Does a new TTL of the column take values that stayed until now?
bool values_grow_old(const Column& from, const Column& to);

/// Is the column dropped and added again? ClickHouse 26.7 cannot change EPHEMERAL without an expression into
/// anything else, and says nothing; nor can it take EPHEMERAL away. It holds no values.
bool made_again(const Column& from, const Column& to);

/// ` AFTER x`, ` FIRST`, or nothing where a column comes to stand in its place by itself, counted among the
/// columns that stay where they are and those placed (placing_order) before it, or before the first that the
/// sorting key grows by.
enum class Among { before_key, earlier };
std::string place_of(const ObjectKey& key, const RenderContext& context, Among among);

/// Columns that the new sorting key appends; nullopt when it does anything else. MODIFY ORDER BY takes only
/// columns that the same ALTER adds, without a default.
std::optional<std::vector<ObjectKey>> new_key_columns(const ObjectKey& table, const Catalog& from,
                                                      const Catalog& to);
/// `ADD COLUMN ..., MODIFY ORDER BY (...)`
std::string grown_key(const ObjectKey& table, const RenderContext& context);

/// Throws RefusedError where the engine of the table takes no ALTER.
void refuse_unalterable(const ObjectKey& child, const Catalog& from);

/// ALTERs that add (and fill) or drop what a table keeps for each part: `what` is INDEX or PROJECTION,
/// `definition` what follows ADD, `cost` that of filling it.
void change_kept(const Step& step, const RenderContext& context, SqlWriter& w, std::string_view what,
                 const std::function<std::string()>& definition, std::string cost);

/// ALTERs that lead from the column of `context.from` to the one of `context.to`.
void change_column(const ObjectKey& key, const RenderContext& context, SqlWriter& w);

}  // namespace trueup::clickhouse
