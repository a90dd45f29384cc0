#include "engine/mysql/definition.hpp"
#include "engine/mysql/fidelity.hpp"
#include "engine/mysql/show_create.hpp"

namespace trueup::mysql {
namespace {
const Server mariadb{
    true, 101106, {{"utf8mb4", "utf8mb4_general_ci"}, {"latin1", "latin1_swedish_ci"}}, false, "root@%"};
const Server mysql8{
    false, 80036, {{"utf8mb4", "utf8mb4_0900_ai_ci"}, {"latin1", "latin1_swedish_ci"}}, false, "root@%"};

Catalog read(const std::string& sql, const Server& server) {
  Catalog out;
  read_create_table(sql, server, out);
  return out;
}
}  // namespace

TEST_CASE("mysql: JSON is one type on both servers") {
  const auto a = read(
      "CREATE TABLE `t` (\n  `j` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL "
      "CHECK (json_valid(`j`))\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci",
      mariadb);
  const auto b = read(
      "CREATE TABLE `t` (\n  `j` json DEFAULT NULL\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 "
      "COLLATE=utf8mb4_0900_ai_ci",
      mysql8);
  CHECK(a.objects == b.objects);
}

TEST_CASE("mysql: keys, checks, references and options are read") {
  const auto c = read(
      "CREATE TABLE `t` (\n  `id` int unsigned NOT NULL AUTO_INCREMENT,\n  `v` varchar(10) CHARACTER SET "
      "latin1 "
      "COLLATE latin1_swedish_ci NOT NULL DEFAULT 'a' COMMENT 'x',\n  `g` int GENERATED ALWAYS AS ((`id` + "
      "1)) "
      "STORED,\n  `i` int DEFAULT '3' /*!80023 INVISIBLE */,\n  PRIMARY KEY (`id`),\n  UNIQUE KEY `u` "
      "(`v`(5) DESC),\n"
      "  FULLTEXT KEY `f` (`v`) /*!50100 WITH PARSER `ngram` */ ,\n  CONSTRAINT `fk` FOREIGN KEY (`i`) "
      "REFERENCES `p` "
      "(`id`) ON DELETE CASCADE,\n  CONSTRAINT `ck` CHECK ((`i` > 0)) /*!80016 NOT ENFORCED */\n) "
      "ENGINE=InnoDB "
      "AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci COMMENT='hi'\n/*!50100 PARTITION "
      "BY RANGE "
      "(`id`)\n(PARTITION p0 VALUES LESS THAN (10) ENGINE = InnoDB) */",
      mysql8);
  CHECK(c.find<Column>(child_key(Kind::column, "t", "id"))->identity.has_value());
  CHECK(c.find<Column>(child_key(Kind::column, "t", "i"))->options.at("invisible") == "true");
  CHECK(c.find<Unique>(child_key(Kind::unique, "t", "u"))->on.at(0).prefix == 5);
  CHECK(c.find<Index>(child_key(Kind::index, "t", "f"))->options.at("parser") == "ngram");
  CHECK(c.find<ForeignKey>(child_key(Kind::foreign_key, "t", "fk"))->on_delete == "cascade");
  CHECK(c.find<Check>(child_key(Kind::check, "t", "ck"))->not_enforced);
  const auto& table = *c.find<Table>(table_key("t"));
  CHECK(table.options.at("partition_by") == "range (id)");
  CHECK_FALSE(table.options.contains("auto_increment"));
}

TEST_CASE("mysql: what is not known makes the table opaque") {
  CHECK_THROWS_AS(read("CREATE TABLE `t` (\n  `a` int FANCY\n) ENGINE=InnoDB", mysql8), ParseError);
  CHECK_THROWS_AS(
      read("CREATE TABLE `t` (\n  `a` int,\n  PERIOD FOR `p` (`a`, `a`)\n) ENGINE=InnoDB", mariadb),
      ParseError);
}

}  // namespace trueup::mysql
