#pragma once
#include "model/field.hpp"

namespace trueup {

/// A domain: a type with constraints.
struct Domain {
  DataType type;                      ///< Base type.
  bool not_null = false;              ///< Refuses null.
  std::optional<Expr> default_value;  ///< Default.
  std::string collation;              ///< Collation.
  std::vector<DomainCheck> checks;    ///< Conditions on VALUE.
  std::string comment;                ///< Comment.
  std::string renamed_from;           ///< Former name; states that this is a rename.
  static constexpr Kind kind = Kind::domain;
  static constexpr auto fields() {
    return std::tuple{field("type", &Domain::type, "Base type."),
                      field("not_null", &Domain::not_null, "Refuses null."),
                      field("default", &Domain::default_value, "Default."),
                      field("collation", &Domain::collation, "Collation."),
                      field("checks", &Domain::checks, "Conditions on VALUE."),
                      field("comment", &Domain::comment, "Comment."),
                      field("renamed_from", &Domain::renamed_from,
                            "Former name; states that this is a rename.", Compare::never)};
  }
  bool operator==(const Domain&) const = default;
};
static_assert(ObjectKind<Domain>);

}  // namespace trueup
