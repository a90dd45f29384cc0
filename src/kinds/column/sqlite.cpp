#include <fmt/format.h>

#include "base/text.hpp"
#include "engine/sqlite/build.hpp"
#include "engine/sqlite/constraint.hpp"
#include "engine/sqlite/definition.hpp"
#include "engine/sqlite/handlers.hpp"
#include "engine/sqlite/infer.hpp"
#include "engine/sqlite/lexer.hpp"
#include "engine/sqlite/types.hpp"
#include "engine/sqlite/view_order.hpp"

namespace trueup::sqlite {
namespace {

const PrimaryKey* primary_key(const Catalog& catalog, const ObjectKey& column) {
  auto it = catalog.objects.lower_bound(child_key(Kind::primary_key, column.owner, ""));
  if (it == catalog.objects.end() || it->first.kind != Kind::primary_key || it->first.owner != column.owner)
    return nullptr;
  return std::get_if<PrimaryKey>(&it->second);
}
bool in_key(const PrimaryKey* pk, const ObjectKey& column) {
  return pk != nullptr && std::any_of(pk->on.begin(), pk->on.end(),
                                      [&](const IndexPart& p) { return p.column && p.column->to == column; });
}

/// Identity and serial columns count by AUTOINCREMENT, which only the integer primary key can.
void counter(const ObjectKey& key, Column& c, const Catalog& catalog, std::vector<Diagnostic>& found) {
  if (!c.identity && !is_serial(c.type.text)) return;
  const PrimaryKey* pk = primary_key(catalog, key);
  if (!in_key(pk, key) || pk->on.size() != 1) {
    report(catalog, key, found, "SQLite counts up only in a column that is the whole primary key",
           "make it the primary key, or drop `identity` for this engine");
    return;
  }
  c.identity.reset();
  c.type.text = "integer";
  c.not_null = false;
  c.options["autoincrement"] = "true";
}

bool touches(const Catalog& catalog, const ObjectKey& object, const ObjectKey& column) {
  bool found = false;
  for_each_ref(catalog.objects.at(object), [&](const Ref& r) { found = found || r.to == column; });
  if (auto it = catalog.uses.find(object); it != catalog.uses.end())
    found = found || it->second.hard.contains(column) || it->second.soft.contains(column);
  return found;
}

class ColumnHandler final : public KindHandler {
 public:
  void introspect(Connection&, const Scope&, Catalog&) const override {}  // read with its table

  void normalize(const ObjectKey& key, ObjectBody& body, const Catalog& catalog,
                 std::vector<Diagnostic>& found) const override {
    auto& c = std::get<Column>(body);
    c.comment.clear();  // nowhere to keep it
    c.type.text = type_text(c.type.text);
    if (c.type.user)
      report(catalog, key, found, "SQLite has no types of its own", "give the column a type for sqlite");
    counter(key, c, catalog, found);
    const auto* table = catalog.find<Table>(table_key(key.owner));
    const bool strict = table != nullptr && has_option(table->options, "strict");
    const bool without_rowid = table != nullptr && has_option(table->options, "without_rowid");
    if (strict) {
      const std::string legal = strict_type(c.type.text);
      if (legal.empty())
        report(catalog, key, found, fmt::format("a strict table takes no column of type '{}'", c.type.text),
               "use int, integer, real, text, blob or any");
      else
        c.type.text = legal;
    }
    const bool whole_key = primary_key(catalog, key) != nullptr && primary_key(catalog, key)->on.size() == 1;
    const bool alias = !without_rowid && whole_key && type_key(c.type.text) == "integer";
    if ((strict || without_rowid) && !alias && in_key(primary_key(catalog, key), key)) c.not_null = true;
    defaults(c);
    if (c.generated && c.generated_kind.empty()) c.generated_kind = "virtual";
  }

  void settle(ObjectBody& desired, const ObjectBody& current) const override {
    auto& d = std::get<Column>(desired);
    const auto& c = std::get<Column>(current);
    // SQLite compares types and collations without case, and blanks in a type mean nothing.
    if (type_key(d.type.text) == type_key(c.type.text)) d.type.text = c.type.text;
    if (same_name(d.collation, c.collation)) d.collation = c.collation;
  }

  RenameMeans rename_means(const ObjectKey&, const ObjectKey&, const Catalog&) const override {
    return RenameMeans::in_place;
  }

