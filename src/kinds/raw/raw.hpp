#pragma once
#include "model/field.hpp"

namespace trueup {

/// An object that trueup has no kind for, carried as the author's own SQL.
struct Raw {
  Expr create;                  ///< SQL that creates it.
  std::string drop;             ///< SQL that drops it.
  std::string exists;           ///< A SELECT that gives a row where a database has it.
  std::vector<Ref> depends_on;  ///< Objects that must exist first, where the body does not show it.
  static constexpr Kind kind = Kind::raw;
  static constexpr auto fields() {
    return std::tuple{
        field("create", &Raw::create, "SQL that creates it."),
        field("drop", &Raw::drop, "SQL that drops it."),
        field("exists", &Raw::exists, "A SELECT that gives a row where a database has it."),
        field("depends_on", &Raw::depends_on,
              "Objects that must exist first, where the body does not show it.", Compare::never)};
  }
  bool operator==(const Raw&) const = default;
};
static_assert(ObjectKind<Raw>);

}  // namespace trueup
