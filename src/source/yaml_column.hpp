// The short strings of the schema file: a column, a reference, one part of a key, in SQL's own words.
#pragma once
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.hpp"

namespace trueup {

/// A short string that cannot be read: thrown by the parsers below, with the place inside the string.
struct SqlTextError {
  std::size_t offset = 0;
  std::string message;
  std::string remedy;
};

/// A name as written without quotes, and as the engine folds it. Names declared in YAML are exact, so the
/// written form is tried first.
struct SqlName {
  std::string written;
  std::string folded;
  std::size_t offset = 0;
};

/// `users(id) on delete cascade ...`
struct SqlReference {
  std::vector<SqlName> table;    ///< namespace and name, or name
  std::vector<SqlName> columns;  ///< empty: the primary key
  std::vector<SqlName> on_delete_columns;
  ForeignKey clauses;    ///< actions, match and the like; no references filled
  bool missing = false;  ///< the table is none of the schema's
};

/// A constraint that a column's short string holds.
struct SqlConstraint {
  std::string name;  ///< empty: conventional
  std::string expression;
  bool no_inherit = false;
  std::optional<SqlReference> reference;
  std::size_t offset = 0;
};

/// What a column's short string says.
struct SqlColumn {
  Column column;
  std::optional<SqlConstraint> primary_key, unique;
  bool autoincrement = false;
  std::vector<SqlConstraint> checks, references;
  /// Does it say anything of keys and checks?
  bool of_keys() const {
    return primary_key || unique || autoincrement || !checks.empty() || !references.empty();
  }
};
SqlColumn parse_sql_column(std::string_view text, const EngineDialect& dialect);
/// The same for the `type:` of a mapping: a word of the type may look like a misspelt clause.
SqlColumn parse_sql_type(std::string_view text, const EngineDialect& dialect);

SqlReference parse_sql_reference(std::string_view text, const EngineDialect& dialect);

/// One part of a key or index. `column` is set for what may be a column: a lone name.
struct SqlPart {
  std::optional<SqlName> column;
  IndexPart part;  ///< without `column`; `expression` set otherwise
};
SqlPart parse_sql_part(std::string_view text, const EngineDialect& dialect);

/// Options of `identity (start 10 increment by 5)`; throws for what is none of them.
SequenceOptions parse_sql_sequence_options(std::string_view text, const EngineDialect& dialect);

/// Significant tokens of a short string, with a position.
class SqlCursor {
 public:
  SqlCursor(std::string_view text, const EngineDialect& dialect);
  bool done() const { return at_ >= tokens_.size(); }
  std::size_t position() const { return at_; }
  void seek(std::size_t position) { at_ = position; }
  void next() { ++at_; }
  const Token& token(std::size_t ahead = 0) const { return tokens_.at(at_ + ahead); }
  /// Is the token `ahead` that word (letter case aside) or symbol?
  bool at(std::string_view word, std::size_t ahead = 0) const;
  bool at_name(std::size_t ahead = 0) const;
  /// Passes these words when all of them come next.
  bool accept(std::initializer_list<std::string_view> words);
  void expect(std::string_view word, std::string_view where);
  SqlName name(std::string_view what);
  std::vector<SqlName> qualified(std::string_view what);
  /// `(a, b)`
  std::vector<SqlName> name_list(std::string_view what);
  /// At `(`: passes the matching `)` and returns what is between.
  std::string parenthesized(std::string_view what);
  /// Passes the token, or the whole of a parenthesis.
  void skip();
  /// The text from token `first` up to the current one.
  std::string text_from(std::size_t first) const;
  /// Offset of the current token in the string.
  std::size_t offset() const;
  [[noreturn]] void fail(std::string message, std::string remedy = {}) const;

 private:
  std::string_view text_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

}  // namespace trueup
