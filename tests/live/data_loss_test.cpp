// Data that nobody meant to lose: what people added by hand, rows that go with others, statements by hand.
#include <doctest/doctest.h>

#include <cstdlib>

#include "support/server.hpp"

using namespace trueup::test;

namespace {
bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A project with one database.
struct Project {
  TestFolder folder;
  std::string engine, url;
  explicit Project(const std::string& schema, std::string engine_name = "sqlite",
                   std::string database = "sqlite:app.db")
      : engine(std::move(engine_name)), url(std::move(database)) {
    folder.write("trueup.yaml", "targets: { dev: \"" + url + "\" }\ndefault_target: dev\n");
    write(schema);
  }
  void write(const std::string& schema) const {
    folder.write("schema/a.yaml", "engines: [" + engine + "]\n" + schema);
  }
  Run run(const std::string& arguments) const { return run_trueup(arguments, folder.path()); }
  /// Generates and applies, both of which must succeed.
  void migrate(const std::string& name) const {
    const Run made = run("generate " + name);
    REQUIRE_MESSAGE(made.status == 0, made.err);
    const Run done = run("apply");
    REQUIRE_MESSAGE(done.status == 0, done.err);
  }
  std::string sqlite(const std::string& sql) const {
    folder.write("in.sql", sql + ";\n");
    return client("in.sql");
  }
  /// The sqlite3 client, which goes on after errors.
  std::string client(const std::string& script) const {
    const std::string command = "cd '" + folder.path() + "' && sqlite3 app.db < " + script + " > out 2>&1";
    (void)std::system(command.c_str());
    return read_text(folder / "out");
  }
  std::string file(const std::string& name) const { return "generated/" + engine + "/" + name; }
  void append(const std::string& name, const std::string& sql) const {
    folder.write(file(name), read_text(folder / file(name)) + sql);
  }
};

/// A refusal that names those parts, in that order.
void refuses(const Run& run, std::initializer_list<std::string> parts) {
  CAPTURE(run.err);
  CHECK(run.status == 2);
  std::size_t at = 0;
  for (const auto& part : parts) {
    CAPTURE(part);
    const auto found = run.err.find(part, at);
    CHECK(found != std::string::npos);
    at = found == std::string::npos ? at : found;
  }
}

const std::string table = R"(tables:
  t:
    columns: { id: integer primary key, order: text, n: text, g: { type: text, generated: n || 'x' } }
    unique: { t_n_key: [n] }
    indexes: { t_n: { on: [n] } }
    triggers: { t_t: { timing: after, events: [insert], body: select 1; } }
)";
const std::string stricter = R"(tables:
  t:
    columns: { id: integer primary key, order: text, n: text not null, g: { type: text, generated: n || 'x' } }
    unique: { t_n_key: [n] }
    indexes: { t_n: { on: [n] } }
    triggers: { t_t: { timing: after, events: [insert], body: select 1; } }
)";

const std::string countries = R"(tables:
  countries: { columns: { code: text primary key, name: text } }
  cities: { columns: { id: integer primary key, c: text references countries(code) on delete cascade } }
  streets: { columns: { id: integer primary key, city: integer references cities(id) on delete cascade } }
  shops: { columns: { id: integer primary key, c: text references countries(code) on delete set null } }
)";
const std::string both =
    "data: { countries: { on_removed: delete, rows: [ { code: de }, { code: fr } ] } }\n";
const std::string one = "data: { countries: { on_removed: delete, rows: [ { code: de } ] } }\n";
}  // namespace

