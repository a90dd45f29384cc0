#include "engine/clickhouse/followers.hpp"

#include "engine/clickhouse/build.hpp"
#include "engine/clickhouse/lexer.hpp"
#include "engine/clickhouse/reading.hpp"

namespace trueup::clickhouse {
namespace {
const Expr* query_of(const ObjectBody* body) {
  if (body == nullptr) return nullptr;
  if (const auto* view = std::get_if<View>(body)) return &view->query;
  if (const auto* view = std::get_if<MaterializedView>(body)) return &view->query;
  return nullptr;
}

const ObjectBody* body_of(const Catalog& catalog, const ObjectKey& key) {
  const auto it = catalog.objects.find(key);
  return it == catalog.objects.end() ? nullptr : &it->second;
}

/// What a step changes of what views read: columns of another type, other columns, or, of a view, anything.
struct Change {
  ObjectKey relation;
  std::set<std::string> retyped;
  bool columns = false;  ///< comes and goes as a `*` takes it
  bool anything = false;
};

Change change_of(const Step& step, const RenderContext& c) {
  if (step.key.kind == Kind::column) {
    Change out{table_key(step.key.owner), {}, true, false};
    if (step.verb == Verb::alter) out.retyped.insert(step.key.name);
    return out;
  }
  Change out{step.key, {}, false, step.key.kind != Kind::table};
  if (out.anything) return out;
  for (const auto* catalog : {&c.from, &c.to})
    for (const auto& key : catalog->columns(step.key)) {
      const auto *before = c.from.find<Column>(key), *after = c.to.find<Column>(key);
      if (before != nullptr && after != nullptr && before->type == after->type) continue;
      out.columns = true;
      if (before != nullptr && after != nullptr) out.retyped.insert(key.name);
    }
  return out;
}

class Followers {
 public:
  Followers(const Change& change, const RenderContext& context) : change_(change), c_(context) {}

  /// Views that read what changes, then those that read these, and so on.
  std::vector<ObjectKey> find() {
    for (const auto& [key, uses] : c_.to.uses) {
      const Expr* query = query_of(body_of(c_.to, key));
      if (query != nullptr && uses.hard.contains(change_.relation) && touches(sql_of(*query))) visit(key);
    }
    return {out_.rbegin(), out_.rend()};
  }

 private:
  bool touches(const std::string& query) const {
    return change_.anything || (change_.columns && reads_all(query)) ||
           std::any_of(change_.retyped.begin(), change_.retyped.end(),
                       [&](const std::string& name) { return mentions(query, name); });
  }
  void visit(const ObjectKey& view) {
    if (!seen_.insert(view).second) return;
    for (const auto& [key, uses] : c_.to.uses)
      if (uses.hard.contains(view) && query_of(body_of(c_.to, key)) != nullptr) visit(key);
    out_.push_back(view);  // behind all that read it
  }

  const Change& change_;
  const RenderContext& c_;
  std::set<ObjectKey> seen_;
  std::vector<ObjectKey> out_;
};

/// The table of its own was made for the former types, and takes values of the new ones only cut to those.
void keeps_type(const ObjectKey& key, const MaterializedView& view, const Step& step, const Change& change,
                SqlWriter& w) {
  const std::string& query = sql_of(view.query);
  const auto given = results_of(query, Results::bare);
  bool concerns = change.anything;
  for (const auto& column : change.retyped) {
    if (!mentions(query, column)) continue;
    concerns = true;
    if (reads_all(query) || given.contains(column))
      throw RefusedError(
          {{to_string(step.key),
            to_string(key) + " has a table of its own, whose columns cannot change with it: values would be "
                             "cut to the former type",
            "drop " + display_name(key) + ", or have it write to a table of the schema with `to:`"}});
  }
  if (!concerns) return;
  w.raw("SELECT 1")
      .end(TxMode::inside,
           {{HazardKind::other, "the own table of " + display_name(key) +
                                    " keeps the types of its columns: see that they still fit"}});
}

/// Index behind each `*`, `t.*` and COLUMNS(...) of a query.
std::vector<std::size_t> behind_stars(std::span<const Token> all) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (is_word(all[i], "columns") && i + 1 < all.size() && is_symbol(all[i + 1], "("))
      out.push_back(std::min(closing(all, i + 1) + 1, all.size()));
    if (!is_symbol(all[i], "*") || i == 0) continue;
    if (is_word(all[i - 1], "select") || is_word(all[i - 1], "distinct") || is_symbol(all[i - 1], ",") ||
        is_symbol(all[i - 1], "."))
      out.push_back(i + 1);
  }
  return out;
}

