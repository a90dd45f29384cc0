// SQLite for real: what is created from the model reads back equal, and every change arrives without losing a
// row.
#include "driver/url.hpp"
#include "engine/sqlite/dialect.hpp"
#include "plan/pipeline.hpp"
#include "source/source.hpp"

namespace trueup {
namespace {

std::unique_ptr<Connection> memory() {
  return connect_sqlite(parse_url("sqlite::memory:"));
}

Catalog read(Connection& c) {
  return sqlite_dialect().introspect(c, Scope{});
}

State live(Connection& c) {
  return {read(c), Origin::live, "live", nullptr};
}

/// Runs a plan as apply does: settings around one transaction.
void run(Connection& c, const std::vector<Statement>& statements) {
  for (const auto& s : statements)
    if (s.tx == TxMode::before) c.execute(s.sql);
  c.execute("begin");
  for (const auto& s : statements)
    if (s.tx == TxMode::inside) c.execute(s.sql);
  CHECK(c.query("pragma foreign_key_check").empty());
  c.execute("commit");
  for (const auto& s : statements)
    if (s.tx == TxMode::after) c.execute(s.sql);
}

std::vector<Statement> migrate(Connection& a, const Catalog& desired) {
  auto comparison = compare(live(a), State{desired, Origin::recorded, "b", nullptr}, sqlite_dialect());
  run(a, comparison.statements);
  return comparison.statements;
}

std::string sql_of(const std::vector<Statement>& statements) {
  return to_script(statements, sqlite_dialect());
}

/// From the one to the other: afterwards nothing is left to do.
void check_way(const std::string& from, const std::string& to) {
  auto a = memory(), b = memory();
  a->execute("pragma foreign_keys = on");
  a->execute(from);
  b->execute(to);
  const Catalog desired = read(*b);
  INFO("from: ", from, "\nto: ", to);
  REQUIRE(desired.unmodelled.empty());
  const std::string script = sql_of(migrate(*a, desired));
  INFO(script);
  const auto again = compare(live(*a), State{desired, Origin::recorded, "b", nullptr}, sqlite_dialect());
  CHECK(sql_of(again.statements) == "");
  for (const auto& entry : desired.objects) {
    INFO(to_string(entry.first));
    CHECK(read(*a).contains(entry.first));
  }
}

std::string scalar(Connection& c, const std::string& sql) {
  const auto rows = c.query(sql);
  return rows.empty() ? "no row" : rows[0].at(0).value_or("null");
}
}  // namespace

TEST_CASE("sqlite: every construct is created from the model and reads back equal") {
  const std::vector<std::string> schemas{
      "create table t (id integer primary key)",
      "create table t (id integer primary key autoincrement, a text not null default 'x')",
      "create table T1 (Id INTEGER PRIMARY KEY, \"Mixed Case\" TEXT, [in brackets] int, `ticks` int, "
      "'single' int)",
      "create table t (id integer primary key desc, a)",
      "create table t (id integer, primary key (id desc))",
      "create table t (a text, b int, primary key (b, a desc)) without rowid",
      "create table t (a text collate nocase primary key, b any, c blob) strict, without rowid",
      "create table t (a text primary key, b any) strict",
      "create table t (a text, b int, primary key (a, b)) strict",
      "create table t (a int not null on conflict ignore, b int unique on conflict replace, unique (a, b) on "
      "conflict fail)",
      "create table t (a int constraint nn not null constraint df default 3 constraint u unique constraint c "
      "check (a > 0))",
      "create table t (a int, b int, check (a > 0), check (a > 0 and b > 0), check (a < 9), constraint named "
      "check (b <> 5))",
      "create table t (a default -5, b default +1.5e3, c default 'it''s', d default x'00ff', e default null, "
      "f default true,"
      " g default CURRENT_TIMESTAMP, h default current_date, i default (1 + 2), j default (lower('X')), k "
      "default \"text\","
      " l default (datetime('now', '+1 day')))",
      "create table t (a int, b int generated always as (a + 1) virtual, c text as (a || '/' || b) stored "
      "unique)",
      "create table p (id integer primary key, a int, b int, unique (a, b)); create table c (x int "
      "references p,"
      " y int references p (id) on delete cascade on update set null deferrable initially deferred, z int, w "
      "int,"
      " constraint named foreign key (z, w) references p (a, b) on delete set default match full)",
      "create table t (id integer primary key, parent int references t (id) on delete cascade)",
      "create table a (id integer primary key, b int references b); create table b (id integer primary key, "
      "a int references a)",
      "create table t (a text, b text); create index i on t (a collate nocase desc, lower(b), (a || b)) "
      "where b is not null;"
      " create unique index u on t (a)",
      "create table t (a text); create view v as select a as x from t; create view w (y) as select x from v",
      "create table t (a int, b int); create table log (x); create trigger tr after update of a, b on t for "
      "each row when"
      " new.a > 0 begin insert into log values (case when new.a > 1 then 'big' else 'small' end); delete "
      "from log where"
      " x = 'end;'; end",
      "create table t (a int); create view v as select a from t; create trigger tr instead of insert on v "
      "begin insert"
      " into t values (new.a); end",
      "create virtual table f using fts5(title, body, tokenize = 'porter'); create table t (a)",
      "create virtual table r using rtree(id, x0, x1)",
      "create table \"select\" (\"order\" int, \"a\"\"b\" text, \"a'b\" text, \"new\nline\" text);"
      "create index \"group\" on \"select\" (\"order\")",
      "create table t (a int /* why */, -- because\n b text -- last\n)",
      "create table t (price numeric(15, 4), name varchar (20), n unsigned big int)",
      "create table \xC3\xA4pfel (\xF0\x9F\x8D\x8E text)",
      "create table t as select 1 as a, 'x' as b",
      "create table t (a int constraint u1 unique, b int, constraint u2 unique (b), constraint pk primary "
      "key (a, b))",
  };
  for (const auto& s : schemas) check_way("", s);
  for (const auto& s : schemas) check_way(s, "");
}

TEST_CASE("sqlite: changes in both directions") {
  const std::vector<std::pair<std::string, std::string>> pairs{
      {"create table t (a int)", "create table t (a int, b text default 'x', c int as (a) virtual)"},
      {"create table t (a int)",
       "create table t (a int, b text not null default 'x' unique, c int as (a) stored)"},
      {"create table t (a int)", "create table t (a text)"},
      {"create table t (a int, b int)", "create table t (a int primary key, b int check (b > 0))"},
      {"create table t (id integer primary key, a)",
       "create table t (id integer primary key autoincrement, a)"},
      {"create table t (id integer primary key)", "create table t (id integer primary key) strict"},
      {"create table t (id int primary key)", "create table t (id int primary key) without rowid"},
      {"create table p (id integer primary key); create table c (p int)",
       "create table p (id integer primary key); create table c (p int references p (id) on delete cascade)"},
      {"create table t (a int); create index i on t (a)",
       "create table t (a int); create unique index i on t (a desc)"},
      {"create table t (a int, b int); create view v as select a from t",
       "create table t (a int, b int); create view v as select a, b from t"},
      {"create table t (a int, b int); create view v as select a from t",
       "create table t (a int); create view v as select a from t"},
      {"create table t (a int, b int); create index i on t (b); create view v as select b from t",
       "create table t (a int); create view v as select a from t"},
      {"create table t (a int, b int check (b > 0))", "create table t (a int)"},
      {"create table t (a int); create table l (x); create trigger tr after insert on t begin insert into l "
       "values (1); end",
       "create table t (a int); create table l (x); create trigger tr before insert on t begin insert into l "
       "values (2); end"},
      {"create table t (a int); create table l (x); create trigger tr after insert on t begin insert into l "
       "values (1); end",
       "create table t (a text); create table l (x int); create trigger tr after insert on t begin insert "
       "into l values (1); end"},
      {"create table t (a int not null default 1, constraint x unique (a))",
       "create table t (a int, constraint y unique (a))"},
  };
  for (const auto& [a, b] : pairs) {
    check_way(a, b);
    check_way(b, a);
  }
}

TEST_CASE("sqlite: a rebuild keeps rows, children, counters, rowids, indexes, triggers and views") {
  auto a = memory(), b = memory();
  a->execute(R"(
    pragma foreign_keys = on;
    create table p (id integer primary key autoincrement, name text, n text);
    create table c (id integer primary key, p int not null references p (id) on delete cascade);
    create table log (what text);
    create index p_name on p (name);
    create view v as select p.name, c.id from p join c on c.p = p.id;
    create trigger gone after delete on p begin insert into log values ('deleted ' || old.id); end;
    create trigger other after insert on c begin update p set n = '9' where id = new.p; end;
    insert into p (name, n) values ('one', '1'), ('two', '2'), ('three', '3');
    delete from p where id = 3;
    delete from log;
    insert into c (p) values (1), (1), (2);
  )");
  b->execute(R"(
    create table p (id integer primary key autoincrement, name text not null default 'nobody', n int check (n >= 0));
    create table c (id integer primary key, p int not null references p (id) on delete cascade);
    create table log (what text);
    create index p_name on p (name);
    create view v as select p.name, c.id from p join c on c.p = p.id;
    create trigger gone after delete on p begin insert into log values ('deleted ' || old.id); end;
    create trigger other after insert on c begin update p set n = '9' where id = new.p; end;
  )");
  const auto statements = migrate(*a, read(*b));
  CHECK(statements.front().tx == TxMode::before);
  CHECK(statements.back().tx == TxMode::after);
  CHECK(scalar(*a, "select count(*) from c") == "3");
  CHECK(scalar(*a, "select count(*) from log") == "0");
  CHECK(scalar(*a, "select group_concat(typeof(n) || name) from p") == "integerone,integertwo");
  CHECK(scalar(*a, "select count(*) from v") == "3");
  CHECK(scalar(*a, "pragma foreign_keys") == "1");
  a->execute("insert into p (n) values (4)");
  CHECK(scalar(*a, "select max(id) from p") == "4");  // 3 was used once and never comes again
  a->execute("insert into c (p) values (4)");
  CHECK(scalar(*a, "select n from p where id = 4") == "9");
  a->execute("delete from p where id = 4");
  CHECK(scalar(*a, "select what from log") == "deleted 4");
  CHECK(scalar(*a, "select count(*) from c") == "3");
}

TEST_CASE("sqlite: a rebuild keeps rowids where nothing else names them") {
  auto a = memory(), b = memory();
  a->execute("create table t (a text, rowid int); insert into t (_rowid_, a) values (7, 'x'), (9, 'y')");
  b->execute("create table t (a int, rowid int)");
  migrate(*a, read(*b));
  CHECK(scalar(*a, "select group_concat(_rowid_) from t") == "7,9");
}

TEST_CASE("sqlite: dropping a table that others refer to leaves their rows alone") {
  auto a = memory(), b = memory();
  a->execute(R"(pragma foreign_keys = on; create table p (id integer primary key);
    create table c (p int references p (id) on delete cascade); insert into p values (1); insert into c values (1))");
  b->execute("create table c (p int)");
  migrate(*a, read(*b));
  CHECK(scalar(*a, "select count(*) from c") == "1");
}

TEST_CASE("sqlite: a reference to a table that is not there is kept, and written with that") {
  const std::string log =
      R"(create table log (id integer primary key, a int {}, "Job Id" int references Jobs (JobId)
    on delete cascade, w int, foreign key (w) references nowhere);)";
  auto a = memory(), b = memory();
  a->execute(fmt::format(fmt::runtime(log), "") +
             "insert into log values (1, 2, null, null); pragma foreign_keys = on");
  b->execute(fmt::format(fmt::runtime(log), "not null"));
  const Catalog desired = read(*b);
  REQUIRE(desired.unmodelled.empty());
  const std::string yaml = to_yaml(desired, sqlite_dialect());
  INFO(yaml);
  CHECK(yaml.find("table: Jobs") != std::string::npos);
  const Catalog loaded = load_yaml_text(yaml, "log.yaml", sqlite_dialect(), ".");
  CHECK(compare(live(*b), State{loaded, Origin::authored, "y", nullptr}, sqlite_dialect()).empty());
  migrate(*a, loaded);
  CHECK(scalar(*a, "select count(*) from log where a = 2") == "1");
  CHECK(compare(live(*a), live(*b), sqlite_dialect()).empty());
  // The table comes, and the reference stays as it is; it goes, and no row is lost.
  b->execute("create table Jobs (JobId integer primary key)");
  CHECK(sql_of(migrate(*a, read(*b))).find("trueup_old") == std::string::npos);
  b->execute("drop table Jobs");
  migrate(*a, read(*b));
  CHECK(scalar(*a, "select count(*) from log where a = 2") == "1");
  CHECK(compare(live(*a), live(*b), sqlite_dialect()).empty());
}

