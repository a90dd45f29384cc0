#pragma once
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "kinds/all.hpp"

namespace trueup {

/// Where an object met by introspection stands.
enum class Standing { managed, extension_member, ignored, unmodelled };
std::string_view to_string(Standing s);

/// One line of the inventory: everything introspection met, so that nothing is left out in silence.
struct InventoryItem {
  std::string object;  ///< `policy app.users.owner_only`, unique within a database
  Standing standing = Standing::managed;
  std::string detail;  ///< why ignored, which extension; for unmodelled objects a digest of the definition
  bool operator==(const InventoryItem&) const = default;
};

namespace detail {
/// Where the kind begins in a map of objects, or the one after it.
template <class Map>
auto from_kind(Map& map, Kind kind, std::size_t after = 0) {
  const std::size_t number = static_cast<std::size_t>(kind) + after;
  if (number >= kind_count) return map.end();
  return map.lower_bound(ObjectKey{static_cast<Kind>(number), {}, {}, {}, {}});
}
}  // namespace detail

/// Everything declared in one database: flat, keyed objects.
struct Catalog {
  std::map<ObjectKey, ObjectBody> objects;

  /// Dependencies that no Ref field shows: of view bodies, defaults, checks, routines. From the server's own
  /// catalog when introspected, else inferred by the dialect. Never compared. `hard`: the server enforces it;
  /// `soft` ones order what can be ordered and give way in a cycle (routine bodies that are plain strings).
  struct Uses {
    std::set<ObjectKey> hard, soft;
    bool operator==(const Uses&) const = default;
  };
  std::map<ObjectKey, Uses> uses;

  /// Where the author declared an object, for error messages. Empty for live catalogs and snapshots.
  std::map<ObjectKey, Place> places;

  /// Objects of the source that no kind covers, by display name, with a digest of their definition. In a
  /// desired state: what must already be there just so. Never created, altered or dropped.
  std::map<std::string, std::string> unmodelled;

  /// Objects of the source that are none of this state's and stand on some that are: `needs` cannot go while
  /// they are there, and they go by themselves with what they are `within`. By display name.
  struct Outsider {
    std::set<ObjectKey> needs, within;
  };
  std::map<std::string, Outsider> outsiders;

  /// What introspection met; empty for other sources.
  std::vector<InventoryItem> inventory;

  /// Namespaces this state speaks for; objects elsewhere are none of its business. Empty: not stated.
  std::set<std::string> namespaces;

  /// Vendor and version of the server that the state was read from, where an engine has several vendors:
  /// `MariaDB 101106`. Empty elsewhere.
  std::string server;

  /// The engine can move columns, so that Column::position is part of the state.
  bool ordered_columns = false;

  bool contains(const ObjectKey& key) const { return objects.contains(key); }
  template <class T>
  const T* find(const ObjectKey& key) const {
    auto it = objects.find(key);
    return it == objects.end() ? nullptr : std::get_if<T>(&it->second);
  }
  /// The objects of one kind, in key order.
  template <class Iterator>
  struct Range {
    Iterator first, last;
    Iterator begin() const { return first; }
    Iterator end() const { return last; }
  };
  Range<std::map<ObjectKey, ObjectBody>::const_iterator> of_kind(Kind kind) const {
    return {detail::from_kind(objects, kind), detail::from_kind(objects, kind, 1)};
  }
  Range<std::map<ObjectKey, ObjectBody>::iterator> of_kind(Kind kind) {
    return {detail::from_kind(objects, kind), detail::from_kind(objects, kind, 1)};
  }
  /// Calls `f(key, body)` for the objects that are no part of another, which are few: parts lie in the
  /// namespace of what they belong to.
  template <class F>
  void for_each_whole(F f) const {
    for (std::size_t i = 0; i < kind_count; ++i)
      if (const Kind kind = static_cast<Kind>(i); !info(kind).owned)
        for (const auto& [key, body] : of_kind(kind)) f(key, body);
  }

  /// The table, view, materialized view or virtual table of that name, if any.
  const ObjectKey* relation(std::string_view ns, std::string_view name) const;
  /// Children of a relation (keys whose owner it is), in key order.
  std::vector<ObjectKey> children(const ObjectKey& relation) const;
  /// Those of one kind: rows can be many.
  std::vector<ObjectKey> children(const ObjectKey& relation, Kind kind) const;
  /// Columns of a relation by position, then name.
  std::vector<ObjectKey> columns(const ObjectKey& relation) const;
};

/// Calls `f(const Ref&)` for every Ref field of the body, nested ones included.
void for_each_ref(const ObjectBody& body, const std::function<void(const Ref&)>& f);
void for_each_ref(ObjectBody& body, const std::function<void(Ref&)>& f);
/// Calls `f` for every Expr of the body, nested ones included.
void for_each_expr(ObjectBody& body, const std::function<void(Expr&)>& f);
void for_each_expr(const ObjectBody& body, const std::function<void(const Expr&)>& f);

/// Every object that `key` needs, without itself: its owner, its namespace (where the catalog declares it),
/// its Ref fields and its uses. `soft` receives those that may give way. Objects not in the catalog are left
/// out.
struct Dependencies {
  std::set<ObjectKey> hard, soft;
};
Dependencies dependencies(const Catalog& catalog, const ObjectKey& key);

/// Names of the compared fields in which two bodies of one kind differ.
std::vector<std::string> changed_fields(const ObjectBody& a, const ObjectBody& b);

/// An empty body of a kind.
ObjectBody make_body(Kind kind);

}  // namespace trueup
