#pragma once
#include <variant>

#include "engine/engine.hpp"

namespace trueup {

struct Created {
  ObjectKey key;
};
struct Dropped {
  ObjectKey key;
};
struct Renamed {
  ObjectKey from, to;
  RenameMeans means = RenameMeans::in_place;
};
using Change = std::variant<Created, Dropped, Altered, Renamed>;
const ObjectKey& key_of(const Change& c);

/// Facts, in key order. Never asks an engine what it can do.
std::vector<Change> diff(const Catalog& from, const Catalog& to);

/// Applies the rename hints of `to` to `from`: keys, references and (by token) expressions take the new
/// names. Returns the renames made. A hint whose old name is absent and whose new name is present in `from`
/// is satisfied and goes to `satisfied`. Throws InputError for hints that contradict each other or the
/// states.
std::vector<Renamed> apply_renames(Catalog& from, const Catalog& to, const EngineDialect& dialect,
                                   std::vector<ObjectKey>* satisfied = nullptr);

/// The renames from `to` back to the names that its hints give and `from` has, parts before wholes: for
/// asking a database that still has those.
std::vector<Renamed> former_names(const Catalog& from, const Catalog& to);

/// Renames of what holds no data (constraints, indexes, triggers): one dropped and one created in the same
/// owner whose definitions are equal get a new name instead. Applied to `from`, returned. `before`: the
/// renames that led to `from`. `facts` is diff(from, to), and is made anew when anything was renamed.
std::vector<Renamed> match_renames(Catalog& from, const Catalog& to, const EngineDialect& dialect,
                                   const std::vector<Renamed>& before, std::vector<Change>& facts);

/// Gives objects their new keys everywhere in the catalog, one after the other, and what the server renames
/// along with them (constraints whose name it makes up). Costs what refers to them.
void rename_all(Catalog& catalog, const std::vector<Renamed>& renames, const EngineDialect& dialect);

/// Drop plus create in one owner that looks like a rename without a hint, for the author to settle.
struct RenameSuspicion {
  ObjectKey dropped, created;
};
std::vector<RenameSuspicion> suspect_renames(const Catalog& from, const Catalog& to,
                                             const std::vector<Change>& changes);

}  // namespace trueup
