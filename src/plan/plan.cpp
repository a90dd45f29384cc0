#include "plan/plan.hpp"

#include "base/text.hpp"
#include "diff/row_values.hpp"
#include "plan/internal.hpp"
#include "plan/slice.hpp"

namespace trueup {
namespace {

/// Relations by their display names.
using Displayed = std::multimap<std::string, ObjectKey>;

Displayed relations(const Catalog& catalog) {
  Displayed out;
  for (const auto& [key, body] : catalog.objects)
    if (info(key.kind).relation) out.emplace(display_name(key), key);
  return out;
}

/// Is it a relation of a kind we have, whose definition could not be read?
bool of_our_kinds(const std::string& name) {
  try {
    return info(parse_key(name).kind).relation;
  } catch (const InputError&) {
    return false;
  }
}

/// Those that an unmodelled object's display name (`inheriting table public.t`) could be in the way of: after
/// which of its blanks the name begins, the quotes in it do not tell.
std::vector<ObjectKey> taken_by(const std::string& name, const Displayed& relations) {
  std::vector<ObjectKey> out;
  const auto noun = name.find(" table ");
  const bool table = noun != std::string::npos || name.starts_with("partition ") || of_our_kinds(name);
  for (auto at = name.find(' '); table && at != std::string::npos; at = name.find(' ', at + 1)) {
    const auto [first, last] = relations.equal_range(name.substr(at + 1));
    for (auto it = first; it != last; ++it) out.push_back(it->second);
  }
  return out;
}

void check_unmodelled(const Catalog& from, const Catalog& to, std::vector<std::string>& notices) {
  std::vector<RefusedError::Reason> reasons;
  for (const auto& [name, digest] : to.unmodelled) {
    auto it = from.unmodelled.find(name);
    if (it == from.unmodelled.end())
      reasons.push_back({name,
                         "the desired state holds it, but trueup has no kind for it and cannot create it",
                         "create it by hand or as a raw: object, or remove its line under unmodelled:"});
    else if (it->second != digest)
      reasons.push_back({name,
                         "differs from the desired state, but trueup has no kind for it and cannot change it",
                         "change it by hand, or remove its line under unmodelled:"});
  }
  const Displayed desired = from.unmodelled.empty() ? Displayed() : relations(to);
  for (const auto& [name, digest] : from.unmodelled)
    for (const ObjectKey& key : taken_by(name, desired))
      if (!from.contains(key))
        reasons.push_back(
            {to_string(key),
             "its name is taken by " + name + ", which trueup has no kind for and leaves as it is",
             name == to_string(key) ? "leave it out of the schema, or change by hand what cannot be read; "
                                      "`trueup introspect` says why"
                                    : "drop or rename that by hand first"});
  if (!reasons.empty()) throw RefusedError(std::move(reasons));
  for (const auto& [name, digest] : from.unmodelled)
    if (!to.unmodelled.contains(name)) notices.push_back(name + " is unmodelled and left as it is");
}

/// Rows that left the desired state and are to be kept are forgotten: no statement, no longer part of the
/// state. What the desired state says of its other rows of the table counts; else what was said when the row
/// was declared.
void forget_kept_rows(Catalog& from, const Catalog& to) {
  std::map<std::pair<std::string_view, std::string_view>, std::string_view> says;
  for (const auto& [key, body] : to.objects)
    if (const auto* row = std::get_if<Row>(&body)) says[{key.ns, key.owner}] = row->on_removed;
  std::erase_if(from.objects, [&](const auto& entry) {
    const auto* row = std::get_if<Row>(&entry.second);
    if (row == nullptr || to.contains(entry.first)) return false;
    const auto said = says.find({entry.first.ns, entry.first.owner});
    const std::string_view rule = said == says.end() ? std::string_view(row->on_removed) : said->second;
    return rule != "delete" && to.relation(entry.first.ns, entry.first.owner) != nullptr;
  });
}

/// What the desired state leaves open stays, and is no part of the comparison.
void forget_left_open(Catalog& from, const Catalog& to, const EngineDialect& dialect) {
  std::vector<ObjectKey> open;
  for (const auto& [key, body] : from.objects)
    if (const auto* h = dialect.handler(key.kind);
        h != nullptr && !to.contains(key) && h->left_open(key, from, to))
      open.push_back(key);
  for (const auto& key : open) from.objects.erase(key);
}

void settle(const Catalog& from, Catalog& to, const EngineDialect& dialect) {
  for (auto& [key, body] : to.objects)
    if (auto it = from.objects.find(key); it != from.objects.end())
      if (const auto* h = dialect.handler(key.kind)) h->settle(body, it->second);
}

/// What happens to rows of users when a reference row goes to which foreign keys refer.
class TakenAlong {
 public:
  TakenAlong(const Catalog& from, const Catalog& to, const std::set<ObjectKey>& gone)
      : from_(from), gone_(gone) {
    for (const auto* catalog : {&from, &to})
      for (const auto& [key, body] : catalog->of_kind(Kind::foreign_key)) {
        const auto& f = std::get<ForeignKey>(body);
        if (!f.not_enforced && (f.on_delete == "cascade" || f.on_delete.starts_with("set ")))
          referrers_[f.ref_table.to].emplace(key.ns, key.owner, f.on_delete);
      }
  }
  /// In words; empty when nothing can happen. Only what refers to the row itself is named: a slice of the
  /// states need not hold more.
  std::string with_row_of(const ObjectKey& table) const {
    std::set<ObjectKey> deleted, changed;
    if (const auto found = referrers_.find(table); found != referrers_.end())
      for (const auto& [ns, name, action] : found->second) {
        const ObjectKey* referrer = from_.relation(ns, name);
        if (referrer == nullptr || gone_.contains(*referrer)) continue;  // new, or a loss of its own
        (action == "cascade" ? deleted : changed).insert(*referrer);
      }
    for (const auto& key : deleted) changed.erase(key);
    std::vector<std::string> out;
    if (!deleted.empty())
      out.push_back(
          fmt::format("rows of {} that refer to it go with it, and what refers to those", names(deleted)));
    if (!changed.empty())
      out.push_back(fmt::format("rows of {} that refer to it lose that value", names(changed)));
    return join(out, ", and ");
  }

