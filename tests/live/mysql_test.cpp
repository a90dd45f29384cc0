// MySQL and MariaDB through the built binary: what is introspected comes out the same when pushed, a
// project's whole life, what the servers have in common and what they do not.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "engine/mysql/dialect.hpp"
#include "support/program.hpp"

namespace trueup::test {
namespace {
struct Server {
  std::string_view variable;
  std::string url;
  bool is_mysql() const { return variable == "TRUEUP_TEST_MYSQL"; }
};
/// Those that are there.
std::vector<Server> servers(std::initializer_list<const char*> variables = {
                                "TRUEUP_TEST_MARIADB", "TRUEUP_TEST_MARIADB_118", "TRUEUP_TEST_MYSQL"}) {
  std::vector<Server> out;
  for (const char* variable : variables)
    if (auto url = test_server(variable)) out.push_back({variable, std::move(*url)});
  return out;
}
void execute(const TestDatabase& database, const std::string& script) {
  const auto connection = database.open();
  for (const auto& s : mysql_dialect().split(script)) {
    CAPTURE(s.sql);
    connection->execute(s.sql);
  }
}
/// Columns in order, then keys and constraints in any.
std::string table_form(const std::string& text) {
  std::vector<std::string> columns, others;
  for (std::string line : split(text, '\n')) {
    if (line.ends_with(',')) line.pop_back();
    (line.starts_with("  `") || !line.starts_with("  ") ? columns : others).push_back(line);
  }
  std::sort(others.begin(), others.end());
  return join(columns, "\n") + "\n" + join(others, "\n");
}

/// The server's own words for every object.
std::map<std::string, std::string> dump(const TestDatabase& database) {
  const auto connection = database.open();
  const std::array<std::pair<const char*, const char*>, 4> lists{{
      {"table", "select table_name from information_schema.tables where table_schema = database()"},
      {"trigger", "select trigger_name from information_schema.triggers where trigger_schema = database()"},
      {"event", "select event_name from information_schema.events where event_schema = database()"},
      {"",
       "select concat(lower(routine_type), ' `', routine_name, '`') from information_schema.routines where "
       "routine_schema = database()"},
  }};
  std::map<std::string, std::string> out;
  for (const auto& list : lists)
    for (const auto& row : connection->query(list.second)) {
      const std::string kind = list.first;
      const std::string name = kind.empty() ? *row[0] : kind + " `" + replace_all(*row[0], "`", "``") + "`";
      const auto shown = connection->query("show create " + name).at(0);
      // Sequences and tables: name, statement; triggers, routines and events: name, modes, statement, ...
      std::string text = shown.size() > 2 && kind != "table" ? shown[2].value() : shown[1].value();
      if (kind == "event") text = shown[3].value() + " in zone " + shown[2].value();
      const auto counter = text.find(" AUTO_INCREMENT=");
      if (counter != std::string::npos) text.erase(counter, text.find(' ', counter + 1) - counter);
      // A default's sequence, which must be this database's own.
      text = replace_all(text, "`" + connection->url().database + "`.", "");
      out[name] = kind == "table" ? table_form(text) : text;
    }
  return out;
}

/// Both databases hold the same, as the server says it.
void same(const TestDatabase& a, const TestDatabase& b) {
  const auto x = dump(a), y = dump(b);
  for (const auto& entry : x) {
    const auto it = y.find(entry.first);
    CHECK_MESSAGE(it != y.end(), entry.first);
    if (it != y.end()) CHECK(it->second == entry.second);
  }
  CHECK(x.size() == y.size());
}

/// Introspect, push into an empty database, introspect again.
void comes_back(const TestDatabase& first, const std::string& server) {
  const TestDatabase second(server);
  const TestFolder folder;
  folder.write("schema/a.yaml", "");
  const Run a = expect(0, "introspect " + first.url() + " --strict -o schema/a.yaml", folder.path());
  CHECK(has(a.err, " 0 unmodelled"));
  CAPTURE(read_text(folder / "schema/a.yaml"));
  expect(0, "push " + second.url(), folder.path());
  expect(0, "introspect " + second.url() + " --strict -o b.yaml", folder.path());
  CHECK(read_text(folder / "schema/a.yaml") == read_text(folder / "b.yaml"));
  CHECK(expect(0, "diff " + first.url() + " " + second.url(), folder.path()).out == "");
  CHECK(expect(0, "diff " + second.url() + " schema/a.yaml", folder.path()).out == "");
  same(first, second);
}

/// Pushes the text; afterwards there must be nothing left to do.
void push(const TestDatabase& database, const std::string& yaml, const std::string& flags = "") {
  const TestFolder folder;
  folder.write("schema/s.yaml", "engines: [mysql]\n" + yaml);
  expect(0, "push " + database.url() + " " + flags, folder.path());
  const Run again = expect(0, "diff " + database.url() + " schema/s.yaml", folder.path());
  CHECK(again.out == "");
}
std::string refusal(const TestDatabase& database, const std::string& yaml, const std::string& flags = "") {
  const TestFolder folder;
  folder.write("schema/s.yaml", "engines: [mysql]\n" + yaml);
  return expect(2, "push " + database.url() + " " + flags, folder.path()).err;
}

const char* const everywhere = R"sql(
create table users (
  id bigint unsigned not null auto_increment primary key,
  email varchar(190) character set ascii collate ascii_bin not null,
  name varchar(100) collate utf8mb4_bin,
  bio mediumtext,
  age tinyint unsigned zerofill,
  price decimal(12,3) not null default 0.5,
  ratio double default -1.5,
  small float,
  flags set('a','b','c''d') default 'a,b',
  kind enum('x','y') not null default 'x',
  doc json,
  bits bit(5) default b'101',
  y year, t time(3),
  d datetime(6) default current_timestamp(6) on update current_timestamp(6),
  ts timestamp not null default current_timestamp,
  ts2 timestamp null,
  hash binary(16), token varbinary(64), raw longblob,
  uid varchar(36) default (uuid()),
  full_name varchar(300) generated always as (concat(name, ' ', kind)) virtual,
  labelled varchar(300) as (concat(name, _utf8mb4'a', _latin1'b', 'c')),
  total decimal(14,3) as (price * 2) stored comment 'it''s "so" \\ and so',
  hidden int default 7 invisible,
  pos point not null,
  unique key email_uq (email),
  key name_idx (name(10), age desc) comment 'two',
  fulltext key bio_ft (bio),
  spatial key pos_sp (pos),
  constraint positive check (price > 0)
) engine=InnoDB row_format=dynamic comment='people''s';
create table `odd ``name``` (`a b` int primary key, `sel;ect` text default null, c char(3) default '''');
create table posts (
  id int not null auto_increment,
  user_id bigint unsigned,
  parent_id int,
  title varchar(80) not null default '',
  primary key (id),
  constraint posts_user foreign key (user_id) references users (id) on delete set null on update cascade,
  constraint posts_parent foreign key (parent_id) references posts (id) on delete restrict
) default charset=latin1 auto_increment=100;
create table plain (a int, b varchar(20)) engine=MyISAM;
create table logs (id int not null, at date not null, primary key (id, at))
  partition by range columns (at) (partition p0 values less than ('2025-01-01'),
    partition p1 values less than ('2026-01-01') comment = 'last', partition rest values less than (maxvalue));
create table lists (id int, k int) partition by list (k) (partition a values in (1,2), partition b values in (3,null));
create table hashed (id int) partition by hash (id) partitions 4;
create table keyed (id int primary key) partition by key (id) partitions 2;
create table linear_keyed (id int primary key) partition by linear key (id) partitions 3;
create table sub (id int, at date) partition by range (year(at)) subpartition by hash (to_days(at)) subpartitions 2
  (partition s0 values less than (2020), partition s1 values less than maxvalue);
create view names as select id, name, email from users where kind = 'x';
create algorithm=merge sql security invoker view checked as select id, title from posts where id > 0 with local check option;
create algorithm=temptable view counted as select user_id, count(*) as n from posts group by user_id;
delimiter $$
create trigger posts_b before insert on posts for each row begin set new.title = trim(new.title); set @n = 1; end$$
create trigger posts_a before insert on posts for each row set @last = 'a;b', @quoted = 'it''s \$ \'so\' "x"'$$
create trigger posts_mid before insert on posts for each row follows posts_b set @m = 2$$
create definer=`root`@`localhost` procedure touch_all(in how_many int, out done int)
  modifies sql data comment 'touches'
begin
  declare i int default 0; -- a comment; with a semicolon
  declare s varchar(20) default 'it''s';
  set s = concat(s, '\$[', "d""q", _latin1'x', '\%');
  while i < how_many do set i = i + 1; end while;
  set done = i;
end$$
create function twice(a int) returns int deterministic no sql return a * 2$$
create definer=`nobody`@`%` function who() returns varchar(20) charset latin1 reads sql data sql security invoker
  comment 'who''s' return 'nobody''s'$$
create event nightly on schedule every 1 day starts '2030-01-01 03:00:00' on completion preserve disable
  comment 'at night' do begin delete from posts where id < 0; set @x = 1; end$$
create event once on schedule at '2035-05-05 05:05:05' do set @y = 'it''s \$'$$
create event compound on schedule every '1:30' hour_minute starts '2031-01-01 00:00:00' ends '2032-01-01 00:00:00' do set @z = 1$$
delimiter ;
)sql";
}  // namespace

TEST_CASE("mysql: what a user wrote in SQL comes back the same") {
  for (const auto& server : servers()) {
    CAPTURE(server.variable);
    const TestDatabase database(server.url);
    execute(database, everywhere);
    if (server.is_mysql())
      execute(database, R"sql(
create table old_hash (a int, b date) partition by key algorithm = 1 (b) partitions 2;
create table only_mysql (id int primary key, v vector(3), name varchar(20), g geometry not null srid 4326,
  key low ((lower(name)), id desc), key unseen (name) invisible, spatial key (g),
  constraint loose check (id > 0) not enforced);
)sql");
    else
      execute(database, R"sql(
create sequence numbers start with 5 increment by 2 maxvalue 1000 cache 10 cycle;
create table versions (id int primary key, a int, b int without system versioning) with system versioning;
create table only_maria (u uuid, i inet6, id int default (next value for numbers), c varchar(10) check (c <> ''),
  key no (id) ignored, primary key (u));
)sql");
    comes_back(database, server.url);
  }
}

TEST_CASE("mysql: a project's life") {
  for (const auto& server : servers()) {
    CAPTURE(server.variable);
    const TestDatabase database(server.url);
    const TestFolder folder;
    folder.write("trueup.yaml", "engines: [mysql]\ntargets: { dev: \"${DB}\" }\ndefault_target: dev\n");
    folder.write("schema/app.yaml", R"yaml(
tables:
  users:
    columns:
      id: bigint identity primary key
      email: varchar(190) not null unique
      n: int check (n > 0 and n < 10)
    indexes: { users_low: [n, email] }
  notes:
    columns:
      id: bigint identity primary key
      user_id: bigint references users(id) on delete cascade
      text: text
views: { many: "select id, email from users where n > 3" }
data:
  users: { key: [id], rows: [ { id: 1, email: a@b.c, n: 4 }, { id: 2, email: "d'e\\f", n: null } ], on_removed: delete }
)yaml");
    const auto run = [&](int status, const std::string& arguments) {
      return expect(status, arguments, folder.path(), "DB='" + database.url() + "'");
    };
    run(0, "generate initial");
    run(0, "apply");
    run(0, "verify");
    run(0, "diff '" + database.url() + "' schema --exit-code");
    CHECK(ask(database, "select email from users where id = 2") == "d'e\\f");

    folder.write("schema/app.yaml", R"yaml(
tables:
  users:
    columns:
      id: bigint identity primary key
      mail: { type: varchar(220), not_null: true, unique: true, renamed_from: email }
      score: { type: bigint, renamed_from: n, default: 1 }
    indexes: { users_low: [score] }
  remarks:
    renamed_from: notes
    columns:
      id: bigint identity primary key
      user_id: bigint references users(id) on delete set null
      text: mediumtext
      added: timestamp not null default current_timestamp
    triggers:
      stamp: { timing: before, events: [insert], body: "set new.text = trim(new.text)" }
views: { many: "select id, mail from users where score > 3" }
procedures:
  clean: { args: "in days int", body: "begin delete from remarks where id < days; end" }
events:
  nightly: { schedule: every 1 day, body: call clean(7), enabled: disabled }
data:
  users: { key: [id], rows: [ { id: 1, mail: a@b.c, score: 5 }, { id: 3, mail: new, score: 2 } ], on_removed: delete }
)yaml");
    run(0, "generate next --allow-destructive");
    run(0, "apply");
    run(0, "verify");
    run(0, "diff '" + database.url() + "' schema --exit-code");
    CHECK(ask(database, "select group_concat(concat(id, mail, score) order by id) from users") ==
          "1a@b.c5,3new2");
    CHECK(nlohmann::json::parse(run(0, "status --json").out)["version"] == 2);

    database.open()->execute("alter table remarks add column stray int");
    const Run drift = run(1, "verify");
    CHECK(has(drift.out + drift.err, "stray"));
    database.open()->execute("alter table remarks drop column stray");
    run(0, "rollback --to 1 --allow-destructive");
    run(0, "verify");
    CHECK(ask(database, "select group_concat(concat(id, email) order by id) from users") == "1a@b.c,2d'e\\f");
    run(0, "apply");
    run(0, "verify");
  }
}

TEST_CASE("mysql: an author's spelling is not the server's, and yet no difference") {
  for (const auto& server : servers()) {
    CAPTURE(server.variable);
    const TestDatabase database(server.url);
    push(database, R"yaml(
tables:
  t:
    options: { mysql: { charset: utf8mb4, collation: utf8mb4_general_ci } }
    columns:
      id: INTEGER(11) identity primary key
      a: { type: VARCHAR(20), collate: utf8mb4_general_ci, not_null: true, default: "'x'" }
      b: boolean not null default true
      c: numeric(10,2) default 1
      d: { type: datetime, default: now() }
      e: json
      f: { type: varchar(40), generated: "CONCAT( a , '-' , c )", generated_kind: stored }
      g: { type: char(4), options: { mysql: { charset: latin1 } } }
      h: { type: text, collate: utf8mb4_unicode_ci }
      i: int(11) unsigned default '5'
      j: { type: date, default: "'2020-01-01'" }
    checks: { sane: "a<>'' AND c BETWEEN 0 and 10" }
    indexes: { gi: [a], desc_i: [{ column: c, order: desc }] }
views:
  v: "SELECT a, count(*) AS n FROM t WHERE b and a in ('x','y') GROUP BY a HAVING n>1"
functions:
  f1: { args: "x INTEGER", returns: INTEGER, volatility: immutable, body: "RETURN x+1" }
)yaml");
  }
}

TEST_CASE("mysql: one file gives no difference on the others") {
  const auto mariadb = test_server("TRUEUP_TEST_MARIADB"), newer = test_server("TRUEUP_TEST_MARIADB_118"),
             mysql = test_server("TRUEUP_TEST_MYSQL");
  if (!mariadb || !newer || !mysql) return;
  const TestFolder folder;
  folder.write("schema/s.yaml", R"yaml(engines: [mysql]
tables:
  a:
    options: { mysql: { charset: utf8mb4, collation: utf8mb4_unicode_ci } }
    columns:
      id: bigint unsigned identity primary key
      name: varchar(50) not null default 'it''s'
      n: int default 5
      small: tinyint(1) not null default 0
      price: decimal(8,2) default 1.50
      doc: json
      kind: enum('a','b') default 'a'
      at: timestamp not null default current_timestamp on update current_timestamp
      at6: datetime(6) default current_timestamp(6)
      latin: { type: varchar(10), options: { mysql: { charset: latin1 } } }
      twice: { type: int, generated: n * 2, generated_kind: virtual }
      both: { type: int, generated: (n + 1) * (n - 2), generated_kind: stored }
    checks: { n_range: n between 1 and 10, mixed: "(n - (small - 1)) < 9 or (kind in ('a', 'b') and not (n > 3))" }
    indexes: { name_idx: [name], twice_idx: [twice] }
  b:
    columns: { id: bigint unsigned identity primary key, a_id: bigint unsigned not null references a(id) on delete cascade }
views: { v: "select id, name from a where n > 3" }
)yaml");
  const TestDatabase x(*mariadb), y(*newer), z(*mysql);
  for (const auto* database : {&x, &y, &z}) {
    expect(0, "push " + database->url(), folder.path());
    CHECK(expect(0, "diff " + database->url() + " schema", folder.path()).out == "");
  }
  // What one server was told, brought as a file to the others.
  for (const auto* a : {&x, &y, &z}) {
    expect(0, "introspect " + a->url() + " -o a.yaml", folder.path());
    for (const auto* b : {&x, &y, &z}) {
      CAPTURE(a->url());
      CAPTURE(b->url());
      CAPTURE(read_text(folder / "a.yaml"));
      CHECK(expect(0, "diff " + b->url() + " a.yaml", folder.path()).out == "");
      CHECK(expect(0, "diff " + b->url() + " " + a->url(), folder.path()).out == "");
    }
  }
  // Parentheses that count are a difference.
  x.open()->execute("alter table a drop column `both`, add `both` int as (n + 1 * (n - 2)) stored");
  CHECK(has(expect(0, "diff " + x.url() + " " + z.url(), folder.path()).out, "(n + 1) * (n - 2)"));
  CHECK(has(expect(0, "diff " + z.url() + " " + x.url(), folder.path()).out, "n + 1 * (n - 2)"));
}

TEST_CASE("mysql: programs keep the modes they were made under") {
  for (const auto& server : servers()) {
    CAPTURE(server.variable);
    const TestDatabase database(server.url);
    execute(database, R"sql(
create table t (a varchar(20), b int);
set sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT';
create function joined(x varchar(10)) returns varchar(40) deterministic return x || '!';
create trigger t_i before insert on t for each row set new."a" = new."a" || '?';
set sql_mode = '';
create procedure loose() insert into t (b) values ('12x');
set sql_mode = 'NO_BACKSLASH_ESCAPES';
create function plain() returns varchar(9) deterministic return 'it''s';
set sql_mode = '';
set time_zone = '+05:00';
create event zoned on schedule every 1 day starts '2030-01-01 03:00:00' disable do set @a = 1;
)sql");
    comes_back(database, server.url);
  }
}

TEST_CASE("mysql: a program whose backslashes are characters is unmodelled") {
  for (const auto& server : servers()) {
    CAPTURE(server.variable);
    const TestDatabase database(server.url);
    execute(database, R"sql(
set sql_mode = 'NO_BACKSLASH_ESCAPES';
create function slash() returns varchar(9) deterministic return 'a\b';
create procedure none() select 'ab';
)sql");
    const Run found = expect(1, "introspect " + database.url() + " --strict -o /dev/null", ".");
    CHECK(has(found.err, "unmodelled: function slash"));
    CHECK(has(found.err, " 1 unmodelled"));
  }
}

TEST_CASE("mysql: a reference to no table makes its table unmodelled, and introspect says so") {
  for (const auto& server : servers()) {
    CAPTURE(server.variable);
    const TestDatabase database(server.url);
    execute(database, R"sql(
set foreign_key_checks = 0;
create table c (id int primary key, p int, constraint f foreign key (p) references nowhere (id));
set names utf8mb3;
create view v as select 'x' collate utf8mb3_bin as a;
)sql");
    const TestFolder folder;
    folder.write("schema/a.yaml", "");
    expect(0, "introspect " + database.url() + " -o schema/a.yaml", folder.path());
    const std::string written = read_text(folder / "schema/a.yaml");
    CHECK(has(written, "#   table c (f refers to nowhere, which is not there)\n"));
    CHECK(has(written, "#   view v (a string has another character set than utf8mb4)\n"));
    CHECK(expect(0, "diff " + database.url() + " schema/a.yaml", folder.path()).out == "");
  }
}

// A server with other ideas than the usual: it folds names, and its modes read quotes and backslashes
// otherwise.
TEST_CASE("mysql: a server's own modes change nothing, and names that it folds come back") {
  for (const auto& server : servers({"TRUEUP_TEST_MARIADB_ODD"})) {
    const TestDatabase database(server.url);
    CHECK(ask(database, "select @@global.sql_mode") == "PIPES_AS_CONCAT,ANSI_QUOTES,NO_BACKSLASH_ESCAPES");
    CHECK(ask(database, "select @@lower_case_table_names") == "1");
    execute(database, everywhere);
    execute(database,
            "create table Mixed (Id int primary key, `a\\b` varchar(9) default 'a\\\\b' comment 'c\\\\d');"
            "create view Seen as select Id from Mixed");
    comes_back(database, server.url);
  }
}

TEST_CASE("mysql: names that the server would fold are refused, with the name to write") {
  for (const auto& server : servers({"TRUEUP_TEST_MARIADB_ODD"})) {
    const TestDatabase database(server.url);
    const TestFolder folder;
    folder.write("trueup.yaml", "engines: [mysql]\n");
    folder.write("schema/s.yaml", "tables: { Users: { columns: { Id: int primary key } } }\n");
    for (const char* command : {"push ", "diff "}) {
      const std::string what = std::string(command) + database.url();
      const Run run = expect(2, command == std::string("diff ") ? what + " schema" : what, folder.path());
      CHECK(has(run.err, "users"));
    }
    CHECK(ask(database, "select count(*) from information_schema.tables where table_schema = database()") ==
          "0");
    expect(0, "generate initial", folder.path());
    CHECK(has(expect(2, "apply " + database.url(), folder.path()).err, "write 'users'"));
    CHECK(ask(database, "select count(*) from information_schema.tables where table_schema = database()") ==
          "0");
    // Written as the server has it, nothing is left to do; columns keep their capitals.
    folder.write("schema/s.yaml", "tables: { users: { columns: { Id: int primary key } } }\n");
    expect(0, "push " + database.url(), folder.path());
    CHECK(expect(0, "diff " + database.url() + " schema", folder.path()).out == "");
  }
}

TEST_CASE("mysql: what the file says differently is seen") {
  for (const auto& server : servers()) {
    CAPTURE(server.variable);
    const TestDatabase database(server.url);
    push(database,
         "tables: { t: { columns: { id: int primary key } } }\n"  // pushes again: nothing to do
         "views: { mine: { query: select id from t, options: { mysql: { definer: \"" +
             ask(database, "select current_user()") + "\" } } } }\n");
    database.open()->execute("drop view mine");
    database.open()->execute("drop table t");
    push(database, R"yaml(
tables:
  a: { columns: { id: int primary key, n: int, m: int }, checks: { sane: n > m }, comment: x }
views: { v: "select id, n from a" }
)yaml");
    // Columns that a check and a view mention get other names; nothing follows by itself.
    push(database, R"yaml(
tables:
  b:
    renamed_from: a
    columns: { id: int primary key, o: { type: int, renamed_from: n }, p: { type: int, renamed_from: m } }
    checks: { sane: o > p }
views: { v: "select id, o from b" }
)yaml");
    CHECK(ask(database, "select count(*) from v") == "0");
    CHECK(has(refusal(database, "tables: { b: { columns: { id: int primary key } } }\n"), "--allow-drop"));
    CHECK(has(refusal(database, "enums: { e: [a] }\n", "--allow-destructive"),
              "mysql has no object of the kind 'enum'"));
  }
}
}  // namespace trueup::test
