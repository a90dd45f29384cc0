#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "source/snapshot.hpp"

namespace trueup {

/// The state that a chain of snapshots leads to as the lines of its objects, undecoded: where most of a state
/// is known already, decoding it all would cost more than the change is worth.
class SnapshotLines {
 public:
  /// As load_snapshot_chain(), with nothing looked into but the heads. Nothing when a file or the chain is in
  /// any way other than trueup writes it: load_snapshot_chain() then tells what is wrong, or reads it.
  static std::optional<SnapshotLines> read(const std::vector<std::string>& files);

  const SnapshotHead& head() const { return heads_.back(); }
  std::size_t size() const { return lines_.size(); }
  /// The line of an object by its key as it stands between the quotes; empty when there is none.
  std::string_view find(std::string_view key) const;
  /// Every object: its key as it stands between the quotes, and its line, in no order.
  const std::unordered_map<std::string_view, std::string_view>& lines() const { return lines_; }

  /// A catalog with the objects of `lines` alone, and all that the state says beside its objects.
  Catalog decode(const std::vector<std::string_view>& lines) const;

  SnapshotLines(const SnapshotLines&) = delete;
  SnapshotLines& operator=(const SnapshotLines&) = delete;
  SnapshotLines(SnapshotLines&&) = default;
  SnapshotLines& operator=(SnapshotLines&&) = default;

 private:
  SnapshotLines() = default;
  struct Text {
    std::string file, text;
    std::string_view before_objects;
  };
  bool add(Text& text);

  std::vector<Text> texts_;  // oldest first
  std::vector<SnapshotHead> heads_;
  std::unordered_map<std::string_view, std::string_view> lines_;
};

}  // namespace trueup
