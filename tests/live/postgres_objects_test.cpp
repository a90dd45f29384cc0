// Types, routines, views, triggers and what no kind covers, on a real server.
#include <doctest/doctest.h>

#include "plan/pipeline.hpp"
#include "support/server.hpp"

using namespace trueup;
using namespace trueup::test;

namespace {
constexpr const char* types = R"sql(
create schema "Odd ""schema";
comment on schema "Odd ""schema" is 'it''s odd';
create type "Odd ""schema".status as enum ('new', 'it''s', 'done');
create domain "Odd ""schema"."order" as numeric(10,2) default 1 not null
  constraint positive check (value > 0) constraint "Small" check (value < 1000);
alter domain "Odd ""schema"."order" add constraint later check (value <> 13) not valid;
create type "Odd ""schema".pair as (a integer, "B b" "Odd ""schema".status[], c text collate "C");
comment on column "Odd ""schema".pair.a is 'first';
create table "Odd ""schema"."select" (id integer primary key, state "Odd ""schema".status, price "Odd ""schema"."order");
)sql";

std::string script() {
  return std::string(types) + R"sql(
create function "Odd ""schema".f(a integer, b text default 'x,y', out c integer) language sql immutable strict
  parallel safe cost 7 set search_path to pg_catalog, "Odd ""schema"
  as 'select a /* $$ $body$ */';
create function "Odd ""schema".f(text, variadic "Odd ""schema".status[]) returns setof "Odd ""schema"."select"
  language sql stable rows 5 as 'select * from "Odd ""schema"."select"';
comment on function "Odd ""schema".f(text, "Odd ""schema".status[]) is 'overloaded';
create function touch() returns trigger language plpgsql security definer as 'begin return new; end';
create procedure work(inout n integer) language plpgsql set search_path to '' as 'begin n := n + 1; end';
create function plus(integer, integer) returns integer language sql as 'select $1 + $2';
create aggregate total(integer) (sfunc = plus, stype = integer, initcond = '0', sortop = >);
create view v with (security_barrier) as
  select id, state from "Odd ""schema"."select" where price > 1 with local check option;
comment on view v is 'a view';
comment on column v.state is 'its state';
create materialized view "M v" with (fillfactor = 70) as select state, count(*) as n from v group by state with no data;
create unique index "M v_idx" on "M v" (state);
create trigger "touch it" before insert or update of state, price on "Odd ""schema"."select" for each row
  when (new.price > 5 and new.state is distinct from 'done') execute function touch('a''b', '7');
create constraint trigger late after delete on "Odd ""schema"."select" deferrable initially deferred
  for each row execute function touch();
create trigger moved after update on "Odd ""schema"."select" referencing old table as "before" new table as later
  for each statement execute function touch();
alter table "Odd ""schema"."select" disable trigger moved;
comment on trigger late on "Odd ""schema"."select" is 'at the end';
)sql";
}

State live(Connection& c) {
  State out;
  out.catalog = dialect("postgres")->introspect(c, Scope{});
  out.origin = Origin::live;
  out.connection = &c;
  return out;
}

Comparison difference(Connection& from, Connection& to) {
  CompareOptions options;
  options.namespaces = every_namespace();
  return compare(live(from), live(to), *dialect("postgres"), options);
}

void run(Connection& c, const Comparison& comparison) {
  for (const auto& s : comparison.statements) {
    INFO(s.sql);
    REQUIRE_NOTHROW(c.execute(s.sql));
  }
}

/// Two databases made by scripts; the first is brought to the second, and must then be the same.
void reach(const std::string& server, const std::string& current, const std::string& desired) {
  TestDatabase a(server), b(server);
  const auto left = a.open(), right = b.open();
  if (!current.empty()) left->execute(current);
  right->execute(desired);
  run(*left, difference(*left, *right));
  const Comparison rest = difference(*left, *right);
  for (const auto& s : rest.statements) MESSAGE(s.sql);
  CHECK(rest.statements.empty());
}
}  // namespace

#define SERVER(name)                                     \
  const auto name = test_server("TRUEUP_TEST_POSTGRES"); \
  if (!name) return

TEST_CASE("postgres objects: every kind from nothing, with names that need quotes") {
  SERVER(server);
  reach(*server, "", script());
}

