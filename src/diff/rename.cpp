#include <unordered_map>

#include "base/text.hpp"
#include "diff/rename_order.hpp"
#include "diff/retell.hpp"
#include "kinds/former_name.hpp"
#include "model/key_hash.hpp"

namespace trueup {
namespace {

/// The key after the rename `r`; unchanged when `r` does not concern it.
ObjectKey renamed(ObjectKey k, const Renamed& r) {
  if (k == r.from) return r.to;
  if (r.from.kind == Kind::name_space && k.ns == r.from.name) k.ns = r.to.name;
  if (info(r.from.kind).relation && info(k.kind).owned && k.ns == r.from.ns && k.owner == r.from.name) {
    k.ns = r.to.ns;
    k.owner = r.to.name;
  }
  return k;
}

/// Servers keep references in parsed bodies true to the new name; bodies that are plain strings stay as they
/// are.
bool server_follows(const ObjectBody& body, const Renamed& r, const EngineDialect& dialect) {
  if (std::holds_alternative<View>(body) || std::holds_alternative<Trigger>(body) ||
      std::holds_alternative<MaterializedView>(body) || std::holds_alternative<Dictionary>(body))
    return dialect.capabilities().bodies_follow_renames;
  // Other tables in the arguments of an engine; its own columns are a matter of the table.
  if (std::holds_alternative<Table>(body))
    return info(r.from.kind).owned || dialect.capabilities().bodies_follow_renames;
  if (std::holds_alternative<Event>(body)) return false;
  if (const auto* f = std::get_if<Function>(&body)) return f->sql_body;
  if (const auto* p = std::get_if<Procedure>(&body)) return p->sql_body;
  return !std::holds_alternative<Raw>(body);
}

bool mentions(const Catalog& catalog, const ObjectKey& key, const ObjectBody& body, const ObjectKey& target) {
  if (info(key.kind).owned && key.ns == target.ns &&
      key.owner == (info(target.kind).owned ? target.owner : target.name))
    return true;
  bool found = false;
  for_each_ref(body, [&](const Ref& ref) { found = found || ref.to == target; });
  if (auto it = catalog.uses.find(key); it != catalog.uses.end())
    found = found || it->second.hard.contains(target) || it->second.soft.contains(target);
  return found;
}

/// The values of a reference row follow its columns.
void rename_column(const ObjectKey& key, Row& row, const Renamed& r) {
  if (r.from.kind != Kind::column || r.from.ns != key.ns || r.from.owner != key.owner) return;
  std::replace(row.key.begin(), row.key.end(), r.from.name, r.to.name);
  if (auto value = row.values.extract(r.from.name)) {
    value.key() = r.to.name;
    row.values.insert(std::move(value));
  }
}

/// What is in doubt stays as it was: it names what is no longer there, and so differs from any new text.
void retell(const ObjectKey& key, ObjectBody& body, const Renamed& r, const EngineDialect& dialect) {
  if (auto* row = std::get_if<Row>(&body)) return rename_column(key, *row, r);
  if (!server_follows(body, r, dialect)) return;
  for_each_expr(body, [&](Expr& e) {
    const auto text = retold(e.text, r, key, dialect);
    const auto canonical = retold(e.canonical, r, key, dialect);
    if (!text || !canonical) return;
    e.text = *text;
    e.canonical = *canonical;
  });
  if (auto* t = std::get_if<Trigger>(&body))
    if (const auto execute = retold(t->execute, r, key, dialect)) t->execute = *execute;
}

/// Renames in one catalog, one after the other. Knows who refers to whom, so that a rename does not look at
/// every object.
class Renamer {
 public:
  Renamer(Catalog& catalog, const EngineDialect& dialect) : catalog_(catalog), dialect_(dialect) {
    for (const auto& [key, body] : catalog.objects) note_references(key, body);
    for (const auto& [key, uses] : catalog.uses) note_uses(key, uses);
  }

  void object(const Renamed& r) {
    const std::set<ObjectKey> touched = touched_by(r);
    for (const auto& key : touched)
      if (const auto it = catalog_.objects.find(key); it != catalog_.objects.end())
        if (mentions(catalog_, key, it->second, r.from)) retell(key, it->second, r, dialect_);
    move_objects(touched, r);
    move_uses(touched, r);
    done_.push_back(r);
    for (auto& [name, outsider] : catalog_.outsiders)
      for (auto* set : {&outsider.needs, &outsider.within}) *set = moved(*set, r);
  }

