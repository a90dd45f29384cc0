#include "engine/clickhouse/cluster.hpp"

#include "base/text.hpp"
#include "engine/clickhouse/lexer.hpp"

namespace trueup::clickhouse {
namespace {
using Tokens = std::span<const Token>;

bool replicated(const Token& token) {
  const std::string name = token.value();
  return name.starts_with("Replicated") && name.ends_with("MergeTree");
}

/// Offset behind a token of `sql`.
std::size_t behind(std::string_view sql, const Token& token) {
  return static_cast<std::size_t>(token.text.data() - sql.data()) + token.text.size();
}

bool any_word(Tokens all, std::size_t i, std::initializer_list<std::string_view> words) {
  return i < all.size() &&
         std::any_of(words.begin(), words.end(), [&](auto word) { return is_word(all[i], word); });
}

/// Index of the name that `CREATE [OR REPLACE] [MATERIALIZED] <kind> [IF [NOT] EXISTS]`, or ALTER, DROP or
/// DELETE, is about; 0 when it is no such statement.
std::size_t subject(Tokens all) {
  std::size_t i = 1;
  if (any_word(all, 0, {"delete"})) return any_word(all, i, {"from"}) ? i + 1 : 0;
  if (!any_word(all, 0, {"create", "alter", "drop"})) return 0;
  if (any_word(all, i, {"or"})) i += 2;
  if (any_word(all, i, {"materialized"})) ++i;
  if (!any_word(all, i, {"table", "view", "dictionary", "function"})) return 0;
  ++i;
  if (any_word(all, i, {"if"})) i += any_word(all, i + 1, {"not"}) ? std::size_t{3} : std::size_t{2};
  return i < all.size() && is_name(all[i]) ? i : 0;
}

/// `ENGINE = ReplicatedMergeTree(version)` with path and replica before the other arguments.
std::string with_path(const std::string& sql, const Cluster& cluster) {
  if (cluster.path.empty()) return sql;
  const std::string place =
      literal(cluster.path) + ", " + literal(cluster.replica.empty() ? "{replica}" : cluster.replica);
  const auto all = significant(sql);
  for (std::size_t i = 2; i < all.size(); ++i) {
    if (!is_word(all[i - 2], "engine") || !is_symbol(all[i - 1], "=") || !replicated(all[i])) continue;
    std::string out = sql;
    if (i + 1 >= all.size() || !is_symbol(all[i + 1], "("))
      return out.insert(behind(sql, all[i]), "(" + place + ")");
    if (i + 2 < all.size() && all[i + 2].type == Token::Type::string) return sql;
    const bool empty = i + 2 < all.size() && is_symbol(all[i + 2], ")");
    return out.insert(behind(sql, all[i + 1]), place + (empty ? "" : ", "));
  }
  return sql;
}

/// SELECT throwIf(...) FROM t WHERE ...: rows may be on any server.
std::string everywhere(const std::string& sql, Tokens all, const std::string& cluster) {
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    if (is_symbol(all[i], "(")) {
      i = closing(all, i);
      continue;
    }
    if (!is_word(all[i], "from") || !is_name(all[i + 1])) continue;
    std::string out = sql;
    const std::string table = fmt::format("clusterAllReplicas({}, currentDatabase(), {})", literal(cluster),
                                          literal(all[i + 1].value()));
    return out.replace(behind(sql, all[i + 1]) - all[i + 1].text.size(), all[i + 1].text.size(), table);
  }
  return sql;
}

/// INSERT INTO t (...) SELECT ... FROM t: a row that gets another key.
bool copies_row(const Statement& s, Tokens all) {
  if (s.source.kind != Kind::row || !any_word(all, 0, {"insert"})) return false;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (is_symbol(all[i], "("))
      i = closing(all, i);
    else if (is_word(all[i], "from"))
      return true;
  }
  return false;
}

void spread(Statement& s, const Cluster& cluster) {
  const auto all = significant(s.sql);
  if (copies_row(s, all))
    throw RefusedError(
        {{to_string(s.source), "values of the table's keys change, and the row may be on another server",
          "move the row by hand with `trueup new`, where it is"}});
  const bool replaced = any_word(all, 0, {"create"}) && any_word(all, 1, {"or"});
  if (s.verb == to_string(Verb::rebuild) && !replaced)
    throw RefusedError(
        {{to_string(s.source), "a rebuild copies the rows of one server only",
          "make the new table by hand with `trueup new`, and have each server copy its rows"}});
  if (s.source.kind == Kind::raw) return;  // as its author wrote it
  const std::string on = " ON CLUSTER " + quote(cluster.name);
  if (any_word(all, 0, {"rename", "exchange"})) {
    s.sql += on;
  } else if (const std::size_t name = subject(all); name > 0) {
    std::string sql = s.sql;
    sql.insert(behind(s.sql, all[name]), on);
    s.sql = with_path(sql, cluster);
  } else if (any_word(all, 0, {"select"})) {
    s.sql = everywhere(s.sql, all, cluster.name);
  } else if (any_word(all, 0, {"insert"})) {
    s.hazards.push_back(
        {HazardKind::other, "goes to the server of the URL, and to the replicas of its shard"});
  }
}

