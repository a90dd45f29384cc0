// Shared between the stages of make_plan; not part of the library's interface.
#pragma once
#include "plan/name_holders.hpp"
#include "plan/plan.hpp"

namespace trueup::planning {

/// Dependencies with what the engine does not enforce moved to the soft side.
Dependencies needs(const Catalog& catalog, const ObjectKey& key, const EngineDialect& dialect);

/// A column whose values are computed from others: it can be dropped and created again without loss.
bool derived(const Catalog& catalog, const ObjectKey& key);

/// A column and the sequence that it counts with before or afterwards: which of the two has the name
/// meanwhile is settled by the statements that bring about the change.
bool change_together(const Catalog& from, const Catalog& to, const ObjectKey& a, const ObjectKey& b);

/// Stage 1: which objects go, change and come, and why. Every fact of the plan ends up in exactly one of
/// these.
struct Resolution {
  std::set<ObjectKey> dropped, created;
  std::map<ObjectKey, Altered> altered;
  std::set<ObjectKey> rebuilt;             ///< relations that are copied and swapped
  std::map<ObjectKey, ObjectKey> because;  ///< recreated object -> the object that made it necessary
};
/// Throws RefusedError with every reason at once.
Resolution resolve(const Catalog& from, const Catalog& to, const std::vector<Change>& changes,
                   const EngineDialect& dialect);

/// Stage 2: steps and what must come before what.
/// Firm: what had better not give way, as then something is done in more steps than it takes.
enum class Strength : std::uint8_t { hard, firm, soft, taste };
struct Graph {
  std::vector<Step> steps;                                     ///< sorted by (verb, key)
  std::vector<std::map<std::size_t, Strength>> after, before;  ///< after[i]: steps that follow i
  std::map<std::pair<Verb, ObjectKey>, std::size_t> at;
  /// The name that the second of two steps gives an object after the first took it from another.
  std::map<std::pair<std::size_t, std::size_t>, std::string> passed_names;
  /// The step that creates (drops) the owner of step `i`'s object, if there is one.
  std::optional<std::size_t> owner_step(std::size_t i, const Catalog& catalog) const;
};
Graph build_graph(const Catalog& from, const Catalog& to, const Resolution& r, const EngineDialect& dialect);

/// Stage 3: order (indices of steps); throws RefusedError naming the members of a cycle.
std::vector<std::size_t> order(const Graph& g, const TieBreak& pick);

/// Stage 4: children move into the CREATE or DROP of their owner where nothing else stands between.
std::vector<Step> fold(const Graph& g, const std::vector<std::size_t>& ordered, const Catalog& from,
                       const Catalog& to, const EngineDialect& dialect);

/// Where renames stand among the steps. `steps` hold renames only: a name that what moves along with a
/// relation has only at first, and that is another's where it moves to, gives way to the new one before the
/// relation moves. Throws RefusedError where neither order is possible.
void rename_before_moves(std::vector<Step>& steps, const Catalog& from, const EngineDialect& dialect);
/// Objects that go and have a name that a renamed one gets, and what goes before them: dropped before that
/// rename. Throws RefusedError where their relation has not its new name by then.
void make_room(std::vector<Step>& steps, const Catalog& from, const EngineDialect& dialect);
/// New namespaces that objects move to are there before these, and after those that had their names.
void open_namespaces(std::vector<Step>& steps);

}  // namespace trueup::planning