 private:
  using Referrer = std::tuple<std::string, std::string, std::string>;  // namespace, table, action

  static std::string names(const std::set<ObjectKey>& tables) {
    std::vector<std::string> out;
    for (const auto& key : tables) out.push_back(display_name(key));
    return join(out, ", ");
  }

  const Catalog& from_;
  const std::set<ObjectKey>& gone_;
  std::map<ObjectKey, std::set<Referrer>> referrers_;
};

std::vector<DataLoss> find_losses(const Catalog& from, const Catalog& to, const std::vector<Change>& changes,
                                  const planning::Resolution& r, const EngineDialect& dialect) {
  std::vector<DataLoss> out;
  std::set<ObjectKey> gone = r.dropped;
  for (const auto& c : changes)
    if (const auto* d = std::get_if<Dropped>(&c)) gone.insert(d->key);
  const TakenAlong along(from, to, gone);
  for (const auto& key : gone) {
    if (key.kind == Kind::row) {
      const ObjectKey* table = from.relation(key.ns, key.owner);
      if (table == nullptr || gone.contains(*table)) continue;
      if (auto why = along.with_row_of(*table); !why.empty()) out.push_back({key, std::move(why)});
      continue;
    }
    const bool counts =
        key.kind == Kind::table || key.kind == Kind::column || key.kind == Kind::virtual_table;
    if (!counts)
      if (const auto* h = dialect.handler(key.kind))
        if (auto why = h->drop_loses_data(key, from); !why.empty()) out.push_back({key, std::move(why)});
    if (!counts || planning::derived(from, key)) continue;
    if (key.kind == Kind::column) {
      const ObjectKey* owner = from.relation(key.ns, key.owner);
      if (owner == nullptr || gone.contains(*owner)) continue;
    }
    out.push_back(
        {key, to.contains(key) ? "is dropped and created again: its values are lost" : "is dropped"});
  }
  for (const auto& c : changes)
    if (const auto* a = std::get_if<Altered>(&c); a != nullptr && !r.dropped.contains(a->key))
      if (const auto* h = dialect.handler(a->key.kind))
        if (auto why = h->loses_data(*a, from, to); !why.empty()) out.push_back({a->key, std::move(why)});
  return out;
}

/// Facts to steps, in `from` and `to` or in the parts of them that the facts have to do with.
void add_steps(Plan& plan, const Catalog& from, const Catalog& to, const std::vector<Change>& facts,
               const EngineDialect& dialect, const TieBreak& pick) {
  const auto resolution = planning::resolve(from, to, facts, dialect);
  const auto graph = planning::build_graph(from, to, resolution, dialect);
  auto steps = planning::fold(graph, planning::order(graph, pick), from, to, dialect);
  plan.steps.insert(plan.steps.end(), steps.begin(), steps.end());
  plan.losses = find_losses(from, to, facts, resolution, dialect);
}

/// For what must be asked how a new name comes about.
void also_alter_name(std::vector<Change>& facts, const ObjectKey& key) {
  for (auto& fact : facts)
    if (auto* a = std::get_if<Altered>(&fact); a != nullptr && a->key == key) {
      a->fields.emplace_back("name");
      return;
    }
  facts.emplace_back(Altered{key, {"name"}});
}
}  // namespace

Plan make_plan(Catalog from, Catalog to, const EngineDialect& dialect, const TieBreak& pick) {
  Plan plan;
  dialect.complete(from, to);
  check_unmodelled(from, to, plan.notices);
  plan.renames = apply_renames(from, to, dialect, &plan.satisfied_hints);
  rename_row_values(from, to, dialect);
  settle(from, to, dialect);
  forget_kept_rows(from, to);
  forget_left_open(from, to, dialect);
  auto facts = diff(from, to);
  for (auto& r : match_renames(from, to, dialect, plan.renames, facts)) plan.renames.push_back(std::move(r));
  for (const auto& r : plan.renames) {
    plan.changes.emplace_back(r);
    if (r.means == RenameMeans::in_place) plan.steps.push_back({Verb::rename, r.to, r.from, {}, false});
  }
  planning::rename_before_moves(plan.steps, from, dialect);
  plan.changes.insert(plan.changes.end(), facts.begin(), facts.end());
  for (const auto& r : plan.renames)
    if (r.means == RenameMeans::rebuild) also_alter_name(facts, r.to);
  if (!facts.empty()) {
    if (worth_slicing(from, to, plan.changes.size())) {
      std::set<ObjectKey> touched;
      for (const auto& change : plan.changes) touched.insert(key_of(change));
      plan.part = std::make_shared<const Slice>(slice(from, to, touched));
      add_steps(plan, plan.part->from, plan.part->to, facts, dialect, pick);
    } else {
      add_steps(plan, from, to, facts, dialect, pick);
    }
    plan.suspicions = suspect_renames(from, to, facts);
    if (!plan.renames.empty()) planning::make_room(plan.steps, from, dialect);
    planning::open_namespaces(plan.steps);
  }
  plan.from = std::move(from);
  plan.to = std::move(to);
  return plan;
}

}  // namespace trueup
