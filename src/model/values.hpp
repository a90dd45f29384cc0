#pragma once
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/object_key.hpp"

namespace trueup {

/// An SQL expression or body: what the author wrote, and what the server calls it once known.
/// Equality is on the canonical form.
struct Expr {
  std::string text;
  std::string canonical;  ///< empty until a normaliser, an echo or a server round trip has filled it
  const std::string& comparable() const { return canonical.empty() ? text : canonical; }
  bool empty() const { return text.empty() && canonical.empty(); }
  friend bool operator==(const Expr& a, const Expr& b) { return a.comparable() == b.comparable(); }
};

/// A column's (attribute's, domain's) type. A type that the catalog itself declares is a reference, so that
/// ordering and renames follow; anything else is the engine's own canonical spelling.
struct DataType {
  std::string text;  ///< `numeric(10,2)[]`, `vector(3)`; for a user type: what the author wrote, not compared
  std::optional<Ref> user;  ///< the enum, domain, composite type or table whose type this is
  std::string suffix;       ///< after a user type: `[]`, `(3)`; empty otherwise
  friend bool operator==(const DataType& a, const DataType& b) {
    return a.user == b.user && a.suffix == b.suffix && (a.user.has_value() || a.text == b.text);
  }
};

/// Engine-only settings by canonical name, values as text (`fillfactor` -> `70`, `strict` -> `true`).
/// Validated against the dialect's option table, compared by map equality, so none can be forgotten.
using Options = std::map<std::string, std::string>;

/// One element of a key or an index: a column or an expression.
struct IndexPart {
  std::optional<Ref> column;
  std::optional<Expr> expression;
  std::string order;        ///< `desc`, or empty for ascending
  std::string nulls;        ///< `first` or `last` where it is not the engine's default; else empty
  std::string collation;    ///< empty: the column's
  std::string opclass;      ///< operator class with its parameters, `vector_cosine_ops`; empty: the default
  std::int64_t prefix = 0;  ///< prefix length (MySQL); 0: whole column
  static constexpr auto fields();
  bool operator==(const IndexPart&) const = default;
};

/// Numbers of a sequence or an identity column; absent: the engine's default for the type and direction.
struct SequenceOptions {
  std::optional<std::int64_t> start, increment, minimum, maximum, cache;
  bool cycle = false;
  static constexpr auto fields();
  bool operator==(const SequenceOptions&) const = default;
};

struct Identity {
  std::string generation;  ///< `always` or `by default`
  SequenceOptions options;
  static constexpr auto fields();
  bool operator==(const Identity&) const = default;
};

/// A named attribute of a composite type.
struct Attribute {
  std::string name;
  DataType type;
  std::string collation;
  std::string comment;
  static constexpr auto fields();
  bool operator==(const Attribute&) const = default;
};

/// A check that belongs to a domain.
struct DomainCheck {
  std::string name;
  Expr expression;
  bool not_valid = false;
  std::string comment;
  static constexpr auto fields();
  bool operator==(const DomainCheck&) const = default;
};

/// One value of a reference row.
struct RowValue {
  std::string type;  ///< `null`, `bool`, `number`, `text`, `json` or `sql`
  std::string text;  ///< canonical text of it; empty for null
  static constexpr auto fields();
  bool operator==(const RowValue&) const = default;
};
using RowValues = std::map<std::string, RowValue>;

}  // namespace trueup
