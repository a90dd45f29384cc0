#include <doctest/doctest.h>

#include "source/source.hpp"
#include "support/test_dialect.hpp"

using namespace trueup;
using testing::TestDialect;

namespace {
const TestDialect engine;

Catalog load(const std::string& text, const TestDialect& dialect = engine) {
  return load_yaml_text(text, "s.yaml", dialect);
}
ObjectKey part(Kind kind, const std::string& owner, const std::string& name, const std::string& ns = "") {
  return {kind, ns, owner, name, ""};
}
template <class T>
T get(const Catalog& c, const ObjectKey& key) {
  const T* body = c.find<T>(key);
  INFO("looking for " << to_string(key));
  REQUIRE(body != nullptr);
  return *body;
}
Column column(const Catalog& c, const std::string& owner, const std::string& name) {
  return get<Column>(c, part(Kind::column, owner, name));
}
}  // namespace

TEST_CASE("the example of the format loads") {
  const Catalog c = load(R"y(
engines: [testbase]
namespace: app
extensions:
  vector: { engines: [testbase] }
enums:
  run_status: [draft, running, done]
mixins:
  timestamps:
    created_at: timestamptz not null default now()
    updated_at: timestamptz not null default now()
tables:
  users: { columns: { id: bigint identity primary key } }
  projects:
    comment: A workspace
    include: [timestamps]
    columns:
      id: bigint identity primary key
      name: varchar(255) not null
      slug: varchar(255) not null unique
      created_by: bigint not null references users(id) on delete cascade
      parent_id: bigint
      embedding: { type: { testbase: vector(3072) } }
      title: { type: text, not_null: true, renamed_from: label }
    unique:
      projects_owner_slug_key: [created_by, slug]
    checks:
      projects_slug_check: slug <> ''
    indexes:
      projects_created_idx: { on: [created_by, created_at desc], where: "title is null" }
      projects_embedding_idx: { on: [embedding vector_cosine_ops], using: ivfflat, with: { lists: 100 }, engines: [testbase] }
    foreign_keys:
      projects_parent_fkey: { columns: [parent_id], references: projects(id), on_delete: set null }
    options: { testbase: { fillfactor: 70 } }
views:
  active_projects: { query: select id, name from projects where title is null }
data:
  users: { rows: [ { id: 7 } ], on_removed: delete }
)y");
  CHECK(c.namespaces == std::set<std::string>{"app"});
  CHECK(c.contains({Kind::extension, "", "", "vector", ""}));
  CHECK(get<EnumType>(c, {Kind::enum_type, "app", "", "run_status", ""}).values.size() == 3);
  const auto projects = ObjectKey{Kind::table, "app", "", "projects", ""};
  CHECK(get<Table>(c, projects).comment == "A workspace");
  CHECK(get<Table>(c, projects).options == Options{{"fillfactor", "70"}});
  std::vector<std::string> names;
  for (const auto& key : c.columns(projects)) names.push_back(key.name);
  CHECK(names == std::vector<std::string>{"id", "name", "slug", "created_by", "parent_id", "embedding",
                                          "title", "created_at", "updated_at"});
  const auto id = get<Column>(c, part(Kind::column, "projects", "id", "app"));
  CHECK(id.type.text == "bigint");
  CHECK(id.identity == Identity{"by default", {}});
  CHECK(get<PrimaryKey>(c, part(Kind::primary_key, "projects", "projects_pkey", "app")).on.size() == 1);
  CHECK(c.contains(part(Kind::unique, "projects", "projects_slug_key", "app")));
  CHECK(get<Unique>(c, part(Kind::unique, "projects", "projects_owner_slug_key", "app")).on.size() == 2);
  const auto fk = get<ForeignKey>(c, part(Kind::foreign_key, "projects", "projects_created_by_fkey", "app"));
  CHECK(fk.on_delete == "cascade");
  CHECK(fk.ref_table.to.name == "users");
  CHECK(fk.ref_columns.at(0).to == part(Kind::column, "users", "id", "app"));
  CHECK(get<ForeignKey>(c, part(Kind::foreign_key, "projects", "projects_parent_fkey", "app")).on_delete ==
        "set null");
  CHECK(get<Check>(c, part(Kind::check, "projects", "projects_slug_check", "app")).expression.text ==
        "slug <> ''");
  const auto index = get<Index>(c, part(Kind::index, "projects", "projects_created_idx", "app"));
  CHECK(index.on.at(1).order == "desc");
  CHECK(index.where->text == "title is null");
  const auto vector = get<Index>(c, part(Kind::index, "projects", "projects_embedding_idx", "app"));
  CHECK(vector.method == "ivfflat");
  CHECK(vector.options == Options{{"lists", "100"}});
  CHECK(vector.on.at(0).opclass == "vector_cosine_ops");
  CHECK(get<Column>(c, part(Kind::column, "projects", "title", "app")).renamed_from == "label");
  const auto row = get<Row>(c, part(Kind::row, "users", "[\"7\"]", "app"));
  CHECK(row.key == std::vector<std::string>{"id"});
  CHECK(row.values.at("id") == RowValue{"number", "7"});
  CHECK(row.on_removed == "delete");
  CHECK(c.places.at(projects) == Place{"s.yaml", 14, 3});
}

