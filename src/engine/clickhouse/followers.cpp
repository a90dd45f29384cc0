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

class Followers {
 public:
  Followers(const Step& step, const RenderContext& context) : step_(step), c_(context) {}

  /// Views that read the column, then those that read these, and so on.
  std::vector<ObjectKey> find() {
    for (const auto& [key, uses] : c_.to.uses) {
      const Expr* query = query_of(body_of(c_.to, key));
      if (query != nullptr && uses.hard.contains(table_key(step_.key.owner)) && touches(*query)) visit(key);
    }
    return {out_.rbegin(), out_.rend()};
  }

 private:
  bool touches(const Expr& query) const {
    return reads_all(sql_of(query)) || (step_.verb == Verb::alter && mentions(sql_of(query), step_.key.name));
  }
  void visit(const ObjectKey& view) {
    if (!seen_.insert(view).second) return;
    for (const auto& [key, uses] : c_.to.uses)
      if (uses.hard.contains(view) && query_of(body_of(c_.to, key)) != nullptr) visit(key);
    out_.push_back(view);  // behind all that read it
  }

  const Step& step_;
  const RenderContext& c_;
  std::set<ObjectKey> seen_;
  std::vector<ObjectKey> out_;
};

/// The table of its own was made for the former type, and takes values of the new one only cut to that.
void keeps_type(const ObjectKey& key, const MaterializedView& view, const Step& step, SqlWriter& w) {
  const std::string& query = sql_of(view.query);
  if (step.verb != Verb::alter || !mentions(query, step.key.name)) return;
  if (reads_all(query) || results_of(query, Results::bare).contains(step.key.name))
    throw RefusedError(
        {{to_string(step.key),
          to_string(key) + " has a table of its own, whose columns cannot change with it: values would be "
                           "cut to the former type",
          "drop " + display_name(key) + ", or have it write to a table of the schema with `to:`"}});
  w.raw("SELECT 1")
      .end(TxMode::inside,
           {{HazardKind::other, "the own table of " + display_name(key) +
                                    " keeps the types of its columns: see that they still fit"}});
}
}  // namespace

namespace {
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
  for (const auto& key : Followers(step, context).find()) {
    const ObjectBody *before = body_of(context.from, key), *after = body_of(context.to, key);
    if (before == nullptr || before->index() != after->index()) continue;
    // One that changes itself comes after what is new, and before what goes.
    const bool changes = !changed_fields(*before, *after).empty();
    if (changes && step.verb != Verb::drop) continue;
    const std::vector<Hazard> hazards{
        {HazardKind::other,
         "its columns keep their former names and types until it is told its query again"}};
    if (const auto* view = std::get_if<View>(after)) {
      std::string sql = create_view(key.name, *view);
      w.raw(sql.insert(std::string_view("CREATE").size(), " OR REPLACE")).end(TxMode::inside, hazards);
      continue;
    }
    const auto& view = std::get<MaterializedView>(*after);
    const bool released = step.verb == Verb::drop && takes_all_of(sql_of(view.query), step.key.owner);
    if (view.storage && !released)
      keeps_type(key, view, step, w);
    else
      w.raw("ALTER TABLE ")
          .ident(key.name)
          .raw(" MODIFY QUERY " + sql_of(view.query))
          .end(TxMode::inside, hazards);
  }
}

namespace {
bool holds(const Statement& s, std::string_view part) {
  return s.sql.find(part) != std::string::npos;
}
/// Of several renames that a projection makes way for, the first takes it away.
bool takes_projection(const Statement& s) {
  return s.source.kind == Kind::column && holds(s, " DROP PROJECTION ");
}
bool said_again(const Statement& s) {
  return s.source.kind == Kind::column &&
         (s.sql.starts_with("CREATE OR REPLACE VIEW ") || holds(s, " MODIFY QUERY ") ||
          holds(s, " ADD PROJECTION ") || holds(s, " MATERIALIZE PROJECTION "));
}
}  // namespace

void refresh_once(std::vector<Statement>& statements) {
  std::set<std::string> earlier, later;
  // The table and each of its new key columns say the same.
  std::erase_if(statements, [&](const Statement& s) {
    return (holds(s, ", MODIFY ORDER BY ") || takes_projection(s)) && !earlier.insert(s.sql).second;
  });
  std::vector<Statement> out;
  for (auto s = statements.rbegin(); s != statements.rend(); ++s) {
    if (said_again(*s) && !later.insert(s->sql).second) continue;
    out.push_back(std::move(*s));
  }
  statements.assign(std::make_move_iterator(out.rbegin()), std::make_move_iterator(out.rend()));
}

}  // namespace trueup::clickhouse
