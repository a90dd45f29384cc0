// Schemas pushed to ClickHouse.
#pragma once
#include <doctest/doctest.h>

#include <string>

#include "support/program.hpp"

namespace trueup::test {
/// Pushes the text, then pushes it again: the second time there must be nothing to do.
inline void push(const TestDatabase& database, const std::string& yaml, const std::string& flags = "") {
  const TestFolder folder;
  folder.write("schema/s.yaml", "engines: [clickhouse]\n" + yaml);
  const Run first = expect(0, "push " + database.url() + " " + flags, folder.path());
  const Run again = expect(0, "diff " + database.url() + " schema/s.yaml", folder.path());
  CAPTURE(first.out);
  CHECK(again.out == "");
}

/// What a push that must be refused says.
inline std::string refusal(const TestDatabase& database, const std::string& yaml,
                           const std::string& flags = "") {
  const TestFolder folder;
  folder.write("schema/s.yaml", "engines: [clickhouse]\n" + yaml);
  return expect(2, "push " + database.url() + " " + flags, folder.path()).err;
}

}  // namespace trueup::test
