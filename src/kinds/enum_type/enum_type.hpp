#pragma once
#include "model/field.hpp"

namespace trueup {

/// An enumerated type.
struct EnumType {
  std::vector<std::string> values;                    ///< Values in order.
  std::string comment;                                ///< Comment.
  std::string renamed_from;                           ///< Former name; states that this is a rename.
  std::map<std::string, std::string> renamed_values;  ///< New value: former value.
  static constexpr Kind kind = Kind::enum_type;
  static constexpr auto fields() {
    return std::tuple{
        field("values", &EnumType::values, "Values in order."),
        field("comment", &EnumType::comment, "Comment."),
        field("renamed_from", &EnumType::renamed_from, "Former name; states that this is a rename.",
              Compare::never),
        field("renamed_values", &EnumType::renamed_values, "New value: former value.", Compare::never)};
  }
  bool operator==(const EnumType&) const = default;
};
static_assert(ObjectKind<EnumType>);

}  // namespace trueup