  bool needs_rebuild(Verb verb, const ObjectKey& child, const Catalog& from,
                     const Catalog& to) const override {
    return verb == Verb::drop ? drop_needs_rebuild(child, from, to) : add_needs_rebuild(child, from, to);
  }

  Means means(const Altered&, const Catalog&, const Catalog&) const override { return Rebuild{}; }

  std::string loses_data(const Altered& a, const Catalog& from, const Catalog& to) const override {
    if (!a.has("type") && !a.has("generated")) return {};
    const auto& old = *from.find<Column>(a.key);
    const auto& now = *to.find<Column>(a.key);
    if (!old.generated && now.generated) return "its values give way to the generated ones";
    if (now.convert || old.generated) return {};
    const Affinity x = affinity(old.type.text), y = affinity(now.type.text);
    // Text that looks like a number becomes one, and `007` is then `7`; reals without a fraction become
    // integers.
    const bool keeps = x == y || y == Affinity::blob || y == Affinity::text || x == Affinity::integer ||
                       (x == Affinity::real && y == Affinity::numeric) ||
                       (x == Affinity::numeric && y == Affinity::integer);
    if (keeps) return {};
    return fmt::format(
        "values from {} to {} affinity: text that looks like a number becomes one ('007' is 7 then)",
        to_string(x), to_string(y));
  }

  void render(const Step& step, std::span<const Step>, const RenderContext& context,
              SqlWriter& w) const override {
    if (step.verb == Verb::rename) {
      drop_early(step.key, context, w);
      w.raw("alter table ")
          .ident(step.key.owner)
          .raw(" rename column ")
          .ident(step.old_key->name)
          .raw(" to ");
      w.ident(step.key.name).end();
    } else if (step.verb == Verb::create) {
      w.raw("alter table ").ident(step.key.owner).raw(" add column ");
      w.raw(column_definition(step.key, *context.to.find<Column>(step.key))).end();
    } else if (step.verb == Verb::drop) {
      w.raw("alter table ").ident(step.key.owner).raw(" drop column ").ident(step.key.name);
      w.end(TxMode::inside, {{HazardKind::deletes_data, "drops the column and its values"}});
    } else {
      throw std::logic_error("SQLite cannot alter " + to_string(step.key) + " in place");
    }
  }

 private:
  static void defaults(Column& c) {
    if (!c.default_value) return;
    auto& text = c.default_value->text;
    const std::string form = lexical_form(text);
    if (same_name(form, "now()") || same_name(form, "current_timestamp()")) text = "CURRENT_TIMESTAMP";
  }

  /// https://www.sqlite.org/lang_altertable.html#alter_table_add_column
  static bool add_needs_rebuild(const ObjectKey& key, const Catalog& from, const Catalog& to) {
    if (find_column(from, table_key(key.owner), key.name) != nullptr)
      return true;  // the same name in another case
    const auto& c = *to.find<Column>(key);
    if (c.generated) return c.generated_kind == "stored";
    const bool has_value = c.default_value && lexical_form(c.default_value->text) != "null";
    if (c.not_null && !has_value) return true;
    if (c.default_value && !constant_default(c.default_value->text)) return true;
    return has_option(c.options, "autoincrement");
  }

  /// https://www.sqlite.org/lang_altertable.html#alter_table_drop_column
  static bool drop_needs_rebuild(const ObjectKey& key, const Catalog& from, const Catalog& to) {
    const auto in_the_way = [&](const ObjectKey& other) {
      if (other == key || other.kind == Kind::row || !touches(from, other, key)) return false;
      const bool can_go =
          other.kind == Kind::index || other.kind == Kind::view || other.kind == Kind::trigger;
      const auto wanted = to.objects.find(other);
      return !can_go || (wanted != to.objects.end() && wanted->second == from.objects.at(other));
    };
    const auto own = from.children(table_key(key.owner));
    if (std::any_of(own.begin(), own.end(), in_the_way)) return true;
    // What other tables have can name it, too.
    for (const Kind kind : {Kind::foreign_key, Kind::view, Kind::trigger})
      for (const auto& [other, body] : from.of_kind(kind))
        if (other.owner != key.owner && in_the_way(other)) return true;
    return from.columns(table_key(key.owner)).size() < 2;
  }
};
}  // namespace

const KindHandler& column_handler() {
  static const ColumnHandler handler;
  return handler;
}

}  // namespace trueup::sqlite
