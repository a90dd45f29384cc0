#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace trueup {

/// The sorts of objects. The order is the order in which a reader wants to meet them and, among steps that
/// are ready at the same time, the order in which they are rendered; correctness never rests on it.
enum class Kind : std::uint8_t {
  database,
  name_space,
  extension,
  enum_type,
  domain,
  composite_type,
  sequence,
  function,
  procedure,
  aggregate,
  table,
  column,
  primary_key,
  unique,
  check,
  exclusion,
  foreign_key,
  sequence_owner,
  index,
  projection,
  view,
  materialized_view,
  dictionary,
  virtual_table,
  trigger,
  event,
  policy,
  raw,
  row,
};
constexpr std::size_t kind_count = static_cast<std::size_t>(Kind::row) + 1;

/// What the shared core must know about a kind. One row a kind, in the order of the enum.
struct KindInfo {
  std::string_view name;  ///< in messages, snapshots and reports
  bool owned;             ///< keys carry an owner: the table, view or materialized view it belongs to
  bool relation;          ///< can own columns, constraints, indexes or triggers
  bool holds_data;  ///< dropping it destroys what cannot be had back; the closure over dependents stops here
  bool shares_names;  ///< no two such objects of a namespace have one name
};
const KindInfo& info(Kind kind);
std::optional<Kind> kind_from_name(std::string_view name);

/// Identity of an object: two catalogs' objects with equal keys are the same object.
struct ObjectKey {
  Kind kind{};
  std::string ns;     ///< namespace (PostgreSQL schema); empty where the engine has none
  std::string owner;  ///< owning relation for columns, constraints, indexes, triggers, rows; empty otherwise
  std::string name;   ///< for rows: the key values as a JSON array; empty for the one database
  std::string signature;  ///< input argument types of a routine, `integer, text`; empty otherwise
  auto operator<=>(const ObjectKey&) const = default;
  bool operator==(const ObjectKey&) const = default;
};

/// `column app.users.email`: for messages and snapshots; parts that are not plain words are double-quoted.
std::string to_string(const ObjectKey& key);
/// The same without the kind: `app.users.email`.
std::string display_name(const ObjectKey& key);
/// The inverse of to_string. Throws InputError naming what is malformed.
ObjectKey parse_key(std::string_view text);

/// A reference to another object. Dependencies, renames and dangling checks all come from walking Ref fields.
struct Ref {
  ObjectKey to;
  auto operator<=>(const Ref&) const = default;
  bool operator==(const Ref&) const = default;
};

}  // namespace trueup