TEST_CASE("sqlite: a type called serial counts only where an author says so") {
  auto a = memory(), b = memory();
  a->execute("create table t (id serial primary key, n bigserial)");
  const Catalog found = read(*a);
  const Catalog loaded = load_yaml_text(to_yaml(found, sqlite_dialect()), "t.yaml", sqlite_dialect(), ".");
  CHECK(compare(live(*a), State{loaded, Origin::authored, "y", nullptr}, sqlite_dialect()).empty());
  const std::string script = sql_of(migrate(*b, loaded));
  CHECK(script.find("autoincrement") == std::string::npos);
  CHECK(scalar(*b, "select group_concat(type) from pragma_table_info('t')") == "serial,bigserial");
  const Catalog counting = load_yaml_text("tables: { t: { columns: { id: serial primary key } } }", "c.yaml",
                                          sqlite_dialect(), ".");
  const auto change = compare(live(*a), State{counting, Origin::authored, "c", nullptr}, sqlite_dialect());
  CHECK(sql_of(change.statements).find("autoincrement") != std::string::npos);
}

TEST_CASE("sqlite: a column that becomes not null takes its default for nulls") {
  auto a = memory(), b = memory();
  a->execute("create table t (a int, b text); insert into t values (null, 'x'), (2, 'y')");
  b->execute("create table t (a int not null default 5, b text)");
  const auto statements = migrate(*a, read(*b));
  CHECK(scalar(*a, "select group_concat(a) from t") == "5,2");
  bool told = false;
  for (const auto& s : statements)
    for (const auto& h : s.hazards) told = told || h.message.find("nulls in a become 5") != std::string::npos;
  CHECK(told);
}

