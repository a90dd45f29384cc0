#include "engine/mysql/introspect.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "base/text.hpp"
#include "engine/mysql/definition.hpp"
#include "engine/mysql/fidelity.hpp"
#include "engine/mysql/lexer.hpp"
#include "engine/mysql/routines.hpp"
#include "engine/mysql/types.hpp"

namespace trueup::mysql {
namespace {
std::string text(const Cell& cell) {
  return cell.value_or(std::string());
}

constexpr std::string_view relations_query =
    "select table_name, table_type from information_schema.tables where table_schema = database() order by 1";
constexpr std::string_view views_query =
    "select table_name, check_option, definer, security_type from information_schema.views "
    "where table_schema = database()";
constexpr std::string_view triggers_query =
    "select trigger_name, event_object_table, action_timing, event_manipulation, action_order, "
    "action_statement, "
    "definer, sql_mode, database_collation from information_schema.triggers where trigger_schema = "
    "database() "
    "order by event_object_table, action_timing, event_manipulation, action_order";
constexpr std::string_view routines_query =
    "select routine_name, routine_type, dtd_identifier, routine_definition, is_deterministic, "
    "sql_data_access, "
    "security_type, definer, sql_mode, routine_comment, routine_body, database_collation from "
    "information_schema.routines "
    "where routine_schema = database()";
constexpr std::string_view sequence_type_query =
    "select data_type from information_schema.sequences where sequence_schema = database() and "
    "sequence_name = ?";
constexpr std::string_view database_query =
    "select default_character_set_name, default_collation_name, {} from information_schema.schemata where "
    "schema_name = database()";
constexpr std::string_view events_query =
    "select event_name, event_definition, event_type, execute_at, interval_value, interval_field, starts, "
    "ends, "
    "status, on_completion, event_comment, definer, sql_mode, time_zone, database_collation from "
    "information_schema.events "
    "where event_schema = database()";

class Introspection {
 public:
  Introspection(Connection& c, const Scope& scope) : c_(c), scope_(scope), server_(server_of(c)) {}

  Catalog run() {
    out_.ordered_columns = true;
    out_.server = fmt::format("{} {}{}{}{}", c_.vendor(), c_.version(), connected_as, server_.user,
                              server_.folds_names ? folding_server : std::string_view());
    for (const auto& row : c_.query(relations_query)) {
      const std::string name = text(row[0]), type = text(row[1]);
      if (name == scope_.ignore_table) {
        item(table_key(name), Standing::ignored, "trueup's own");
      } else if (type == "BASE TABLE" || type == "SYSTEM VERSIONED") {
        tables_.push_back(name);
      } else if (type == "VIEW") {
        views_.push_back(name);
      } else if (type == "SEQUENCE") {
        sequences_.push_back(name);
      } else {
        unmodelled(table_key(name), type, type);
      }
    }
    database();
    tables();
    views();
    sequences();
    triggers();
    routines();
    events();
    return std::move(out_);
  }

 private:
  void item(const ObjectKey& key, Standing standing, std::string detail = {}) {
    out_.inventory.push_back({to_string(key), standing, std::move(detail)});
  }
  void unmodelled(const ObjectKey& key, const std::string& definition, std::string_view why) {
    unmodelled(to_string(key), definition, why);
  }
  void unmodelled(const std::string& name, const std::string& definition, std::string_view why) {
    const std::string digest = sha256(definition);
    out_.unmodelled[name] = digest;
    out_.inventory.push_back({name, Standing::unmodelled, fmt::format("{} ({})", digest, why)});
  }
  std::string definer(const Cell& cell) const {
    return text(cell) == server_.user ? std::string() : text(cell);
  }

  /// One round trip for many objects.
  std::vector<ResultRow> show(std::string_view what, const std::vector<std::string>& names) {
    constexpr std::size_t batch = 200;
    std::vector<ResultRow> out;
    for (std::size_t i = 0; i < names.size(); i += batch) {
      std::string sql;
      for (std::size_t n = i; n < std::min(i + batch, names.size()); ++n)
        sql +=
            (sql.empty() ? "SHOW CREATE " : ";SHOW CREATE ") + std::string(what) + " " + backquoted(names[n]);
      for (auto& row : c_.query(sql)) out.push_back(std::move(row));
    }
    return out;
  }

