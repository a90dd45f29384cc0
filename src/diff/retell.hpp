// What a server makes of the texts that speak of an object which gets another name.
#pragma once
#include <optional>
#include <string>

#include "diff/diff.hpp"

namespace trueup {

/// The text of an object after the rename, where the server keeps it true: only what surely names the renamed
/// object changes, and an output column of a query keeps its name where the engine stores queries as trees.
/// Nothing where that cannot be told from the text alone; it is then best taken for another text.
std::optional<std::string> retold(const std::string& text, const Renamed& r, const ObjectKey& speaker,
                                  const EngineDialect& dialect);

/// A list of types, or of arguments with their types, after a type or its namespace got another name.
std::string retold_types(const std::string& text, const Renamed& r, const EngineDialect& dialect);

}  // namespace trueup
