#include <doctest/doctest.h>

#include "base/error.hpp"

TEST_CASE("the suite runs") {
  CHECK(1 + 1 == 2);
}
