#include "plan/row_demands.hpp"

#include "engine/engine.hpp"

namespace trueup::planning {
namespace {
/// A type that lists its values (`enum('a', 'b')`) has no others.
bool may_hold(const DataType& type, const RowValue& value) {
  return type.text.find('\'') == std::string::npos || value.type == "null" ||
         type.text.find("'" + value.text + "'") != std::string::npos;
}
}  // namespace

bool RowDemands::judges(const ObjectKey& key) {
  switch (key.kind) {
    case Kind::check:
    case Kind::unique:
    case Kind::primary_key:
    case Kind::exclusion:
    case Kind::foreign_key:
    case Kind::index:
      return true;
    default:
      return false;
  }
}

/// Can the row be given its new values in the current state?
bool RowDemands::values_fit_now(const Row& row, const ObjectKey& key) const {
  for (const auto& [name, value] : row.values) {
    const auto* column = from_.find<Column>(ObjectKey{Kind::column, key.ns, key.owner, name, {}});
    if (column == nullptr || column->generated || !may_hold(column->type, value)) return false;
    if (!column->type.user) continue;
    const auto* type = from_.find<EnumType>(column->type.user->to);
    if (type != nullptr && value.type != "null" &&
        std::find(type->values.begin(), type->values.end(), value.text) == type->values.end())
      return false;
  }
  const auto needed = dependencies(to_, key).hard;
  return std::all_of(needed.begin(), needed.end(), [&](const ObjectKey& k) { return from_.contains(k); });
}

std::string RowDemands::loses(const ObjectKey& key) const {
  const auto* handler = dialect_.handler(key.kind);
  const Altered altered{key, changed_fields(from_.objects.at(key), to_.objects.at(key))};
  return handler == nullptr || altered.fields.empty() ? std::string()
                                                      : handler->loses_data(altered, from_, to_);
}

RowDemands::Change RowDemands::change_of(const ObjectKey& key) const {
  const auto before = from_.objects.find(key), after = to_.objects.find(key);
  const bool was = before != from_.objects.end(), is = after != to_.objects.end();
  if (judges(key)) {
    if (was && is && changed_fields(before->second, after->second).empty()) return Change::none;
    return was ? Change::other : Change::stricter;
  }
  const auto *a = from_.find<Column>(key), *b = to_.find<Column>(key);
  if (a == nullptr || b == nullptr) return Change::none;
  if (a->not_null && !b->not_null) return Change::other;
  if (!(a->type == b->type)) return loses(key).empty() ? Change::other : Change::stricter;
  return a->not_null == b->not_null ? Change::none : Change::stricter;
}

bool RowDemands::stricter(const ObjectKey& table) {
  const auto [found, fresh] = tables_.try_emplace(table, false);
  if (!fresh) return found->second;
  for (const auto* c : {&from_, &to_})
    for (const auto& child : c->children(table)) {
      if (child.kind == Kind::row) continue;
      const Change change = change_of(child);
      if (change == Change::other) return found->second = false;
      if (change == Change::stricter) found->second = true;
    }
  return found->second;
}

bool RowDemands::asks_first(const Step& row, const Step& other) {
  if (row.verb != Verb::alter || row.key.kind != Kind::row) return false;
  bool asks = false;
  if (other.verb == Verb::rebuild)
    asks = other.key.ns == row.key.ns && other.key.name == row.key.owner && stricter(other.key);
  else if (other.key.kind == Kind::column)
    asks = change_of(other.key) == Change::stricter;
  else if (!info(other.key.kind).owned && !info(other.key.kind).relation && other.verb == Verb::alter)
    asks = !loses(other.key).empty();
  return asks && values_fit_now(*to_.find<Row>(row.key), row.key);
}

}  // namespace trueup::planning
