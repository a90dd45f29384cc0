#include <doctest/doctest.h>

#include "migration/execute.hpp"
#include "migration/file.hpp"
#include "migration/resume.hpp"
#include "support/test_dialect.hpp"

using namespace trueup;
using namespace trueup::testing;

namespace {
/// Cuts at every semicolon that ends a line; enough for a file's own rules.
class LineDialect : public TestDialect {
 public:
  std::vector<ScriptStatement> split(std::string_view script) const override {
    std::vector<ScriptStatement> out;
    int line = 1;
    for (std::size_t at = 0; at < script.size();) {
      const auto end = std::min(script.find(";\n", at), script.size());
      std::string_view piece = script.substr(at, end - at);
      const auto blanks = std::min(piece.find_first_not_of(" \n"), piece.size());
      const int skipped = static_cast<int>(
          std::count(piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(blanks), '\n'));
      if (blanks < piece.size())
        out.push_back({std::string(piece.substr(blanks)), line + skipped, TxMode::inside});
      line += static_cast<int>(std::count(piece.begin(), piece.end(), '\n')) + 1;
      at = end + 2;
    }
    return out;
  }
};

MigrationHeader header() {
  MigrationHeader h;
  h.version = 7;
  h.name = "add_memories";
  h.engine = "testbase";
  h.parent = std::string(64, 'a');
  h.state = std::string(64, 'b');
  h.verified = "no (why)";
  h.renames = {"table a -> table b"};
  h.deletes = {"table app.x", "column app.y.z"};
  return h;
}
std::string error_of(const std::string& text) {
  try {
    parse_migration(text, "f.sql", LineDialect());
    return "";
  } catch (const InputError& e) {
    return e.what();
  }
}
}  // namespace

TEST_CASE("a migration file keeps its header, statements, lines and titles") {
  const std::string text =
      write_migration(header(),
                      "-- create table app.x\nCREATE TABLE x (\n  a int\n);\n\n-- [note]\n\n"
                      "-- create index app.x.i [builds-index: long]\n-- more\nCREATE INDEX i;\n");
  const MigrationScript script = parse_migration(text, "f.sql", LineDialect());
  CHECK(script.header == header());
  CHECK(script.text == text);
  REQUIRE(script.statements.size() == 2);
  CHECK(script.statements[0].title == "create table app.x");
  CHECK(script.statements[0].script.sql.starts_with("CREATE TABLE"));
  CHECK(script.statements[0].script.line == 13);
  CHECK(script.statements[1].title == "create index app.x.i [builds-index: long]");
  CHECK(script.statements[1].script.line == 21);
}

TEST_CASE("line ends and a byte order mark do not make a file another one") {
  const std::string text = write_migration(header(), "SELECT 1;\nSELECT 2;\n");
  std::string windows = "\xEF\xBB\xBF" + replace_all(text, "\n", "\r\n");
  CHECK(migration_checksum(windows) == migration_checksum(text));
  CHECK(parse_migration(windows, "f.sql", LineDialect()).checksum == migration_checksum(text));
  CHECK(migration_checksum(text + " ") != migration_checksum(text));
}

TEST_CASE("a file without a header is taken as it is") {
  const MigrationScript script = parse_migration("-- mine\nSELECT 1;\n", "f.sql", LineDialect());
  CHECK(script.header == MigrationHeader{});
  CHECK(script.statements.size() == 1);
  CHECK(parse_migration("", "f.sql", LineDialect()).statements.empty());
  CHECK(parse_migration("-- nothing\n", "f.sql", LineDialect()).statements.empty());
}

TEST_CASE("malformed headers and transactions are refused with their line") {
  CHECK(error_of("-- trueup migration\n-- deletse: table x\n\nSELECT 1;\n")
            .starts_with("f.sql:2:1: unknown key"));
  CHECK(error_of("-- trueup migration\n-- version: seven\n").find("not a number") != std::string::npos);
  CHECK(error_of("-- trueup migration\n-- no colon here\n").find("without a colon") != std::string::npos);
  CHECK(error_of("SELECT 1;\nBEGIN;\n").starts_with("f.sql:2:1: BEGIN"));
  CHECK(error_of("SELECT 1;\n-- now\n  commit;\n").starts_with("f.sql:3:1: COMMIT"));
  CHECK(error_of("start transaction;\n") != "");
  CHECK(error_of("rollback to savepoint s;\n") == "");
  CHECK(error_of(std::string("SELECT '\0';\n", 12)).find("UTF-8") != std::string::npos);
  CHECK(error_of("SELECT '\xFF';\n") != "");
}

