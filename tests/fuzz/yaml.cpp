#include <fmt/format.h>

#include "base/error.hpp"
#include "source/source.hpp"
#include "source/yaml_reader.hpp"
#include "target.hpp"

namespace {
void dump(const trueup::YamlNode& node, std::string& out) {
  out += fmt::format("{}:{} {} {} {}\n", node.line, node.column, static_cast<int>(node.type), node.plain,
                     node.text);
  for (const auto& item : node.items) dump(item, out);
  for (const auto& entry : node.entries) {
    dump(entry.key, out);
    dump(entry.value, out);
  }
  out += ".\n";
}

/// The tree, or the error.
std::string tree_of(const std::string& text, std::size_t in_one_piece) {
  const trueup::YamlSource source("fuzz.yaml", text);
  trueup::YamlLimits limits;
  limits.in_one_piece = in_one_piece;
  limits.nodes = 10'000;  // soon reached
  std::string out;
  try {
    dump(trueup::parse_yaml(source, limits), out);
  } catch (const trueup::InputError& e) {
    out = e.what();
  }
  return out;
}
}  // namespace

// Any bytes as a schema file end in a catalog or in InputError; a catalog can be normalized and written down
// again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = trueup::fuzz::text_of(data, size);
  trueup::fuzz::require(tree_of(text, 0) == tree_of(text, text.size()),
                        "halves read otherwise than the whole");
  for (const auto name : trueup::dialect_names()) {
    const trueup::EngineDialect& dialect = *trueup::dialect(name);
    try {
      trueup::Catalog catalog = trueup::load_yaml_text(text, "fuzz.yaml", dialect, "/nonexistent");
      std::vector<trueup::Diagnostic> found;
      dialect.normalize(catalog, found);
      if (found.empty()) trueup::to_yaml(catalog, dialect);
    } catch (const trueup::InputError&) {
    } catch (const trueup::WorldError&) {  // a file that `from:` names
    }
  }
  return 0;
}
