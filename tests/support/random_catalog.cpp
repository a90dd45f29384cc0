#include "support/fake_dialect.hpp"

namespace trueup::testing {

Catalog RandomCatalog::make() {
  Catalog c;
  c.objects[{Kind::name_space, "", "", "app", ""}] = Namespace{};
  types(c);
  for (int t = 0; t < 4; ++t)
    if (pick(3) != 0) table(c, "t" + std::to_string(t));
  references(c);
  views(c);
  return c;
}

void RandomCatalog::types(Catalog& c) {
  for (int i = 0; i < 3; ++i)
    if (maybe()) {
      enums_.push_back({Kind::enum_type, "app", "", "e" + std::to_string(i), ""});
      EnumType e;
      e.values = {"a", maybe() ? "b" : "c"};
      c.objects[enums_.back()] = e;
    }
  for (int i = 0; i < 3; ++i)
    if (maybe()) {
      ObjectKey key{Kind::function, "app", "", "f" + std::to_string(i), "integer"};
      Function f;
      f.language = "sql";
      f.body.text = "select " + std::to_string(pick(3));
      f.returns = maybe() ? "integer" : "text";
      // Bodies that are plain strings may call each other in a circle.
      for (const auto& other : functions_)
        if (maybe()) c.uses[key].soft.insert(other), c.uses[other].soft.insert(key);
      functions_.push_back(key);
      c.objects[key] = f;
    }
}

void RandomCatalog::table(Catalog& c, const std::string& name) {
  tables_.push_back({Kind::table, "app", "", name, ""});
  Table t;
  if (maybe()) t.comment = "x";
  c.objects[tables_.back()] = t;
  for (int i = 0; i < 4; ++i) {
    if (i > 0 && maybe()) continue;
    ObjectKey key{Kind::column, "app", name, "c" + std::to_string(i), ""};
    Column column;
    column.type.text = maybe() ? "int" : "text";
    column.not_null = maybe();
    column.position = i + 1;
    if (!enums_.empty() && pick(3) == 0)
      column.type.user = Ref{enums_.at(static_cast<std::size_t>(pick(static_cast<int>(enums_.size()))))};
    c.objects[key] = column;
    columns_.push_back(key);
  }
  const Ref first{{Kind::column, "app", name, "c0", ""}};
  if (maybe()) {
    PrimaryKey pk;
    pk.on.emplace_back().column = first;
    c.objects[{Kind::primary_key, "app", name, name + "_pkey", ""}] = pk;
  }
  if (maybe()) {
    Index index;
    index.on.emplace_back().column = first;
    index.unique = maybe();
    c.objects[{Kind::index, "app", name, name + "_idx" + std::to_string(pick(2)), ""}] = index;
  }
  if (maybe()) {
    ObjectKey key{Kind::check, "app", name, name + "_check", ""};
    Check check;
    check.expression.text = "c0 > " + std::to_string(pick(3));
    c.uses[key].hard.insert(first.to);
    if (!functions_.empty() && maybe()) c.uses[key].hard.insert(functions_.front());
    c.objects[key] = check;
  }
  if (pick(3) == 0) {
    Trigger t2;
    t2.timing = maybe() ? "before" : "after";
    t2.events = {"insert"};
    c.objects[{Kind::trigger, "app", name, name + "_trigger", ""}] = t2;
  }
  for (int i = 0; i < 2; ++i)
    if (pick(3) == 0) {
      Row row;
      row.key = {"c0"};
      row.on_removed = "delete";
      row.values["c0"] = {"number", std::to_string(i)};
      row.values["v"] = {"number", std::to_string(pick(3))};
      c.objects[{Kind::row, "app", name, "[" + std::to_string(i) + "]", ""}] = row;
    }
}

void RandomCatalog::references(Catalog& c) {
  for (const auto& t : tables_)
    for (const auto& u : tables_) {
      if (pick(3) != 0) continue;
      ForeignKey fk;
      fk.columns = {Ref{{Kind::column, "app", t.name, "c0", ""}}};
      fk.ref_table = Ref{u};
      fk.ref_columns = {Ref{{Kind::column, "app", u.name, "c0", ""}}};
      if (maybe()) fk.on_delete = "cascade";
      c.objects[{Kind::foreign_key, "app", t.name, "fk_" + u.name, ""}] = fk;
      const ObjectKey pk{Kind::primary_key, "app", u.name, u.name + "_pkey", ""};
      if (c.contains(pk)) c.uses[{Kind::foreign_key, "app", t.name, "fk_" + u.name, ""}].hard.insert(pk);
    }
}

void RandomCatalog::views(Catalog& c) {
  if (columns_.empty()) return;
  for (int i = 0; i < 4; ++i) {
    if (maybe()) continue;
    ObjectKey key{Kind::view, "app", "", maybe() ? "v" + std::to_string(i) : "t" + std::to_string(i), ""};
    if (c.relation("app", key.name) != nullptr) continue;  // one name, one relation
    View v;
    v.query.text = "select " + std::to_string(pick(3));
    for (int n = 0; n < 2; ++n) {
      const auto& column = columns_.at(static_cast<std::size_t>(pick(static_cast<int>(columns_.size()))));
      c.uses[key].hard.insert(column);
      c.uses[key].hard.insert(*c.relation("app", column.owner));
    }
    if (!views_.empty() && maybe()) c.uses[key].hard.insert(views_.back());
    c.objects[key] = v;
    views_.push_back(key);
  }
}

}  // namespace trueup::testing
