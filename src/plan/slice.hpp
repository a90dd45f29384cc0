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

/// Two states that have all objects in common but a few, in one catalog.
class TwinCatalog {
 public:
  /// `shared` is the desired state, and again when this is gone. `from` holds those of `keys`, and only
  /// those, that the other state has, and all that it says beside its objects. Both outlive this.
  TwinCatalog(Catalog& shared, Catalog& from, const std::set<ObjectKey>& keys);
  ~TwinCatalog();
  TwinCatalog(const TwinCatalog&) = delete;
  TwinCatalog& operator=(const TwinCatalog&) = delete;

  /// The slice around the objects in which they differ.
  Slice slice();

 private:
  enum class Side { from, to };
  const Catalog& show(Side side);
  Catalog& shared_;
  Catalog& other_;
  const std::set<ObjectKey>& keys_;
  Side shown_ = Side::to;
};

/// Does looking at a slice save more than making it costs? Not where the states are small or much of them
/// changes.
bool worth_slicing(const Catalog& from, const Catalog& to, std::size_t changes);

/// The slice that a plan from `from` has to do with, where it is worth it. Not where objects are renamed, as
/// their keys do not tell.
std::optional<Slice> slice(const Plan& plan, const Catalog& from);

}  // namespace trueup
