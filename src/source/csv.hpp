#pragma once
#include "source/yaml_node.hpp"

namespace trueup {

/// Reads RFC 4180 CSV with a header line into a list of mappings. An empty unquoted field is no value (null),
/// an empty quoted one is the empty text; everything else is text. Throws InputError with the line.
YamlNode parse_csv(const YamlSource& source);

}  // namespace trueup
