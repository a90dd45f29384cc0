#include "base/error.hpp"
#include "engine/engine.hpp"
#include "migration/file.hpp"
#include "target.hpp"

namespace {
/// None where a comment or a quote does not end.
std::vector<trueup::ScriptStatement> cut(const trueup::EngineDialect& dialect, const std::string& text) {
  try {
    return dialect.split(text);
  } catch (const trueup::InputError&) {
    return {};
  }
}
}  // namespace

// Statements cut out of any script are parts of it, in order, and a statement is not cut again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = trueup::fuzz::text_of(data, size);
  for (const auto name : trueup::dialect_names()) {
    const trueup::EngineDialect& dialect = *trueup::dialect(name);
    std::size_t from = 0;
    int line = 1;
    for (const trueup::ScriptStatement& statement : cut(dialect, text)) {
      const std::size_t at = text.find(statement.sql, from);
      trueup::fuzz::require(!statement.sql.empty() && at != std::string::npos,
                            std::string(name) + ": a statement is not part of the script: " + statement.sql);
      trueup::fuzz::require(statement.line >= line, std::string(name) + ": lines go backwards");
      from = at + statement.sql.size();
      line = statement.line;
      trueup::fuzz::require(cut(dialect, statement.sql).size() <= 1,
                            std::string(name) + ": a statement is cut again: " + statement.sql);
    }
    try {
      trueup::parse_migration(text, "fuzz.sql", dialect);
    } catch (const trueup::InputError&) {
    }
  }
  return 0;
}
