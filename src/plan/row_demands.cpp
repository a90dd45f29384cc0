#include "plan/row_demands.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "engine/engine.hpp"

namespace trueup::planning {
namespace {
/// A type that lists its values (`enum('a', 'b')`, `set('a', 'b')`) has no others.
bool may_hold(const DataType& type, const RowValue& value, const EngineDialect& dialect) {
  if (value.type == "null" || type.text.find('\'') == std::string::npos) return true;
  std::string word;
  std::set<std::string> listed;  // as literals
  for (const Token& token : dialect.tokens(type.text)) {
    const std::string now = token.type == Token::Type::word ? lower(token.text) : std::string();
    if (now.starts_with("enum") || now == "set") word = now;
    if (!word.empty() && token.type == Token::Type::string) listed.emplace(token.text);
  }
  const auto has = [&](std::string_view one) { return listed.contains(dialect.literal(one)); };
  if (listed.empty() || has(value.text)) return true;
  if (word != "set") return false;
  const auto members = split(value.text, ',');
  return std::all_of(members.begin(), members.end(), has);
}
}  // namespace

bool RowDemands::judges(const ObjectKey& key) {
  constexpr std::array judging{Kind::check,     Kind::unique,      Kind::primary_key,
                               Kind::exclusion, Kind::foreign_key, Kind::index};
  return std::find(judging.begin(), judging.end(), key.kind) != judging.end();
}

/// Can the row be given its new values in the current state?
bool RowDemands::values_fit_now(const Row& row, const ObjectKey& key) const {
  for (const auto& [name, value] : row.values) {
    const auto* column = from_.find<Column>(ObjectKey{Kind::column, key.ns, key.owner, name, {}});
    if (column == nullptr || column->generated || !may_hold(column->type, value, dialect_)) return false;
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

bool RowDemands::gives_up(const ObjectKey& column, const ObjectKey& row) const {
  const auto *before = from_.find<Row>(row), *after = to_.find<Row>(row);
  const auto* body = to_.find<Column>(column);
  if (before == nullptr || after == nullptr || body == nullptr) return false;
  const auto was = before->values.find(column.name), is = after->values.find(column.name);
  return was != before->values.end() && is != after->values.end() && was->second.type == "text" &&
         !(was->second == is->second) && !may_hold(body->type, was->second, dialect_);
}

bool RowDemands::gives_up_any(const ObjectKey& table, const ObjectKey& row) const {
  const auto columns = to_.columns(table);
  return std::any_of(columns.begin(), columns.end(),
                     [&](const ObjectKey& column) { return gives_up(column, row); });
}

bool RowDemands::asks_first(const Step& row, const Step& other) {
  if (row.verb != Verb::alter || row.key.kind != Kind::row) return false;
  bool asks = false;
  if (other.verb == Verb::rebuild)
    asks = other.key.ns == row.key.ns && other.key.name == row.key.owner &&
           (stricter(other.key) || gives_up_any(other.key, row.key));
  else if (other.key.kind == Kind::column)
    asks = change_of(other.key) == Change::stricter || gives_up(other.key, row.key);
  else if (!info(other.key.kind).owned && !info(other.key.kind).relation && other.verb == Verb::alter)
    asks = !loses(other.key).empty();
  return asks && values_fit_now(*to_.find<Row>(row.key), row.key);
}

namespace {
/// Columns that are unique together at every moment; empty for other objects, and for a part of a column.
std::vector<std::string> unique_columns(const ObjectBody& body) {
  const std::vector<IndexPart>* on = nullptr;
  if (const auto* k = std::get_if<PrimaryKey>(&body); k != nullptr && !k->initially_deferred) on = &k->on;
  if (const auto* u = std::get_if<Unique>(&body); u != nullptr && !u->initially_deferred) on = &u->on;
  if (const auto* i = std::get_if<Index>(&body); i != nullptr && i->unique && !i->where) on = &i->on;
  std::vector<std::string> out;
  if (on == nullptr) return out;
  for (const auto& part : *on) {
    if (!part.column || part.prefix > 0) return {};
    out.push_back(part.column->to.name);
  }
  return out;
}
/// Nothing where a value is null, computed or not declared.
std::optional<std::vector<std::string>> values_of(const Row& row, const std::vector<std::string>& columns) {
  std::vector<std::string> out;
  for (const auto& column : columns) {
    const auto value = row.values.find(column);
    if (value == row.values.end() || value->second.type == "null" || value->second.type == "sql")
      return std::nullopt;
    out.push_back(value->second.text);
  }
  return out;
}
}  // namespace

std::vector<std::pair<ObjectKey, ObjectKey>> handed_over(const Catalog& from, const Catalog& to,
                                                         const ObjectKey& table) {
  std::vector<std::pair<ObjectKey, ObjectKey>> out;
  for (const auto& child : to.children(table)) {
    const auto before = from.objects.find(child);
    if (before == from.objects.end()) continue;
    const auto columns = unique_columns(to.objects.at(child));
    if (columns.empty() || columns != unique_columns(before->second)) continue;
    std::map<std::vector<std::string>, ObjectKey> given;
    for (const auto& key : from.children(table, Kind::row)) {
      const auto* stays = to.find<Row>(key);
      const auto was = values_of(*from.find<Row>(key), columns);
      if (was && (stays == nullptr || values_of(*stays, columns) != was)) given.emplace(*was, key);
    }
    if (given.empty()) continue;
    for (const auto& key : to.children(table, Kind::row))
      if (const auto is = values_of(*to.find<Row>(key), columns))
        if (const auto it = given.find(*is); it != given.end() && it->second != key)
          out.emplace_back(it->second, key);
  }
  return out;
}

}  // namespace trueup::planning
