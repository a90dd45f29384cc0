#include "base/error.hpp"
#include "source/source.hpp"
#include "target.hpp"

// Any bytes as a schema file end in a catalog or in InputError; a catalog can be normalized and written down
// again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = trueup::fuzz::text_of(data, size);
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
