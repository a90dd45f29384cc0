// What tests of the program say again and again.
#pragma once
#include <doctest/doctest.h>

#include "support/server.hpp"

namespace trueup::test {

inline bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// Runs trueup in the folder and checks its exit status.
inline Run expect(int status, const std::string& arguments, const std::string& folder,
                  const std::string& environment = "") {
  Run run = run_trueup(arguments, folder, environment);
  CAPTURE(arguments);
  CAPTURE(run.out);
  CAPTURE(run.err);
  CHECK(run.status == status);
  return run;
}

/// The first cell of what a query gives: `` for no row, `null` for a null.
inline std::string ask(const TestDatabase& database, const std::string& sql) {
  const auto rows = database.open()->query(sql);
  return rows.empty() ? "" : rows.at(0).at(0).value_or("null");
}

}  // namespace trueup::test
