#include "engine/postgres/type_replacement.hpp"

#include "base/text.hpp"
#include "engine/conventional_name.hpp"
#include "engine/postgres/catalog_query.hpp"
#include "engine/postgres/clauses.hpp"
#include "engine/postgres/types.hpp"

namespace trueup::postgres {

std::vector<ObjectKey> columns_of_type(const ObjectKey& type, const Catalog& from, const Catalog& to) {
  std::vector<ObjectKey> out;
  for (const auto& [k, body] : from.objects) {
    const auto* a = std::get_if<Column>(&body);
    const auto* b = to.find<Column>(k);
    if (a != nullptr && b != nullptr && a->type.user && a->type.user->to == type && a->type == b->type)
      out.push_back(k);
  }
  return out;
}

ObjectKey replaced(const ObjectKey& old) {
  ObjectKey out = old;
  out.name = conventional_name(old.name, {}, "_trueup_old");
  return out;
}

bool goes_over(const ObjectKey& type, const ObjectKey& column, const Catalog& from, const Catalog& to) {
  const auto *before = from.find<Column>(column), *after = to.find<Column>(column);
  if (before == nullptr || after == nullptr || (before->generated && after->generated)) return false;
  if (!before->type.user || !after->type.user || before->type.user->to != type) return false;
  const ObjectKey& now = after->type.user->to;
  return now != type && now.ns == type.ns && now.name == type.name;
}

void drop_type(std::string_view word, const ObjectKey& type, const RenderContext& context, SqlWriter& w) {
  const auto columns = context.from.of_kind(Kind::column);
  const bool aside = std::any_of(columns.begin(), columns.end(), [&](const auto& c) {
    return goes_over(type, c.first, context.from, context.to);
  });
  const ObjectKey last = aside ? replaced(type) : type;
  if (aside) w.raw("ALTER ").raw(word).raw(" ").name(type).raw(" RENAME TO ").ident(last.name).end();
  w.raw("DROP ").raw(word).raw(" ").name(last).end();
}

namespace {
bool built_on(const ObjectBody& body, const std::set<ObjectKey>& types) {
  bool found = false;
  for_each_ref(body, [&](const Ref& r) { found = found || types.contains(r.to); });
  return found;
}

/// `id = 1`
std::string is_row(const ObjectKey& key, const Row& row, const RenderContext& context) {
  std::vector<std::string> out;
  for (const auto& name : row.key) {
    const auto* column = context.from.find<Column>(child_key(Kind::column, key.ns, key.owner, name));
    const auto value = row.values.find(name);
    const bool null = value == row.values.end() || value->second.type == "null";
    out.push_back(context.dialect.quote(name) +
                  (null ? " IS NULL"
                        : " = " + context.dialect.value(value->second, column ? column->type : DataType{})));
  }
  return join(out, " AND ");
}

/// Reference rows that change from a value which the enum loses to one which it gets do so on the way from
/// the old type to the new one: `WHEN id = 1 THEN 'b'`; empty where there are none.
std::string new_values(const ObjectKey& column, const ObjectKey& type, const RenderContext& context) {
  const auto *before = context.from.find<EnumType>(type), *after = context.to.find<EnumType>(type);
  if (before == nullptr || after == nullptr) return {};
  const auto has = [](const EnumType& e, const std::string& value) {
    return std::find(e.values.begin(), e.values.end(), value) != e.values.end();
  };
  std::string out;
  for (const auto& key : context.from.children({Kind::table, column.ns, {}, column.owner, {}}, Kind::row)) {
    const auto *a = context.from.find<Row>(key), *b = context.to.find<Row>(key);
    if (b == nullptr) continue;
    const auto old = a->values.find(column.name), now = b->values.find(column.name);
    if (old == a->values.end() || now == b->values.end() || now->second.type == "null") continue;
    if (has(*after, old->second.text) || has(*before, now->second.text)) continue;
    out += " WHEN " + is_row(key, *a, context) + " THEN " + context.dialect.literal(now->second.text);
  }
  return out;
}

void move_columns(const ObjectKey& type, std::string_view through, const RenderContext& context,
                  SqlWriter& w) {
  for (const auto& k : columns_of_type(type, context.from, context.to)) {
    const auto& before = *context.from.find<Column>(k);
    const auto& column = *context.to.find<Column>(k);
    auto alter_column = [&]() -> SqlWriter& {
      w.raw("ALTER TABLE ");
      return write_owner(w, k).raw(" ALTER COLUMN ").ident(k.name);
    };
    if (before.default_value) alter_column().raw(" DROP DEFAULT").end();
    const std::string sql = context.dialect.type_sql(column.type);
    alter_column().raw(" TYPE ").raw(sql);
    if (!column.collation.empty()) w.raw(" COLLATE ").raw(collation_sql(column.collation));
    const std::string cases = column.type.suffix.empty() ? new_values(k, type, context) : std::string();
    w.raw(" USING ").raw(cases.empty() ? "" : "(CASE" + cases + " ELSE ").ident(k.name);
    if (!through.empty()) w.raw("::").raw(through).raw(column.type.suffix.empty() ? "" : "[]");
    if (!cases.empty()) w.raw(" END)");
    w.raw("::").raw(sql);
    w.end(TxMode::inside, {{HazardKind::rewrites_table, "rewrites the table under an exclusive lock"}});
    if (column.default_value) alter_column().raw(" SET DEFAULT ").raw(sql_of(*column.default_value)).end();
  }
}

}  // namespace

std::vector<ObjectKey> types_on(const ObjectKey& type, const Catalog& from, const Catalog& to) {
  std::set<ObjectKey> all{type};
  for (bool more = true; more;) {
    more = false;
    for (const auto& [key, body] : from.objects) {
      if ((key.kind != Kind::domain && key.kind != Kind::composite_type) || all.contains(key)) continue;
      const auto now = to.objects.find(key);
      if (now == to.objects.end() || !built_on(body, all)) continue;
      const Altered change{key, changed_fields(body, now->second)};
      if (!change.fields.empty() &&
          (key.kind != Kind::domain || !change.only({"checks", "default", "not_null", "comment"})))
        continue;
      all.insert(key);
      more = true;
    }
  }
  all.erase(type);
  std::vector<ObjectKey> out;
  while (!all.empty()) {
    const auto next = std::find_if(
        all.begin(), all.end(), [&](const ObjectKey& key) { return !built_on(from.objects.at(key), all); });
    const ObjectKey key = next == all.end() ? *all.begin() : *next;  // PostgreSQL has no cycles of types
    out.push_back(key);
    all.erase(key);
  }
  return out;
}

std::vector<ObjectKey> replaced_with(const ObjectKey& type, const Catalog& from, const Catalog& to) {
  std::vector<ObjectKey> out = columns_of_type(type, from, to);
  for (const auto& key : types_on(type, from, to)) {
    out.push_back(key);
    const auto columns = columns_of_type(key, from, to);
    out.insert(out.end(), columns.begin(), columns.end());
  }
  return out;
}

bool inside_columns(const ObjectKey& domain, const Catalog& from, const Catalog& to) {
  std::set<ObjectKey> plain{domain}, holders;  // types whose values are, or hold, values of the domain
  const auto holds = [&](const DataType& type) {
    return type.user &&
           (holders.contains(type.user->to) || (plain.contains(type.user->to) && !type.suffix.empty()));
  };
  for (bool more = true; more;) {
    const std::size_t before = plain.size() + holders.size();
    for (const auto& [key, body] : from.objects) {
      if (const auto* d = std::get_if<Domain>(&body)) {
        if (holds(d->type))
          holders.insert(key);
        else if (d->type.user && plain.contains(d->type.user->to))
          plain.insert(key);
      } else if (std::holds_alternative<CompositeType>(body)) {
        if (built_on(body, plain) || built_on(body, holders)) holders.insert(key);
      }
    }
    more = plain.size() + holders.size() > before;
  }
  return std::any_of(from.objects.begin(), from.objects.end(), [&](const auto& entry) {
    const auto* column = std::get_if<Column>(&entry.second);
    return column != nullptr && to.contains(entry.first) && holds(column->type);
  });
}

bool replaced_by_another(const ObjectKey& type, const RenderContext& context) {
  for (const auto& [key, body] : context.from.objects) {
    const bool kind =
        key.kind == Kind::enum_type || key.kind == Kind::domain || key.kind == Kind::composite_type;
    const auto now = context.to.objects.find(key);
    if (!kind || key == type || now == context.to.objects.end()) continue;
    const Altered change{key, changed_fields(body, now->second)};
    if (change.fields.empty()) continue;
    const auto with = context.dialect.handler(key.kind)->also_alters(change, context.from, context.to);
    if (std::find(with.begin(), with.end(), type) != with.end()) return true;
  }
  return false;
}

bool blocks_replacement(const ObjectKey& type, const ObjectKey& dependent, const Catalog& from,
                        const Catalog& to) {
  if (dependent.kind == Kind::column || dependent.kind == Kind::table || dependent.kind == Kind::row)
    return false;
  if (dependent.kind != Kind::domain && dependent.kind != Kind::composite_type) return true;
  const auto types = types_on(type, from, to);
  return std::find(types.begin(), types.end(), dependent) == types.end();
}

void finish_replacement(const ObjectKey& type, std::string_view through, const RenderContext& context,
                        SqlWriter& w) {
  const auto types = types_on(type, context.from, context.to);
  const auto render = [&](Verb verb, const ObjectKey& key, std::optional<ObjectKey> old = {}) {
    Step step;
    step.verb = verb;
    step.key = key;
    step.old_key = std::move(old);
    context.dialect.handler(key.kind)->render(step, {}, context, w);
  };
  for (const auto& key : types) render(Verb::rename, replaced(key), key);
  for (const auto& key : types) render(Verb::create, key);
  move_columns(type, through, context, w);
  for (const auto& key : types) move_columns(key, "text", context, w);
  for (auto it = types.rbegin(); it != types.rend(); ++it) render(Verb::drop, replaced(*it));
  render(Verb::drop, replaced(type));
}

}  // namespace trueup::postgres
