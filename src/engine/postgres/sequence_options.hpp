#pragma once
#include <string>
#include <string_view>

#include "engine/engine.hpp"

namespace trueup::postgres {

/// Every number of a sequence of that type (`bigint` when empty) spelled out, as pg_sequence shows it.
SequenceOptions complete(SequenceOptions options, std::string_view type);
/// The same with the numbers that are the server's defaults left out: the canonical form.
SequenceOptions canonical(SequenceOptions options, std::string_view type);
/// ` INCREMENT BY 2 MINVALUE 5 ...` of what is given; empty for none.
std::string sequence_clauses(const SequenceOptions& options);
/// What turns `from` into `to` in ALTER SEQUENCE or ALTER COLUMN ... SET; `prefix` stands before each clause.
std::string sequence_changes(const SequenceOptions& from, const SequenceOptions& to, std::string_view type,
                             std::string_view prefix);

struct SequenceForm {
  SequenceOptions options;
  std::string type;
};
/// The current value must lie within the new bounds: one that does not moves to the nearer bound.
void move_into_bounds(const ObjectKey& sequence, const SequenceForm& from, const SequenceForm& to,
                      SqlWriter& w);

}  // namespace trueup::postgres