TEST_CASE("object names cannot break out of the header") {
  MigrationHeader h = header();
  h.deletes = {"table \"x\n; DROP TABLE y; --\""};
  const std::string text = write_migration(h, "SELECT 1;\n");
  for (std::size_t at = 0; text[at] != '\n' || text[at + 1] != '\n'; at = text.find('\n', at + 1))
    CHECK(text.substr(at == 0 ? 0 : at + 1, 2) == "--");
}

TEST_CASE("the checksum of a part covers just that part") {
  const auto of = [](const char* text, std::int64_t n) {
    return statements_checksum(parse_migration(text, "f", LineDialect()), n);
  };
  CHECK(of("A;\nB;\n", 1) == of("A;\nC;\n", 1));
  CHECK(of("A;\nB;\n", 2) != of("A;\nC;\n", 2));
  CHECK(of("A;\nB;\n", 1) != of("X;\nB;\n", 1));
}

TEST_CASE("resume: the object of a statement, also of a prepared one") {
  const EngineDialect& mysql = *dialect("mysql");
  const auto objects = [&](const std::string& title, const std::string& sql) {
    MigrationStatement statement;
    statement.title = title;
    statement.script.sql = sql;
    std::string out;
    for (const ObjectKey& key : objects_of(statement, mysql)) out += to_string(key) + ";";
    return out;
  };
  CHECK(objects("alter sequence s [note: x]", "ALTER SEQUENCE `s` CYCLE") == "sequence s;");
  CHECK(objects("alter sequence s", "EXECUTE IMMEDIATE 'ALTER SEQUENCE `s` AS int'") == "sequence s;");
  CHECK(objects("alter sequence s", "EXECUTE IMMEDIATE 'ALTER SEQUENCE `t` AS int'").empty());
  CHECK(objects("alter sequence s", "EXECUTE IMMEDIATE 'SELECT `s`'").empty());
  CHECK(objects("alter sequence s", "EXECUTE s").empty());
}

TEST_CASE("a comment or a quote that does not end is refused where it begins, by every engine") {
  const auto error = [](std::string_view engine, const std::string& body) -> std::string {
    try {
      parse_migration(write_migration(header(), body), "f.sql", *dialect(engine));
      return "";
    } catch (const InputError& e) {
      return e.what();
    }
  };
  const std::string head = write_migration(header(), "x");  // which is one line more than the header
  const std::string line = fmt::format("f.sql:{}: ", std::count(head.begin(), head.end(), '\n') + 1);
  for (const auto engine : dialect_names()) {
    CAPTURE(engine);
    for (const char* body : {"select 1;\nselect 1 /* c; select 2;\n", "-- it's\nselect 'a; select 2;\n",
                             "select 1;\n/* c */ /*\n\n", "select 1;\n/* last line"})
      CHECK(error(engine, body).starts_with(line));
    CHECK(error(engine, "select 1 -- it's /*\n").empty());
    CHECK(error(engine, "select '/*' /* it's */;\n-- \"").empty());
    CHECK(error(engine, "select 1;\n\n/* the end */\n").empty());
  }
  CHECK(error("postgres", "select 1;\ndo $x$ begin end $y$; select 2;\n").starts_with(line));
  CHECK(error("postgres", "select 1;\n/* a /* b */ select 2;\n").starts_with(line));
  CHECK(error("sqlite", "select 1;\nselect [a; select 2;\n").starts_with(line));
}

TEST_CASE("lines that begin with `-- trueup: ` name no object") {
  const auto script = parse_migration(
      "-- trueup: write SQL below.\n-- create index t.i\nselect 1;\n-- trueup: x\nselect 2;\n", "f.sql",
      *dialect("sqlite"));
  CHECK(script.statements.at(0).title == "create index t.i");
  CHECK(script.statements.at(1).title.empty());
}
