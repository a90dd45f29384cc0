// What is wrong in a schema file is said with its place, all of it at once.
#include <doctest/doctest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "source/source.hpp"
#include "support/test_dialect.hpp"

using namespace trueup;
using testing::TestDialect;

namespace {
/// Every finding as `line:column message`.
std::vector<std::string> errors(const std::string& text, const EngineDialect& dialect = TestDialect()) {
  std::vector<std::string> out;
  try {
    load_yaml_text(text, "s.yaml", dialect);
  } catch (const InputError& e) {
    for (const auto& d : e.diagnostics())
      out.push_back(std::to_string(d.place.line) + ":" + std::to_string(d.place.column) + " " + d.message +
                    (d.remedy.empty() ? "" : " | " + d.remedy));
  }
  return out;
}
std::string all_errors(const std::string& text) {
  std::string out;
  for (const auto& one : errors(text)) out += one + "\n";
  return out;
}
std::string error(const std::string& text, const EngineDialect& dialect = TestDialect()) {
  const auto all = errors(text, dialect);
  return all.size() == 1 ? all.front() : std::to_string(all.size()) + " errors";
}
void check_error(const std::string& text, const std::string& expected) {
  CAPTURE(text);
  CHECK(error(text) == expected);
}
/// Begins with.
void check_starts(const std::string& text, const std::string& expected) {
  CAPTURE(text.substr(0, 200));
  CHECK(error(text).substr(0, expected.size()) == expected);
}

/// A folder that is gone at the end.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "trueup-yaml-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  std::string path(const std::string& name = "") const {
    return (name.empty() ? path_ : path_ / name).string();
  }

 private:
  std::filesystem::path path_;
};
const std::string one_table = "tables: { t: { columns: { a: int primary key, b: text } } }\n";
}  // namespace

TEST_CASE("all findings at once, in the order of the file") {
  CHECK(all_errors(R"(tabels: {}
tables:
  t:
    colums: {}
    columns:
      a: int nott null
      b: { typ: text }
    unique: [[a, x]]
    indexes:
      i: { on: [c], wher: a > 0, unique: maybe }
    foreign_keys:
      f: { columns: [a], references: nowhere(id) }
    primary_key: [aa]
)") == "1:1 unknown key 'tabels' in the schema file | did you mean 'tables'?\n"
       "4:5 unknown key 'colums' in table 't' | did you mean 'columns'?\n"
       "6:14 unexpected 'nott' in a column | did you mean 'not'? A type of that name goes into `type:`\n"
       "7:7 column 'b' has no type | add `type:`\n"
       "7:12 unknown key 'typ' in column 'b' | did you mean 'type'?\n"
       "8:18 table t has no column 'x' | did you mean 'a'?\n"
       "10:17 table t has no column 'c' | did you mean 'a'?\n"
       "10:21 unknown key 'wher' in index 'i' | did you mean 'where'?\n"
       "10:42 'unique' must be true or false\n"
       "12:38 there is no table 'nowhere' | declare it under `tables:`\n"
       "13:19 table t has no column 'aa' | did you mean 'a'?\n");
}

TEST_CASE("references to what is not there") {
  const std::string with =
      "tables: { t: { columns: { a: int primary key }, foreign_keys: { f: { columns: [a], references: ";
  check_error(
      with + "{ table: t, missing: true } } } } }",
      "1:96 testbase has no references to tables that do not exist | declare the table, or limit the foreign "
      "key with `engines:`");
  const auto where_it_may = [&](const std::string& reference) {
    return errors(with + reference + " } } } }", *dialect("sqlite"));
  };
  CHECK(where_it_may("{ table: u, missing: true }").empty());
  CHECK(where_it_may("{ table: t, missing: true }").at(0) ==
        "1:96 table t is not missing: it is declared at s.yaml:1:11 | remove `missing`");
  CHECK(
      where_it_may("somewhere(a)").at(0) ==
      "1:96 there is no table 'somewhere' | declare it under `tables:`, or write `references: { table: NAME, "
      "missing: true }`");
}

