#include "engine/postgres/dialect.hpp"

#include "base/text.hpp"
#include "engine/apply_support.hpp"
#include "engine/postgres/catalog_names.hpp"
#include "engine/postgres/column_change.hpp"
#include "engine/postgres/extension_words.hpp"
#include "engine/postgres/handlers.hpp"
#include "engine/postgres/lexer.hpp"
#include "engine/postgres/options.hpp"
#include "engine/postgres/types.hpp"
#include "engine/shared_text.hpp"
#include "engine/temporary_database.hpp"
#include "kinds/former_name.hpp"

namespace trueup {

const EngineDialect& postgres_dialect() {
  static const PostgresDialect dialect;
  return dialect;
}

Capabilities PostgresDialect::capabilities() const {
  return {.transactional_ddl = true,
          .multi_clause_alter = true,
          .column_order = false,
          .namespaces = true,
          .unchecked_foreign_keys = false,
          .max_identifier = 63,
          .respells = true,
          .bodies_follow_renames = true};
}

const KindHandler* PostgresDialect::handler(Kind kind) const {
  switch (kind) {
    case Kind::name_space:
      return &postgres_name_space_handler();
    case Kind::extension:
      return &postgres_extension_handler();
    case Kind::enum_type:
      return &postgres_enum_type_handler();
    case Kind::domain:
      return &postgres_domain_handler();
    case Kind::composite_type:
      return &postgres_composite_type_handler();
    case Kind::sequence:
      return &postgres_sequence_handler();
    case Kind::function:
      return &postgres_function_handler();
    case Kind::procedure:
      return &postgres_procedure_handler();
    case Kind::aggregate:
      return &postgres_aggregate_handler();
    case Kind::table:
      return &postgres_table_handler();
    case Kind::column:
      return &postgres_column_handler();
    case Kind::primary_key:
      return &postgres_primary_key_handler();
    case Kind::unique:
      return &postgres_unique_handler();
    case Kind::check:
      return &postgres_check_handler();
    case Kind::exclusion:
      return &postgres_exclusion_handler();
    case Kind::foreign_key:
      return &postgres_foreign_key_handler();
    case Kind::sequence_owner:
      return &postgres_sequence_owner_handler();
    case Kind::index:
      return &postgres_index_handler();
    case Kind::view:
      return &postgres_view_handler();
    case Kind::materialized_view:
      return &postgres_materialized_view_handler();
    case Kind::policy:
      return &postgres_policy_handler();
    case Kind::trigger:
      return &postgres_trigger_handler();
    case Kind::raw:
      return &postgres_raw_handler();
    case Kind::row:
      return &postgres_row_handler();
    case Kind::database:
    case Kind::projection:
    case Kind::dictionary:
    case Kind::event:
    case Kind::virtual_table:
      return nullptr;
  }
  return nullptr;
}

std::span<const OptionSpec> PostgresDialect::options() const {
  return postgres::option_table();
}
std::string PostgresDialect::quote(std::string_view identifier) const {
  return postgres::quote_identifier(identifier);
}
std::string PostgresDialect::literal(std::string_view text) const {
  return postgres::quote_literal(text);
}
std::vector<Token> PostgresDialect::tokens(std::string_view sql) const {
  return postgres::lex(sql);
}
std::string PostgresDialect::lexical_form(std::string_view sql) const {
  return postgres::lexical_form(sql);
}
std::vector<ScriptStatement> PostgresDialect::split(std::string_view script) const {
  return postgres::split_script(script);
}
std::string PostgresDialect::type_sql(const DataType& type) const {
  return postgres::display_type(type);
}

std::string PostgresDialect::canonical_type(std::string_view written) const {
  DataType type;
  type.text = written;
  postgres::resolve_type(Catalog{}, type);
  return type.text;
}

void PostgresDialect::read_rows(Connection& c, const Catalog& desired, Catalog& from) const {
  postgres_read_rows(c, desired, from);
}

namespace {
/// A JSON array as an array literal: `{1,"a b",NULL}`.
std::string array_text(const nlohmann::json& json) {
  std::string out = "{";
  for (const auto& element : json) {
    if (out.size() > 1) out += ',';
    if (element.is_null())
      out += "NULL";
    else if (element.is_array())
      out += array_text(element);
    else {
      const std::string text = element.is_string() ? element.get<std::string>() : element.dump();
      out += '"';
      for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
      }
      out += '"';
    }
  }
  return out + "}";
}
}  // namespace