  /// The statements that made programs, by name. Only they hold the strings as they were written:
  /// information_schema shows what the strings stand for (MySQL 9.7: `'it's'` for `'it''s'`).
  std::map<std::string, std::string> sources(std::string_view what, const std::vector<std::string>& names) {
    const std::size_t column = what == "EVENT" ? 3 : 2;
    std::map<std::string, std::string> out;
    for (const auto& row : show(what, names)) out.emplace(text(row.at(0)), text(row.at(column)));
    return out;
  }
  static const std::string& source(const std::map<std::string, std::string>& all, const std::string& name) {
    const auto it = all.find(name);
    if (it == all.end()) throw ParseError("no statement");
    return it->second;
  }

  /// MariaDB names the own database, too: of a sequence that a default draws from, and in a view whose
  /// definer is not there of every column and function.
  std::string without_database(std::string sql) const {
    if (sql.find(backquoted(server_.database) + ".") == std::string::npos) return sql;
    const auto all = tokens(sql);
    const auto is = [&](std::size_t i, std::string_view symbol) {
      return i < all.size() && is_symbol(all[i], symbol);
    };
    std::string out;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const bool own = all[i].type == Token::Type::quoted_identifier && all[i].value() == server_.database;
      const bool sequence = i > 1 && is(i - 1, "(") && is_word(all[i - 2], "nextval");
      if (own && is(i + 1, ".") && !(i > 0 && is(i - 1, ".")) &&
          (sequence || is(i + 3, ".") || is(i + 3, "(")))
        ++i;
      else
        out += all[i].text;
    }
    return out;
  }
  void tables() {
    struct Read {
      std::string name, sql;
      Catalog part;
    };
    std::vector<Read> all;
    std::set<std::string> lost;
    for (const auto& row : show("TABLE", tables_)) {
      Read r{text(row.at(0)), without_database(text(row.at(1))), {}};
      try {
        read_create_table(r.sql, server_, r.part);
        check_fidelity(r.sql, r.part, table_key(r.name));
        all.push_back(std::move(r));
      } catch (const ParseError& e) {
        unmodelled(table_key(r.name), without_counter(r.sql), e.what());
        lost.insert(r.name);
      }
    }
    // A table that refers to an unmodelled one cannot be modelled either: repeat until none falls out.
    for (bool again = true; again;) {
      again = false;
      for (auto& r : all) {
        const std::string why = lost.contains(r.name) ? std::string() : refers(r.part, lost);
        if (why.empty()) continue;
        unmodelled(table_key(r.name), without_counter(r.sql), why);
        lost.insert(r.name);
        again = true;
      }
    }
    for (auto& r : all) {
      if (lost.contains(r.name)) continue;
      item(table_key(r.name), Standing::managed);
      out_.objects.merge(r.part.objects);
    }
  }
  /// Why its references make a table unmodelled, too; empty when they do not.
  std::string refers(const Catalog& part, const std::set<std::string>& lost) const {
    for (const auto& [key, body] : part.objects) {
      const auto* fk = std::get_if<ForeignKey>(&body);
      if (fk == nullptr) continue;
      const std::string& table = fk->ref_table.to.name;
      if (lost.contains(table)) return fmt::format("{} refers to {}, which is unmodelled", key.name, table);
      if (std::find(tables_.begin(), tables_.end(), table) == tables_.end())
        return fmt::format("{} refers to {}, which is not there", key.name, table);
    }
    return {};
  }