  void as_server(const Renamed& r) {
    const Catalog before = relation_of(r.from);
    object(r);
    for (const auto& [old_key, new_key] : dialect_.implied_renames(before, r.from, catalog_, r.to))
      object({old_key, new_key});
    for (const auto& routine : routines(r)) object(routine);
  }

  /// What the object that had the key at first is called by now.
  ObjectKey now(ObjectKey key) const {
    for (const auto& r : done_) key = renamed(key, r);
    return key;
  }

 private:
  void note_references(const ObjectKey& key, const ObjectBody& body) {
    for_each_ref(body, [&](const Ref& ref) { referrers_[name_hash(ref.to)].insert(key); });
  }
  void note_uses(const ObjectKey& key, const Catalog::Uses& uses) {
    for (const auto* set : {&uses.hard, &uses.soft})
      for (const auto& used : *set) referrers_[name_hash(used)].insert(key);
  }
  static std::set<ObjectKey> moved(const std::set<ObjectKey>& keys, const Renamed& r) {
    std::set<ObjectKey> out;
    for (const auto& k : keys) out.insert(renamed(k, r));
    return out;
  }

  /// What gets another key, what may refer to any of it, and what lies beside it in its relation.
  std::set<ObjectKey> touched_by(const Renamed& r) const {
    std::set<ObjectKey> out{r.from};
    if (r.from.kind == Kind::name_space)
      for (const auto& [key, body] : catalog_.objects)
        if (key.ns == r.from.name) out.insert(key);
    if (info(r.from.kind).relation)
      for (const auto& key : catalog_.children(r.from)) out.insert(key);
    for (const auto& key : std::set<ObjectKey>(out))
      if (const auto it = referrers_.find(name_hash(key)); it != referrers_.end())
        out.insert(it->second.begin(), it->second.end());
    if (info(r.from.kind).owned)
      for (const auto& key : catalog_.children({Kind::table, r.from.ns, "", r.from.owner, ""}))
        out.insert(key);
    return out;
  }

  void move_objects(const std::set<ObjectKey>& keys, const Renamed& r) {
    std::vector<std::map<ObjectKey, ObjectBody>::node_type> nodes;
    for (const auto& key : keys)
      if (auto node = catalog_.objects.extract(key)) nodes.push_back(std::move(node));
    for (auto& node : nodes) {
      for_each_ref(node.mapped(), [&](Ref& ref) { ref.to = renamed(ref.to, r); });
      node.key() = renamed(node.key(), r);
      note_references(node.key(), node.mapped());
      catalog_.objects.insert(std::move(node));
    }
  }
  void move_uses(const std::set<ObjectKey>& keys, const Renamed& r) {
    std::vector<std::map<ObjectKey, Catalog::Uses>::node_type> nodes;
    for (const auto& key : keys)
      if (auto node = catalog_.uses.extract(key)) nodes.push_back(std::move(node));
    for (auto& node : nodes) {
      node.mapped() = {moved(node.mapped().hard, r), moved(node.mapped().soft, r)};
      const std::string before = node.key().ns;
      node.key() = renamed(node.key(), r);
      if (node.mapped().hard.erase(ObjectKey{Kind::name_space, {}, {}, before, {}}) > 0)
        node.mapped().hard.insert(ObjectKey{Kind::name_space, {}, {}, node.key().ns, {}});
      note_uses(node.key(), node.mapped());
      catalog_.uses.insert(std::move(node));
    }
  }