std::string PostgresDialect::value(const RowValue& value, const DataType& type) const {
  if (value.type == "null") return "NULL";
  if (value.type == "sql") return value.text;
  if (value.type == "bool" && type.text == "boolean") return value.text;
  static constexpr std::array<std::string_view, 6> numbers{"smallint", "integer",          "bigint",
                                                           "real",     "double precision", "numeric"};
  const std::string base = postgres::parse_type(type.text).base;
  if (value.type == "number" && !type.user &&
      std::find(numbers.begin(), numbers.end(), base) != numbers.end())
    return value.text;
  const bool is_array = type.user ? type.suffix == "[]" : type.text.ends_with("[]");
  if (value.type == "json" && is_array) {
    const auto json = nlohmann::json::parse(value.text, nullptr, false);
    if (json.is_array()) return literal(array_text(json));
  }
  return literal(value.text);
}

namespace {
/// Is that the name of a relation, or of a sequence behind a column, there?
bool names_relation(const Catalog& c, const std::string& ns, const std::string& name) {
  if (c.relation(ns, name) != nullptr || c.contains({Kind::sequence, ns, {}, name, {}})) return true;
  const auto columns = c.of_kind(Kind::column);
  return std::any_of(columns.begin(), columns.end(), [&](const auto& entry) {
    const auto& column = std::get<Column>(entry.second);
    return entry.first.ns == ns && column.identity &&
           postgres::identity_sequence(entry.first.owner, entry.first.name, column.options) == name;
  });
}
/// A sequence keeps its name while the table of its column moves.
[[noreturn]] void refuse_move(const ObjectKey& column, const std::string& sequence, const std::string& ns) {
  throw RefusedError(
      {{to_string(column),
        fmt::format("its sequence {} cannot go with the table to namespace {}, where that name is "
                    "taken",
                    sequence, ns),
        "rename the table first and move it afterwards, in two migrations"}});
}

void check_sequence(const ObjectKey& column, const Column& before, const std::string& ns,
                    const Catalog& from) {
  const std::string name = postgres::identity_sequence(column.owner, column.name, before.options);
  if (names_relation(from, ns, name)) refuse_move(column, name, ns);
}

/// A rename leaves the sequence of an identity column its former name, which is no longer the usual one.
void keep_sequence_names(Catalog& from, const Catalog& to) {
  for (const auto& [key, body] : to.objects) {
    const auto* column = std::get_if<Column>(&body);
    if (column == nullptr || !column->identity) continue;
    ObjectKey former = key;
    const ObjectKey owner{Kind::table, key.ns, {}, key.owner, {}};
    const auto* table = to.find<Table>(owner);
    if (table != nullptr && !table->renamed_from.empty() && !from.contains(owner)) {
      const ObjectKey before = former_key(owner, table->renamed_from, from);
      former.ns = before.ns;
      former.owner = before.name;
    }
    ObjectKey renamed = former;
    renamed.name = column->renamed_from;
    if (!column->renamed_from.empty() && !from.contains(former)) former = renamed;
    if (former.ns != key.ns)
      if (const auto* before = from.find<Column>(former); before != nullptr && before->identity)
        check_sequence(former, *before, key.ns, from);
    if (former.owner == key.owner && former.name == key.name) continue;
    if (auto it = from.objects.find(former); it != from.objects.end())
      if (auto& before = std::get<Column>(it->second);
          before.identity && !before.options.contains("sequence"))
        before.options["sequence"] = postgres::identity_sequence(former.owner, former.name, {});
  }
}

/// Puts a statement that ends in `ending` before the first one that begins as it does and goes on with
/// `gain`.
void loss_before_gain(std::vector<Statement>& all, std::string_view ending, std::string_view gain) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!all[i].sql.ends_with(ending)) continue;
    const std::string wanted = all[i].sql.substr(0, all[i].sql.size() - ending.size()) + std::string(gain);
    const auto here = all.begin() + static_cast<std::ptrdiff_t>(i);
    const auto first = std::find_if(all.begin(), here, [&](const Statement& s) {
      return s.sql.starts_with(wanted) && !s.sql.ends_with(ending);
    });
    if (first != here) std::rotate(first, here, here + 1);
  }
}

bool is_routine(Kind kind) {
  return kind == Kind::function || kind == Kind::procedure || kind == Kind::aggregate;
}

