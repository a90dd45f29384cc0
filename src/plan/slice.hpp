// Looking at what a change touches instead of at whole states.
#pragma once
#include "plan/plan.hpp"

namespace trueup {

/// The parts of two states that a change between them can have to do with: the touched objects with all that
/// belongs to their relations, everything that stands on these, directly or not, and what all of it needs to
/// exist. An object that is equal in both states is in both parts or in neither.
struct Slice {
  Catalog from, to;
};
/// `touched`: the keys of what changes, as either state has them.
Slice slice(const Catalog& from, const Catalog& to, const std::set<ObjectKey>& touched);

/// Does looking at a slice save more than making it costs? Not where the states are small or much of them
/// changes.
bool worth_slicing(const Catalog& from, const Catalog& to, std::size_t changes);

/// The slice that a plan from `from` has to do with, where it is worth it. Not where objects are renamed, as
/// their keys do not tell.
std::optional<Slice> slice(const Plan& plan, const Catalog& from);

}  // namespace trueup
