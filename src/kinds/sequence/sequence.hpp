#pragma once
#include "model/field.hpp"

namespace trueup {

/// A sequence generator that is not behind an identity column.
struct Sequence {
  std::string type;          ///< Data type; bigint when absent.
  SequenceOptions options;   ///< Numbers.
  bool unlogged = false;     ///< Not written to the log.
  std::string comment;       ///< Comment.
  std::string renamed_from;  ///< Former name; states that this is a rename.
  static constexpr Kind kind = Kind::sequence;
  static constexpr auto fields() {
    return std::tuple{field("type", &Sequence::type, "Data type; bigint when absent."),
                      field("options", &Sequence::options, "Numbers."),
                      field("unlogged", &Sequence::unlogged, "Not written to the log."),
                      field("comment", &Sequence::comment, "Comment."),
                      field("renamed_from", &Sequence::renamed_from,
                            "Former name; states that this is a rename.", Compare::never)};
  }
  bool operator==(const Sequence&) const = default;
};
static_assert(ObjectKind<Sequence>);

}  // namespace trueup