TEST_CASE("postgres objects: introspected catalogs are in normal form") {
  SERVER(server);
  TestDatabase database(*server);
  const auto c = database.open();
  c->execute(script());
  const Catalog before = dialect("postgres")->introspect(*c, Scope{});
  CHECK(before.unmodelled.empty());
  Catalog after = before;
  std::vector<Diagnostic> found;
  dialect("postgres")->normalize(after, found);
  CHECK(found.empty());
  REQUIRE(before.objects.size() == after.objects.size());
  for (const auto& entry : before.objects) {
    const auto& [key, body] = entry;
    INFO(to_string(entry.first));
    REQUIRE(after.contains(key));
    CHECK(changed_fields(body, after.objects.at(key)) == std::vector<std::string>{});
  }
}

TEST_CASE("postgres objects: changes in place and by recreation, dependents included") {
  SERVER(server);
  const std::string base = R"sql(
create table t (a integer, b text);
create function f(x integer) returns integer language sql as 'select x';
create view v as select a, f(a) as fa from t;
create view w as select fa from v;
create domain d as text check (value <> '');
create type pair as (a integer, b text);
)sql";
  reach(*server, base, R"sql(
create table t (a integer, b text);
create function f(x integer) returns bigint language sql as 'select x::bigint';
create view v as select a, b, f(a) as fa from t;
comment on view v is 'wider';
create view w as select fa from v;
create domain d as text default 'x' not null constraint longer check (length(value) > 1);
create type pair as (a bigint, c text);
)sql");
}

TEST_CASE("postgres objects: routine bodies that the server checks come after what they name") {
  SERVER(server);
  reach(*server, "", R"sql(
create table zzz (a integer);
create view vv as select a from zzz;
create function counted() returns bigint language sql as 'select count(*) from public.vv';
create function typed() returns integer language plpgsql as 'declare r public.zzz%rowtype; begin return 1; end';
create table child (a bigint default counted(), check (typed() > 0));
)sql");
}

TEST_CASE("postgres objects: what no kind covers is named, and its definition counts") {
  SERVER(server);
  TestDatabase database(*server);
  const auto c = database.open();
  c->execute(R"sql(
create table t (a integer, b integer);
create table p (a integer) partition by range (a);
create table p1 partition of p for values from (1) to (2);
create rule quiet as on insert to t do also nothing;
create type r as range (subtype = integer);
create statistics s on a, b from t;
create view v as select a from t;
comment on rule quiet on t is 'shh';
)sql");
  const auto before = dialect("postgres")->introspect(*c, Scope{}).unmodelled;
  std::vector<std::string> names;
  for (const auto& [name, digest] : before) names.push_back(name);
  CHECK(names == std::vector<std::string>{"comment on rule quiet on public.t", "partition public.p1",
                                          "partitioned table public.p", "range type public.r",
                                          "rule public.t.quiet", "statistics public.s"});
  c->execute("alter table p add b integer");
  const auto after = dialect("postgres")->introspect(*c, Scope{}).unmodelled;
  for (const auto& entry : before) {
    const auto& [name, digest] = entry;
    INFO(entry.first);
    const bool changed = name.starts_with("partition");
    CHECK((after.at(name) != digest) == changed);
  }
}

TEST_CASE("postgres objects: a view with a rule is not dropped and created again") {
  SERVER(server);
  TestDatabase a(*server), b(*server);
  const auto left = a.open(), right = b.open();
  const std::string rule = "create rule r as on insert to v do instead nothing";
  left->execute("create table t (a int, b int); create view v as select a from t;" + rule);
  right->execute("create table t (a int, b int); create view v as select b from t;" + rule);
  CHECK_THROWS_WITH_AS(difference(*left, *right), doctest::Contains("would lose rule public.v.r"),
                       RefusedError);
}

TEST_CASE(
    "postgres objects: policies are created, altered in place, made again where they must be, and read "
    "back") {
  SERVER(server);
  const std::string base = R"sql(
create table staff (id integer, boss text, team integer);
create table t (id integer, owner text, team integer);
alter table t enable row level security;
)sql";
  const std::string before = base + R"sql(
create policy "Mine, only" on t for update to public using (owner = current_user) with check (id > 0);
create policy team on t using (team in (select s.team from staff s where s.boss = current_user));
create policy narrow on t as restrictive for select to postgres using (team > 1);
comment on policy team on t is 'his people';
create policy goes on t for delete using (false);
)sql";
  const std::string after = base + R"sql(
alter table t alter column team type bigint;
create policy "Mine, only" on t for update to postgres using (owner = session_user) with check (id > 1);
create policy team on t for select using (team in (select s.team from staff s where s.boss = current_user));
create policy narrow on t as restrictive for select to postgres using (team > 2);
comment on policy narrow on t is 'few';
create policy fresh on t for insert with check (owner is not null);
alter table t force row level security;
)sql";
  reach(*server, "", before);
  reach(*server, before, after);
  reach(*server, after, before);
}

