// What a plan may destroy, the way back, and a plan in words.
#pragma once
#include "plan/slice.hpp"

namespace trueup {

/// What may be destroyed without asking again.
struct Allowance {
  bool destructive = false;  ///< everything
  std::vector<std::string>
      objects;  ///< `--allow-drop` values: `users`, `app.users`, `users.email`, `app.users.email`
  /// Is the loss of this object allowed? Naming a table allows whatever belongs to it.
  bool covers(const ObjectKey& key) const;
};

/// RefusedError naming each loss that is not allowed with the flag that allows it, and each drop plus create
/// that looks like a rename with the `renamed_from:` line to add. Allowing the loss settles both.
void check_allowed(const Plan& plan, const Allowance& allowed);
/// Those of the losses read from a migration file, `table app.users`, that are not allowed; `where` is the
/// file.
std::vector<RefusedError::Reason> not_allowed(const std::vector<std::string>& losses,
                                              const std::string& where, const Allowance& allowed);

/// The plan that leads back: from `states.to` (`plan.to`, or a slice of it) to `states.from` (what the plan
/// was made from), renames reversed.
Plan make_down_plan(const Plan& plan, Slice states, const EngineDialect& dialect);

/// One change in words: `create table app.users`, `alter column app.users.email (type, not_null)`.
std::string describe(const Change& change);
/// One line an object; what belongs to a created or dropped relation is left to its relation's line.
std::vector<std::string> describe(const Plan& plan);

}  // namespace trueup
