#pragma once
#include "model/field.hpp"

namespace trueup {

/// Ties a sequence to the column it lives and dies with. An object of its own, because column and sequence
/// need each other.
struct SequenceOwner {
  Ref sequence;  ///< The sequence.
  Ref column;    ///< The owning column.
  static constexpr Kind kind = Kind::sequence_owner;
  static constexpr auto fields() {
    return std::tuple{field("sequence", &SequenceOwner::sequence, "The sequence."),
                      field("column", &SequenceOwner::column, "The owning column.")};
  }
  bool operator==(const SequenceOwner&) const = default;
};
static_assert(ObjectKind<SequenceOwner>);

}  // namespace trueup
