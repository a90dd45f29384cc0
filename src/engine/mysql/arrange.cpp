// The order of a plan's statements, and the session that they need.
#include <array>
#include <utility>

#include "base/text.hpp"
#include "driver/mysql_session.hpp"
#include "engine/mysql/alter.hpp"
#include "engine/mysql/definition.hpp"
#include "engine/mysql/lexer.hpp"

namespace trueup::mysql {
namespace {
std::string_view after_table(const std::string& sql) {
  const auto line = sql.find('\n');
  return sql.starts_with("ALTER TABLE ") && line != std::string::npos
             ? trim(std::string_view(sql).substr(line))
             : std::string_view();
}
bool drops_foreign_key(const Statement& s) {
  return after_table(s.sql).starts_with("DROP FOREIGN KEY");
}
bool adds_foreign_key(const Statement& s) {
  const auto text = after_table(s.sql);
  if (!text.starts_with("ADD CONSTRAINT `")) return false;
  const auto end = text.find("` ", std::string_view("ADD CONSTRAINT `").size());
  return end != std::string_view::npos && text.substr(end + 2).starts_with("FOREIGN KEY");
}
/// The clauses of an ALTER TABLE, a line each; empty for other statements.
std::vector<std::string> clauses_of(const std::string& sql) {
  const auto text = after_table(sql);
  std::vector<std::string> out;
  if (text.empty()) return out;
  std::string rest(text);
  for (std::size_t at; (at = rest.find(",\n  ")) != std::string::npos; rest.erase(0, at + 4))
    out.push_back(rest.substr(0, at));
  out.push_back(rest);
  return out;
}
std::string head(const std::string& sql) {
  return sql.substr(0, sql.find('\n'));
}
/// Renames within one table are one statement: a check that mentions two of the columns goes and comes once.
bool join_rename(std::vector<Statement>& renames, const Statement& s) {
  for (auto& other : renames) {
    if (head(other.sql) != head(s.sql) || clauses_of(s.sql).empty()) continue;
    auto clauses = clauses_of(other.sql);
    for (auto& clause : clauses_of(s.sql))
      if (std::find(clauses.begin(), clauses.end(), clause) == clauses.end())
        clauses.push_back(std::move(clause));
    other.sql = head(s.sql) + "\n  " + join(clauses, ",\n  ");
    return true;
  }
  return false;
}

const std::string& standard_session() {
  static const std::string sql = "SET sql_mode = " + literal(standard_mode);
  return sql;
}
/// Has the text a string like '0000-00-00' or '2020-01-00 00:00:00'?
bool says_zero_date(const std::string& sql) {
  constexpr std::string_view form = "0000-00-00";
  const auto all = significant(sql);
  return std::any_of(all.begin(), all.end(), [&](const Token& t) {
    if (t.type != Token::Type::string) return false;
    std::string text = string_value(t.text).substr(0, form.size());
    if (text.size() < form.size()) return false;
    const bool zero = text.substr(5, 2) == "00" || text.substr(8, 2) == "00";
    for (auto& c : text)
      if (c >= '0' && c <= '9') c = '0';
    return zero && text == form;
  });
}
/// `CREATE DEFINER=... TRIGGER ...` and the like.
bool makes_program(const std::string& sql) {
  constexpr std::array<std::string_view, 4> programs{"trigger", "function", "procedure", "event"};
  constexpr std::array<std::string_view, 4> others{"table", "view", "database", "sequence"};
  const auto among = [](const Token& t, const auto& words) {
    return std::any_of(words.begin(), words.end(), [&](auto w) { return is_word(t, w); });
  };
  const auto all = significant(sql);
  if (all.empty() || !(is_word(all[0], "create") || is_word(all[0], "alter"))) return false;
  const auto what = std::find_if(all.begin(), all.end(),
                                 [&](const Token& t) { return among(t, programs) || among(t, others); });
  return what != all.end() && among(*what, programs);
}
/// Does it mean something else, or nothing, in a client's own mode: a program, which keeps it, or zero dates?
bool minds_mode(const Statement& s) {
  return s.sql == standard_session() || makes_program(s.sql) || says_zero_date(s.sql);
}
bool sets_mode(const Statement& s) {
  return s.sql.starts_with("SET sql_mode = ");
}
/// Each mode is set once, and that of a migration's own session where it matters.
void set_modes(std::vector<Statement>& all) {
  if (std::any_of(all.begin(), all.end(), minds_mode) && !sets_mode(all.front()))
    all.insert(all.begin(),
               Statement{standard_session(), TxMode::inside, {}, all[0].source, all[0].verb, all[0].because});
  std::string mode;
  std::erase_if(all, [&](const Statement& s) { return sets_mode(s) && std::exchange(mode, s.sql) == s.sql; });
}
}  // namespace

void standard_mode_for(const ObjectKey& table, const RenderContext& context, SqlWriter& w) {
  for (const Catalog* c : {&context.from, &context.to})
    for (const auto& key : c->columns(table))
      if (const auto& value = c->find<Column>(key)->default_value; value && says_zero_date(sql_of(*value))) {
        w.raw(standard_session()).end();
        return;
      }
}

void arrange(std::vector<Statement>& all) {
  std::vector<Statement> renames, first, middle, last;
  for (auto& s : all) {
    if (s.verb == "rename" && join_rename(renames, s)) continue;
    auto& place = s.verb == "rename"     ? renames
                  : drops_foreign_key(s) ? first
                  : adds_foreign_key(s)  ? last
                                         : middle;
    const bool same = &place == &last && !last.empty() && head(last.back().sql) == head(s.sql);
    if (same) {
      last.back().sql += "," + s.sql.substr(head(s.sql).size());
      for (auto& h : s.hazards)
        if (auto& said = last.back().hazards; std::find(said.begin(), said.end(), h) == said.end())
          said.push_back(std::move(h));
    } else {
      place.push_back(std::move(s));
    }
  }
  all.clear();
  for (auto* part : {&renames, &first, &middle, &last})
    for (auto& s : *part) all.push_back(std::move(s));
  set_modes(all);
}

}  // namespace trueup::mysql