TEST_CASE("wrong types and values") {
  check_error("[1]", "1:1 a schema file must be a mapping, not a list | begin with `tables:`");
  check_error("tables: [t]", "1:9 'tables' must be a mapping, not a list");
  check_error("tables: { t: x }", "1:14 table 't' must be a mapping, not text");
  check_error("tables: { t: { columns: [a] } }",
              "1:25 'columns' must be a mapping, not a list | write `name: type` for each column");
  check_error("tables: { t: { columns: { a: } } }",
              "1:27 column 'a' has no type | write one; `\"\"` is a column without a type, where the engine "
              "knows such");
  check_error("tables: { t: { comment: [x] } }", "1:25 'comment' must be text, not a list");
  check_error("tables: { t: { comment: } }", "1:25 'comment' has no value | write it, or remove the key");
  check_starts("tables: { t: { comment: { testbase: x, oracle: y } } }",
               "1:25 'comment' must be text, not a mapping | 'oracle' is no engine; known: ");
  check_error("engines: [testbase, testbase]", "1:21 engine 'testbase' is named twice | name it once");
  check_error("enums: { e: [a, a] }", "1:17 the value 'a' is listed twice | remove one of them");
  check_error("enums: { e: [a, null] }",
              "1:17 a value of an enum is empty | quote it if the word itself is meant");
  check_error("enums: { e: {} }", "1:10 enum 'e' has no values | add `values: [a, b]`");
  check_error("views: { v: {} }", "1:10 view v has no query | add `query:`");
  check_error("functions: { f: {} }", "1:14 function f() has no body | add `body:`");
  check_error("sequences: { s: { start: 1.5 } }", "1:26 'start' must be a whole number");
  check_error("tables: { t: { columns: { a: int identity (start x) } } }", "1:50 expected a whole number");
  check_error("tables: { t: { columns: { a: int default } } }",
              "1:41 expected an expression after 'default'");
  check_error("tables: { t: { columns: { a: int check a > 0 } } }", "1:40 expected '(' before the condition");
  check_error("tables: { t: { columns: { a: 'int check (a > 0' } } }", "1:41 '(' is never closed");
  check_error("tables: { t: { columns: { a: int references t on delete explode } } }",
              "1:57 expected cascade, restrict, set null, set default or no action");
  check_error("engines: [testbas]", "1:11 unknown engine 'testbas' | did you mean 'testbase'?");
  check_error(
      "tables: { t: { engines: [mars] } }", "1:26 unknown engine 'mars' | known: " + [] {
        std::string known;
        for (auto name : dialect_names()) known += std::string(name) + ", ";
        return known + "testbase";
      }());
  check_error("namespace: [a]", "1:12 'namespace' must be text, not a list");
  check_error(
      "tables: { 'a.b.c': {} }",
      "1:11 malformed name 'a.b.c': more than two parts | write `namespace.name`; put parts with dots or "
      "quotes in double quotes, doubling inner quotes");
}

TEST_CASE("keys, triggers and other parts") {
  check_error("tables: { t: { columns: { a: int primary key, b: int primary key } } }",
              "1:47 table t has two primary keys, the first at s.yaml:1:27 | write `primary_key: [a, b]` for "
              "a key of "
              "several columns");
  check_error("tables: { t: { columns: { a: int }, foreign_keys: { f: { columns: [a], references: t } } } }",
              "1:84 table t has no primary key to refer to | name the columns");
  check_error(
      "tables: { t: { columns: { a: int primary key, b: int }, foreign_keys: { f: { columns: [a, b], "
      "references: t } } } }",
      "1:107 2 columns refer to 1 | name as many on both sides");
  check_error("tables: { t: { columns: { a: int }, triggers: { x: { timing: befor, events: [insert] } } } }",
              "1:62 'timing' must be 'before', 'after' or 'instead of', not 'befor'");
  check_error("tables: { t: { columns: { a: int }, triggers: { x: { events: [inserted] } } } }",
              "1:62 unknown trigger event 'inserted' | known: insert, update, delete, truncate");
  check_error("tables: { t: { include: [m] } }\nmixins: { n: { a: int } }",
              "1:26 there is no mixin 'm' | did you mean 'n'?");
  check_error("tables: { t: { include: [m] } }\nmixins: { m: { columns: { a: int }, include: [m] } }",
              "2:47 mixin 'm' includes itself | remove one of the includes");
  check_error("sequences: { s: { owned_by: t.x } }\n" + one_table,
              "1:31 table t has no column 'x' | did you mean 'a'?");
  check_error("views: { v: { query: select 1, depends_on: [tt] } }\n" + one_table,
              "1:45 there is no object 'tt' | did you mean 't'?");
}

TEST_CASE("duplicates name both places") {
  check_error("tables:\n  t: {}\n  t: {}",
              "3:3 duplicate key 't', first at s.yaml:2:3 | remove or rename one of them");
  check_error("tables:\n  t: {}\n  '\"t\"': {}",
              "3:3 table t is declared twice, first at s.yaml:2:3 | remove or rename one of them");
  check_error("tables:\n  t: {}\nviews:\n  t: select 1",
              "4:3 view t is declared twice, first at s.yaml:2:3 | remove or rename one of them");
  check_error("tables: { t: { include: [m], columns: { a: int } } }\nmixins: { m: { a: text } }",
              "2:16 column t.a is declared twice, first at s.yaml:1:41 | remove or rename one of them");
}

