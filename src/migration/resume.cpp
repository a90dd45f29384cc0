#include "migration/resume.hpp"

#include "base/text.hpp"
#include "migration/execute.hpp"

namespace trueup {
namespace {
std::string first_word(std::string_view text) {
  const auto stop = text.find(' ');
  return lower(text.substr(0, stop));
}

/// Does the statement name the object, or the relation it belongs to? A prepared one (EXECUTE IMMEDIATE
/// '...') is looked into.
bool mentions(std::string_view sql, const ObjectKey& key, const EngineDialect& dialect) {
  bool word = false, name = false, prepared = false;
  for (const Token& token : dialect.tokens(sql)) {
    if (token.type == Token::Type::blank || token.type == Token::Type::comment) continue;
    if (prepared && token.type == Token::Type::string)
      return mentions(token.text.substr(1, token.text.size() - 2), key, dialect);
    if (!word) {
      const std::string first = lower(token.text);
      if (prepared ? first == "immediate" : first == "execute") {
        prepared = true;
        continue;
      }
      constexpr std::array<std::string_view, 5> known{"create", "alter", "drop", "rename", "exchange"};
      if (std::find(known.begin(), known.end(), first) == known.end()) return false;
      word = true;
    }
    const std::string value = lower(token.value());
    // A rebuild works on a table beside it, whose name begins with its own.
    name = name || value == lower(key.name) || value.starts_with(lower(key.name) + "_") ||
           (info(key.kind).owned && value == lower(key.owner));
  }
  return name;
}

const MigrationStatement* statement_at(const MigrationScript& script, std::int64_t done) {
  const auto counted = counted_statements(script);
  const auto index = static_cast<std::size_t>(done);
  return index < counted.size() ? &script.statements[counted[index]] : nullptr;
}

std::string named(const MigrationStatement* statement) {
  if (statement == nullptr) return "";
  std::string text = one_line(statement->title.empty() ? statement->script.sql : statement->title);
  if (text.size() > 120) text = text.substr(0, 117) + "...";
  return fmt::format(" (`{}`)", text);
}

/// What an interrupted run is called in messages.
[[noreturn]] void ask_a_person(const MigrationScript& script, const HistoryEntry& e, const std::string& why) {
  const MigrationStatement* statement = statement_at(script, e.done);
  throw InputError(
      fmt::format("an earlier run was cut off in statement {} of {}{}, which commits by itself: {}",
                  e.done + 1, e.total, named(statement), why),
      fmt::format(
          "look in the database. If the statement took effect, go on behind it with --resume-at {}; if "
          "it did not, remove what it may have left behind and run it again with --resume-at {}",
          e.done + 2, e.done + 1),
      Place{script.path, statement == nullptr ? 0 : statement->script.line, 0});
}

/// Did the statement in flight take effect? Asks a person when the catalog does not tell.
bool took_effect(Connection& connection, const EngineDialect& dialect, const MigrationScript& script,
                 const HistoryEntry& e) {
  const MigrationStatement* statement = statement_at(script, e.done);
  const auto nature = statement == nullptr
                          ? InDoubt::ask_person
                          : apply_support(dialect).in_doubt(connection, statement->script.sql);
  if (nature == InDoubt::run_again) return false;
  if (nature == InDoubt::ask_person || e.in_doubt.empty())
    ask_a_person(script, e, "it may or may not have taken effect, and nothing in the catalog tells");
  for (const auto& key : objects_of(*statement, dialect))
    if (const auto now = apply_support(dialect).definition(connection, key); !now.complete)
      ask_a_person(
          script, e,
          fmt::format("it stopped in the middle, and {} is there but cannot be used", to_string(key)));
  const std::string now = doubt_digest(connection, dialect, *statement);
  if (now.empty())
    ask_a_person(script, e, "it may or may not have taken effect, and the catalog cannot be read");
  return now != e.in_doubt;
}

void check_done_part(const MigrationScript& script, const HistoryEntry& e) {
  if (e.done == 0 || e.done_checksum == statements_checksum(script, e.done)) return;
  throw InputError(
      fmt::format("an earlier run stopped after statement {} of {}, and the statements up to there were "
                  "edited since",
                  e.done, e.total),
      "restore them as they were run; only what comes after may be corrected", Place{script.path, 0, 0});
}
}  // namespace

std::vector<std::size_t> counted_statements(const MigrationScript& script) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < script.statements.size(); ++i) {
    const TxMode tx = script.statements[i].script.tx;
    if (tx != TxMode::before && tx != TxMode::after) out.push_back(i);
  }
  return out;
}

std::optional<ObjectKey> object_in_title(std::string_view title) {
  const std::string verb = first_word(title);
  constexpr std::array<std::string_view, 5> verbs{"create", "alter", "drop", "rename", "rebuild"};
  if (std::find(verbs.begin(), verbs.end(), verb) == verbs.end()) return std::nullopt;
  const std::string_view text = title.substr(verb.size());
  for (std::size_t from = 0; from != std::string_view::npos;) {  // a name may hold what looks like a tail
    from = std::min(text.find(" (because of ", from), text.find(" [", from));
    try {
      return parse_key(trim(text.substr(0, from)));
    } catch (const InputError&) {
      if (from != std::string_view::npos) ++from;
    }
  }
  return std::nullopt;
}

std::vector<ObjectKey> objects_of(const MigrationStatement& statement, const EngineDialect& dialect) {
  const auto key = object_in_title(statement.title);
  if (key && mentions(statement.script.sql, *key, dialect)) return {*key};
  return {};
}

std::string doubt_digest(Connection& connection, const EngineDialect& dialect,
                         const MigrationStatement& statement) {
  const auto keys = objects_of(statement, dialect);
  std::string all;
  for (const auto& key : keys) {
    const auto found = apply_support(dialect).definition(connection, key);
    if (!found.known) return {};
    all += fmt::format("{}\n{}\n", to_string(key), found.text);
  }
  return keys.empty() ? std::string() : sha256(all);
}

std::int64_t resume_point(Connection& connection, const EngineDialect& dialect, const MigrationScript& script,
                          const HistoryEntry& e, std::optional<std::int64_t> resume_at) {
  check_done_part(script, e);
  if (resume_at) {
    const bool fits = *resume_at == e.done + 1 || (e.in_flight && *resume_at == e.done + 2);
    if (!fits)
      throw InputError(fmt::format("--resume-at {}: the earlier run stopped {} statement {} of {}",
                                   *resume_at, e.in_flight ? "in" : "before", e.done + 1, e.total),
                       e.in_flight
                           ? fmt::format("it can go on with statement {} or {}", e.done + 1, e.done + 2)
                           : "leave the flag out: it goes on there by itself",
                       Place{script.path, 0, 0});
    return *resume_at - 1;
  }
  if (!e.in_flight) return e.done;
  return took_effect(connection, dialect, script, e) ? e.done + 1 : e.done;
}

}  // namespace trueup
