// The way from two loaded states to a plan and its statements, shared by every command and by programs that
// embed the library.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "plan/plan.hpp"
#include "render/render.hpp"
#include "source/scratch.hpp"

namespace trueup {

/// Where a catalog came from; decides what still has to be done to it.
enum class Origin {
  authored,  ///< YAML: to be normalized, its uses to be inferred
  recorded,  ///< snapshot or migrations folder: canonical when written
  live,      ///< introspected: canonical, the server's own spelling
  nothing,   ///< the state `empty`
};

/// A state that has been loaded for one engine.
struct State {
  Catalog catalog;
  Origin origin = Origin::nothing;
  std::string label;                          ///< how messages call it: file, folder or URL without password
  Connection* connection = nullptr;           ///< of a live state, while it is open; not owned
  bool normalized = false, prepared = false;  ///< normalize() or prepare() has been here
};

/// The set that stands for every namespace: `--namespaces '*'`.
std::set<std::string> every_namespace();

struct CompareOptions {
  /// Namespaces to manage. Empty: those that the desired state names; every_namespace(): all of both states.
  std::set<std::string> namespaces;
  /// Where expressions may be tried out; null: the connection of a live state, if any; else nowhere.
  Connection* scratch = nullptr;
  Cluster cluster = {};  ///< where the statements are to run; no part of either state
};

struct Comparison {
  Plan plan;
  std::vector<Statement> statements;
  /// Objects of both states whose expressions no provider could settle: planned, with a hazard.
  std::vector<ObjectKey> unsettled;
  bool empty() const { return plan.empty(); }
};

/// Brings a state to canonical form: normalize, and for authored ones infer_uses. InputError with every
/// finding.
void prepare(State& state, const EngineDialect& dialect);
/// The first half of it. InputError with every finding.
void normalize(State& state, const EngineDialect& dialect);
/// What no server would accept in a desired state. InputError with every finding.
void precheck(const Catalog& desired, const EngineDialect& dialect);

/// The namespaces a comparison manages: see CompareOptions::namespaces. Both states prepared.
std::set<std::string> managed_namespaces(const Catalog& from, const Catalog& to,
                                         const CompareOptions& options);
/// Removes the objects of other namespaces but those that `keep` holds. Database-wide objects stay;
/// extensions stay when they are installed in one of the namespaces or `keep` holds them.
void restrict_to(Catalog& catalog, const std::set<std::string>& namespaces, const Catalog& keep);

/// Everything between two loaded states and the statements that lead from one to the other: prepare,
/// precheck, restrict, read reference rows (when `from` is live) and ask for raw objects, settle expressions,
/// plan, render. Data loss is in `plan.losses` and does not throw: callers that must refuse it call
/// check_allowed() of migration/.
Comparison compare(State from, State to, const EngineDialect& dialect, const CompareOptions& options = {});

}  // namespace trueup
