// Comparing with the newest snapshot at the cost of the change: what both states have letter by letter is
// neither decoded nor looked at again.
#pragma once
#include <future>
#include <optional>

#include "engine/engine.hpp"
#include "kinds/json_codec.hpp"
#include "migration/directory.hpp"
#include "plan/pipeline.hpp"
#include "source/snapshot_lines.hpp"

namespace trueup {

/// The snapshots on the way to the newest state, in ascending version; none when one of them is missing.
std::vector<std::string> snapshot_files(const Directory& directory);

/// A desired state beside the state that the newest snapshot records.
class Nearby {
 public:
  /// Normalizes it.
  Nearby(State desired, const EngineDialect& dialect);

  /// Finds what the lines of the recorded state have in other letters, and whether they add up to that state.
  void look_at(const SnapshotLines& recorded);
  /// Have both the same state hash? Not where an object has a hint of a rename: whoever follows it says what
  /// becomes of it.
  bool same() const { return same_; }
  /// precheck() of the desired state.
  void check() const;

  /// The slices of the recorded and of the desired state around what differs in them, with the namespaces of
  /// the whole states. Nothing, and then the states are to be compared as a whole, where objects are renamed
  /// and where anything about the snapshots is unusual.
  std::optional<Slice> narrow();

  /// Gives the desired state back, as a whole.
  State take();

  /// state_hash() of the whole desired state when its slice has become `to`.
  std::string hash(const Catalog& to) const;
  /// That state.
  Catalog whole(const Catalog& to) const;

 private:
  void prepared();

  State desired_;
  const EngineDialect& dialect_;
  std::future<void> preparing_;  // prepare() of desired_, which leaves alone what text_ is made from
  bool hints_ = false;
  StateText text_;
  std::shared_future<std::string> hash_;  // of text_
  std::optional<Catalog> recorded_;  // what differs, as it was; nothing where that cannot be told by lines
  std::set<ObjectKey> differing_;
  bool same_ = false;
  std::set<ObjectKey> sliced_;  // the keys of both slices
};

}  // namespace trueup