  /// Routines are known by the types of their arguments.
  std::vector<Renamed> routines(const Renamed& r) {
    std::vector<Renamed> out;
    const Kind kind = r.from.kind;
    if (!info(kind).relation && kind != Kind::enum_type && kind != Kind::domain &&
        kind != Kind::composite_type && kind != Kind::name_space)
      return out;
    for (const Kind routine : {Kind::function, Kind::procedure, Kind::aggregate})
      for (auto& [key, body] : catalog_.of_kind(routine)) {
        ObjectKey now = key;
        now.signature = retold_types(key.signature, r, dialect_);
        if (now != key) out.push_back({key, std::move(now)});
        std::visit(
            [&](auto& b) {
              if constexpr (requires { b.arguments; }) b.arguments = retold_types(b.arguments, r, dialect_);
              if constexpr (requires { b.returns; }) b.returns = retold_types(b.returns, r, dialect_);
            },
            body);
      }
    return out;
  }

  /// The relation that it is or is in, as it is now: all that implied_renames() looks at.
  Catalog relation_of(const ObjectKey& key) const {
    Catalog out;
    const ObjectKey* relation = info(key.kind).relation ? &key
                                : info(key.kind).owned  ? catalog_.relation(key.ns, key.owner)
                                                        : nullptr;
    if (relation == nullptr) return out;
    if (const auto it = catalog_.objects.find(*relation); it != catalog_.objects.end())
      out.objects.insert(*it);
    for (const auto& child : catalog_.children(*relation))
      if (child.kind != Kind::row) out.objects.insert(*catalog_.objects.find(child));
    return out;
  }

  Catalog& catalog_;
  const EngineDialect& dialect_;
  std::unordered_map<std::size_t, std::set<ObjectKey>> referrers_;
  std::vector<Renamed> done_;
};
}  // namespace

void rename_all(Catalog& catalog, const std::vector<Renamed>& renames, const EngineDialect& dialect) {
  if (renames.empty()) return;
  Renamer renamer(catalog, dialect);
  for (const auto& r : renames) renamer.as_server(r);
}

namespace {
struct Hinted {
  int rank;  ///< namespaces before relations before the sequences of their columns before what they own
  ObjectKey old_key, new_key;
};

int rank_of(Kind kind) {
  if (kind == Kind::name_space) return 0;
  return info(kind).owned ? 3 : kind == Kind::sequence ? 2 : 1;
}

std::vector<Hinted> hints(const Catalog& from, const Catalog& to) {
  std::vector<Hinted> out;
  for (const auto& [key, body] : to.objects) {
    const std::string old_name = rename_hint(body);
    if (old_name.empty()) continue;
    const ObjectKey old_key = former_key(key, old_name, from);
    if (old_key != key) out.push_back({rank_of(key.kind), old_key, key});
  }
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.rank < b.rank; });
  return out;
}

}  // namespace

std::vector<Renamed> former_names(const Catalog& from, const Catalog& to) {
  const auto all = hints(from, to);
  std::vector<Renamed> out;
  for (auto h = all.rbegin(); h != all.rend(); ++h) {
    ObjectKey before = h->old_key;
    for (const auto& owner : all)
      if (info(before.kind).owned && info(owner.new_key.kind).relation && owner.new_key.ns == before.ns &&
          owner.new_key.name == before.owner && from.contains(owner.old_key)) {
        before.ns = owner.old_key.ns;
        before.owner = owner.old_key.name;
        break;
      }
    ObjectKey after = before;
    after.name = h->new_key.name;
    if (!info(after.kind).owned) after.ns = h->new_key.ns;
    if (from.contains(before) && !from.contains(after)) out.push_back({h->new_key, h->old_key});
  }
  return out;
}

