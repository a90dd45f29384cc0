#include "migration/unsaid_losses.hpp"

#include "base/text.hpp"
#include "migration/resume.hpp"

namespace trueup {
namespace {
/// The words of one statement.
class Words {
 public:
  Words(std::string_view sql, const EngineDialect& dialect) {
    for (auto& t : dialect.tokens(sql))
      if (t.type != Token::Type::blank && t.type != Token::Type::comment) all_.push_back(std::move(t));
  }
  bool done() const { return at_ >= all_.size(); }
  void next() { ++at_; }
  bool is(std::string_view word, std::size_t ahead = 0) const {
    return at_ + ahead < all_.size() && all_[at_ + ahead].type != Token::Type::quoted_identifier &&
           upper(all_[at_ + ahead].text) == word;
  }
  bool accept(std::string_view word) {
    const bool found = is(word);
    if (found) next();
    return found;
  }
  bool accept_any(std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view w) { return accept(w); });
  }
  bool skip_to(std::string_view word) {
    while (!done() && !is(word)) next();
    return !done();
  }
  /// Does the next word say what is named after it, so that it is no name itself?
  bool names_more() const {
    return at_ + 1 < all_.size() && !is("CASCADE", 1) && !is("RESTRICT", 1) && !is(",", 1) && !is(")", 1);
  }

  /// `a`, `ns.a`; what stands before a namespace does not count.
  ObjectKey name(Kind kind) {
    ObjectKey out{kind, "", "", text(), ""};
    while (is(".") && !is("*", 1)) {
      next();
      out.ns = std::exchange(out.name, text());
    }
    return out;
  }
  std::vector<ObjectKey> names(Kind kind) {
    std::vector<ObjectKey> out;
    do {
      accept("ONLY");
      out.push_back(name(kind));
      if (accept(".")) next();  // the star of `DELETE t.*`
    } while (accept(","));
    return out;
  }
  /// Past the next comma that stands in no parentheses; false at the end.
  bool next_clause() {
    for (int depth = 0; !done(); next()) {
      if (is("(")) ++depth;
      if (is(")")) --depth;
      if (depth <= 0 && is(",")) {
        next();
        return true;
      }
    }
    return false;
  }
  void if_exists() {
    if (accept("IF")) accept("EXISTS");
  }

 private:
  std::string text() {
    if (done()) return {};
    const Token& t = all_[at_++];
    if (t.type == Token::Type::string && t.text.size() >= 2)
      return std::string(t.text.substr(1, t.text.size() - 2));
    return t.value();
  }
  std::vector<Token> all_;
  std::size_t at_ = 0;
};

using Keys = std::vector<ObjectKey>;

Keys dropped(Words& w) {
  if (w.accept("TABLE") || (w.accept("FOREIGN") && w.accept("TABLE"))) {
    w.if_exists();
    return w.names(Kind::table);
  }
  if (w.accept_any({"SCHEMA", "DATABASE"})) {
    w.if_exists();
    return w.names(Kind::name_space);
  }
  if (w.accept("MATERIALIZED") && w.accept("VIEW")) {
    w.if_exists();
    return w.names(Kind::materialized_view);
  }
  constexpr std::array<std::pair<std::string_view, Kind>, 3> of_columns{
      {{"TYPE", Kind::enum_type}, {"DOMAIN", Kind::domain}, {"EXTENSION", Kind::extension}}};
  for (const auto& [word, kind] : of_columns) {
    if (!w.accept(word)) continue;
    w.if_exists();
    auto out = w.names(kind);
    return w.skip_to("CASCADE") ? out : Keys{};  // takes the columns along
  }
  return {};
}

Keys deleted(Words& w) {
  while (w.accept_any({"LOW_PRIORITY", "QUICK", "IGNORE"})) continue;
  const bool one = w.accept("FROM");
  auto out = w.names(Kind::table);
  if (!one && w.accept("FROM")) out.push_back(w.name(Kind::table));  // the others may be its aliases
  return out;
}

