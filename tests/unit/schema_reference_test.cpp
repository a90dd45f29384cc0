#include "report/schema_reference.hpp"

#include <doctest/doctest.h>

#include "source/source.hpp"

using namespace trueup;

TEST_CASE("every example of the schema reference loads and is accepted") {
  const std::string text = schema_reference();
  std::size_t examples = 0;
  for (std::size_t at = 0; (at = text.find("```yaml\n", at)) != std::string::npos;) {
    at += 8;
    const std::size_t end = text.find("```", at);
    const std::string example = text.substr(at, end - at);
    at = end;
    CAPTURE(example);
    for (auto name : dialect_names()) {
      // An example for one engine says so in its first line.
      if (example.starts_with("engines: [") &&
          example.substr(0, example.find(']')).find(name) == std::string::npos)
        continue;
      if (example.find("billing.") != std::string::npos && !dialect(name)->capabilities().namespaces)
        continue;
      ++examples;
      Catalog c;
      CHECK_NOTHROW(c = load_yaml_text(example, "example.yaml", *dialect(name)));
      std::vector<Diagnostic> found;
      dialect(name)->normalize(c, found);
      for (const auto& d : found) FAIL_CHECK(name << ": " << render(d));
      CHECK_FALSE(c.objects.empty());
    }
  }
  CHECK(examples >= 8);
}

TEST_CASE("the reference lists fields and settings") {
  const std::string text = schema_reference();
  for (const auto* line :
       {"| `not_null` | true or false | Refuses null. |", "| `references` | name | Referenced table. |",
        "| `renamed_from` | text | Former name; states that this is a rename. |"})
    CHECK(text.find(line) != std::string::npos);
}