TEST_CASE("column strings say what SQL says") {
  const Catalog c = load(R"y(
tables:
  u: { columns: { a: int primary key, b: int } }
  t:
    columns:
      a: numeric(10,2)[] default '{}'::numeric(10,2)[] not null
      b: timestamp(3) with time zone null default (now() - interval '1 day')
      c: character varying(20) collate "de-x" not null unique
      d: double precision generated always as (a * 2) stored
      e: bigint generated always as identity (start with 10 increment -5 cycle)
      f: int references u match full on update set null deferrable initially deferred not null
      g: int check (g > 0) check (g < 9 and d > 1)
      h: app.status[] default null
      i: { type: text not null, default: null, comment: "yes" }
      j: int default 1 is not null unique
      k: int constraint named_k references u(b) on delete no action
      l: int primary key autoincrement
      m: ""
)y");
  CHECK(column(c, "t", "a").type.text == "numeric(10,2)[]");
  CHECK(column(c, "t", "a").default_value->text == "'{}'::numeric(10,2)[]");
  CHECK(column(c, "t", "a").not_null);
  CHECK(column(c, "t", "b").type.text == "timestamp(3) with time zone");
  CHECK(column(c, "t", "b").default_value->text == "(now() - interval '1 day')");
  CHECK(column(c, "t", "c").collation == "de-x");
  CHECK(column(c, "t", "d").generated->text == "a * 2");
  CHECK(column(c, "t", "d").generated_kind == "stored");
  const auto identity = column(c, "t", "e").identity;
  REQUIRE(identity.has_value());
  CHECK(identity->generation == "always");
  CHECK(identity->options.start == 10);
  CHECK(identity->options.increment == -5);
  CHECK(identity->options.cycle);
  const auto fk = get<ForeignKey>(c, part(Kind::foreign_key, "t", "t_f_fkey"));
  CHECK(fk.ref_columns.at(0).to.name == "a");
  CHECK(fk.match == "full");
  CHECK(fk.on_update == "set null");
  CHECK(fk.initially_deferred);
  CHECK(column(c, "t", "f").not_null);
  CHECK(c.contains(part(Kind::check, "t", "t_g_check")));
  CHECK(c.contains(part(Kind::check, "t", "t_check")));
  CHECK(column(c, "t", "h").type.text == "app.status[]");
  CHECK(column(c, "t", "h").default_value->text == "null");
  CHECK(column(c, "t", "i").type.text == "text");
  CHECK(column(c, "t", "i").not_null);
  CHECK(column(c, "t", "i").default_value->text == "null");
  CHECK(column(c, "t", "j").default_value->text == "1 is not null");
  CHECK(c.contains(part(Kind::foreign_key, "t", "named_k")));
  CHECK(column(c, "t", "l").options == Options{{"autoincrement", "true"}});
  CHECK(column(c, "t", "m").type.text.empty());
  CHECK(column(c, "t", "m").position == 13);
}

