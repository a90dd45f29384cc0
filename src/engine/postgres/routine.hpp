// What functions, procedures and aggregates share on PostgreSQL.
#pragma once
#include <string>
#include <string_view>

#include "engine/engine.hpp"

namespace trueup::postgres {

/// SQL expression over pg_proc p for ObjectKey::signature: the input types, `integer, app.status[]`.
constexpr std::string_view routine_signature = R"sql(
coalesce((select string_agg(format_type(u.type, null), ', ' order by u.place)
          from unnest(p.proargtypes::oid[]) with ordinality u (type, place)), '')
)sql";

/// Every user routine in scope of the given pg_proc.prokind letters, into `out`.
void introspect_routines(Connection&, const Scope&, std::string_view kinds, Catalog& out);
/// Canonical spelling of an argument list or a result type that an author wrote, as
/// pg_get_function_arguments() and pg_get_function_result() have it: types of the catalog qualified, bare
/// ones looked for in `ns` first, modifiers dropped, IN left out.
std::string canonical_arguments(const Catalog& catalog, std::string_view ns, std::string_view written);
std::string canonical_result(const Catalog& catalog, std::string_view ns, std::string_view written);
/// ObjectKey::signature of a canonical argument list.
std::string signature_of(std::string_view canonical_arguments);
/// Everything normalize() does for a routine, its key aside.
void normalize_routine(const Catalog& catalog, std::string_view ns, Function& f);
/// `CREATE OR REPLACE FUNCTION ...` of a function or a procedure (a Function without `returns`).
std::string create_routine(const ObjectKey& key, const Function& f, const EngineDialect& dialect);
/// `app.f(integer, text)` quoted.
SqlWriter& write_routine(SqlWriter& w, const ObjectKey& key);
/// A procedure seen as a function, so that both are written by the same code.
Function as_function(const Procedure& p);
/// `$$`, or `$body$`, `$body1$`... where the text holds the shorter ones.
std::string dollar_quoted(std::string_view text);

/// Can CREATE OR REPLACE make the change? Not when the result type, a name of an argument or a default goes.
bool replaceable(const Function& from, const Function& to);
/// Is the dependent a column that only its default ties to the function, or a domain, so that the function's
/// own steps take the default, and the checks, off and put them back? The function, or another one of its
/// name, comes back.
bool steps_aside(const ObjectKey& routine, const ObjectKey& dependent, const Catalog& from,
                 const Catalog& to);
/// The former domain without the default and the checks that its new form lacks and that have stepped aside
/// for functions: what is left for its own step to change.
Domain without_aside(const ObjectKey& domain, const RenderContext& context);
/// Every verb of functions (`word` FUNCTION) and procedures (PROCEDURE). `from` and `to` are null where
/// absent.
void render_routine(const Step& step, std::string_view word, const Function* from, const Function* to,
                    const RenderContext& context, SqlWriter& w);

}  // namespace trueup::postgres
