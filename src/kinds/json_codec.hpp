#pragma once
#include <nlohmann/json.hpp>

#include "kinds/catalog.hpp"

namespace trueup {

/// A body as JSON by its field table; fields that hold their default are left out.
nlohmann::ordered_json to_json(const ObjectBody& body);
/// The inverse. Unknown keys, wrong types and malformed references throw InputError naming object and field.
ObjectBody body_from_json(const ObjectKey& key, const nlohmann::ordered_json& json);

/// An object as one line of a snapshot: {"object": "column app.users.id", ...fields, "uses": [...],
/// "uses_soft": [...]}.
std::string object_line(const Catalog& catalog, const ObjectKey& key);

/// SHA-256 of the canonical catalog: what a migration calls its parent and resulting state. Text that authors
/// wrote does not count where the canonical form is known, nor do hints, uses or places.
std::string state_hash(const Catalog& catalog);

/// What state_hash() covers, with the place of every object in it, so that states that have most objects in
/// common are encoded once.
class StateText {
 public:
  /// Points to the keys and bodies of `catalog`.
  explicit StateText(const Catalog& catalog);
  /// state_hash() of the catalog.
  std::string hash() const;
  /// state_hash() of a state that is like the catalog, except that it holds those of `keys`, and only those,
  /// that `other` holds, and has its unmodelled objects.
  std::string hash_with(const std::set<ObjectKey>& keys, const Catalog& other) const;

  struct Entry {
    const ObjectKey* key;
    const ObjectBody* object;
    std::size_t begin, body, end;  ///< `KEY {BODY}` and a newline; `body` behind the brace
    bool plain;                    ///< a snapshot has the same text
  };
  const std::vector<Entry>& entries() const { return entries_; }
  /// Is `line` object_line() of that object? `catalog` tells what it uses.
  bool is_line(const Entry& entry, const Catalog& catalog, std::string_view line) const;
  /// Its key as a snapshot has it between quotes; `buffer` holds what had to be escaped.
  std::string_view key_text(const Entry& entry, std::string& buffer) const;

 private:
  std::string_view key_of(const Entry& entry) const;
  std::string_view part(std::size_t begin, std::size_t end) const {
    return std::string_view(text_).substr(begin, end - begin);
  }
  std::string text_;
  std::vector<Entry> entries_;
  std::string unmodelled_;
  bool ordered_;
};

}  // namespace trueup
