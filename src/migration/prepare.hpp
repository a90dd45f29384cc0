#pragma once
#include "plan/plan.hpp"

namespace trueup {

/// A desired state made ready against a current one, and the plan between them.
struct Prepared {
  Plan plan;
  std::vector<ObjectKey> unsettled;  ///< objects whose expressions could not be compared for certain
};

/// Normalizes `desired`, settles its expressions against `from` (`scratch` may be null), checks what no server would
/// accept, and plans. InputError with every finding, RefusedError from the planner.
Prepared prepare(Catalog from, Catalog desired, const EngineDialect& dialect, Connection* scratch);

/// What may be destroyed without asking again.
struct Allowance {
  bool destructive = false;          ///< everything
  bool renames = false;              ///< a drop plus a create that looks like a rename is meant as it is
  std::vector<std::string> objects;  ///< `--allow-drop` values: `users`, `app.users`, `users.email`, `app.users.email`
  /// Is the loss of this object (and, for a relation, of all it holds) allowed?
  bool covers(const ObjectKey& key) const;
};

/// RefusedError naming each loss that is not allowed with the flag that allows it, and each rename suspicion with the
/// `renamed_from:` line to add. Objects that `Allowance::objects` names count for both.
void check_allowed(const Plan& plan, const Allowance& allowed);

/// The plan that leads back: from `plan.to` to `from`, with the renames reversed.
Plan make_down_plan(const Plan& plan, const Catalog& from, const EngineDialect& dialect);

/// One line a change, for people: `create table app.users`, `alter column app.users.email (type, not_null)`.
std::vector<std::string> describe(const Plan& plan);
/// The same for facts alone.
std::string describe(const Change& change);

}  // namespace trueup
