#include "engine/sqlite/parent_key.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "engine/sqlite/lexer.hpp"

namespace trueup::sqlite {
namespace {
std::string collation_of(const Catalog& catalog, const ObjectKey& column) {
  const auto* c = catalog.find<Column>(column);
  return c == nullptr || c->collation.empty() ? "binary" : lower(c->collation);
}

/// Are these, in any order, the columns of the key, compared as the columns themselves are?
bool covers(const Catalog& catalog, const std::vector<IndexPart>& key, const std::vector<Ref>& columns) {
  if (key.size() != columns.size()) return false;
  return std::all_of(key.begin(), key.end(), [&](const IndexPart& part) {
    if (!part.column) return false;
    const std::string own = collation_of(catalog, part.column->to);
    if (!part.collation.empty() && lower(part.collation) != own) return false;
    return std::any_of(columns.begin(), columns.end(), [&](const Ref& r) { return r.to == part.column->to; });
  });
}

template <class F>
void for_each_reference(const Catalog& catalog, const ObjectKey& table, F f) {
  for (const auto& [key, body] : catalog.of_kind(Kind::foreign_key)) {
    const auto& reference = std::get<ForeignKey>(body);
    if (key.owner == table.name || reference.ref_table.to == table) f(key, reference);
  }
}

/// Is there such a key among those for which `counts` is true?
template <class F>
bool finds_key(const Catalog& catalog, const ForeignKey& reference, F counts) {
  const ObjectKey& parent = reference.ref_table.to;
  if (!catalog.contains(parent)) return true;
  for (const auto& key : catalog.children(parent)) {
    if (!counts(key)) continue;
    if (const auto* primary = catalog.find<PrimaryKey>(key)) {
      const bool whole = reference.ref_columns.empty() && primary->on.size() == reference.columns.size();
      if (whole || covers(catalog, primary->on, reference.ref_columns)) return true;
    } else if (const auto* unique = catalog.find<Unique>(key)) {
      if (covers(catalog, unique->on, reference.ref_columns)) return true;
    } else if (const auto* index = catalog.find<Index>(key)) {
      if (index->unique && !index->where && covers(catalog, index->on, reference.ref_columns)) return true;
    }
  }
  return false;
}
}  // namespace

bool has_parent_key(const Catalog& catalog, const ForeignKey& reference) {
  return finds_key(catalog, reference, [](const ObjectKey&) { return true; });
}

std::set<std::string> checkable_referrers(const Catalog& from, const Catalog& to, const ObjectKey& table) {
  std::set<std::string> out;
  // A table that is new has no rows, and may not be there yet.
  for_each_reference(to, table, [&](const ObjectKey& key, const ForeignKey&) {
    if (from.contains({Kind::table, "", "", key.owner, ""})) out.insert(key.owner);
  });
  // A key that changes may be away just then.
  const auto stays = [&](const ObjectKey& key) {
    const auto before = from.objects.find(key);
    if (before == from.objects.end())
      return key.kind != Kind::index && !from.contains({Kind::table, "", "", key.owner, ""});
    return changed_fields(before->second, to.objects.at(key)).empty();
  };
  std::erase_if(out, [&](const std::string& name) {
    bool unmatched = false;
    for (const auto& key : to.children({Kind::table, "", "", name, ""}))
      if (const auto* reference = to.find<ForeignKey>(key))
        unmatched = unmatched || !to.contains(reference->ref_table.to) || !finds_key(to, *reference, stays);
    return unmatched;
  });
  return out;
}

std::vector<Hazard> lost_parent_keys(const Catalog& from, const Catalog& to, const ObjectKey& table) {
  std::vector<Hazard> out;
  for_each_reference(to, table, [&](const ObjectKey& key, const ForeignKey& reference) {
    if (has_parent_key(to, reference)) return;
    if (const auto* before = from.find<ForeignKey>(key); before != nullptr && !has_parent_key(from, *before))
      return;
    std::vector<std::string> columns;
    for (const auto& r : reference.ref_columns) columns.push_back(r.to.name);
    out.push_back({HazardKind::other,
                   fmt::format("{} refers to what is no key of {}{}: with foreign_keys on, SQLite refuses to "
                               "write either table",
                               to_string(key), reference.ref_table.to.name,
                               columns.empty() ? "" : " (" + join(columns, ", ") + ")")});
  });
  return out;
}

}  // namespace trueup::sqlite