TEST_CASE("sqlite: what cannot be filled fails and changes nothing") {
  auto a = memory(), b = memory();
  a->execute("create table t (a int); insert into t values (null)");
  b->execute("create table t (a int not null)");
  const auto comparison = compare(live(*a), live(*b), sqlite_dialect());
  CHECK_THROWS_AS(run(*a, comparison.statements), WorldError);
  CHECK(scalar(*a, "select count(*) from t") == "1");
  CHECK(read(*a).objects.size() == 2);
}

TEST_CASE("sqlite: what the parser cannot read for certain is named, with what hangs on it") {
  auto a = memory();
  a->execute(R"(create table gone_ref (a int references fine (nowhere)); create index i on gone_ref (a);
    create table child (g int references gone_ref); create table fine (a))");
  const Catalog c = read(*a);
  CHECK(c.unmodelled.contains("table gone_ref"));
  CHECK(c.unmodelled.contains("index gone_ref.i"));
  CHECK(c.unmodelled.size() == 2);
  CHECK(c.contains(parse_key("foreign key child.child_g_fkey")));
  CHECK(c.relation("", "fine") != nullptr);
}

TEST_CASE("sqlite: a reference to a primary key of other size, or to none, is named and not written") {
  auto a = memory();
  a->execute(R"(create table p (a, b, primary key (a, b)); create table few (x, foreign key (x) references p);
    create table both (x, y, foreign key (x, y) references P); create table none (a);
    create table lost (x references none); create table child (x references few (x)); create table o (x references gone))");
  const Catalog c = read(*a);
  CHECK(c.unmodelled.contains("table few"));
  CHECK(c.unmodelled.contains("table lost"));
  CHECK(c.unmodelled.size() == 2);
  CHECK(c.contains(parse_key("foreign key both.both_x_y_fkey")));
  CHECK(c.contains(parse_key("foreign key child.child_x_fkey")));
}