/// Arguments of `Name(a, b)`.
std::vector<Tokens> arguments(Tokens engine) {
  if (engine.size() < 3 || !is_symbol(engine[1], "(") || closing(engine, 1) >= engine.size()) return {};
  return by_commas(engine.subspan(2, closing(engine, 1) - 2));
}
/// Index of the engine's name behind the first `ENGINE =`; 0 when there is none.
std::size_t engine_of(Tokens all) {
  for (std::size_t i = 2; i < all.size(); ++i)
    if (is_word(all[i - 2], "engine") && is_symbol(all[i - 1], "=")) return i;
  return 0;
}
constexpr std::string_view replicated_prefix = "Replicated";
}  // namespace

std::optional<Unreplicated> without_replication(const std::string& sql) {
  const auto all = significant(sql);
  const std::size_t name = subject(all), engine = engine_of(all);
  if (name == 0 || engine == 0 || !any_word(all, 0, {"create"}) || !replicated(all[engine]))
    return std::nullopt;
  Unreplicated out{sql, all[name].value(), {}};
  const auto given = arguments(Tokens(all).subspan(engine));
  const bool placed = given.size() > 1 && given[0].size() == 1 && given[0][0].type == Token::Type::string;
  const std::size_t begin = behind(sql, all[engine]) - all[engine].text.size();
  if (placed) {
    const std::size_t from = behind(sql, all[engine + 1]);
    const bool more = given.size() > 2;
    const std::size_t to = more ? behind(sql, given[2][0]) - given[2][0].text.size()
                                : behind(sql, all[closing(all, engine + 1)]) - 1;
    out.place = literal(unquoted(given[0][0].text)) + ", " + text_of(given[1]);
    out.sql.erase(from, to - from);
  }
  out.sql.erase(begin, replicated_prefix.size());
  return out;
}

std::string Unreplicated::restored(const std::string& definition) const {
  const auto all = significant(definition);
  const std::size_t engine = engine_of(all);
  if (engine == 0) return definition;
  std::string out = definition;
  const bool open = engine + 1 < all.size() && is_symbol(all[engine + 1], "(");
  if (!place.empty()) {
    const bool more = open && engine + 2 < all.size() && !is_symbol(all[engine + 2], ")");
    if (open)
      out.insert(behind(definition, all[engine + 1]), place + (more ? ", " : ""));
    else
      out.insert(behind(definition, all[engine]), "(" + place + ")");
  }
  return out.insert(behind(definition, all[engine]) - all[engine].text.size(), replicated_prefix);
}

std::optional<Distribution> distribution(const std::string& sql) {
  const auto all = significant(sql);
  const std::size_t name = subject(all), engine = engine_of(all);
  if (name == 0 || engine == 0 || !any_word(all, 0, {"create"}) || !is_word(all[engine], "distributed"))
    return std::nullopt;
  const auto given = arguments(Tokens(all).subspan(engine));
  if (given.size() < 3 || given[0].size() != 1) return std::nullopt;
  const Token& cluster = given[0][0];
  return Distribution{all[name].value(),
                      cluster.type == Token::Type::string ? unquoted(cluster.text) : cluster.value()};
}

std::string with_cluster(const std::string& sql, const std::string& cluster) {
  const auto all = significant(sql);
  const std::size_t engine = engine_of(all);
  if (engine == 0 || engine + 2 >= all.size() || !is_word(all[engine], "distributed")) return sql;
  const Token& now = all[engine + 2];
  std::string out = sql;
  return out.replace(behind(sql, now) - now.text.size(), now.text.size(), literal(cluster));
}

void spread(std::vector<Statement>& statements, const Cluster& cluster) {
  for (auto& s : statements) spread(s, cluster);
}

std::string with_path_of(const std::string& desired, const std::string& current) {
  const auto want = significant(desired), have = significant(current);
  if (want.empty() || have.empty() || !replicated(want[0]) || want[0].value() != have[0].value())
    return desired;
  const auto wanted = arguments(want), held = arguments(have);
  const auto text = [](const Tokens& t) { return t.size() == 1 && t[0].type == Token::Type::string; };
  if ((!wanted.empty() && text(wanted[0])) || held.size() != wanted.size() + 2 || !text(held[0]))
    return desired;
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if (name_form(text_of(wanted[i])) != name_form(text_of(held[i + 2]))) return desired;
  // What follows the arguments (keys of a view's own table) is the author's.
  const std::size_t end_of_want =
      wanted.empty() ? (want.size() > 2 && is_symbol(want[1], "(") ? 3 : 1) : closing(want, 1) + 1;
  const std::size_t end_of_have = closing(have, 1) + 1;
  std::string out = text_of(std::span(have).first(end_of_have));
  if (end_of_want < want.size()) out += " " + text_of(std::span(want).subspan(end_of_want));
  return out;
}

}  // namespace trueup::clickhouse