namespace {
/// Does following the hints from the old name lead to the object again? Then names are to be swapped.
bool in_circle(const Catalog& from, const Catalog& to, const Hinted& h) {
  ObjectKey key = h.old_key;
  for (std::set<ObjectKey> seen; seen.insert(key).second;) {
    if (key == h.new_key) return true;
    const auto it = to.objects.find(key);
    const std::string former = it == to.objects.end() ? std::string() : rename_hint(it->second);
    if (!former.empty()) key = former_key(key, former, from);
  }
  return false;
}

/// Both names are there. Is the hint done, and the old name another object's? So it is when the new name had
/// the hint before, or when both are wanted.
bool done_before(const Catalog& from, const Catalog& to, const Hinted& h) {
  const std::string hint = rename_hint(from.objects.at(h.new_key));
  if (!hint.empty() && former_key(h.new_key, hint, from) == h.old_key) return true;
  return to.contains(h.old_key) && !in_circle(from, to, h);
}

RenameMeans means_of(const ObjectKey& old_key, const ObjectKey& new_key, const Catalog& from,
                     const EngineDialect& dialect) {
  const auto* handler = dialect.handler(new_key.kind);
  return handler == nullptr ? RenameMeans::unsupported : handler->rename_means(old_key, new_key, from);
}

/// Where the engine cannot rename it, dropping the old and creating the new one comes to the same.
bool made_anew(Kind kind) {
  return (info(kind).owned || info(kind).relation) && !info(kind).holds_data;
}

Diagnostic contradiction(const Catalog& to, const Hinted& h, std::string why) {
  Place place;
  if (auto it = to.places.find(h.new_key); it != to.places.end()) place = it->second;
  return {place,
          fmt::format("{}: renamed_from: {}", to_string(h.new_key), why),
          "remove renamed_from, or make the two changes in two migrations",
          {}};
}

/// The engine cannot rename it. What names it in its text is what keeps it, as a rule.
Diagnostic kept_name(const Catalog& from, const Catalog& to, const Hinted& h, const EngineDialect& dialect) {
  constexpr std::size_t most = 5;
  std::vector<std::string> names;
  for (const auto& [key, uses] : from.uses) {
    const bool beside = !info(h.old_key.kind).owned || key.owner == h.old_key.owner ||
                        (key.owner.empty() && key.name == h.old_key.owner);
    if (key.kind != Kind::row && beside && names.size() < most &&
        (uses.hard.contains(h.old_key) || uses.soft.contains(h.old_key)))
      names.push_back(to_string(key));
  }
  ObjectKey tie = h.old_key;
  tie.kind = Kind::sequence_owner;
  if (const auto* owner = from.find<SequenceOwner>(tie);
      owner != nullptr && h.old_key.kind == Kind::sequence && h.old_key.ns != h.new_key.ns) {
    auto out = contradiction(to, h,
                             fmt::format("{} cannot move to namespace {}: {} owns it, and it goes where its "
                                         "table goes",
                                         to_string(h.old_key), h.new_key.ns, to_string(owner->column.to)));
    out.remedy = fmt::format(
        "move {} along, or first take `owned_by` away (ALTER SEQUENCE {} OWNED BY NONE), in "
        "a migration of its own",
        display_name({Kind::table, owner->column.to.ns, {}, owner->column.to.owner, {}}),
        display_name(h.old_key));
    return out;
  }
  if (names.empty()) return contradiction(to, h, fmt::format("{} cannot rename this", dialect.name()));
  auto out = contradiction(
      to, h, fmt::format("{} cannot rename this; what names it: {}", dialect.name(), join(names, ", ")));
  out.remedy = "keep the name, or first take it out of what names it, in a migration of its own";
  return out;
}

/// Keys and indexes last, in an order in which their names are free.
void put_in_order(std::vector<Hinted>& all, const Catalog& from, const Catalog& to,
                  const EngineDialect& dialect) {
  const auto first = std::stable_partition(all.begin(), all.end(), [&](const Hinted& h) {
    return !info(h.new_key.kind).owned || info(h.new_key.kind).holds_data || from.contains(h.new_key);
  });
  std::vector<Renamed> parts;
  for (auto h = first; h != all.end(); ++h) parts.push_back({h->old_key, h->new_key});
  all.erase(first, all.end());
  for (const auto& r : ordered(std::move(parts), to, dialect))
    all.push_back({rank_of(r.to.kind), r.from, r.to});
}
}  // namespace

