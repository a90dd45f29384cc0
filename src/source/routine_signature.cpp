#include "source/routine_signature.hpp"

#include "base/text.hpp"
#include "source/yaml_column.hpp"

namespace trueup {
namespace {
/// Does a type of several words begin here, so that its first word is no argument name?
bool wordy_type(const SqlCursor& c) {
  for (auto second : {"precision", "varying", "with", "without", "character", "char", "year", "month", "day",
                      "hour", "minute", "second"})
    if (c.at(second, 1)) {
      for (auto first : {"double", "character", "char", "national", "bit", "time", "timestamp", "interval"})
        if (c.at(first)) return true;
    }
  return false;
}

/// Type of one argument; empty for one that is not an input.
std::string input_type(std::string_view argument, const EngineDialect& dialect) {
  SqlCursor c(argument, dialect);
  if (c.done()) return {};
  if (c.accept({"out"}) || c.accept({"table"})) return {};
  if (!c.accept({"inout"}) && !c.accept({"variadic"})) c.accept({"in"});
  if (c.at_name() && c.at_name(1) && !c.at("default", 1) && !wordy_type(c)) c.next();
  const std::size_t first = c.position();
  while (!c.done() && !c.at("default") && !c.at("=") && !c.at(":=") && !c.at(":")) c.skip();
  return dialect.canonical_type(c.text_from(first));
}
}  // namespace

std::string routine_signature(std::string_view arguments, const EngineDialect& dialect) {
  std::vector<std::string> types;
  SqlCursor c(arguments, dialect);
  std::size_t first = 0;
  std::optional<std::size_t> direct;  // arguments of an ordered-set aggregate before its ORDER BY
  bool repeated = false;              // VARIADIC on both sides of it is one argument
  auto close = [&] {
    if (std::string type = input_type(c.text_from(first), dialect); !type.empty())
      types.push_back(std::move(type));
  };
  try {
    for (int brackets = 0; !c.done();) {
      if (c.at("[")) ++brackets;
      if (c.at("]")) --brackets;
      if (c.at(",") && brackets == 0) {  // not one of `default array[1, 2]`
        close();
        c.next();
        first = c.position();
      } else if (c.at("order") && c.at("by", 1)) {
        repeated = SqlCursor(c.text_from(first), dialect).at("variadic");
        close();
        direct = types.size();
        c.next();
        c.next();
        first = c.position();
      } else {
        c.skip();
      }
    }
    close();
    if (direct && repeated) types.resize(*direct);
  } catch (const SqlTextError&) {
    return std::string(trim(arguments));  // unbalanced: the server will say so
  }
  return join(types, ", ");
}

}  // namespace trueup
