// What SQLite stores about its objects is their CREATE text; this reads it.
#pragma once
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace trueup::sqlite {

/// The text is not what this parser knows; `what()` says where. The object then counts as unmodelled.
class ParseError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct ParsedPart {
  std::string column;      ///< a single name, quotes removed; else empty
  std::string expression;  ///< text of anything else
  std::string collation;
  bool descending = false;
  bool ascending = false;  ///< written, though it is the default
};

struct ParsedKey {
  std::string name;  ///< empty: unnamed
  std::vector<ParsedPart> on;
  std::string conflict;  ///< `replace`, ...; empty: the default, abort
  bool in_column = false;
};

struct ParsedCheck {
  std::string name;
  std::string condition;
  std::string conflict;
};

struct ParsedForeignKey {
  std::string name;
  std::vector<std::string> columns;
  std::string table;
  std::vector<std::string> ref_columns;  ///< empty: the primary key of the table
  std::string on_delete, on_update;      ///< lower case; empty: no action
  std::string match;                     ///< lower case; empty: simple
  bool deferrable = false, initially_deferred = false;
};

struct ParsedColumn {
  std::string name;
  std::string type;  ///< as written, blanks collapsed
  bool not_null = false;
  std::string not_null_conflict;
  std::optional<std::string> default_value;  ///< as written, parentheses included
  std::optional<std::string> generated;
  bool stored = false;
  bool autoincrement = false;
  std::string collation;
  std::map<std::string, std::string>
      names;  ///< of constraints that have no object: `not_null_name` and the like
};

struct ParsedTable {
  std::string name;
  std::vector<ParsedColumn> columns;
  std::optional<ParsedKey> primary_key;
  std::vector<ParsedKey> uniques;
  std::vector<ParsedCheck> checks;
  std::vector<ParsedForeignKey> foreign_keys;
  bool strict = false, without_rowid = false;
};

struct ParsedIndex {
  std::string name, table;
  bool unique = false;
  std::vector<ParsedPart> on;
  std::string where;
};

struct ParsedView {
  std::string name;
  std::vector<std::string> columns;
  std::string query;
};

struct ParsedTrigger {
  std::string name, table;
  std::string timing;     ///< `before`, `after`, `instead of`; empty: not written, which is before
  bool each_row = false;  ///< FOR EACH ROW is written; there is no other level
  std::string event;      ///< `insert`, `update`, `delete`
  std::vector<std::string> update_of;
  std::string when;
  std::string body;  ///< between BEGIN and END
};

struct ParsedVirtualTable {
  std::string name;
  std::string definition;  ///< from USING on
  std::string module;      ///< lower case
};

// Each throws ParseError.
ParsedTable parse_table(std::string_view sql);
ParsedIndex parse_index(std::string_view sql);
ParsedView parse_view(std::string_view sql);
ParsedTrigger parse_trigger(std::string_view sql);
ParsedVirtualTable parse_virtual_table(std::string_view sql);

/// Words that end a column's type and begin one of its constraints.
bool begins_constraint(std::string_view word);

}  // namespace trueup::sqlite