TEST_CASE("postgres objects: a comment on public comes and goes") {
  SERVER(server);
  reach(*server, "create table t (a int)", "create table t (a int); comment on schema public is 'ours'");
  reach(*server, "create table t (a int); comment on schema public is 'ours'", "create table t (a int)");
}

TEST_CASE("postgres objects: what hangs on the index behind a key comes with the key") {
  SERVER(server);
  const std::string bare = "create table t (a integer not null, b integer);";
  const std::string keyed = bare + R"sql(
alter table t add constraint t_pkey primary key (a), add constraint t_b_key unique (b);
comment on constraint t_pkey on t is 'the key';
comment on index t_pkey is 'its index';
comment on index t_b_key is 'other''s index';
alter table t cluster on t_pkey;
alter table t replica identity using index t_pkey;
)sql";
  const std::string changed = bare + R"sql(
alter table t add constraint t_pkey primary key (a), add constraint t_b_key unique (b);
comment on index t_b_key is 'changed';
)sql";
  reach(*server, "", keyed);
  reach(*server, bare, keyed);
  reach(*server, keyed, changed);
  reach(*server, changed, keyed);
}

TEST_CASE("postgres objects: what went for a key comes back behind it, whatever its text tells") {
  const auto server = test_server("TRUEUP_TEST_POSTGRES_17");  // `begin atomic` is of PostgreSQL 14
  if (!server) return;
  const std::string rest = R"sql(
create function onc() returns void language sql begin atomic
  insert into t values (1) on conflict on constraint t_pkey do nothing; end;
create view v as select id, b, count(*) from t group by id;
)sql";
  TestDatabase a(*server), b(*server);
  const auto left = a.open(), right = b.open();
  left->execute("create table t (id integer primary key, b integer);" + rest);
  right->execute("create table t (id integer, b integer, constraint t_pkey primary key (id) include (b));" +
                 rest);
  State desired = live(*right);
  desired.catalog.uses.clear();
  desired.origin = Origin::authored;
  desired.connection = nullptr;
  run(*left, compare(live(*left), std::move(desired), *dialect("postgres"), {}));
  CHECK(difference(*left, *right).statements.empty());
}

TEST_CASE("postgres objects: a comment on the index of a key of what no kind covers is named") {
  SERVER(server);
  TestDatabase database(*server);
  const auto c = database.open();
  c->execute(R"sql(
create table p (a integer primary key) partition by range (a);
comment on index p_pkey is 'shh';
)sql");
  CHECK(dialect("postgres")->introspect(*c, Scope{}).unmodelled.contains("comment on index public.p_pkey"));
}

TEST_CASE("postgres objects: what others stand on is not dropped") {
  SERVER(server);
  TestDatabase a(*server), b(*server);
  const auto left = a.open(), right = b.open();
  left->execute(
      "create function same(text, integer) returns boolean language sql as 'select true';"
      "create operator === (leftarg = text, rightarg = integer, function = same);"
      "create table parent (a int); create table keep (a int)");
  right->execute("create table parent (a int); create table keep (a int)");
  CHECK_THROWS_WITH_AS(difference(*left, *right),
                       doctest::Contains("operator public.===(text,integer) stands on it"), RefusedError);
  left->execute("drop function same cascade; create schema other; create view other.v as select a from keep");
  right->execute("drop table keep");
  CompareOptions options;
  options.namespaces = {"public"};
  CHECK_THROWS_WITH_AS(compare(live(*left), live(*right), *dialect("postgres"), options),
                       doctest::Contains("view other.v stands on it"), RefusedError);
  left->execute(
      "drop schema other cascade; drop table keep, parent; create table parent (a int) partition by list "
      "(a)");
  CHECK_THROWS_WITH_AS(difference(*left, *right), doctest::Contains("its name is taken by partitioned table"),
                       RefusedError);
}

TEST_CASE("postgres objects: serial to identity and back keep the sequence's name") {
  SERVER(server);
  reach(*server, "create table t (id serial, b text)",
        "create table t (id int not null generated always as identity, b text)");
  reach(*server, "create table t (id int not null generated always as identity, b text)",
        "create table t (id serial, b text)");
  TestDatabase a(*server), b(*server);
  const auto left = a.open(), right = b.open();
  left->execute("create table t (id serial)");
  right->execute("create table t (id int not null generated by default as identity)");
  run(*left, difference(*left, *right));
  CHECK(left->query("select pg_get_serial_sequence('t', 'id')").at(0).at(0) == "public.t_id_seq");
}
