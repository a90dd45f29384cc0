#pragma once
#include <memory>

#include "diff/diff.hpp"

namespace trueup {

/// Data that a plan destroys, object by object.
struct DataLoss {
  ObjectKey key;
  std::string why;
};

struct Slice;  // plan/slice.hpp

struct Plan {
  std::vector<Renamed> renames;
  std::vector<Change> changes;  ///< the facts the plan brings about
  std::vector<Step> steps;      ///< in order
  std::vector<DataLoss> losses;
  std::vector<RenameSuspicion> suspicions;
  std::vector<ObjectKey> satisfied_hints;
  std::vector<std::string> notices;   ///< unmodelled differences and other things a person should read
  Catalog from;                       ///< from-state after renames and scoping
  Catalog to;                         ///< desired state after settling
  std::shared_ptr<const Slice> part;  ///< what the steps have to do with; null: all of both states
  Cluster cluster;                    ///< where its statements are to run
  bool empty() const { return steps.empty(); }
};

/// Chooses which of the ready steps comes next. The product takes the least; tests shuffle, because the edges
/// alone must carry correctness and the tie-break only taste.
using TieBreak = std::function<std::size_t(std::size_t ready_count)>;

/// Facts to ordered steps. Both catalogs normalized. Throws RefusedError (unsupported change, cycle, data in
/// the way of a recreation, unmodelled object that the desired state asks for).
Plan make_plan(Catalog from, Catalog to, const EngineDialect& dialect, const TieBreak& pick = {});

/// The fake server: runs the steps on a catalog, refusing what a real server would refuse (std::logic_error
/// with the step). The planner's own check before anything is written, and the judge of the laws.
Catalog simulate(const Plan& plan, Catalog from, const EngineDialect& dialect);
/// The same towards `to` in place of `plan.to`: a slice of it, as `from` is one.
Catalog simulate(const Plan& plan, Catalog from, const Catalog& to, const EngineDialect& dialect);

}  // namespace trueup
