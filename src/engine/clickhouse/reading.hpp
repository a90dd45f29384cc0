// What a query reads and gives, as far as its words tell.
#pragma once
#include <set>
#include <string>

namespace trueup::clickhouse {

/// Is the name in the text at all?
bool mentions(const std::string& query, const std::string& name);

/// Does the query use the name otherwise than for a result of its own? `usr` of `SELECT user_id AS usr ...
/// GROUP BY usr` is a result. In doubt, yes.
bool reads_column(const std::string& query, const std::string& name);

/// Names of the results of `SELECT a, f(b) AS c`; those that the words do not tell are left out. `bare` are
/// those that are columns as they are.
enum class Results { all, bare };
std::set<std::string> results_of(const std::string& query, Results which);

}  // namespace trueup::clickhouse
