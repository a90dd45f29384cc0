#include "engine/clickhouse/definition.hpp"

#include "base/text.hpp"
#include "engine/clickhouse/build.hpp"
#include "engine/clickhouse/lexer.hpp"
#include "engine/clickhouse/types.hpp"
#include "engine/conventional_name.hpp"

namespace trueup::clickhouse {
namespace {
using Tokens = std::span<const Token>;

Expr expr(Tokens t) {
  std::string text = text_of(t);
  return Expr{text, text};
}

/// Keywords as the server prints them are in upper case, names that could be taken for them in backticks.
bool at(Tokens t, std::size_t i, std::span<const std::string_view> words) {
  for (auto word : words) {
    if (i >= t.size() || t[i].type != Token::Type::word || t[i].text != word) return false;
    ++i;
  }
  return true;
}

bool at(Tokens t, std::size_t i, std::initializer_list<std::string_view> words) {
  return at(t, i, std::span(words.begin(), words.size()));
}

struct Clause {
  std::size_t which = 0;  ///< index in the list of starters
  Tokens body;            ///< what follows the words
  Tokens whole;
};
using Starter = std::vector<std::string_view>;

/// Cuts `t` at the starters, each found outside of brackets and after the ones before it in the list.
std::vector<Clause> clauses(Tokens t, const std::vector<Starter>& starters) {
  std::vector<Clause> out;
  std::size_t next = 0;
  for (std::size_t i = 0; i < t.size(); ++i) {
    if (is_symbol(t[i], "(") || is_symbol(t[i], "[") || is_symbol(t[i], "{")) {
      i = closing(t, i);
      if (i >= t.size()) throw Unreadable("its brackets do not match");
      continue;
    }
    for (std::size_t s = next; s < starters.size(); ++s) {
      if (!at(t, i, starters[s])) continue;
      if (!out.empty()) {
        out.back().body = out.back().body.first(out.back().body.size() - (t.size() - i));
        out.back().whole = out.back().whole.first(out.back().whole.size() - (t.size() - i));
      }
      out.push_back({s, t.subspan(i + starters[s].size()), t.subspan(i)});
      i += starters[s].size() - 1;
      next = s + 1;
      break;
    }
    if (out.empty()) throw Unreadable("it has an unknown clause: " + std::string(t[i].text));
  }
  return out;
}

Options settings(Tokens t) {
  Options out;
  for (const auto& one : by_commas(t)) {
    if (one.size() < 3 || !is_symbol(one[1], "=")) throw Unreadable("its settings cannot be read");
    const Tokens value = one.subspan(2);
    out[one[0].value()] = value.size() == 1 ? unquoted(value[0].text) : text_of(value);
  }
  return out;
}

std::string string_of(Tokens t) {
  if (t.size() != 1 || t[0].type != Token::Type::string) throw Unreadable("its comment cannot be read");
  return unquoted(t[0].text);
}

/// Inside of `( ... )`, which must be all of `t`.
Tokens inside(Tokens t) {
  if (t.size() < 2 || !is_symbol(t[0], "(") || closing(t, 0) + 1 != t.size())
    throw Unreadable("a clause is not in parentheses");
  return t.subspan(1, t.size() - 2);
}

void add_column(const std::string& table, Tokens t, std::int64_t position, Catalog& out) {
  static const std::vector<Starter> starters{{"DEFAULT"},    {"MATERIALIZED"}, {"ALIAS"},
                                             {"EPHEMERAL"},  {"COMMENT"},      {"CODEC"},
                                             {"STATISTICS"}, {"TTL"},          {"SETTINGS"}};
  Column column;
  column.position = position;
  std::size_t type = 1;
  auto starts = [&](std::size_t i) {
    return std::any_of(starters.begin(), starters.end(), [&](const Starter& s) { return at(t, i, s); });
  };
  while (type < t.size() && !starts(type)) type = is_symbol(t[type], "(") ? closing(t, type) + 1 : type + 1;
  if (type > t.size()) throw Unreadable("its brackets do not match");
  column.type.text = canonical_type(text_of(t.subspan(1, type - 1)));
  if (column.type.text.starts_with("Nested("))
    throw Unreadable("it has a column of type Nested that is not flat");
  for (const auto& clause : clauses(t.subspan(type), starters)) {
    switch (clause.which) {
      case 0:
        column.default_value = expr(clause.body);
        break;
      case 1:
      case 2:
        column.generated = expr(clause.body);
        column.generated_kind = clause.which == 1 ? "stored" : "virtual";
        break;
      case 3:
        if (!clause.body.empty()) column.default_value = expr(clause.body);
        column.options["ephemeral"] = "1";
        break;
      case 4:
        column.comment = string_of(clause.body);
        break;
      case 5:
        column.codec = expr(inside(clause.body));
        break;
      case 6:
        column.options["statistics"] = text_of(inside(clause.body));
        break;
      case 7:
        column.ttl = expr(clause.body);
        break;
      case 8:
        column.options.merge(settings(inside(clause.body)));
        break;
      default:
        break;
    }
  }
  out.objects.emplace(child_key(Kind::column, table, t[0].value()), std::move(column));
}

/// `a`, `(a, lower(b))`, `n.a`: columns of the table as references, all else as expressions.
std::vector<IndexPart> parts(const std::string& table, Tokens t, const Catalog& catalog) {
  std::vector<Tokens> each{t};
  if (t.size() > 1 && is_symbol(t[0], "(") && closing(t, 0) + 1 == t.size())
    each = by_commas(t.subspan(1, t.size() - 2));
  std::vector<IndexPart> out;
  for (auto one : each) {
    IndexPart part;
    if (one.size() > 1 && at(one, one.size() - 1, {"DESC"})) {
      part.order = "desc";
      one = one.first(one.size() - 1);
    }
    std::string name;
    for (const auto& token : one) name += token.value();
    const ObjectKey column = child_key(Kind::column, table, name);
    if (!one.empty() && is_name(one[0]) && catalog.contains(column))
      part.column = Ref{column};
    else
      part.expression = expr(one);
    out.push_back(std::move(part));
  }
  return out;
}

void add_index(const std::string& table, Tokens t, Catalog& out) {
  std::size_t type = 2;
  while (type < t.size() && !at(t, type, {"TYPE"}))
    type = is_symbol(t[type], "(") ? closing(t, type) + 1 : type + 1;
  if (type >= t.size()) throw Unreadable("an index cannot be read");
  Index index;
  index.on = parts(table, t.subspan(2, type - 2), out);
  for (const auto& clause : clauses(t.subspan(type), {{"TYPE"}, {"GRANULARITY"}})) {
    if (clause.which == 0) index.method = text_of(clause.body);
    if (clause.which == 1 && text_of(clause.body) != usual_granularity(index.method))
      index.options["granularity"] = text_of(clause.body);
  }
  out.objects.emplace(child_key(Kind::index, table, t[1].value()), std::move(index));
}

void add_part(const std::string& table, Tokens t, Catalog& out) {
  if (t.size() < 3) throw Unreadable("a part of it cannot be read");
  if (at(t, 0, {"INDEX"})) return add_index(table, t, out);
  if (at(t, 0, {"PROJECTION"})) {
    const std::size_t close = closing(t, 2);  // behind it may be settings
    const Expr query = expr(at(t, close + 1, {"WITH", "SETTINGS"}) ? t.subspan(2) : inside(t.subspan(2)));
    out.objects.emplace(child_key(Kind::projection, table, t[1].value()), Projection{query, {}});
    return;
  }
  const bool assume = at(t, 2, {"ASSUME"});
  if (!at(t, 0, {"CONSTRAINT"}) || (!assume && !at(t, 2, {"CHECK"})))
    throw Unreadable("a part of it cannot be read");
  Check check;
  check.expression = expr(t.subspan(3));
  check.not_enforced = assume;
  out.objects.emplace(child_key(Kind::check, table, t[1].value()), std::move(check));
}

void add_body(const std::string& table, Tokens body, Catalog& out) {
  std::int64_t position = 0;
  for (const auto& element : by_commas(body))
    if (!element.empty() && element[0].type == Token::Type::quoted_identifier)
      add_column(table, element, ++position, out);
  for (const auto& element : by_commas(body))
    if (!element.empty() && element[0].type != Token::Type::quoted_identifier) add_part(table, element, out);
}

/// What is left of the statement when the given clauses are taken out, as a comparable text.
std::string comparable(Tokens all, const std::vector<Tokens>& without) {
  std::string out;
  for (const auto& token : all) {
    const bool left_out = std::any_of(without.begin(), without.end(), [&](const Tokens& w) {
      return !w.empty() && token.text.data() >= w.front().text.data() &&
             token.text.data() <= w.back().text.data();
    });
    // The server quotes fewer names than we do; as a keyword or as a name it is in the same place.
    if (!left_out) out += bare(token) + " ";
  }
  return lexical_form(out);
}

/// A column or a part of a table as a comparable text: the order of a column's settings says nothing, nor do
/// parentheses around what an index is over.
std::string comparable_element(Tokens element) {
  if (at(element, 0, {"INDEX"}) && element.size() > 3 && is_symbol(element[2], "(")) {
    const std::size_t close = closing(element, 2);
    if (at(element, close + 1, {"TYPE"}) && by_commas(element.subspan(3, close - 3)).size() == 1)
      return comparable(element, {element.subspan(2, 1), element.subspan(close, 1)});
  }
  for (std::size_t i = 1; i + 1 < element.size(); ++i) {
    if (is_symbol(element[i], "(")) i = closing(element, i);
    if (!at(element, i, {"SETTINGS"}) || closing(element, i + 1) + 1 != element.size()) continue;
    std::vector<std::string> all;
    for (const auto& one : by_commas(inside(element.subspan(i + 1)))) all.push_back(comparable(one, {}));
    std::sort(all.begin(), all.end());
    return comparable(element.first(i), {}) + " SETTINGS " + join(all, ", ");
  }
  return comparable(element, {});
}

/// A CREATE TABLE as a comparable text: the server keeps columns in order, and the parts of a table in the
/// order in which they came, which says nothing.
std::string comparable_table(Tokens all, const std::vector<Tokens>& without) {
  constexpr std::size_t head = 3;
  const std::size_t close = closing(all, head);
  std::vector<std::string> columns, parts;
  for (const auto& element : by_commas(all.subspan(head + 1, close - head - 1))) {
    const bool part =
        at(element, 0, {"INDEX"}) || at(element, 0, {"PROJECTION"}) || at(element, 0, {"CONSTRAINT"});
    (part ? parts : columns).push_back(comparable_element(element));
  }
  std::sort(parts.begin(), parts.end());
  return join(columns, ", ") + "; " + join(parts, ", ") + "; " + comparable(all.subspan(close + 1), without);
}

void add_table(const std::string& name, Tokens all, Catalog& out) {
  static const std::vector<Starter> starters{{"ENGINE"},      {"PARTITION", "BY"}, {"PRIMARY", "KEY"},
                                             {"ORDER", "BY"}, {"SAMPLE", "BY"},    {"TTL"},
                                             {"SETTINGS"},    {"COMMENT"}};
  constexpr std::size_t head = 3;  // CREATE TABLE name
  if (all.size() < head + 2 || !is_symbol(all[head], "(")) throw Unreadable("it has no list of columns");
  const std::size_t close = closing(all, head);
  Catalog built;
  add_body(name, all.subspan(head + 1, close - head - 1), built);
  Table table;
  std::vector<Tokens> apart;
  std::vector<IndexPart> primary;
  for (const auto& clause : clauses(all.subspan(close + 1), starters)) {
    switch (clause.which) {
      case 0:
        table.engine = expr(clause.body.subspan(1));
        break;
      case 1:
        table.partition_by = expr(clause.body);
        break;
      case 2:
        primary = parts(name, clause.body, built);
        apart.push_back(clause.whole);
        break;
      case 3:
        table.order_by = expr(clause.body);
        break;
      case 4:
        table.sample_by = expr(clause.body);
        break;
      case 5:
        table.ttl = expr(clause.body);
        break;
      case 6:
        table.options = settings(clause.body);
        apart.push_back(clause.whole);
        break;
      case 7:
        table.comment = string_of(clause.body);
        break;
      default:
        break;
    }
  }
  const ObjectKey key = table_key(name);
  Options kept = std::exchange(table.options, {});
  built.objects.emplace(key, table);
  std::set<ObjectKey> children;
  for (const auto& child : built.children(key)) children.insert(child);
  // Written again it must be what the server says, or something of it was not understood.
  const std::string ours = create_table(key, built, children);
  if (comparable_table(all, apart) != comparable_table(significant(ours), {}))
    throw Unreadable("it does not come out the same when written again");
  std::get<Table>(built.objects.at(key)).options = std::move(kept);
  if (!primary.empty()) {
    PrimaryKey body;
    body.on = std::move(primary);
    built.objects.emplace(child_key(Kind::primary_key, name, conventional_name(name, {}, "pkey")),
                          std::move(body));
  }
  out.objects.merge(built.objects);
}

/// Takes `COMMENT 'text'` off the end.
std::string take_comment(Tokens& t) {
  if (t.size() < 3 || !at(t, t.size() - 2, {"COMMENT"}) || t.back().type != Token::Type::string) return {};
  const std::string out = unquoted(t.back().text);
  t = t.first(t.size() - 2);
  return out;
}

/// `DEFINER = x SQL SECURITY y` at `i`.
Options take_security(Tokens t, std::size_t& i) {
  Options out;
  if (at(t, i, {"DEFINER"}) && i + 2 < t.size()) {
    out["definer"] = t[i + 2].value();
    i += 3;
  }
  if (at(t, i, {"SQL", "SECURITY"}) && i + 2 < t.size()) {
    out["sql_security"] = t[i + 2].text;
    i += 3;
  }
  return out;
}

/// COMMENT 'text' at `i`: before the query since ClickHouse 25, behind it before.
std::string comment_at(Tokens t, std::size_t& i) {
  if (i + 1 >= t.size() || !at(t, i, {"COMMENT"}) || t[i + 1].type != Token::Type::string) return {};
  i += 2;
  return unquoted(t[i - 1].text);
}

void skip_parentheses(Tokens t, std::size_t& i) {
  while (i < t.size() && is_symbol(t[i], "(")) i = closing(t, i) + 1;
}

void add_view(const std::string& name, Tokens all, Catalog& out) {
  View view;
  view.comment = take_comment(all);
  std::size_t i = 3;
  skip_parentheses(all, i);
  view.options = take_security(all, i);
  if (view.comment.empty()) view.comment = comment_at(all, i);
  if (!at(all, i, {"AS"}) || i + 1 >= all.size()) throw Unreadable("its query cannot be found");
  view.query = expr(all.subspan(i + 1));
  out.objects.emplace(ObjectKey{Kind::view, "", "", name, ""}, std::move(view));
}

void add_materialized_view(const std::string& name, Tokens all, Catalog& out) {
  MaterializedView view;
  view.comment = take_comment(all);
  std::size_t i = 4;
  auto until = [&](std::initializer_list<std::string_view> stops) {
    const std::size_t first = i;
    while (i < all.size() &&
           !std::any_of(stops.begin(), stops.end(), [&](auto s) { return at(all, i, {s}); })) {
      const bool list = is_symbol(all[i], "(");
      if (list && std::find(stops.begin(), stops.end(), "(") != stops.end()) break;
      i = list ? closing(all, i) + 1 : i + 1;
    }
    return all.subspan(first, std::min(i, all.size()) - first);
  };
  if (at(all, i, {"REFRESH"})) {
    ++i;
    view.refresh = expr(until({"TO", "ENGINE", "DEFINER", "AS", "COMMENT", "("}));
  }
  if (at(all, i, {"TO"})) {
    ++i;
    view.to = expr(until({"DEFINER", "AS", "SQL", "COMMENT", "("}));
  }
  skip_parentheses(all, i);
  if (at(all, i, {"ENGINE"})) view.storage = expr(until({"DEFINER", "AS", "SQL", "COMMENT"}));
  view.options = take_security(all, i);
  if (view.comment.empty()) view.comment = comment_at(all, i);
  if (!at(all, i, {"AS"}) || i + 1 >= all.size()) throw Unreadable("its query cannot be found");
  view.query = expr(all.subspan(i + 1));
  out.objects.emplace(ObjectKey{Kind::materialized_view, "", "", name, ""}, std::move(view));
}

void add_dictionary(const std::string& name, Tokens all, Catalog& out) {
  static const std::vector<Starter> starters{{"PRIMARY", "KEY"}, {"SOURCE"},   {"LIFETIME"}, {"LAYOUT"},
                                             {"RANGE"},          {"SETTINGS"}, {"COMMENT"}};
  if (all.size() < 5 || !is_symbol(all[3], "(")) throw Unreadable("it has no list of columns");
  for (const auto& token : all)
    if (token.type == Token::Type::string && token.text == "'[HIDDEN]'")
      throw Unreadable("the server does not show its password");
  const std::size_t close = closing(all, 3);
  Dictionary d;
  std::vector<Tokens> apart;
  for (const auto& element : by_commas(all.subspan(4, close - 4)))
    if (element.size() > 1) d.columns.push_back({element[0].value(), expr(element.subspan(1))});
  for (const auto& clause : clauses(all.subspan(close + 1), starters)) {
    if (clause.which == 0)
      for (const auto& k : by_commas(clause.body))
        d.primary_key.push_back(k.size() == 1 ? k[0].value() : text_of(k));
    if (clause.which == 1) d.source = expr(inside(clause.body));
    if (clause.which == 2) d.lifetime = expr(inside(clause.body));
    if (clause.which == 3) d.layout = expr(inside(clause.body));
    if (clause.which == 4) d.range = expr(inside(clause.body));
    if (clause.which == 5) d.options = settings(inside(clause.body)), apart.push_back(clause.whole);
    if (clause.which == 6) d.comment = string_of(clause.body);
  }
  Dictionary plain = d;
  plain.options.clear();
  const std::string ours = create_dictionary("CREATE", name, plain);
  if (comparable(all, apart) != comparable(significant(ours), {}))
    throw Unreadable("it does not come out the same when written again");
  out.objects.emplace(ObjectKey{Kind::dictionary, "", "", name, ""}, std::move(d));
}

/// Is the string at `i` the database as an argument of an engine or a source?
bool names_database(Tokens t, std::size_t i) {
  if (i == 0) return false;
  if (at(t, i - 1, {"DB"})) return true;
  if (i < 2 || !is_symbol(t[i - 1], "("))
    return i >= 4 && is_symbol(t[i - 1], ",") && at(t, i - 4, {"Distributed"});
  return at(t, i - 2, {"Buffer"}) || at(t, i - 2, {"Merge"});
}
}  // namespace

std::string unqualified(std::string_view sql, const std::string& database,
                        const std::set<std::string>& relations) {
  const auto all = tokens(sql);
  const auto solid = significant(sql);
  std::string out;
  std::size_t n = 0;  // index among the significant ones
  std::size_t skip = 0;
  auto own_text = [&](const std::string& text) {
    return text.starts_with(database + ".") && relations.contains(text.substr(database.size() + 1));
  };
  for (const auto& token : all) {
    if (token.type == Token::Type::blank || token.type == Token::Type::comment) {
      out += token.text;
      continue;
    }
    const std::size_t i = n++;
    if (skip > 0) {
      --skip;
      continue;
    }
    const bool after_dot = i > 0 && is_symbol(solid[i - 1], ".");
    const bool qualifies = is_name(token) && token.value() == database && !after_dot &&
                           i + 2 < solid.size() && is_symbol(solid[i + 1], ".") && is_name(solid[i + 2]);
    if (qualifies && relations.contains(solid[i + 2].value())) {
      skip = 1;
      continue;
    }
    if (is_name(token) && token.value() == database && i > 0 && is_word(solid[i - 1], "as"))
      throw Unreadable("it has an alias that is named as the database");
    if (token.type == Token::Type::string) {
      const std::string text = unquoted(token.text);
      if (text == database && names_database(solid, i)) {
        out += "currentDatabase()";
        continue;
      }
      if (own_text(text) && i > 1 && is_symbol(solid[i - 1], "(") &&
          (lower(solid[i - 2].text).starts_with("dict") || lower(solid[i - 2].text).starts_with("joinget"))) {
        out += literal(text.substr(database.size() + 1));
        continue;
      }
    }
    out += token.text;
  }
  return out;
}

void add_definition(Kind kind, const std::string& name, std::string_view sql, Catalog& out) {
  const auto all = significant(sql);
  if (all.size() < 5 || !at(all, 0, {"CREATE"})) throw Unreadable("the server does not show its definition");
  if (kind == Kind::table)
    add_table(name, all, out);
  else if (kind == Kind::view)
    add_view(name, all, out);
  else if (kind == Kind::materialized_view)
    add_materialized_view(name, all, out);
  else
    add_dictionary(name, all, out);
}

}  // namespace trueup::clickhouse
