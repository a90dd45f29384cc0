#include "engine/mysql/type_change.hpp"
#include "engine/mysql/types.hpp"

namespace trueup::mysql {

TEST_CASE("mysql: types have one spelling") {
  CHECK(canonical_type("INTEGER(11)") == "int");
  CHECK(canonical_type("int(10) unsigned") == "int unsigned");
  CHECK(canonical_type("int(5)") == "int(5)");
  CHECK(canonical_type("boolean") == "tinyint(1)");
  CHECK(canonical_type("numeric") == "decimal(10,0)");
  CHECK(canonical_type("decimal(8, 2)") == "decimal(8,2)");
  CHECK(canonical_type("character varying(20)") == "varchar(20)");
  CHECK(canonical_type("double precision") == "double");
  CHECK(canonical_type("enum('a', \"b\")") == "enum('a','b')");
  CHECK(canonical_type("int zerofill") == "int(10) unsigned zerofill");
  CHECK(canonical_type("float(30)") == "double");
  CHECK(canonical_type("year(4)") == "year");
  CHECK(canonical_type("year(2)") == "year(2)");
  for (const char* type : {"int(5)", "enum('A','b')", "datetime(3)", "bit(1)", "vector(3)", "year"})
    CHECK(canonical_type(canonical_type(type)) == canonical_type(type));
}

TEST_CASE("mysql: types that lose values say so") {
  CHECK(type_loss("int", "bigint").empty());
  CHECK(type_loss("varchar(10)", "text").empty());
  CHECK(type_loss("enum('a','b')", "enum('a','b','c')").empty());
  CHECK_FALSE(type_loss("bigint", "int").empty());
  CHECK_FALSE(type_loss("int", "int unsigned").empty());
  CHECK_FALSE(type_loss("varchar(20)", "varchar(10)").empty());
  CHECK_FALSE(type_loss("enum('a','b')", "enum('a')").empty());
  CHECK_FALSE(type_loss("decimal(10,2)", "decimal(10,3)").empty());
  for (const auto& pair :
       std::initializer_list<std::pair<const char*, const char*>>{{"double", "double(8,2)"},
                                                                  {"float", "float(7,2)"},
                                                                  {"double(8,2)", "double(8,1)"},
                                                                  {"double", "double unsigned"},
                                                                  {"double", "float"},
                                                                  {"varbinary(6)", "binary(6)"},
                                                                  {"binary(5)", "binary(6)"},
                                                                  {"varchar(6)", "char(6)"},
                                                                  {"text", "char(255)"},
                                                                  {"char(5)", "binary(20)"},
                                                                  {"vector(3)", "vector(4)"},
                                                                  {"int", "decimal(4,2)"},
                                                                  {"enum('abc','d')", "varchar(1)"},
                                                                  {"set('a','b')", "varchar(2)"},
                                                                  {"timestamp(6)", "datetime"},
                                                                  {"year", "year(2)"},
                                                                  {"int", "binary(30)"}}) {
    CAPTURE(pair.first);
    CAPTURE(pair.second);
    CHECK_FALSE(type_loss(pair.first, pair.second).empty());
  }
  for (const auto& pair :
       std::initializer_list<std::pair<const char*, const char*>>{{"double(8,2)", "double"},
                                                                  {"double(8,2)", "double(9,2)"},
                                                                  {"float(7,2)", "double"},
                                                                  {"float", "double"},
                                                                  {"char(6)", "varchar(6)"},
                                                                  {"char(6)", "char(7)"},
                                                                  {"binary(6)", "varbinary(6)"},
                                                                  {"int", "decimal(10,0)"},
                                                                  {"enum('abc','d')", "varchar(3)"},
                                                                  {"set('a','b')", "varchar(3)"},
                                                                  {"timestamp", "datetime(3)"},
                                                                  {"year(2)", "year"},
                                                                  {"blob", "longblob"}}) {
    CAPTURE(pair.first);
    CAPTURE(pair.second);
    CHECK(type_loss(pair.first, pair.second).empty());
  }
}

TEST_CASE("mysql: bytes become text only where they are text") {
  CHECK(bytes_to_text("blob", "text"));
  CHECK(bytes_to_text("varbinary(20)", "varchar(20)"));
  CHECK_FALSE(bytes_to_text("text", "longtext"));
  CHECK_FALSE(bytes_to_text("text", "blob"));
  CHECK_FALSE(bytes_to_text("int", "text"));
}

}  // namespace trueup::mysql
