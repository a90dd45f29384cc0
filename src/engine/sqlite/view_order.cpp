#include "engine/sqlite/view_order.hpp"

#include <algorithm>

#include "engine/sqlite/lexer.hpp"

namespace trueup::sqlite {
namespace {
std::vector<ObjectKey> views_under(const Catalog& catalog, const ObjectKey& view) {
  std::vector<ObjectKey> out;
  if (const auto uses = catalog.uses.find(view); uses != catalog.uses.end())
    for (const auto& key : uses->second.hard)
      if (key.kind == Kind::view) out.push_back(key);
  return out;
}

/// Does the plan drop the view: because it changes, or one below it does?
bool goes(const ObjectKey& view, const RenderContext& c) {
  const auto now = c.to.objects.find(view);
  if (now == c.to.objects.end() || !changed_fields(c.from.objects.at(view), now->second).empty()) return true;
  const auto below = views_under(c.from, view);
  return std::any_of(below.begin(), below.end(), [&](const ObjectKey& key) { return goes(key, c); });
}

/// By its name, or as one of all columns of its table.
bool reads_column(const ObjectKey& view, const ObjectKey& column, const Catalog& catalog) {
  const auto uses = catalog.uses.find(view);
  const auto used = [&](const ObjectKey& key) {
    return uses != catalog.uses.end() && (uses->second.soft.contains(key) || uses->second.hard.contains(key));
  };
  if (used(column)) return true;
  const auto* body = catalog.find<View>(view);
  const ObjectKey* table = catalog.relation(column.ns, column.owner);
  if (body != nullptr && table != nullptr && used(*table) && body->query.text.find('*') != std::string::npos)
    return true;
  const auto below = views_under(catalog, view);
  return std::any_of(below.begin(), below.end(),
                     [&](const ObjectKey& key) { return reads_column(key, column, catalog); });
}

/// Triggers that the plan drops and that know the column by a view which shows it: the one that they stand
/// on, or one that they read.
std::set<ObjectKey> triggers_through_views(const ObjectKey& column, const RenderContext& c) {
  std::set<ObjectKey> out;
  for (const auto& [key, body] : c.from.of_kind(Kind::trigger)) {
    std::set<ObjectKey> views;
    if (const ObjectKey* owner = c.from.relation(key.ns, key.owner); owner->kind == Kind::view)
      views.insert(*owner);
    const auto now = c.to.objects.find(key);
    const bool drops =
        now == c.to.objects.end() || !changed_fields(body, now->second).empty() ||
        std::any_of(views.begin(), views.end(), [&](const ObjectKey& v) { return goes(v, c); });
    if (const auto uses = c.from.uses.find(key); uses != c.from.uses.end())
      for (const auto& used : uses->second.soft)
        if (used.kind == Kind::view) views.insert(used);
    if (drops && std::any_of(views.begin(), views.end(),
                             [&](const ObjectKey& v) { return reads_column(v, column, c.from); }))
      out.insert(key);
  }
  return out;
}

bool read_by_trigger(const ObjectKey& view, const Catalog& catalog, const std::set<ObjectKey>& away) {
  return std::any_of(catalog.uses.begin(), catalog.uses.end(), [&](const auto& entry) {
    return entry.first.kind == Kind::trigger && entry.second.soft.contains(view) &&
           !away.contains(entry.first);
  });
}

bool is(const Statement& s, Verb verb, Kind kind) {
  return s.source.kind == kind && s.verb == to_string(verb);
}

/// Keeps those early drops that the plan wanted too, in place of its own.
void settle_early_drops(std::vector<Statement>& all) {
  std::set<std::string> early, wanted;
  for (const auto& s : all)
    if (is(s, Verb::drop, Kind::view)) wanted.insert(s.sql);
  std::erase_if(all, [&](const Statement& s) {
    const bool view = s.sql.starts_with("drop view ");
    if (is(s, Verb::rename, Kind::column) && (view || s.sql.starts_with("drop trigger ")))
      return (view && !wanted.contains(s.sql)) || !early.insert(s.sql).second;
    return (is(s, Verb::drop, Kind::view) || is(s, Verb::drop, Kind::trigger)) && early.contains(s.sql);
  });
}

/// Names that differ in the case of letters only are one name here.
void free_names(std::vector<Statement>& all) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!is(all[i], Verb::create, Kind::table)) continue;
    for (std::size_t k = i + 1; k < all.size(); ++k) {
      if (!is(all[k], Verb::drop, Kind::table) || !same_name(all[k].source.name, all[i].source.name))
        continue;
      const auto at = [&](std::size_t n) { return all.begin() + static_cast<std::ptrdiff_t>(n); };
      std::rotate(at(i), at(k), at(k + 1));
      break;
    }
  }
}
}  // namespace

void drop_early(const ObjectKey& column, const RenderContext& context, SqlWriter& w) {
  const auto triggers = triggers_through_views(column, context);
  for (const auto& key : triggers) w.raw("drop trigger ").ident(key.name).end();
  std::vector<ObjectKey> views;
  for (const auto& [key, body] : context.from.objects)
    if (key.kind == Kind::view && !views_under(context.from, key).empty() && goes(key, context) &&
        reads_column(key, column, context.from) && !read_by_trigger(key, context.from, triggers))
      views.push_back(key);
  for (const auto& key : views) w.raw("drop view ").ident(key.name).end();
}

void arrange(std::vector<Statement>& all) {
  settle_early_drops(all);
  free_names(all);
  std::set<ObjectKey> away;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (is(all[i], Verb::drop, Kind::view)) away.insert(all[i].source);
    if (is(all[i], Verb::create, Kind::view)) away.erase(all[i].source);
    if (away.empty() || !is(all[i], Verb::drop, Kind::column)) continue;
    std::size_t last = i;
    for (std::size_t k = i + 1; k < all.size(); ++k) {
      if (is(all[k], Verb::create, Kind::view) && away.contains(all[k].source)) last = k;
      if (all[k].source == all[i].source) break;
    }
    if (last == i) continue;
    const auto at = [&](std::size_t n) { return all.begin() + static_cast<std::ptrdiff_t>(n); };
    std::rotate(at(i), at(i + 1), at(last + 1));
    --i;  // another statement is here now
  }
}

}  // namespace trueup::sqlite
