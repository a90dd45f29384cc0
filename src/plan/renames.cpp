// Where renames stand among the steps of a plan: they come first, but for what has to make room for them.
#include "plan/internal.hpp"

namespace trueup::planning {
namespace {
bool moves(const Step& s) {
  return s.verb == Verb::rename && s.key.ns != s.old_key->ns;
}

/// Names that the object `now` of `catalog` has when it is called `named`.
std::vector<HeldName> names_as(const ObjectKey& named, const ObjectKey& now, const Catalog& catalog,
                               const EngineDialect& dialect) {
  const auto it = catalog.objects.find(now);
  return it == catalog.objects.end() ? std::vector<HeldName>() : dialect.held_names(named, it->second);
}

/// Sequences of columns, by the columns' relations.
using Sequences = std::multimap<std::pair<std::string, std::string>, ObjectKey>;

Sequences owned_sequences(const Catalog& catalog) {
  Sequences out;
  for (const auto& [key, body] : catalog.of_kind(Kind::sequence_owner)) {
    const auto& tie = std::get<SequenceOwner>(body);
    out.emplace(std::pair(tie.column.to.ns, tie.column.to.owner), tie.sequence.to);
  }
  return out;
}

/// What moves to another namespace with its relation and has a name there.
std::set<ObjectKey> moving_along(const Step& move, const Catalog& from, const Sequences& sequences,
                                 const EngineDialect& dialect) {
  std::set<ObjectKey> out;
  if (!info(move.key.kind).relation) return out;
  for (const auto& child : from.children(move.key))
    if (!names_as(child, child, from, dialect).empty()) out.insert(child);
  const auto [first, last] = sequences.equal_range({move.key.ns, move.key.name});
  for (auto it = first; it != last; ++it) out.insert(it->second);
  return out;
}

/// The names of all objects before and after the renaming.
class Names {
 public:
  Names(const std::vector<Step>& renames, const Catalog& from, const EngineDialect& dialect)
      : from_(from), dialect_(dialect) {
    for (const auto& [key, body] : from.objects) holders_.take(dialect.held_names(key, body), key);
    for (const auto& r : renames) holders_.take(names(*r.old_key, r), r.key);
  }
  /// Is a name that the object of `rename` has when it is called `named` another's, who is not in `beside`?
  bool taken(const ObjectKey& named, const Step& rename, const std::set<ObjectKey>& beside) const {
    for (const auto& name : names(named, rename))
      for (const auto& holder : holders_.of(name))
        if (holder != rename.key && !beside.contains(holder)) return true;
    return false;
  }
  /// The new name is needed in the old namespace, as the old one is taken in the new namespace.
  void check_free(const Step& rename, const ObjectKey& named) const {
    if (taken(named, rename, {}))
      throw RefusedError(
          {{to_string(*rename.old_key),
            fmt::format("cannot be called {} before it moves, as that name is taken in namespace "
                        "{}, nor afterwards, as its own is taken where it moves to",
                        named.name, named.ns),
            "give it another name first, in a migration of its own"}});
  }
  /// The object of `rename` has another name than that of the step before it gets its new one.
  void correct(const Step& rename, const ObjectKey& old_key) {
    holders_.give_up(names(*rename.old_key, rename), rename.key);
    holders_.take(names(old_key, rename), rename.key);
  }

 private:
  std::vector<HeldName> names(const ObjectKey& named, const Step& rename) const {
    return names_as(named, rename.key, from_, dialect_);
  }
  const Catalog& from_;
  const EngineDialect& dialect_;
  NameHolders holders_;
};

/// The part `key` of the relation that moves, where it was before.
ObjectKey before_move(ObjectKey key, const Step& move) {
  key.ns = move.old_key->ns;
  if (info(key.kind).owned) key.owner = move.old_key->name;
  return key;
}
}  // namespace

void rename_before_moves(std::vector<Step>& steps, const Catalog& from, const EngineDialect& dialect) {
  if (std::none_of(steps.begin(), steps.end(), moves)) return;
  Names names(steps, from, dialect);
  const Sequences sequences = owned_sequences(from);
  std::map<ObjectKey, std::size_t> left;
  for (std::size_t i = 0; i < steps.size(); ++i) left.emplace(steps[i].key, i);
  std::vector<Step> out;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Step& move = steps[i];
    if (left.erase(move.key) == 0) continue;  // it stands before its relation's move
    if (moves(move)) {
      const auto along = moving_along(move, from, sequences, dialect);
      ObjectKey old_name_there = move.key, new_name_here = *move.old_key;
      old_name_there.name = move.old_key->name;
      new_name_here.name = move.key.name;
      if (old_name_there != move.key && names.taken(old_name_there, move, along))
        names.check_free(move, new_name_here);
      std::vector<std::size_t> parts;
      for (const auto& key : along)
        if (const auto it = left.find(key); it != left.end()) parts.push_back(it->second);
      std::sort(parts.begin(), parts.end());
      for (const auto k : parts) {
        Step part = steps[k];
        if (!names.taken(*part.old_key, part, along)) continue;
        const ObjectKey old_key = before_move(*part.old_key, move), key = before_move(part.key, move);
        names.check_free(part, key);
        names.correct(part, old_key);
        left.erase(part.key);
        part.old_key = old_key;
        part.key = key;
        out.push_back(std::move(part));
      }
    }
    out.push_back(move);
  }
  steps = std::move(out);
}