TEST_CASE("what an engine lacks is said, and how to limit it") {
  const TestDialect poor("testbase", {Kind::enum_type}, false);
  CHECK(error("enums: { e: [a] }", poor)
            .starts_with("1:10 testbase has no object of the kind 'enum' | limit it with"));
  const std::string other(dialect_names().front());
  CHECK(errors("enums: { e: { values: [a], engines: [" + other + "] } }", poor).empty());
  CHECK(
      error("tables: { a.t: {} }", poor) ==
      "1:11 testbase has no namespaces | name the namespace once with `namespace:`, or limit the object with "
      "`engines:`");
  CHECK(errors("namespace: app\ntables: { t: {} }", poor).empty());
  check_error("tables: { t: { columns: { a: { type: { " + other + ": json } } } } }",
              "1:38 'type' has no value for testbase | add `testbase:`, or limit the object with `engines:`");
}

TEST_CASE("hostile files") {
  CHECK(load_yaml_text("", "s.yaml", TestDialect()).objects.empty());
  CHECK(load_yaml_text("# nothing\n", "s.yaml", TestDialect()).objects.empty());
  CHECK(load_yaml_text("\xEF\xBB\xBFtables: {}\n", "s.yaml", TestDialect()).objects.empty());
  check_starts(std::string("\x7F"
                           "ELF\0\1\2",
                           7),
               "1:0 not UTF-8 text");
  check_starts("tables: \xff\xfe", "1:0 not UTF-8 text");
  check_starts("a: \x01", "1:4 control character 0x01");
  check_starts("a: \"\\0\"", "1:4 text with NUL");
  check_starts("a: [", "1:1 end of sequence flow not found");
  check_starts("a: b: c", "1:5 illegal map value");
  check_starts("tables: {}\n---\ntables: {}", "3:1 several documents in one file");
  check_starts("a: &x [*x]", "1:8 an alias inside the value that it stands for");
  check_starts("a: *x", "1:4 the referenced anchor is not defined");
  check_starts("<<: {a: b}", "1:1 merge keys are not supported");
  check_starts("[a]: b", "1:1 a key must be text, not a list");
  check_starts("~: b", "1:1 a key must be text");
  check_starts("a: !!binary aGk=", "1:4 the tag 'tag:yaml.org,2002:binary' is not supported");
  check_starts("tables: !!str x", "1:9 'tables' must be a mapping, not text");
  check_starts("a: " + std::string(1000000, '['), "1:104 nested deeper than 100 levels");
  std::string nested;
  for (int i = 0; i < 200; ++i) nested += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  check_starts(nested, "101:101 nested deeper than 100 levels");
  std::string flow;
  for (int i = 0; i < 100000; ++i) flow += "{a: ";
  check_starts(flow, "1:397 nested deeper than 100 levels");
}

TEST_CASE("alias bombs end early") {
  std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 12; ++i) {
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int k = 0; k < 10; ++k) bomb += (k > 0 ? ",*a" : "*a") + std::to_string(i - 1);
    bomb += "]\n";
  }
  CHECK(error(bomb).find("aliases stand for more than 200000 values") != std::string::npos);
}

TEST_CASE("a folder of files is one schema") {
  const Folder folder;
  folder.write("a.yaml",
               "engines: [testbase]\nnamespace: app\ntables: { t: { columns: { a: int references u } } }\n");
  folder.write("sub/b.yml", "namespace: app\ntables: { u: { columns: { id: int primary key } } }\n");
  folder.write(".hidden.yaml", "nonsense: true\n");
  folder.write("notes.txt", "not read");
  folder.write("seed/u.yaml", "- { id: 1 }\n- { id: 2 }\n");
  folder.write("seed/u.json", R"([{"id": 3}, {"id": 4}])");
  folder.write("seed/u.csv", "id\n5\n\"6\"\n");
  folder.write("data.yaml",
               "namespace: app\ndata: { u: { from: [seed/u.yaml, seed/u.json, seed/u.csv] } }\n");
  std::vector<std::string> engines;
  const Catalog c = load_yaml(folder.path(), TestDialect(), &engines);
  CHECK(engines == std::vector<std::string>{"testbase"});
  for (const auto* id : {"1", "2", "3", "4", "5", "6"})
    CHECK(c.contains({Kind::row, "app", "u", "[\"" + std::string(id) + "\"]", ""}));
  CHECK(c.find<ForeignKey>({Kind::foreign_key, "app", "t", "t_a_fkey", ""})->ref_columns.size() == 1);

  folder.write("c.yaml", "namespace: app\ntables: { t: {} }\n");
  CHECK_THROWS_WITH_AS(load_yaml(folder.path(), TestDialect()),
                       doctest::Contains("c.yaml:2:11: table app.t is declared twice, first at"), InputError);
  CHECK_THROWS_AS(load_yaml(folder.path("missing"), TestDialect()), InputError);
}

