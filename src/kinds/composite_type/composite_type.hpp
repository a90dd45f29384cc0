#pragma once
#include "model/field.hpp"

namespace trueup {

/// A composite type.
struct CompositeType {
  std::vector<Attribute> attributes;  ///< Attributes in order.
  std::string comment;                ///< Comment.
  std::string renamed_from;           ///< Former name; states that this is a rename.
  static constexpr Kind kind = Kind::composite_type;
  static constexpr auto fields() {
    return std::tuple{field("attributes", &CompositeType::attributes, "Attributes in order."),
                      field("comment", &CompositeType::comment, "Comment."),
                      field("renamed_from", &CompositeType::renamed_from,
                            "Former name; states that this is a rename.", Compare::never)};
  }
  bool operator==(const CompositeType&) const = default;
};
static_assert(ObjectKind<CompositeType>);

}  // namespace trueup
