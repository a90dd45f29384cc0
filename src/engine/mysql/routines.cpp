#include "engine/mysql/routines.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/text.hpp"
#include "driver/mysql_session.hpp"
#include "engine/mysql/definition.hpp"
#include "engine/mysql/lexer.hpp"
#include "engine/mysql/show_create.hpp"
#include "engine/mysql/types.hpp"

namespace trueup::mysql {
namespace {
std::string option(const Options& options, const char* name) {
  const auto it = options.find(name);
  return it == options.end() ? std::string() : it->second;
}

std::string characteristics(const Options& options, const std::string& volatility,
                            const std::string& comment) {
  std::string out;
  if (volatility == "immutable") out += "\n    DETERMINISTIC";
  if (const auto access = option(options, "data_access"); !access.empty()) out += "\n    " + access;
  if (const auto security = option(options, "security"); !security.empty())
    out += "\n    SQL SECURITY " + security;
  if (!comment.empty()) out += "\n    COMMENT " + literal(comment);
  return out;
}
}  // namespace

std::string trigger_body(const std::string& create) {
  Cursor c(create);
  while (!c.accept({"for", "each", "row"})) c.take();
  if (c.accept("follows") || c.accept("precedes")) c.take();
  if (c.done()) c.fail("a body");
  return c.rest();
}
std::string event_body(const std::string& create) {
  Cursor c(create);
  while (!c.accept("do")) c.take();
  if (c.done()) c.fail("a body");
  return c.rest();
}
void skip_characteristics(Cursor& c) {
  for (;;) {
    if (c.accept("comment"))
      c.take();
    else if (!c.accept({"language", "sql"}) && !c.accept("deterministic") &&
             !c.accept({"not", "deterministic"}) && !c.accept({"contains", "sql"}) &&
             !c.accept({"no", "sql"}) && !c.accept({"reads", "sql", "data"}) &&
             !c.accept({"modifies", "sql", "data"}) && !c.accept({"sql", "security", "definer"}) &&
             !c.accept({"sql", "security", "invoker"}))
      break;
  }
  if (c.done()) c.fail("a body");
}

std::string definer_clause(const Options& options) {
  const std::string definer = option(options, "definer");
  if (definer.empty()) return {};
  const auto at = definer.rfind('@');
  if (at == std::string::npos) return " DEFINER=" + backquoted(definer);
  return " DEFINER=" + backquoted(definer.substr(0, at)) + "@" + backquoted(definer.substr(at + 1));
}

namespace {
/// Those among which the order counts have the same timing and events.
bool same_moment(const Trigger& a, const Trigger& b) {
  return a.timing == b.timing && a.events == b.events;
}
}  // namespace

std::optional<ObjectKey> followed_trigger(const Catalog& catalog, const ObjectKey& trigger) {
  const Trigger& t = *catalog.find<Trigger>(trigger);
  ObjectKey key = child_key(Kind::trigger, trigger.owner, option(t.options, "follows"));
  const auto* other = catalog.find<Trigger>(key);
  if (other == nullptr || key == trigger || !same_moment(t, *other)) return std::nullopt;
  return key;
}

std::vector<ObjectKey> triggers_in_order(const Catalog& catalog, const ObjectKey& table) {
  std::map<ObjectKey, std::vector<ObjectKey>> behind;
  const auto all = catalog.children(table, Kind::trigger);
  std::vector<ObjectKey> todo, out;
  for (auto key = all.rbegin(); key != all.rend(); ++key) {
    const auto first = followed_trigger(catalog, *key);
    (first ? behind[*first] : todo).push_back(*key);
  }
  while (!todo.empty()) {
    out.push_back(todo.back());
    todo.pop_back();
    const auto& next = behind[out.back()];
    todo.insert(todo.end(), next.begin(), next.end());
  }
  for (const auto& key : all)  // they follow each other in a circle: the plan will say so
    if (out.size() < all.size() && std::find(out.begin(), out.end(), key) == out.end()) out.push_back(key);
  return out;
}

void chain_triggers(Catalog& catalog) {
  std::set<ObjectKey> tables;
  for (const auto& [key, body] : catalog.of_kind(Kind::trigger)) tables.insert(table_key(key.owner));
  for (const auto& table : tables) {
    std::vector<ObjectKey> before;
    for (const auto& key : triggers_in_order(catalog, table)) {
      Trigger& t = std::get<Trigger>(catalog.objects.at(key));
      const auto previous = std::find_if(before.rbegin(), before.rend(), [&](const ObjectKey& k) {
        return same_moment(t, *catalog.find<Trigger>(k));
      });
      const bool open = !t.options.contains("follows") || followed_trigger(catalog, key);
      if (open && previous != before.rend()) t.options["follows"] = previous->name;
      before.push_back(key);
    }
  }
}

void stand_on_each_other(Catalog& catalog) {
  for (const auto& [key, body] : catalog.of_kind(Kind::trigger))
    if (auto first = followed_trigger(catalog, key)) catalog.uses[key].hard.insert(std::move(*first));
}

namespace {
/// Not strict; strict, but a division by zero is null: words of our own for modes that are off.
constexpr std::string_view loose = "LOOSE", null_division = "NULL_FOR_DIVISION_BY_ZERO";
constexpr std::string_view division_error = "ERROR_FOR_DIVISION_BY_ZERO";

/// In the order in which they are written. Others are names for several of these, or of no matter to what
/// stands in a program.
constexpr std::array meaningful{std::string_view("ALLOW_INVALID_DATES"),
                                std::string_view("ANSI_QUOTES"),
                                std::string_view("EMPTY_STRING_IS_NULL"),
                                std::string_view("HIGH_NOT_PRECEDENCE"),
                                std::string_view("IGNORE_SPACE"),
                                std::string_view("NO_AUTO_VALUE_ON_ZERO"),
                                std::string_view("NO_BACKSLASH_ESCAPES"),
                                std::string_view("NO_UNSIGNED_SUBTRACTION"),
                                std::string_view("NO_ZERO_DATE"),
                                std::string_view("NO_ZERO_IN_DATE"),
                                std::string_view("ONLY_FULL_GROUP_BY"),
                                std::string_view("PAD_CHAR_TO_FULL_LENGTH"),
                                std::string_view("PIPES_AS_CONCAT"),
                                std::string_view("REAL_AS_FLOAT"),
                                std::string_view("SIMULTANEOUS_ASSIGNMENT"),
                                std::string_view("STRICT_ALL_TABLES"),
                                std::string_view("TIME_ROUND_FRACTIONAL"),
                                std::string_view("TIME_TRUNCATE_FRACTIONAL"),
                                loose,
                                null_division};

/// `TRADITIONAL` is several modes.
std::set<std::string> flags_of(std::string_view sql_mode) {
  std::set<std::string> out;
  for (const auto& flag : split(upper(sql_mode), ',')) {
    out.emplace(trim(flag));
    if (trim(flag) == "TRADITIONAL")
      for (const char* part : {"STRICT_TRANS_TABLES", "STRICT_ALL_TABLES", "NO_ZERO_IN_DATE", "NO_ZERO_DATE",
                               division_error.data()})
        out.emplace(part);
  }
  return out;
}

std::string mode_text(const std::set<std::string>& flags) {
  std::string out;
  for (const auto flag : meaningful)
    if (flags.contains(std::string(flag))) out += (out.empty() ? "" : ",") + std::string(flag);
  return out;
}

/// The whole mode, of what is other than in the standard one.
std::string full_mode(const std::string& own) {
  std::string out, base(standard_mode);
  for (const auto& flag : split(own, ',')) {
    if (flag == loose)
      base = "NO_ENGINE_SUBSTITUTION";
    else if (flag == null_division)
      base = "STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION";
    else
      out += "," + flag;
  }
  return base + out;
}
}  // namespace

std::optional<std::string> meaningful_mode(std::string_view sql_mode, std::string_view text) {
  auto flags = flags_of(sql_mode);
  const auto has = [&](std::string_view flag) { return flags.contains(std::string(flag)); };
  if (has("ORACLE") || has("MSSQL") || has("DB2")) return std::nullopt;
  if (has("NO_BACKSLASH_ESCAPES") && text.find('\\') != std::string_view::npos) return std::nullopt;
  if (!has("STRICT_TRANS_TABLES") && !has("STRICT_ALL_TABLES"))
    flags.emplace(loose);
  else if (!has(division_error))
    flags.emplace(null_division);
  return mode_text(flags);
}

Options* program_options(ObjectBody& body) {
  if (auto* f = std::get_if<Function>(&body)) return &f->options;
  if (auto* p = std::get_if<Procedure>(&body)) return &p->options;
  if (auto* t = std::get_if<Trigger>(&body)) return &t->options;
  if (auto* e = std::get_if<Event>(&body)) return &e->options;
  return nullptr;
}
const Options* program_options(const ObjectBody& body) {
  return program_options(const_cast<ObjectBody&>(body));
}

std::string collation_clause(const Options& options) {
  if (const std::string collation = option(options, "collation"); !collation.empty())
    return " COLLATE = " + collation;
  const std::string charset = option(options, "charset");
  return charset.empty() ? std::string() : " CHARACTER SET = " + charset;
}

ProgramSession::ProgramSession(const Catalog& to, const Options& options, SqlWriter& w, Zone zone) : w_(w) {
  // No variable of the session does it: the servers look at the database.
  if (const std::string collation = option(options, "database_collation"); !collation.empty()) {
    collation_ = collation_clause(to.find<Database>(database_key())->options);
    w_.raw("ALTER DATABASE COLLATE = " + collation);
    w_.end(TxMode::inside, {{HazardKind::other, "until the program is made, which remembers it"}});
  }
  if (const std::string mode = option(options, "sql_mode"); !mode.empty()) {
    w_.raw("SET sql_mode = " + literal(full_mode(mode))).end();
    mode_ = true;
  }
  if (zone == Zone::irrelevant) return;
  const std::string written = option(options, "time_zone");
  w_.raw("SET time_zone = " + literal(written.empty() ? standard_zone : written)).end();
  zone_ = !written.empty();
}
ProgramSession::~ProgramSession() noexcept(false) {
  if (mode_) w_.raw("SET sql_mode = " + literal(standard_mode)).end();
  if (zone_) w_.raw("SET time_zone = " + literal(standard_zone)).end();
  if (!collation_.empty()) w_.raw("ALTER DATABASE" + collation_).end();
}

std::string trigger_header(const ObjectKey& key, const Trigger& t) {
  return "TRIGGER " + backquoted(key.name) + " " + t.timing + " " + join(t.events, " or ") + " ON " +
         backquoted(key.owner) + " FOR EACH ROW\n";
}
bool same_header(const std::string& a, const std::string& b) {
  const auto x = significant(a), y = significant(b);
  return std::equal(x.begin(), x.end(), y.begin(), y.end(), [](const Token& s, const Token& t) {
    return s.type == Token::Type::word && t.type == Token::Type::word ? same_word(s.text, t.text)
                                                                      : s.value() == t.value();
  });
}

void create_trigger(const Catalog& catalog, const ObjectKey& key, SqlWriter& w) {
  const Trigger& t = *catalog.find<Trigger>(key);
  const ProgramSession session(catalog, t.options, w);
  std::string header = trigger_header(key, t);
  const std::string written = option(t.options, "header");
  if (same_header(header, written)) header = written;
  // MariaDB takes this clause and the blanks before it out of the text that it keeps.
  if (const auto first = option(t.options, "follows"); !first.empty())
    header.insert(header.find_last_not_of(" \t\r\n") + 1, " FOLLOWS " + backquoted(first));
  w.raw("CREATE" + definer_clause(t.options) + " " + header + sql_of(t.body)).end();
}
void drop_trigger(const ObjectKey& key, SqlWriter& w) {
  w.raw("DROP TRIGGER " + backquoted(key.name)).end();
}

std::string create_routine(const ObjectKey& key, const Function& f) {
  return "CREATE" + definer_clause(f.options) + " FUNCTION " + backquoted(key.name) + "(" + f.arguments +
         ") RETURNS " + f.returns + characteristics(f.options, f.volatility, f.comment) + "\n" +
         sql_of(f.body);
}
std::string create_routine(const ObjectKey& key, const Procedure& p) {
  return "CREATE" + definer_clause(p.options) + " PROCEDURE " + backquoted(key.name) + "(" + p.arguments +
         ")" +
         characteristics(p.options, option(p.options, "deterministic") == "true" ? "immutable" : "",
                         p.comment) +
         "\n" + sql_of(p.body);
}

bool collates_otherwise(const std::string& sql) {
  const auto all = significant(sql);
  for (std::size_t i = 0; i + 2 < all.size(); ++i) {
    const bool introduced = i > 0 && all[i - 1].type == Token::Type::word && all[i - 1].text.starts_with('_');
    const bool collated = all[i].type == Token::Type::string && is_word(all[i + 1], "collate");
    if (collated && !introduced && charset_of(lower(all[i + 2].value())) != "utf8mb4") return true;
  }
  return false;
}

std::string create_view(const ObjectKey& key, const View& v) {
  std::string out = "CREATE OR REPLACE";
  if (const auto algorithm = option(v.options, "algorithm"); !algorithm.empty())
    out += " ALGORITHM=" + algorithm;
  out += definer_clause(v.options);
  if (const auto security = option(v.options, "security"); !security.empty())
    out += " SQL SECURITY " + security;
  out += " VIEW " + backquoted(key.name);
  std::vector<std::string> columns;
  for (const auto& c : v.columns) columns.push_back(backquoted(c));
  if (!columns.empty()) out += " (" + join(columns, ", ") + ")";
  out += " AS\n" + sql_of(v.query);
  if (const auto check = option(v.options, "check_option"); !check.empty())
    out += "\nWITH " + check + " CHECK OPTION";
  return out;
}

void normalize_routine_options(Options& options) {
  if (const auto it = options.find("sql_mode"); it != options.end()) {
    it->second = mode_text(flags_of(it->second));
    if (it->second.empty()) options.erase(it);
  }
  if (const auto it = options.find("time_zone"); it != options.end() && it->second == standard_zone)
    options.erase(it);
  for (const char* name : {"data_access", "security", "algorithm", "check_option", "deterministic"})
    if (const auto it = options.find(name); it != options.end()) it->second = lower(it->second);
  std::erase_if(options, [](const auto& o) {
    return (o.first == "data_access" && o.second == "contains sql") ||
           (o.first == "security" && o.second == "definer") ||
           (o.first == "algorithm" && o.second == "undefined") ||
           (o.first == "check_option" && o.second == "none") ||
           (o.first == "deterministic" && o.second == "false");
  });
}

}  // namespace trueup::mysql