TEST_CASE("sqlite: tables behind virtual tables, SQLite's own and the history are left alone") {
  auto a = memory();
  a->execute(R"(create virtual table f using fts5(a); create table t (id integer primary key autoincrement);
    create table trueup_history (a); create index hi on trueup_history (a); insert into t default values; analyze)");
  Scope scope;
  scope.ignore_table = "trueup_history";
  const Catalog c = sqlite_dialect().introspect(*a, scope);
  CHECK(c.objects.size() == 4);  // f, t, t.id, t_pkey
  CHECK(c.unmodelled.empty());
}

TEST_CASE("sqlite: names that differ in case only are one name") {
  auto a = memory(), b = memory();
  a->execute(
      "create table p (Id integer primary key); create table c (x int, foreign key (X) references P (ID));"
      "create index i on C (X)");
  const Catalog c = read(*a);
  CHECK(c.contains(parse_key("foreign key c.c_x_fkey")));
  CHECK(c.find<ForeignKey>(parse_key("foreign key c.c_x_fkey"))->ref_columns.at(0).to.name == "Id");
  CHECK(c.contains(parse_key("index c.i")));
  b->execute("create table p (id INTEGER primary key, n NUMERIC(5, 2))");
  a->execute("drop table c; drop table p; create table p (id integer primary key, n numeric (5,2))");
  CHECK(compare(live(*a), live(*b), sqlite_dialect()).empty());
}