TEST_CASE("rows come only from inside the folder") {
  const Folder folder;
  folder.write("outside.json", "[]");
  folder.write("in/x.json",
               R"([{"a": 1, "b": {"k": [1.50, null, "x"]}}, {"a": 12345678901234567890123, "b": "y"}])");
  std::filesystem::create_symlink(folder.path("outside.json"), folder.path("in/link.json"));
  auto load = [&](const std::string& from) {
    return load_yaml_text(one_table + "data: { t: { from: " + from + " } }", "s.yaml", TestDialect(),
                          folder.path("in"));
  };
  const Catalog c = load("x.json");
  const auto* row = c.find<Row>({Kind::row, "", "t", "[\"1\"]", ""});
  REQUIRE(row != nullptr);
  CHECK(row->values.at("b") == RowValue{"json", R"({"k":[1.50,null,"x"]})"});
  for (const std::string from : {"../outside.json", "link.json", "/etc/passwd", "sub/../../outside.json"})
    CHECK_THROWS_WITH_AS(load(from), doctest::Contains("lies outside the schema folder"), InputError);
  CHECK_THROWS_WITH_AS(load("none.json"), doctest::Contains("cannot read the file 'none.json'"), InputError);
  folder.write("in/places.json", "[\n  {\"a\": 1},\n  {\"a\": 2,\n   \"zz\": 3}\n]");
  CHECK_THROWS_WITH_AS(load("places.json"),
                       doctest::Contains("in/places.json:4:7: table t has no column 'zz'"), InputError);
  folder.write("in/sql.yaml", "- { a: 1, b: { sql: now() } }");
  CHECK_THROWS_WITH_AS(load("sql.yaml"), doctest::Contains("in a file of rows, whose values are plain data"),
                       InputError);
  folder.write("in/empty.csv", "");
  CHECK_THROWS_WITH_AS(load("empty.csv"), doctest::Contains("the file is empty"), InputError);
  folder.write("in/bad.json", "[{\"a\": 1,]");
  CHECK_THROWS_WITH_AS(load("bad.json"), doctest::Contains("malformed JSON"), InputError);
  folder.write("in/x.toml", "");
  CHECK_THROWS_WITH_AS(load("x.toml"), doctest::Contains("is no JSON, YAML or CSV file"), InputError);
  folder.write("in/x.csv", "a,b\r\n1,\"x \"\"y\"\",\nz\"\r\n2,\r\n3,\"\"\r\n");
  const Catalog csv = load("x.csv");
  auto b_of = [&](const std::string& a) {
    return csv.find<Row>({Kind::row, "", "t", "[\"" + a + "\"]", ""})->values.at("b");
  };
  CHECK(b_of("1") == RowValue{"text", "x \"y\",\nz"});
  CHECK(b_of("2") == RowValue{"null", ""});
  CHECK(b_of("3") == RowValue{"text", ""});
  folder.write("in/bad.csv", "a,b\n1\n");
  CHECK_THROWS_WITH_AS(load("bad.csv"), doctest::Contains("bad.csv:2:1: 1 fields under a header of 2"),
                       InputError);
}

TEST_CASE("rows are checked") {
  check_error(one_table + "data: { t: { rows: [ { a: 1, c: 2 } ] } }",
              "2:30 table t has no column 'c' | did you mean 'a'?");
  check_error(one_table + "data: { t: { rows: [ { b: x } ] } }",
              "2:22 a row without a value for its key column 'a' | add it");
  check_error(
      one_table + "data: { t: { rows: [ { a: 1 }, { a: 1 } ] } }",
      "2:32 row t.\"[\"\"1\"\"]\" is declared twice, first at s.yaml:2:22 | remove or rename one of them");
  check_error(one_table + "data: { t: { key: [z], rows: [] } }",
              "2:20 table t has no column 'z' | did you mean 'a'?");
  check_error(one_table + "data: { t: {} }", "2:9 data without rows | add `rows:` or `from:`");
  check_error(
      one_table + "data: { t: { on_removed: delete, rows: [] } }",
      "2:9 `on_removed: delete` without any row for table t | leave the entry out: generate deletes the "
      "rows that it declared; others are not the schema's");
  check_error(one_table + "data: { u: { rows: [] } }", "2:9 there is no table 'u' | did you mean 't'?");
}

TEST_CASE("yaml: a question mark between braces, which the parser takes for a key, is said") {
  CHECK(error("tables: { t: { columns: { a: varchar(5) default '?' } } }\n").find("write quotes around") !=
        std::string::npos);
  CHECK(errors("tables: { t: { columns: { a: \"text default '?'\" } } }\n").empty());
}