  void views() {
    std::map<std::string, ResultRow> facts;
    if (!views_.empty())
      for (auto& row : c_.query(views_query)) facts.emplace(text(row[0]), row);
    for (const auto& row : show("VIEW", views_)) {
      const ObjectKey key{Kind::view, {}, {}, text(row.at(0)), {}};
      const std::string sql = without_database(text(row.at(1)));
      try {
        out_.objects.emplace(key, view(sql, facts.at(key.name)));
        item(key, Standing::managed);
      } catch (const ParseError& e) {
        unmodelled(key, sql, e.what());
      }
    }
  }
  View view(const std::string& sql, const ResultRow& facts) const {
    View v;
    Cursor c(sql);
    c.expect("create");
    if (c.accept({"algorithm", "="})) v.options["algorithm"] = lower(c.name());
    while (!c.at("view")) c.take();
    c.expect("view");
    c.name();
    if (c.at("("))  // MySQL only
      for (const auto& column : c.elements()) v.columns.push_back(Cursor(column).name());
    c.expect("as");
    std::string query = c.rest();
    if (text(facts[1]) != "NONE") {
      v.options["check_option"] = text(facts[1]);
      const auto with = query.rfind(" WITH ");
      if (with == std::string::npos) throw ParseError("no check option");
      query.resize(with);
    }
    if (collates_otherwise(query)) throw ParseError("a string has another character set than utf8mb4");
    v.options["security"] = text(facts[3]);
    if (const auto who = definer(facts[2]); !who.empty()) v.options["definer"] = who;
    v.query = Expr{query, query};
    normalize_routine_options(v.options);
    return v;
  }

  void sequences() {
    const bool typed = server_.version >= 110500;  // CREATE SEQUENCE s AS int UNSIGNED
    for (const auto& name : sequences_) {
      const ObjectKey key{Kind::sequence, {}, {}, name, {}};
      const auto rows = c_.query(
          "select start_value, minimum_value, maximum_value, increment, cache_size, cycle_option from " +
          backquoted(name));
      Sequence s;
      std::array<std::int64_t, 6> numbers{};
      bool fits = true;
      for (std::size_t i = 0; i < numbers.size(); ++i) {
        const std::string digits = text(rows.at(0).at(i));
        const auto r = std::from_chars(digits.data(), digits.data() + digits.size(), numbers[i]);
        fits = fits && r.ec == std::errc{};
      }
      const std::array<Cell, 1> args{name};
      const std::string type = typed ? text(c_.query(sequence_type_query, args).at(0).at(0)) : "bigint";
      if (!fits) {
        unmodelled(key, type + join(texts(rows.at(0)), ","), "a number beyond 64 bits");
        continue;
      }
      if (type != "bigint") s.type = type;
      s.options.start = numbers[0];
      s.options.minimum = numbers[1];
      s.options.maximum = numbers[2];
      s.options.increment = numbers[3];
      s.options.cache = numbers[4];
      s.options.cycle = numbers[5] != 0;
      out_.objects.emplace(key, std::move(s));
      item(key, Standing::managed);
    }
  }
  static std::vector<std::string> texts(const ResultRow& row) {
    std::vector<std::string> out;
    for (const auto& cell : row) out.push_back(text(cell));
    return out;
  }

  void database() {
    const auto row =
        c_.query(fmt::format(database_query, server_.mariadb ? "schema_comment" : "default_encryption"))
            .at(0);
    Database d;
    collation_ = canonical_charset(text(row[1]));
    put_collation(server_, canonical_charset(text(row[0])), collation_, d.options);
    if (server_.mariadb)
      d.comment = text(row[2]);
    else if (text(row[2]) == "YES")
      d.options["encryption"] = "Y";
    item(database_key(), Standing::managed);
    out_.objects.emplace(database_key(), std::move(d));
  }
  /// What a program remembers of the database.
  void remembered(Options& options, const Cell& collation) const {
    const std::string then = canonical_charset(text(collation));
    if (!then.empty() && then != collation_) options["database_collation"] = then;
  }

