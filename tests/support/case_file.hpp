// One change of a schema with the SQL that every engine is expected to make of it:
// tests/cases/<kind>/<name>.test.
//
//   # engines: sqlite, postgres
//   # Further comment lines say what the case is about.
//   -- current.yaml --
//   -- desired.yaml --
//   -- rows.sql --             optional: rows of the current database; rows.<engine>.sql for one engine only
//   -- kept.sql --             optional: a query about these rows that is true after the up
//   -- up.<engine>.sql --      what leads to the desired state, or
//   -- refused.<engine> --     each line is in the message of the refusal
//   -- one_way.<engine> --     where the way back is refused: the same of that refusal
//
// A line `# server.<engine>: VARIABLE, ...` names test servers other than TRUEUP_TEST_<ENGINE> (for MySQL:
// and both MariaDBs); `# live: statements` says that no server can tell the two states apart (raw SQL), and
// `# after: SQL` removes what the case leaves in the server beside its database.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "plan/pipeline.hpp"

namespace trueup::test {

struct CaseFile {
  std::string path;
  std::string name;    ///< `<kind>/<name>`
  std::string header;  ///< the comment lines
  std::vector<std::string> engines;
  std::vector<std::pair<std::string, std::string>> sections;  ///< in order of the file

  /// Text of a section; null when it is not there.
  const std::string* section(const std::string& name) const;
  /// Value of `# key: value` in the header; empty when it is not there.
  std::string setting(const std::string& key) const;
  /// Sets, replaces or (when empty) removes a section; where it stands among the others does not change.
  void set(const std::string& section, const std::string& text);
  std::string text() const;
};

/// Fails the test for a file that is not of the form above.
CaseFile parse_case(const std::string& path, const std::string& text);
/// Every case below tests/cases whose name contains $TRUEUP_CASES, sorted by name.
std::vector<CaseFile> all_cases();

/// What the pipeline makes of a case offline: statements, or the message of its refusal.
struct CaseOutcome {
  std::string script;
  std::string refusal;
  std::string one_way;  ///< refusal of the way back
  bool loses_data = false;
  std::vector<Statement> back;
  std::string whole, sliced;  ///< the script of the whole plan, and of one that sees only what is touched
};
CaseOutcome judge_offline(const CaseFile& c, const EngineDialect& dialect);

/// Lines of `expected` that `text` does not hold.
std::vector<std::string> missing_lines(const std::string& expected, const std::string& text);

}  // namespace trueup::test
