#include <doctest/doctest.h>

#include "engine/engine.hpp"

using namespace trueup;

TEST_CASE("mysql: a column by which a table is partitioned keeps its name, where the server wants that") {
  const ObjectKey table{Kind::table, {}, {}, "t", {}};
  const ObjectKey at{Kind::column, {}, "t", "at", {}}, other{Kind::column, {}, "t", "other", {}},
      moment{Kind::column, {}, "t", "moment", {}};
  Catalog from;
  Table body;
  body.options = {{"partition_by", "range (year(`at`))"}};
  from.objects.emplace(table, body);
  from.objects.emplace(at, Column());
  from.objects.emplace(other, Column());
  const KindHandler& handler = *dialect("mysql")->handler(Kind::column);
  CHECK(handler.rename_means(other, moment, from) == RenameMeans::in_place);
  CHECK_THROWS_AS(handler.rename_means(at, moment, from), RefusedError);
  from.server = "MySQL 9.7.4";
  CHECK_THROWS_AS(handler.rename_means(at, moment, from), RefusedError);
  from.server = "MariaDB 11.8.6";
  CHECK(handler.rename_means(at, moment, from) == RenameMeans::in_place);
}