  void triggers() {
    const auto rows = c_.query(triggers_query);
    std::vector<std::string> names;
    for (const auto& row : rows) names.push_back(text(row[0]));
    const auto shown = sources("TRIGGER", names);
    std::string previous, group;
    for (const auto& row : rows) {
      const ObjectKey key = child_key(Kind::trigger, text(row[1]), text(row[0]));
      const std::string mine = text(row[1]) + " " + text(row[2]) + " " + text(row[3]);
      Trigger t;
      t.timing = lower(text(row[2]));
      t.events = {lower(text(row[3]))};
      t.level = "row";
      if (const auto who = definer(row[6]); !who.empty()) t.options["definer"] = who;
      if (mine == group) t.options["follows"] = previous;
      group = mine;
      previous = key.name;
      try {
        const std::string& create = source(shown, key.name);
        const std::string body = trigger_body(create);
        t.body = Expr{body, body};
        if (!modes(t.options, row[7], body) || !out_.contains(table_key(key.owner)))
          throw ParseError("its mode, or its table");
        remembered(t.options, row[8]);
        if (server_.mariadb) header(key, t, create);
        out_.objects.emplace(key, std::move(t));
        item(key, Standing::managed);
      } catch (const ParseError& e) {
        unmodelled(key, text(row[5]) + text(row[7]), e.what());
      }
    }
  }
  /// MariaDB keeps the statement as it was written. Only what stands between definer and body is ours to
  /// keep.
  static void header(const ObjectKey& key, Trigger& t, const std::string& shown) {
    Cursor c(shown);
    c.expect("create");
    while (!c.done() && !c.at("trigger")) c.take();
    const std::string from = c.rest();
    const std::string body = sql_of(t.body);
    if (!from.ends_with(body)) return;
    const std::string written = from.substr(0, from.size() - body.size());
    const std::string usual = trigger_header(key, t);
    if (written != usual && same_header(written, usual)) t.options["header"] = written;
  }
  /// Notes the modes that matter; false when the program cannot be read as we read SQL.
  static bool modes(Options& options, const Cell& sql_mode, const std::string& body) {
    const auto mode = meaningful_mode(text(sql_mode), body);
    if (mode && !mode->empty()) options["sql_mode"] = *mode;
    return mode.has_value();
  }

  void routines() {
    const auto rows = c_.query(routines_query);
    std::map<std::string, std::vector<std::string>> names;
    for (const auto& row : rows) names[text(row[1])].push_back(text(row[0]));
    const auto functions = sources("FUNCTION", names["FUNCTION"]);
    const auto procedures = sources("PROCEDURE", names["PROCEDURE"]);
    for (const auto& row : rows) {
      const bool function = text(row[1]) == "FUNCTION";
      const ObjectKey key{function ? Kind::function : Kind::procedure, {}, {}, text(row[0]), {}};
      const bool known =
          (function || text(row[1]) == "PROCEDURE") && (text(row[10]).empty() || text(row[10]) == "SQL");
      if (!known || !row[3]) {
        unmodelled(fmt::format("{} {}", lower(text(row[1])), quote(text(row[0]))),
                   text(row[3]) + text(row[8]), known ? "no body to be seen" : "its language");
        continue;
      }
      try {
        routine(key, row, source(function ? functions : procedures, key.name));
        item(key, Standing::managed);
      } catch (const ParseError& e) {
        unmodelled(key, text(row[3]) + text(row[8]), e.what());
      }
    }
  }
  void routine(const ObjectKey& key, const ResultRow& row, const std::string& create) {
    Cursor c(create);
    while (!c.at("function") && !c.at("procedure"))
      if (is_word(c.take(), "aggregate")) throw ParseError("an aggregate");  // MariaDB
    c.take();
    if (c.at_type(Token::Type::string))  // "name", under ANSI_QUOTES
      c.take();
    else
      c.name();
    const std::string arguments = c.raw_group();  // kept as they were written
    const std::string result = key.kind == Kind::function ? returns(c) : std::string();
    skip_characteristics(c);
    const std::string body = c.rest();
    Options options;
    if (!modes(options, row[8], body)) throw ParseError("its mode");
    remembered(options, row[11]);
    options["data_access"] = text(row[5]);
    options["security"] = text(row[6]);
    if (const auto who = definer(row[7]); !who.empty()) options["definer"] = who;
    normalize_routine_options(options);
    const bool deterministic = text(row[4]) == "YES";
    if (key.kind == Kind::function) {
      Function f;
      f.arguments = arguments;
      f.returns = result;
      f.body = {body, body};
      if (deterministic) f.volatility = "immutable";
      f.options = std::move(options);
      f.comment = text(row[9]);
      out_.objects.emplace(key, std::move(f));
      return;
    }
    Procedure p;
    p.arguments = arguments;
    p.body = {body, body};
    if (deterministic) options["deterministic"] = "true";
    p.options = std::move(options);
    p.comment = text(row[9]);
    out_.objects.emplace(key, std::move(p));
  }
  static std::string returns(Cursor& c) {
    c.expect("returns");
    const std::size_t first = c.position();
    c.take();
    if (c.at("(")) c.skip();
    while (c.at("unsigned") || c.at("zerofill")) c.take();
    if (c.accept("charset")) c.name();
    if (c.accept("collate")) c.name();
    return c.text_since(first);
  }