TEST_CASE("data loss/sqlite: a rebuild takes nothing along that was added by hand") {
  for (const std::string drift :
       {"alter table t add column note text; update t set note = 'precious'", "create index by_hand on t (n)",
        "create trigger tr after insert on t begin select 1; end",
        "alter table t rename column \"order\" to ord",
        "alter table t add column h text generated always as (n) virtual"}) {
    CAPTURE(drift);
    const Project p(table);
    p.migrate("first");
    CHECK(p.sqlite("insert into t (id, \"order\", n) values (1, 'first', 'x'), (2, 'second', 'y'); " +
                   drift) == "");
    p.write(stricter);
    REQUIRE(p.run("generate second").status == 0);
    const std::string before = p.sqlite(".dump t");
    const Run apply = p.run("apply");
    CHECK(apply.status == 2);
    CHECK(has(apply.err, "rebuild table t"));
    CHECK(p.sqlite(".dump t") == before);
    if (!has(drift, "rename"))
      refuses(apply, {"the table is not what the migration was made for", "trueup verify"});
    CHECK(p.client(p.file("000002_second.up.sql")) != "");
    CHECK(p.sqlite(".dump t") == before);
  }
}

TEST_CASE("data loss/sqlite: a rebuild that is run twice loses nothing") {
  const Project p(table);
  p.migrate("first");
  CHECK(p.sqlite("insert into t (id, \"order\", n) values (1, 'first', 'x')") == "");
  std::string wider = stricter;
  wider.replace(wider.find("n: text"), 1, "z: text, n");
  p.write(wider);
  p.migrate("second");
  CHECK(p.sqlite("update t set z = 'kept'") == "");
  CHECK(has(p.client(p.file("000002_second.up.sql")), "constraint failed"));
  CHECK(p.sqlite("select \"order\", n, z from t") == "first|x|kept\n");
}

TEST_CASE("data loss/sqlite: names that are columns no more are no strings") {
  const std::string keyed = "tables: { t: { columns: { order: text primary key, n: text } } }\n";
  const Project p(keyed + "data: { t: { on_removed: delete, rows: [ { order: order }, { order: b } ] } }\n");
  p.migrate("first");
  CHECK(p.sqlite("alter table t rename column \"order\" to ord") == "");
  p.write(keyed + "data: { t: { on_removed: delete, rows: [ { order: b } ] } }\n");
  REQUIRE(p.run("generate second").status == 0);
  refuses(p.run("apply"), {"no such column: t.order"});
  CHECK(p.sqlite("select count(*) from t") == "2\n");

  const std::string plain = "tables: { t: { columns: { id: integer primary key, order: text } } }\n";
  const Project index(plain);
  index.migrate("first");
  CHECK(index.sqlite("alter table t rename column \"order\" to ord") == "");
  index.write(
      "tables: { t: { columns: { id: integer primary key, order: text }, indexes: { i: [order] } } }\n");
  REQUIRE(index.run("generate second").status == 0);
  refuses(index.run("apply"), {"no such column: order"});
}

TEST_CASE("data loss/sqlite: no migration leaves a reference without its row") {
  const Project p(countries + both);
  p.migrate("first");
  CHECK(p.sqlite("insert into cities values (1, 'de'), (2, 'fr'), (3, 'long gone')") == "");
  p.write(countries + one);
  REQUIRE(p.run("generate second --allow-drop countries").status == 0);
  refuses(p.run("apply"), {"1 foreign key(s) would be broken: cities, row 2: no such row in countries"});
  CHECK(p.sqlite("select count(*) from countries, cities") == "6\n");
  CHECK(p.sqlite("delete from cities where id = 2") == "");
  CHECK(p.run("apply").status == 0);  // what was broken before stays
  REQUIRE(p.run("new fix").status == 0);
  p.append("000003_fix.up.sql", "insert into cities values (9, 'nowhere');\n");
  refuses(p.run("apply"), {"1 foreign key(s) would be broken: cities, row 9"});
}

TEST_CASE("data loss: rows that go with a reference row are asked for") {
  const Project p(countries + both);
  p.migrate("first");
  p.write(countries + one);
  const Run refused = p.run("generate second");
  refuses(refused, {"row countries.\"[\"\"fr\"\"]\": rows of cities that refer to it go with it, and what "
                    "refers to those, "
                    "and rows of shops that refer to it lose that value",
                    "--allow-drop countries"});
  REQUIRE(p.run("generate second --allow-drop countries").status == 0);
  CHECK(has(read_text(p.folder / p.file("000002_second.up.sql")), "-- allowed: row countries"));
  CHECK(p.run("apply").status == 0);
  p.write(countries + both);
  p.migrate("third");
  refuses(p.run("rollback --to 2"), {"row countries.\"[\"\"fr\"\"]\"", "--allow-drop countries"});
  CHECK(p.run("rollback --to 2 --allow-drop countries").status == 0);
}

