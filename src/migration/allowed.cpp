#include "migration/allowed.hpp"

#include "kinds/former_name.hpp"
#include "plan/suspicions.hpp"

namespace trueup {
namespace {
/// The ways in which a person may name an object on the command line.
std::vector<std::string> names_of(const ObjectKey& key) {
  ObjectKey bare = key;
  bare.ns.clear();
  std::vector<std::string> out{to_string(key), display_name(key), display_name(bare)};
  if (!info(key.kind).owned) return out;
  const std::string child = key.owner + "." + key.name;
  out.push_back(child);
  out.push_back(key.owner);  // the whole table
  if (!key.ns.empty()) {
    out.push_back(key.ns + "." + child);
    out.push_back(key.ns + "." + key.owner);
  }
  return out;
}

RefusedError::Reason refuse_loss(const DataLoss& loss, std::size_t more) {
  const bool row = loss.key.kind == Kind::row;
  ObjectKey named = loss.key;
  if (row) named = {Kind::table, loss.key.ns, "", loss.key.owner, ""};
  return {to_string(loss.key) + (more > 0 ? fmt::format(" and {} more", more) : ""),
          row ? loss.why : loss.why + "; its data would be lost",
          fmt::format("if that is meant, allow it with --allow-drop {}", display_name(named))};
}

/// One reason for all rows of a table that go for the same cause; else one for each loss.
std::vector<RefusedError::Reason> refuse_losses(const std::vector<DataLoss>& losses) {
  std::map<std::tuple<std::string, std::string, std::string>, std::size_t> rows;
  const auto group = [](const DataLoss& l) { return std::tuple(l.key.ns, l.key.owner, l.why); };
  for (const auto& loss : losses)
    if (loss.key.kind == Kind::row) ++rows[group(loss)];
  std::vector<RefusedError::Reason> out;
  for (const auto& loss : losses) {
    std::size_t more = 0;
    if (loss.key.kind == Kind::row) {
      const auto found = rows.extract(group(loss));
      if (!found) continue;  // told with the first
      more = found.mapped() - 1;
    }
    out.push_back(refuse_loss(loss, more));
  }
  return out;
}

/// The key that rename number `index` had before any rename: those of its namespace and relation came first
/// and are in its old key already.
ObjectKey first_key(const std::vector<Renamed>& renames, std::size_t index) {
  ObjectKey key = renames[index].from;
  for (std::size_t i = index; i-- > 0;) {
    const Renamed& r = renames[i];
    if (r.to.kind == Kind::name_space && key.ns == r.to.name) key.ns = r.from.name;
    if (info(r.to.kind).relation && info(key.kind).owned && key.ns == r.to.ns && key.owner == r.to.name) {
      key.ns = r.from.ns;
      key.owner = r.from.name;
    }
  }
  return key;
}

template <class T>
void set_hint(T& body, const std::string& former) {
  if constexpr (requires { body.renamed_from; }) body.renamed_from = former;
}
}  // namespace

bool Allowance::covers(const ObjectKey& key) const {
  if (destructive) return true;
  const auto names = names_of(key);
  return std::any_of(objects.begin(), objects.end(), [&](const std::string& each) {
    return std::find(names.begin(), names.end(), each) != names.end();
  });
}

void check_allowed(const Plan& plan, const Allowance& allowed) {
  std::vector<RefusedError::Reason> reasons;
  std::set<ObjectKey> told;
  for (const auto& [dropped, created] : suspicions_by_dropped(plan)) {
    if (allowed.covers(dropped)) continue;
    told.insert(dropped);
    const std::string names = some_of(created);
    reasons.push_back(
        {to_string(dropped), fmt::format("it disappears and {} appears; that looks like a rename", names),
         fmt::format(
             "if it is one, add `renamed_from: {}` to {}; if not, allow the drop with --allow-drop {}",
             dropped.name, created.size() == 1 ? names : "the new one", display_name(dropped))});
  }
  std::vector<DataLoss> losses;
  for (const auto& loss : plan.losses)
    if (!told.contains(loss.key) && !allowed.covers(loss.key)) losses.push_back(loss);
  for (auto& reason : refuse_losses(losses)) reasons.push_back(std::move(reason));
  if (!reasons.empty()) throw RefusedError(std::move(reasons));
}

std::vector<RefusedError::Reason> not_allowed(const std::vector<std::string>& losses,
                                              const std::string& where, const Allowance& allowed) {
  std::vector<DataLoss> refused;
  for (const auto& text : losses) {
    ObjectKey key = parse_key(text);
    const std::string_view what = key.kind == Kind::row ? "it and what refers to it" : "it";
    if (!allowed.covers(key)) refused.push_back({std::move(key), fmt::format("{} deletes {}", where, what)});
  }
  return refuse_losses(refused);
}

namespace {
/// The enum's values were renamed as the hints of its new form say; back again for its old form.
void hint_values_back(const EnumType& now, EnumType& former) {
  former.renamed_values.clear();
  const auto has = [](const EnumType& e, const std::string& value) {
    return std::find(e.values.begin(), e.values.end(), value) != e.values.end();
  };
  for (const auto& [new_value, old_value] : now.renamed_values)
    if (has(former, old_value) && !has(former, new_value) && has(now, new_value) && !has(now, old_value))
      former.renamed_values[old_value] = new_value;
}
}  // namespace

Plan make_down_plan(const Plan& plan, Slice states, const EngineDialect& dialect) {
  Catalog &start = states.to, &from = states.from;
  std::map<ObjectKey, ObjectKey> new_keys;
  for (std::size_t i = 0; i < plan.renames.size(); ++i)
    new_keys.emplace(first_key(plan.renames, i), plan.renames[i].to);
  for (auto& [key, body] : from.objects) {
    const auto moved = new_keys.find(key);
    const ObjectKey& key_now = moved == new_keys.end() ? key : moved->second;
    if (auto* former = std::get_if<EnumType>(&body))
      if (const auto* now = start.find<EnumType>(key_now)) hint_values_back(*now, *former);
    // What may be copied on the way forward may be on the way back.
    if (auto* former = std::get_if<Table>(&body))
      if (const auto* now = start.find<Table>(key_now)) former->rebuild = former->rebuild || now->rebuild;
  }
  // Hints speak of the way forward; on the way back they would contradict the states.
  for (auto* catalog : {&start, &from})
    for (auto& [key, body] : catalog->objects) std::visit([](auto& b) { set_hint(b, ""); }, body);
  for (std::size_t i = 0; i < plan.renames.size(); ++i)
    if (auto it = from.objects.find(first_key(plan.renames, i)); it != from.objects.end()) {
      const std::string former = former_name(plan.renames[i].to, it->first);
      std::visit([&](auto& b) { set_hint(b, former); }, it->second);
    }
  Plan out = make_plan(std::move(start), std::move(from), dialect);
  out.cluster = plan.cluster;
  return out;
}

std::string describe(const Change& change) {
  return std::visit(
      [](const auto& c) {
        using C = std::remove_cvref_t<decltype(c)>;
        if constexpr (std::is_same_v<C, Created>)
          return "create " + to_string(c.key);
        else if constexpr (std::is_same_v<C, Dropped>)
          return "drop " + to_string(c.key);
        else if constexpr (std::is_same_v<C, Altered>)
          return fmt::format("alter {} ({})", to_string(c.key), join(c.fields, ", "));
        else
          return fmt::format("rename {} to {}", to_string(c.from), display_name(c.to));
      },
      change);
}

std::vector<std::string> describe(const Plan& plan) {
  std::set<std::pair<std::string, std::string>> created, dropped;  // relations by namespace and name
  for (const auto& c : plan.changes) {
    if (!info(key_of(c).kind).relation) continue;
    if (std::holds_alternative<Created>(c)) created.emplace(key_of(c).ns, key_of(c).name);
    if (std::holds_alternative<Dropped>(c)) dropped.emplace(key_of(c).ns, key_of(c).name);
  }
  std::vector<std::string> out;
  for (const auto& c : plan.changes) {
    const ObjectKey& key = key_of(c);
    if (info(key.kind).owned) {
      const std::pair owner{key.ns, key.owner};
      if (std::holds_alternative<Created>(c) && created.contains(owner)) continue;
      if (std::holds_alternative<Dropped>(c) && dropped.contains(owner)) continue;
    }
    out.push_back(describe(c));
  }
  return out;
}

}  // namespace trueup