/// Names that the body of `CREATE FUNCTION ... LANGUAGE sql AS $$...$$` calls.
std::set<std::string> calls(const std::string& sql) {
  std::set<std::string> out;
  const auto body = sql.find("\nAS $");
  if (sql.find("\nLANGUAGE sql") == std::string::npos || body == std::string::npos) return out;
  const auto tokens =
      postgres::significant(std::string_view(sql).substr(sql.find('$', sql.find('$', body) + 1) + 1));
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i)
    if (tokens[i + 1].text == "(") out.insert(tokens[i].value());
  return out;
}

/// Functions that call each other have no order in which the server finds in each body what it looks up
/// there.
void unchecked_bodies(std::vector<Statement>& all) {
  std::map<std::string, std::size_t> made;  // where a routine of the name comes last
  for (std::size_t i = 0; i < all.size(); ++i)
    if (is_routine(all[i].source.kind) && all[i].verb == "create") made[all[i].source.name] = i;
  if (made.size() < 2) return;
  std::vector<Statement> out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool routine = is_routine(all[i].source.kind) && all[i].sql.starts_with("CREATE ");
    const auto called = routine ? calls(all[i].sql) : std::set<std::string>{};
    if (std::any_of(called.begin(), called.end(), [&](const std::string& name) {
          const auto it = made.find(name);
          return it != made.end() && it->second > i;
        })) {
      Statement off{
          "SET LOCAL check_function_bodies = off", TxMode::inside, {}, all[i].source, all[i].verb, {}};
      out.push_back(std::move(off));
    }
    out.push_back(std::move(all[i]));
  }
  all = std::move(out);
}

/// Tables that refer to each other are logged, or not, in an order of their own, which each of them writes.
void log_once(std::vector<Statement>& all) {
  std::set<std::string> said;
  std::erase_if(all, [&](const Statement& s) {
    return (s.sql.ends_with(" SET UNLOGGED") || s.sql.ends_with(" SET LOGGED")) && !said.insert(s.sql).second;
  });
}

/// What several functions take off goes with the first of them and is back with the last.
void step_aside_once(std::vector<Statement>& all) {
  const auto aside = [](const Statement& s, Verb verb) {
    return s.source.kind == Kind::function && s.verb == to_string(verb) &&
           (s.sql.starts_with("ALTER TABLE ") || s.sql.starts_with("ALTER DOMAIN ") ||
            s.sql.starts_with("COMMENT ON CONSTRAINT "));
  };
  const auto keep_first = [&](Verb verb) {
    std::set<std::string> said;
    std::erase_if(all, [&](const Statement& s) { return aside(s, verb) && !said.insert(s.sql).second; });
  };
  keep_first(Verb::drop);
  std::reverse(all.begin(), all.end());
  keep_first(Verb::create);
  std::reverse(all.begin(), all.end());
}

bool drops_replaced(const Statement& s) {
  return (s.verb == to_string(Verb::alter) || s.verb == to_string(Verb::drop)) &&
         s.sql.starts_with("DROP ") && (s.sql.ends_with("__trueup_old") || s.sql.ends_with("__trueup_old\""));
}

/// Columns and types that change to another type than the one which is replaced let go of the old one in a
/// step of their own. Enums stand on nothing: they go last.
void release_replaced(std::vector<Statement>& all, bool enums) {
  const auto lets_go = [&](const Statement& s, const Statement& drop) {
    if (s.verb != to_string(Verb::alter) || s.source == drop.source) return false;
    if (s.source.kind == Kind::column) return s.sql.find(" TYPE ") != std::string::npos;
    return (s.source.kind == Kind::domain || s.source.kind == Kind::composite_type) &&
           (enums || !drops_replaced(s));
  };
  for (std::size_t i = all.size(); i-- > 0;) {
    if (!drops_replaced(all[i]) || (all[i].source.kind == Kind::enum_type) != enums) continue;
    std::size_t last = i;
    for (std::size_t k = i + 1; k < all.size(); ++k)
      if (lets_go(all[k], all[i])) last = k;
    const auto at = [&](std::size_t n) { return all.begin() + static_cast<std::ptrdiff_t>(n); };
    std::rotate(at(i), at(i + 1), at(last + 1));
  }
}