TEST_CASE("data loss/postgres: a rollback asks for the rows that cascade") {
  const auto server = test_server("TRUEUP_TEST_POSTGRES");
  if (!server) return;
  const TestDatabase database(*server);
  const Project p(countries + one, "postgres", database.url());
  p.migrate("first");
  p.write(countries + both);
  p.migrate("second");
  const auto connection = database.open();
  connection->execute("insert into cities values (1, 'fr')");
  refuses(p.run("rollback --to 1"), {"--allow-drop public.countries"});
  CHECK(connection->query("select 1 from cities").size() == 1);
  CHECK(p.run("rollback --to 1 --allow-drop countries").status == 0);
  CHECK(connection->query("select 1 from cities").empty());
}

TEST_CASE("data loss: push and diff say which rows the schema never declared") {
  const Project p(
      "tables: { c: { columns: { k: text primary key } } }\n"
      "data: { c: { on_removed: delete, rows: [ { k: de } ] } }\n");
  REQUIRE(p.run("push").status == 0);
  CHECK(p.sqlite("insert into c values ('by a user'), ('another')") == "");
  const Run refused = p.run("push");
  refuses(refused, {"and 1 more: is in the database, and the schema does not declare it", "--allow-drop c"});
  CHECK_FALSE(has(refused.err.substr(refused.err.find("--allow-drop") + 1), "--allow-drop"));
  const Run diff = p.run("diff sqlite:app.db schema");
  CHECK(diff.status == 0);
  CHECK(has(diff.err, "is in the database, and the schema does not declare it"));
  CHECK(p.sqlite("select count(*) from c") == "3\n");
  CHECK(p.run("push --allow-drop c").status == 0);
  CHECK(p.sqlite("select count(*) from c") == "1\n");
}

TEST_CASE("data loss: what a person wrote is asked for, and allowed by name or in the header") {
  for (const std::string sql : {"drop table t", "DELETE FROM t", "alter table t drop column n"}) {
    CAPTURE(sql);
    const Project p("tables: { t: { columns: { id: integer primary key, n: text } } }\n");
    p.migrate("first");
    REQUIRE(p.run("new by_hand").status == 0);
    // A comment of one's own that looks like one of generate's counts for nothing.
    p.append("000002_by_hand.up.sql", "-- drop table t\n" + sql + ";\n");
    refuses(p.run("apply"), {" t", "000002_by_hand.up.sql deletes it", "--allow-drop t"});
    const std::string text = read_text(p.folder / p.file("000002_by_hand.up.sql"));
    p.folder.write(p.file("000002_by_hand.up.sql"), text.substr(0, text.find('\n') + 1) +
                                                        "-- allowed: table t\n-- allowed: column t.n\n" +
                                                        text.substr(text.find('\n') + 1));
    const Run apply = p.run("apply");
    CHECK_MESSAGE(apply.status == 0, apply.err);
  }
}

TEST_CASE("data loss: a header without its lines is asked for by the comment of the statement") {
  const Project p("tables: { t: { columns: { id: integer primary key, n: text } } }\n");
  p.migrate("first");
  p.write("tables: { t: { columns: { id: integer primary key } } }\n");
  REQUIRE(p.run("generate second --allow-drop t.n").status == 0);
  const std::string path = p.file("000002_second.up.sql");
  std::string text = read_text(p.folder / path);
  for (const std::string line : {"-- deletes: column t.n\n", "-- allowed: column t.n\n"}) {
    REQUIRE(has(text, line));
    text.erase(text.find(line), line.size());
  }
  p.folder.write(path, text);
  refuses(p.run("apply"), {"column t.n: ", "deletes it", "--allow-drop t.n"});
  CHECK(p.run("apply --allow-drop t.n").status == 0);
}
