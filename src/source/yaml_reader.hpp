#pragma once
#include <string>

#include "source/yaml_node.hpp"

namespace trueup {

/// What a schema file may cost. Above these limits a file is refused.
struct YamlLimits {
  std::size_t bytes = 64U << 20U;
  std::size_t depth = 100;
  std::size_t nodes = 4'000'000;          ///< after aliases are expanded
  std::size_t from_aliases = 200'000;     ///< of these
  std::size_t in_one_piece = 64U << 10U;  ///< bytes; what is longer may be read by two threads
};

/// Parses one YAML document. Throws InputError with the place: not UTF-8, control characters, syntax, nesting
/// too deep, alias bombs, an alias inside its own anchor, duplicate keys (both places), keys that are no
/// text, merge keys, tags other than `!!str`, several documents. An empty file is a null node.
YamlNode parse_yaml(const YamlSource& source, const YamlLimits& limits = {});

/// Parses JSON into the same tree: strings as quoted scalars, numbers with their exact text. Places are the
/// file's beginning. Throws InputError.
YamlNode parse_json(const YamlSource& source, const YamlLimits& limits = {});

/// True for text that reads as a number in JSON's grammar.
bool is_json_number(std::string_view text);

}  // namespace trueup
