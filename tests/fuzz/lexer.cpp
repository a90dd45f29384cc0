#include "engine/engine.hpp"
#include "target.hpp"

// The tokens of any text put together are the text, and its lexical form is a fixed point.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = trueup::fuzz::text_of(data, size);
  for (const auto name : trueup::dialect_names()) {
    const trueup::EngineDialect& dialect = *trueup::dialect(name);
    std::string together;
    for (const trueup::Token& token : dialect.tokens(text)) together += token.text;
    trueup::fuzz::require(together == text, std::string(name) + ": tokens do not cover the text");
    const std::string form = dialect.lexical_form(text);
    trueup::fuzz::require(dialect.lexical_form(form) == form,
                          std::string(name) + ": the lexical form is not idempotent: " + form);
  }
  return 0;
}