namespace {
class Room {
 public:
  Room(std::vector<Step>& steps, const Catalog& from, const EngineDialect& dialect)
      : steps_(steps), from_(from), dialect_(dialect) {
    while (renames_ < steps.size() && steps[renames_].verb == Verb::rename) ++renames_;
    const Sequences sequences = owned_sequences(from);
    for (std::size_t i = 0; i < renames_; ++i) {
      const Step& r = steps[i];
      if (info(r.key.kind).relation) called_.emplace(std::pair(r.key.ns, r.key.name), i);
      comes(r.key, i);
      if (moves(r))
        for (const auto& part : moving_along(r, from, sequences, dialect)) comes(part, i);
    }
  }

  void make() {
    for (std::size_t i = steps_.size(); i-- > renames_;)
      if (steps_[i].verb == Verb::drop)
        if (const std::size_t before = goes_before(steps_[i]); before < renames_) {
          check_called(steps_[i], before);
          going_.emplace(steps_[i].key, before);
        }
    if (going_.empty()) return;
    std::vector<std::vector<Step>> first(renames_);
    std::vector<Step> out, rest;
    std::size_t with_owner = renames_;  // where the step goes that later ones are folded into
    for (std::size_t i = renames_; i < steps_.size(); ++i) {
      Step& s = steps_[i];
      const auto it = s.verb == Verb::drop ? going_.find(s.key) : going_.end();
      std::size_t goes = it == going_.end() ? renames_ : it->second;
      if (!s.folded) with_owner = goes;
      s.folded = s.folded && with_owner <= goes;
      if (s.folded) goes = with_owner;
      (goes == renames_ ? rest : first[goes]).push_back(std::move(s));
    }
    for (std::size_t i = 0; i < renames_; ++i) {
      std::move(first[i].begin(), first[i].end(), std::back_inserter(out));
      out.push_back(steps_[i]);
    }
    std::move(rest.begin(), rest.end(), std::back_inserter(out));
    steps_ = std::move(out);
  }

 private:
  void comes(const ObjectKey& key, std::size_t rename) {
    for (auto& name : names_as(key, key, from_, dialect_)) coming_[std::move(name)].emplace(key, rename);
  }
  /// The first rename that the drop must precede; `renames_` when none.
  std::size_t goes_before(const Step& drop) const {
    std::size_t out = renames_;
    for (const auto& name : names_as(drop.key, drop.key, from_, dialect_))
      if (const auto it = coming_.find(name); it != coming_.end())
        for (const auto& [key, rename] : it->second)
          if (key != drop.key) out = std::min(out, rename);
    if (!going_.empty())
      for (const auto& key : dependencies(from_, drop.key).hard)
        if (const auto it = going_.find(key); it != going_.end()) out = std::min(out, it->second);
    return out;
  }
  /// The step calls the relation by its new name, which it must have by then.
  void check_called(const Step& drop, std::size_t before) const {
    if (!info(drop.key.kind).owned) return;
    const auto it = called_.find({drop.key.ns, drop.key.owner});
    if (it == called_.end() || it->second < before) return;
    const Step& rename = steps_[before];
    throw RefusedError(
        {{to_string(*rename.old_key),
          fmt::format("cannot become {} before {} is dropped, which has that name or stands on what has it, "
                      "and whose own relation is renamed as well",
                      display_name(rename.key), to_string(drop.key)),
          "drop that one first, in a migration of its own"}});
  }

  std::vector<Step>& steps_;
  const Catalog& from_;
  const EngineDialect& dialect_;
  std::size_t renames_ = 0;                                            ///< they come first among the steps
  std::map<std::pair<std::string, std::string>, std::size_t> called_;  ///< renames of relations by new names
  std::map<HeldName, std::map<ObjectKey, std::size_t>> coming_;  ///< by the names that renames bring along
  std::map<ObjectKey, std::size_t> going_;                       ///< drops, by the rename that they precede
};
}  // namespace

void make_room(std::vector<Step>& steps, const Catalog& from, const EngineDialect& dialect) {
  Room(steps, from, dialect).make();
}

void open_namespaces(std::vector<Step>& steps) {
  std::set<std::string> wanted;
  auto begin = steps.begin();
  for (auto s = steps.begin(); s != steps.end(); ++s) {
    if (s->verb != Verb::rename) continue;
    if (s->key.kind == Kind::name_space) begin = s + 1;
    if (moves(*s)) wanted.insert(s->key.ns);
  }
  if (wanted.empty()) return;
  std::stable_partition(begin, steps.end(), [&](const Step& s) {
    return s.verb == Verb::create && s.key.kind == Kind::name_space && wanted.contains(s.key.name);
  });
}

}  // namespace trueup::planning