TEST_CASE("parts of keys and indexes") {
  const Catalog c = load(R"y(
tables:
  t:
    columns: { a: int, b: text, "Odd name": text, createdAt: int }
    primary_key: { name: t_pk, on: [a, "Odd name"], include: [b], deferrable: true }
    indexes:
      i1: { on: [lower(b), "b collate \"C\" text_pattern_ops desc nulls last", (a + 1) desc] }
      i2: { on: [ { expression: "a + 1", order: desc }, { column: "Odd name", opclass: "ops(x = 1)" } ], unique: true }
      i3: createdAt
      i4: [b || 'x', coalesce(b, a) desc, A]
      i5: { on: [b gin_trgm_ops], using: gin, include: [a], nulls_not_distinct: true, comment: hi }
)y");
  const auto key = get<PrimaryKey>(c, part(Kind::primary_key, "t", "t_pk"));
  CHECK(key.on.at(1).column->to.name == "Odd name");
  CHECK(key.include.at(0).to.name == "b");
  CHECK(key.deferrable);
  const auto i1 = get<Index>(c, part(Kind::index, "t", "i1"));
  CHECK(i1.on.at(0).expression->text == "lower(b)");
  CHECK(i1.on.at(1).column->to.name == "b");
  CHECK(i1.on.at(1).collation == "C");
  CHECK(i1.on.at(1).opclass == "text_pattern_ops");
  CHECK(i1.on.at(1).order == "desc");
  CHECK(i1.on.at(1).nulls == "last");
  CHECK(i1.on.at(2).expression->text == "a + 1");
  CHECK(i1.on.at(2).order == "desc");
  const auto i2 = get<Index>(c, part(Kind::index, "t", "i2"));
  CHECK(i2.unique);
  CHECK(i2.on.at(1).opclass == "ops(x = 1)");
  CHECK(get<Index>(c, part(Kind::index, "t", "i3")).on.at(0).column->to.name == "createdAt");
  const auto i4 = get<Index>(c, part(Kind::index, "t", "i4"));
  CHECK(i4.on.size() == 3);
  CHECK(i4.on.at(0).expression->text == "b || 'x'");
  CHECK(i4.on.at(1).expression->text == "coalesce(b, a)");
  CHECK(i4.on.at(1).order == "desc");
  CHECK(i4.on.at(2).column->to.name == "a");
  CHECK(get<Index>(c, part(Kind::index, "t", "i5")).nulls_not_distinct);
}

TEST_CASE("commas of SQL survive braces") {
  const Catalog c = load(R"y(
extensions: { vector, pgcrypto }
tables:
  t: { columns: { a: numeric(10,2) not null default round(1, 2), b: "numeric(8,2)", c: text } }
views:
  v: { query: select a, b, c from t where a in (1, 2), comment: two }
)y");
  CHECK(c.contains({Kind::extension, "", "", "pgcrypto", ""}));
  CHECK(column(c, "t", "a").type.text == "numeric(10,2)");
  CHECK(column(c, "t", "a").default_value->text == "round(1, 2)");
  CHECK(column(c, "t", "b").type.text == "numeric(8,2)");
  CHECK(c.columns({Kind::table, "", "", "t", ""}).size() == 3);
  CHECK(get<View>(c, {Kind::view, "", "", "v", ""}).query.text == "select a, b, c from t where a in (1, 2)");
  CHECK(get<View>(c, {Kind::view, "", "", "v", ""}).comment == "two");
}

TEST_CASE("a comma that cuts off what was left out is an error") {
  CHECK_THROWS_WITH(load("tables: { t: { columns: { a: int, b } } }"),
                    "s.yaml:1:33: unexpected ',' in a column\n"
                    "  tables: { t: { columns: { a: int, b } } }\n"
                    "                                  ^\n"
                    "  does the next column lack its type?");
  CHECK_THROWS_AS(load("tables: { t: { columns: { a: int }, indexes: { i: { on: a b, unique } } } }"),
                  InputError);
}

TEST_CASE("a reference may say the namespace that a table has without saying so") {
  const Catalog c = load_yaml_text(R"y(
tables:
  rooms: { columns: { id: bigint primary key } }
  audit.events: { columns: { room_id: bigint references public.rooms(id) } }
)y",
                                   "s.yaml", *dialect("postgres"));
  const auto& fk = get<ForeignKey>(c, part(Kind::foreign_key, "events", "events_room_id_fkey", "audit"));
  CHECK(fk.ref_table.to == ObjectKey{Kind::table, "", "", "rooms", ""});
}

TEST_CASE("commas of an array in an argument's default do not part arguments") {
  const Catalog c = load_yaml_text(R"y(
functions:
  f(integer[], text):
    args: a integer[] default array[1, 2, 3], b text default 'x, y'
    returns: integer
    language: sql
    body: select 1
)y",
                                   "s.yaml", *dialect("postgres"));
  CHECK(c.contains({Kind::function, "", "", "f", "integer[], text"}));
}