Keys truncated(Words& w) {
  const bool all_tables = w.accept("ALL");
  const bool all = w.accept("DATABASE") || all_tables;
  if (all_tables) w.skip_to("FROM");
  w.accept_any({"TABLE", "FROM"});
  w.if_exists();
  return w.names(all ? Kind::name_space : Kind::table);
}

/// One clause of ALTER TABLE.
void alter_clause(Words& w, const ObjectKey& table, Keys& out) {
  w.accept("(");
  const bool column_goes = w.accept("CLEAR");
  if (w.accept_any({"DELETE", "TRUNCATE", "DISCARD"}) || (w.accept("REPLACE") && w.is("PARTITION"))) {
    out.push_back(table);
    return;
  }
  if (!column_goes && !w.accept("DROP")) return;
  if (w.names_more()) {
    if (w.accept_any({"PARTITION", "PART", "SUBPARTITION", "DETACHED", "SYSTEM"})) {
      out.push_back(table);
      return;
    }
    if (w.accept_any({"CONSTRAINT", "INDEX", "KEY", "PRIMARY", "FOREIGN", "CHECK", "PROJECTION", "STATISTICS",
                      "PERIOD"}))
      return;
    w.accept("COLUMN");
    w.if_exists();
  }
  const ObjectKey column = w.name(Kind::column);
  out.push_back({Kind::column, table.ns, table.name, column.name, ""});
}

Keys altered(Words& w) {
  while (w.accept_any({"ONLINE", "IGNORE", "FOREIGN"})) continue;
  if (!w.accept("TABLE")) return {};
  w.if_exists();
  w.accept("ONLY");
  const ObjectKey table = w.name(Kind::table);
  w.accept("*");
  if (w.accept("ON") && w.accept("CLUSTER")) w.next();
  Keys out;
  do alter_clause(w, table, out);
  while (w.next_clause());
  return out;
}

Keys deleted_by(std::string_view sql, const EngineDialect& dialect) {
  Words w(sql, dialect);
  if (w.accept("DROP")) return dropped(w);
  if (w.accept("TRUNCATE")) return truncated(w);
  if (w.accept("DELETE")) return deleted(w);
  if (w.accept("ALTER")) return altered(w);
  if (w.accept("MERGE")) {
    w.accept("INTO");
    auto out = w.names(Kind::table);
    while (w.skip_to("THEN")) {
      w.next();
      if (w.is("DELETE")) return out;
    }
  }
  Keys out;
  if (w.accept("WITH"))
    while (w.skip_to("DELETE")) {
      w.next();
      for (auto& key : deleted(w)) out.push_back(std::move(key));
    }
  return out;
}

/// Does the comment say that more is deleted than the reference row it speaks of?
bool says_it_deletes(std::string_view title, const ObjectKey& key) {
  constexpr std::string_view mark = " [deletes-data: ";
  const auto first = title.find(mark);
  if (first == std::string_view::npos) return false;
  return key.kind != Kind::row || title.find(mark, first + 1) != std::string_view::npos;
}

std::pair<std::string, std::string> relation_of(const ObjectKey& key) {
  return {key.ns, info(key.kind).owned ? key.owner : key.name};
}
}  // namespace

std::vector<ObjectKey> unsaid_losses(const MigrationScript& script, const EngineDialect& dialect) {
  const MigrationHeader& header = script.header;
  const bool by_hand = header.version == 0 || header.verified == written_by_hand;
  std::vector<ObjectKey> out;
  for (const auto& statement : script.statements) {
    const auto object = by_hand ? std::nullopt : object_in_title(statement.title);
    if (!object) {
      for (auto& key : deleted_by(statement.script.sql, dialect)) out.push_back(std::move(key));
    } else if (says_it_deletes(statement.title, *object)) {
      const bool said = std::any_of(header.deletes.begin(), header.deletes.end(), [&](const auto& each) {
        return relation_of(parse_key(each)) == relation_of(*object);
      });
      if (!said) out.push_back(*object);
    }
  }
  return out;
}

}  // namespace trueup
