#pragma once
#include "model/field.hpp"

namespace trueup {

/// The database itself. There is one, so its key has no name; a state that does not have it leaves it open.
struct Database {
  std::string comment;  ///< Comment.
  Options options;      ///< Engine settings.
  static constexpr Kind kind = Kind::database;
  static constexpr auto fields() {
    return std::tuple{field("comment", &Database::comment, "Comment."),
                      field("options", &Database::options, "Engine settings.")};
  }
  bool operator==(const Database&) const = default;
};
static_assert(ObjectKind<Database>);

/// The key of the one database.
inline ObjectKey database_key() {
  return ObjectKey{Kind::database, {}, {}, {}, {}};
}

}  // namespace trueup