TEST_CASE("sqlite: a column whose name only changes its case keeps its values") {
  auto a = memory(), b = memory();
  a->execute("create table t (id integer primary key, Name text); insert into t (Name) values ('x')");
  b->execute("create table t (id integer primary key, name text)");
  migrate(*a, read(*b));
  CHECK(scalar(*a, "select name from t") == "x");
  CHECK(compare(live(*a), live(*b), sqlite_dialect()).empty());
}

TEST_CASE("sqlite: errors name the statement and SQLite's code") {
  auto a = memory();
  try {
    a->execute("create table t (a unique); insert into t values (1), (1)");
    FAIL("no error");
  } catch (const WorldError& e) {
    CHECK(e.facts().code == "SQLITE_CONSTRAINT_UNIQUE");
    CHECK(e.facts().statement == "insert into t values (1), (1)");
  }
  const std::vector<Cell> args{std::string("x"), std::nullopt};
  CHECK(a->query("select ? || 'y', ?, x'0aFF', 1.5, 2.0, 1e300", args) ==
        std::vector<ResultRow>{{"xy", std::nullopt, "x'0aff'", "1.5", "2.0", "1e+300"}});
  CHECK_THROWS_AS(connect_sqlite(parse_url("sqlite:/nowhere/at/all.db")), WorldError);
  CHECK_THROWS_AS(connect_sqlite(parse_url("sqlite::memory:?colour=red")), InputError);
}

}  // namespace trueup