std::vector<Renamed> apply_renames(Catalog& from, const Catalog& to, const EngineDialect& dialect,
                                   std::vector<ObjectKey>* satisfied) {
  std::vector<Renamed> out;
  std::vector<Diagnostic> found;
  std::optional<Renamer> renamer;
  auto all = hints(from, to);
  put_in_order(all, from, to, dialect);
  for (auto& h : all) {
    if (renamer && !from.contains(h.old_key)) h.old_key = renamer->now(h.old_key);
    if (h.old_key == h.new_key) continue;  // it went along with another one
    const bool has_old = from.contains(h.old_key), has_new = from.contains(h.new_key);
    if (!has_old || (has_new && done_before(from, to, h))) {
      if (has_new && satisfied != nullptr) satisfied->push_back(h.new_key);
      continue;  // neither: the object is simply new here, as when starting from nothing
    }
    const std::string old_name = former_name(h.old_key, h.new_key);
    if (to.contains(h.old_key)) {
      found.push_back(contradiction(to, h, fmt::format("'{}' is still declared", old_name)));
    } else if (has_new) {
      found.push_back(contradiction(
          to, h,
          fmt::format("the current state holds both '{}' and '{}'", old_name,
                      h.old_key.ns == h.new_key.ns ? h.new_key.name : display_name(h.new_key))));
    } else if (const RenameMeans means = means_of(h.old_key, h.new_key, from, dialect);
               means == RenameMeans::unsupported) {
      if (dialect.handler(h.new_key.kind) != nullptr && made_anew(h.new_key.kind)) continue;
      found.push_back(kept_name(from, to, h, dialect));
    } else {
      out.push_back({h.old_key, h.new_key, means});
      if (!renamer) renamer.emplace(from, dialect);
      renamer->as_server(out.back());
    }
  }
  if (!found.empty()) throw InputError(std::move(found));
  return out;
}

namespace {
/// A column that owns a sequence before and after owns the same one: what it counted goes on.
void match_sequences(const Catalog& from, const Catalog& to, std::vector<Renamed>& out) {
  std::map<ObjectKey, ObjectKey> gone;  // by column
  for (const auto& [key, body] : from.of_kind(Kind::sequence_owner))
    if (const auto& tie = std::get<SequenceOwner>(body);
        !to.contains(tie.sequence.to) && from.contains(tie.sequence.to))
      gone.emplace(tie.column.to, tie.sequence.to);
  if (gone.empty()) return;
  for (const auto& [key, body] : to.of_kind(Kind::sequence_owner)) {
    const auto& tie = std::get<SequenceOwner>(body);
    const auto former = gone.find(tie.column.to);
    if (former != gone.end() && former->second.ns == tie.sequence.to.ns && !from.contains(tie.sequence.to) &&
        to.contains(tie.sequence.to))
      out.push_back({former->second, tie.sequence.to});
  }
}
}  // namespace

std::vector<Renamed> match_renames(Catalog& from, const Catalog& to, const EngineDialect& dialect,
                                   const std::vector<Renamed>& before, std::vector<Change>& facts) {
  std::vector<Renamed> out;
  std::map<std::tuple<Kind, std::string, std::string>,
           std::pair<std::vector<ObjectKey>, std::vector<ObjectKey>>>
      groups;
  for (const auto& c : facts) {
    const ObjectKey& k = key_of(c);
    if (!info(k.kind).owned || info(k.kind).holds_data) continue;
    if (from.relation(k.ns, k.owner) == nullptr || to.relation(k.ns, k.owner) == nullptr) continue;
    if (std::holds_alternative<Dropped>(c)) groups[{k.kind, k.ns, k.owner}].first.push_back(k);
    if (std::holds_alternative<Created>(c)) groups[{k.kind, k.ns, k.owner}].second.push_back(k);
  }
  for (const auto& [group, keys] : groups)
    for (const auto& new_key : keys.second)
      for (const auto& old_key : keys.first) {
        if (!from.contains(old_key) || from.contains(new_key)) continue;
        if (!changed_fields(from.objects.at(old_key), to.objects.at(new_key)).empty()) continue;
        const RenameMeans means = means_of(old_key, new_key, from, dialect);
        if (means != RenameMeans::unsupported) out.push_back({old_key, new_key, means});
      }
  match_sequences(from, to, out);
  std::set<ObjectKey> old_taken, new_taken;
  std::erase_if(out, [&](const Renamed& r) {
    return !old_taken.insert(r.from).second || !new_taken.insert(r.to).second;
  });
  if (!out.empty()) leave_out_taken(out, before, from, dialect);
  if (out.size() > 1) out = ordered(std::move(out), to, dialect);
  if (out.empty()) return out;
  Renamer renamer(from, dialect);
  for (const auto& r : out) renamer.as_server(r);
  facts = diff(from, to);
  return out;
}

}  // namespace trueup