  /// Of the units made of two, the server quotes the number itself.
  static std::string interval(const std::string& value) {
    return value.starts_with('\'') ? value : literal(value);
  }
  void events() {
    const auto rows = c_.query(events_query);
    std::vector<std::string> names;
    for (const auto& row : rows) names.push_back(text(row[0]));
    const auto shown = sources("EVENT", names);
    for (const auto& row : rows) {
      const ObjectKey key{Kind::event, {}, {}, text(row[0]), {}};
      Event e;
      try {
        const std::string body = event_body(source(shown, key.name));
        e.body = Expr{body, body};
        if (!modes(e.options, row[12], body)) throw ParseError("its mode");
      } catch (const ParseError& error) {
        std::string all;
        for (const auto& cell : row) all += text(cell) + "|";
        unmodelled(key, all, error.what());
        continue;
      }
      const bool once = text(row[2]) == "ONE TIME";
      e.schedule = once ? "at " + literal(text(row[3]))
                        : "every " + interval(text(row[4])) + " " + lower(text(row[5]));
      e.starts = text(row[6]);
      e.ends = text(row[7]);
      const std::string status = text(row[8]);
      e.enabled = status == "ENABLED" ? "" : status == "DISABLED" ? "disabled" : "disabled on replica";
      e.preserve = text(row[9]) == "PRESERVE";
      e.comment = text(row[10]);
      if (const auto who = definer(row[11]); !who.empty()) e.options["definer"] = who;
      e.options["time_zone"] = text(row[13]);
      remembered(e.options, row[14]);
      out_.objects.emplace(key, std::move(e));
      item(key, Standing::managed);
    }
  }

  Connection& c_;
  const Scope& scope_;
  const Server server_;
  Catalog out_;
  std::vector<std::string> tables_, views_, sequences_;
  std::string collation_;  // of the database
};
}  // namespace

Server server_of(Connection& c) {
  Server s;
  s.mariadb = c.vendor() == "MariaDB";
  s.version = c.version();
  const auto facts = c.query("select current_user(), @@lower_case_table_names, database()").at(0);
  s.user = text(facts.at(0));
  s.database = text(facts.at(2));
  s.folds_names = text(facts.at(1)) == "1";
  for (const auto& row :
       c.query("select character_set_name, default_collate_name from information_schema.character_sets"))
    s.default_collations[text(row[0])] = text(row[1]);
  if (s.mariadb && s.version >= 110201) {
    const std::string own = text(c.query("select @@character_set_collations").at(0).at(0));
    for (const auto& pair : split(own, ','))
      if (const auto at = pair.find('='); at != std::string::npos)
        s.default_collations[pair.substr(0, at)] = pair.substr(at + 1);
  }
  return s;
}

Catalog introspect(Connection& c, const Scope& scope) {
  return Introspection(c, scope).run();
}

}  // namespace trueup::mysql