/// The string token with its carriage returns as escapes: editors and checkouts change the ends of lines.
std::string escaped_string(const Token& t) {
  const char opening = t.text[0];
  if (t.text.find('\r') == std::string_view::npos ||
      std::string_view("'$eE").find(opening) == std::string::npos)
    return std::string(t.text);
  const bool escapes = opening == 'e' || opening == 'E';
  const std::string plain =
      escapes ? std::string(t.text.substr(2, t.text.size() - 3)) : postgres::string_value(t.text);
  std::string out = "E'";
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const char c = plain[i];
    if (c == '\r') {
      out += "\\r";
    } else if (!escapes) {
      if (c == '\'' || c == '\\') out += c;
      out += c;
    } else if (c == '\\' && i + 1 < plain.size()) {
      const char next = plain[++i];
      out += '\\';
      out += next == '\r' ? 'r' : next;
    } else {
      out += c;
    }
  }
  return out + "'";
}

void escape_carriage_returns(std::string& sql) {
  if (sql.find('\r') == std::string::npos) return;
  std::string out;
  for (const auto& t : postgres::lex(sql))
    out += t.type == Token::Type::string ? escaped_string(t) : std::string(t.text);
  sql = std::move(out);
}
}  // namespace

/// A table clusters on one index and has one replica identity: what one of its objects gives up must not undo
/// what another one took before.
void PostgresDialect::arrange(std::vector<Statement>& statements) const {
  loss_before_gain(statements, " SET WITHOUT CLUSTER", " CLUSTER ON ");
  loss_before_gain(statements, " REPLICA IDENTITY DEFAULT", " REPLICA IDENTITY ");
  unchecked_bodies(statements);
  log_once(statements);
  step_aside_once(statements);
  release_replaced(statements, false);
  release_replaced(statements, true);
  for (auto& s : statements) escape_carriage_returns(s.sql);
}

/// Sequences that columns own move with their table; what ties them together has the name of the sequence.
std::vector<std::pair<ObjectKey, ObjectKey>> PostgresDialect::implied_renames(
    const Catalog&, const ObjectKey& old_key, const Catalog& after, const ObjectKey& new_key) const {
  std::vector<std::pair<ObjectKey, ObjectKey>> out;
  const bool moves = old_key.kind == Kind::table && old_key.ns != new_key.ns;
  if (!moves && old_key.kind != Kind::sequence) return out;
  for (const auto& [key, body] : after.of_kind(Kind::sequence_owner)) {
    const auto& tie = std::get<SequenceOwner>(body);
    if (old_key.kind == Kind::sequence && tie.sequence.to == new_key)
      out.emplace_back(key, ObjectKey{Kind::sequence_owner, new_key.ns, {}, new_key.name, {}});
    if (!moves || tie.column.to.ns != new_key.ns || tie.column.to.owner != new_key.name) continue;
    ObjectKey sequence = tie.sequence.to, tied = key;
    sequence.ns = tied.ns = new_key.ns;
    if (after.contains(sequence))
      refuse_move({Kind::column, old_key.ns, old_key.name, tie.column.to.name, {}}, sequence.name,
                  new_key.ns);
    out.emplace_back(tie.sequence.to, std::move(sequence));
    out.emplace_back(key, std::move(tied));
  }
  return out;
}

void PostgresDialect::complete(Catalog& from, Catalog& to) const {
  keep_sequence_names(from, to);
  postgres::follow_moved_extensions(from, to);
  differ_with_columns(from, to, *this);
  const ObjectKey key{Kind::name_space, {}, {}, "public", {}};
  const auto as_born = [&](const Catalog& c) {
    const auto* found = c.find<Namespace>(key);
    return found == nullptr || found->comment.empty();
  };
  if (as_born(from) && as_born(to)) {
    from.objects.erase(key);
    to.objects.erase(key);
  } else {
    from.objects.try_emplace(key, Namespace{});
    to.objects.try_emplace(key, Namespace{});
  }
}

std::unique_ptr<ScratchDatabase> PostgresDialect::scratch_beside(Connection& beside) const {
  return temporary_database(beside, [](Connection& session, const std::string& name) {
    // The same encoding and locale, or expressions could be spelled or sorted differently.
    const auto row = session.query(
        "select pg_encoding_to_char(encoding), datcollate, datctype from pg_database where datname = "
        "current_database()");
    const auto fact = [&](std::size_t i) { return postgres::quote_literal(postgres::text(row.at(0).at(i))); };
    return TemporaryDatabase{
        fmt::format("create database {} template template0 encoding {} lc_collate {} lc_ctype {}", name,
                    fact(0), fact(1), fact(2)),
        "drop database if exists " + name + " with (force)"};
  });
}

}  // namespace trueup