bool takes_all_of(const std::string& query, const std::string& table) {
  return reads_all(query) && mentions(query, table);
}

/// The query without that column among those that its stars stand for.
std::string without_column(const std::string& query, const std::string& column) {
  const auto all = significant(query);
  const auto stars = behind_stars(all);
  std::string out = query;
  for (auto at = stars.rbegin(); at != stars.rend(); ++at) {
    const auto& last = all[*at - 1].text;
    const auto offset = static_cast<std::size_t>(last.data() - query.data()) + last.size();
    out.insert(offset, " EXCEPT (" + quote(column) + ")");
  }
  return out;
}
}  // namespace

bool reads_all(const std::string& query) {
  return !behind_stars(significant(query)).empty();
}

void release_column(const Step& step, const RenderContext& context, SqlWriter& w) {
  for (const auto& [key, uses] : context.from.uses) {
    const auto* view = context.to.find<MaterializedView>(key);
    if (view == nullptr || !uses.soft.contains(step.key)) continue;
    const std::string& query = sql_of(view->query);
    if (!takes_all_of(query, step.key.owner)) continue;
    for (const auto& other : uses.soft)
      if (other.kind == Kind::column && other.name == step.key.name && mentions(query, other.owner) &&
          other.owner != step.key.owner)
        throw RefusedError(
            {{to_string(step.key),
              fmt::format("{} reads all columns, and one of that name of {} too: it cannot leave out one of "
                          "the two",
                          to_string(key), other.owner),
              "write the columns out in the query of " + display_name(key)}});
    w.raw("ALTER TABLE ").ident(key.name).raw(" MODIFY QUERY " + without_column(query, step.key.name)).end();
  }
}

void refresh_views(const Step& step, const RenderContext& context, SqlWriter& w) {
  const Change change = change_of(step, context);
  for (const auto& key : Followers(change, context).find()) {
    const ObjectBody *before = body_of(context.from, key), *after = body_of(context.to, key);
    if (before == nullptr || before->index() != after->index()) continue;
    // One that changes itself comes after what is new, and before what goes.
    const bool changes = !changed_fields(*before, *after).empty();
    if (changes && step.verb != Verb::drop) continue;
    const std::vector<Hazard> hazards{
        {HazardKind::other,
         "its columns keep their former names and types until it is told its query again"}};
    w.begin_step(on_behalf(step, key));
    if (const auto* view = std::get_if<View>(after)) {
      std::string sql = create_view(key.name, *view);
      w.raw(sql.insert(std::string_view("CREATE").size(), " OR REPLACE")).end(TxMode::inside, hazards);
      continue;
    }
    const auto& view = std::get<MaterializedView>(*after);
    const bool released = step.verb == Verb::drop && takes_all_of(sql_of(view.query), step.key.owner);
    if (view.storage && !released)
      keeps_type(key, view, step, change, w);
    else
      w.raw("ALTER TABLE ")
          .ident(key.name)
          .raw(" MODIFY QUERY " + sql_of(view.query))
          .end(TxMode::inside, hazards);
  }
  w.begin_step(step);
}

Step on_behalf(const Step& step, const ObjectKey& other) {
  return {Verb::alter, other, {}, step.key, false};
}

namespace {
bool holds(const Statement& s, std::string_view part) {
  return s.sql.find(part) != std::string::npos;
}
bool is_on_behalf(const Statement& s) {
  return s.verb == to_string(Verb::alter) && !s.because.empty();
}
}  // namespace

void once(std::vector<Statement>& statements) {
  std::set<std::string> earlier;
  std::set<std::pair<ObjectKey, std::string>> later;
  // The table and each of its new key columns say the same. Of several renames that a projection makes way
  // for, the first takes it away.
  std::erase_if(statements, [&](const Statement& s) {
    const bool first = holds(s, ", MODIFY ORDER BY ") || (is_on_behalf(s) && holds(s, " DROP PROJECTION "));
    return first && !earlier.insert(s.sql).second;
  });
  std::vector<Statement> out;
  std::set<ObjectKey> made;
  for (auto s = statements.rbegin(); s != statements.rend(); ++s) {
    if (s->verb == to_string(Verb::create)) made.insert(s->source);
    if (s->verb == to_string(Verb::drop)) made.erase(s->source);
    const bool last = is_on_behalf(*s) && !holds(*s, " DROP PROJECTION ");
    if (last && (made.contains(s->source) || !later.emplace(s->source, s->sql).second)) continue;
    out.push_back(std::move(*s));
  }
  statements.assign(std::make_move_iterator(out.rbegin()), std::make_move_iterator(out.rend()));
}

}  // namespace trueup::clickhouse
