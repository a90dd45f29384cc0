#include <doctest/doctest.h>

#include <random>

#include "kinds/json_codec.hpp"
#include "kinds/row/row_name.hpp"
#include "source/source.hpp"
#include "support/test_dialect.hpp"

using namespace trueup;
using testing::TestDialect;

namespace {
/// Names and texts that YAML or SQL could trip over.
// clang-format off
const std::vector<std::string> odd{
    "plain", "yes", "null", "~", "012", "1.10", "-", "- a", "a: b", "a #b", " lead", "trail ", "two\nlines",
    "tab\there", "\"quoted\"", "it's", "dot.ted", "par(en", "[x]", "{y}", "select", "default", "not null",
    "\xF0\x9F\x92\xA9", "back\\slash", "*star", "&amp", "!bang", "%p", "@at", "`tick`", "a,b", "?q", "x:",
    "\xC2\x85nel", "\xEF\xBB\xBF" "bom", "cr\rhere", "esc\x1b", "a\n\nb\n", "trail blank \nx",
    "  indented\n    more", "Ends\n\n", "testbase", "2026-11-21", "0x1F", "12:30", "\t", "<<", "---",
    std::string(200, 'x'), std::string(1100, 'k')};
// clang-format on

Table table_of(const std::string& comment, const std::string& renamed_from) {
  Table out;
  out.comment = comment;
  out.renamed_from = renamed_from;
  return out;
}

void check_same(const Catalog& a, const Catalog& b) {
  for (const auto& entry : a.objects) {
    const auto& [key, body] = entry;
    INFO("in the original: " << to_string(entry.first));
    auto it = b.objects.find(key);
    REQUIRE(it != b.objects.end());
    CHECK(to_json(it->second).dump() == to_json(body).dump());
    CHECK(it->second == body);
  }
  for (const auto& entry : b.objects) {
    INFO("read back: " << to_string(entry.first));
    CHECK(a.contains(entry.first));
  }
  CHECK(a.unmodelled == b.unmodelled);
}

void check_round_trip(const Catalog& c, const TestDialect& dialect = TestDialect()) {
  const std::string text = to_yaml(c, dialect);
  CAPTURE(text);
  Catalog back;
  REQUIRE_NOTHROW(back = load_yaml_text(text, "out.yaml", dialect));
  check_same(c, back);
  CHECK(to_yaml(back, dialect) == text.substr(0, text.find("\n# Inventory")));
}

ObjectKey key(Kind kind, const std::string& name, const std::string& owner = "",
              const std::string& ns = "app") {
  return {kind, ns, owner, name, ""};
}
Ref column_of(const std::string& table, const std::string& name, const std::string& ns = "app") {
  return Ref{key(Kind::column, name, table, ns)};
}
Column column_of_type(const std::string& type, std::int64_t position) {
  Column c;
  c.type.text = type;
  c.position = position;
  return c;
}
IndexPart part_of(const std::string& table, const std::string& name) {
  IndexPart p;
  p.column = column_of(table, name);
  return p;
}

/// Tables `t` and `u` with columns a, b, c.
Catalog small_catalog() {
  Catalog c;
  for (const std::string name : {"t", "u"}) {
    c.objects[key(Kind::table, name)] = Table{};
    std::int64_t position = 0;
    for (const std::string column : {"a", "b", "c"})
      c.objects[key(Kind::column, column, name)] = column_of_type("integer", ++position);
  }
  return c;
}
}  // namespace

TEST_CASE("every field of every kind comes back from YAML") {
  Catalog c = small_catalog();
  const std::vector<Ref> needs{Ref{key(Kind::table, "u")}};
  c.objects[{Kind::name_space, "", "", "app", ""}] = Namespace{"hi", "old"};
  c.objects[{Kind::name_space, "", "", "odd.ns", ""}] = Namespace{};
  c.objects[{Kind::extension, "", "", "uuid-ossp", ""}] = Extension{"1.1", "app", "ids"};
  c.objects[key(Kind::enum_type, "status")] = EnumType{{"draft", "yes", "null", ""}, "", "", {}};
  c.objects[key(Kind::enum_type, "state", "", "odd.ns")] = EnumType{{"a", "b"}, "c", "d", {{"b", "c"}}};
  Domain domain;
  domain.type.text = "text";
  domain.not_null = true;
  domain.default_value = Expr{"'x'", ""};
  domain.collation = "C";
  domain.checks = {{"one", Expr{"value <> ''", ""}, false, "why"},
                   {"two", Expr{"length(value) < 9", ""}, true, ""}};
  domain.comment = "c";
  domain.renamed_from = "r";
  c.objects[key(Kind::domain, "email")] = domain;
  CompositeType composite;
  composite.attributes = {{"street", {"text", {}, ""}, "", ""}, {"zip", {"numeric(10,2)", {}, ""}, "C", "z"}};
  composite.comment = "c";
  composite.renamed_from = "r";
  c.objects[key(Kind::composite_type, "address")] = composite;
  Sequence sequence;
  sequence.type = "integer";
  sequence.options = {1, -2, -100, 9223372036854775807, 5, true};
  sequence.unlogged = true;
  sequence.comment = "c";
  sequence.renamed_from = "r";
  c.objects[key(Kind::sequence, "s")] = sequence;
  c.objects[key(Kind::sequence_owner, "s")] =
      SequenceOwner{Ref{key(Kind::sequence, "s")}, column_of("t", "a")};
  Function function;
  function.arguments = "a integer, OUT b text, VARIADIC c text[] DEFAULT '{}'";
  function.returns = "text";
  function.language = "plpgsql";
  function.body = Expr{"\nbegin\n  return 'x';\nend;\n", ""};
  function.sql_body = function.strict = function.security_definer = function.leakproof = function.window =
      true;
  function.volatility = "immutable";
  function.parallel = "safe";
  function.cost = "10";
  function.rows = "5";
  function.support = "f";
  function.settings = {"search_path=app, public", "a=b"};
  function.options = {{"x", "true"}};
  function.comment = "c";
  function.renamed_from = "r";
  function.depends_on = needs;
  c.objects[{Kind::function, "app", "", "f", "integer, text[]"}] = function;
  c.objects[{Kind::function, "app", "", "f", ""}] = [] {
    Function f;
    f.body = Expr{"select 1", ""};
    return f;
  }();
  Procedure procedure;
  procedure.arguments = "x integer";
  procedure.language = "sql";
  procedure.body = Expr{"begin atomic select 1; end", ""};
  procedure.sql_body = procedure.security_definer = true;
  procedure.settings = {"a=b"};
  procedure.options = {{"x", "1"}};
  procedure.comment = "c";
  procedure.renamed_from = "r";
  procedure.depends_on = {Ref{{Kind::function, "app", "", "f", "integer, text[]"}}};
  c.objects[{Kind::procedure, "app", "", "p", "integer"}] = procedure;
  c.objects[{Kind::aggregate, "app", "", "agg", "integer"}] =
      Aggregate{"integer", Expr{"SFUNC = f, STYPE = int", ""}, "c", "r", needs};
  c.objects[{Kind::raw, "", "", "policy app.t.own", ""}] =
      Raw{Expr{"create policy own on t", ""}, "drop policy", "select 1 from pg_policy", needs};

  auto& table = std::get<Table>(c.objects[key(Kind::table, "t")]);
  table = table_of("c", "r");
  table.options = {{"fillfactor", "70"}};
  Column column = column_of_type("text", 4);
  column.not_null = true;
  column.default_value = Expr{"'x'", ""};
  column.collation = "C";
  column.options = {{"storage", "main"}};
  column.comment = "c";
  column.renamed_from = "r";
  column.convert = Expr{"a::text", ""};
  c.objects[key(Kind::column, "d", "t")] = column;
  Column generated = column_of_type("integer", 6);
  generated.generated = Expr{"a + 1", ""};
  generated.generated_kind = "virtual";
  c.objects[key(Kind::column, "e", "t")] = generated;
  Column identity = column_of_type("bigint", 7);
  identity.identity = Identity{"by default", {1, 2, 1, 100, 3, true}};
  identity.comment = "c";
  c.objects[key(Kind::column, "f", "t")] = identity;
  PrimaryKey pk{
      {part_of("t", "a"), part_of("t", "b")}, {column_of("t", "c")}, true, true, {{"x", "y"}}, "c", "r"};
  c.objects[key(Kind::primary_key, "pk", "t")] = pk;
  Unique unique{{part_of("t", "a")}, {column_of("t", "c")}, true, true, true, {{"x", "y"}}, "c", "r"};
  c.objects[key(Kind::unique, "un", "t")] = unique;
  c.objects[key(Kind::check, "ch", "t")] = Check{Expr{"a > 0", ""}, true, true, true, {{"x", "y"}}, "c", "r"};
  c.objects[key(Kind::exclusion, "ex", "t")] = Exclusion{Expr{"USING gist (a WITH =)", ""}, "c", "r"};
  ForeignKey fk;
  fk.columns = {column_of("t", "a"), column_of("t", "b")};
  fk.ref_table = Ref{key(Kind::table, "u")};
  fk.ref_columns = {column_of("u", "a"), column_of("u", "b")};
  fk.on_delete = "set null";
  fk.on_delete_columns = {column_of("t", "b")};
  fk.on_update = "cascade";
  fk.match = "full";
  fk.deferrable = fk.initially_deferred = fk.not_valid = fk.not_enforced = true;
  fk.comment = "c";
  fk.renamed_from = "r";
  c.objects[key(Kind::foreign_key, "fk", "t")] = fk;
  Index index;
  index.on = {part_of("t", "a"), part_of("t", "b"), {}};
  index.on[1].order = "desc";
  index.on[1].nulls = "last";
  index.on[1].collation = "C";
  index.on[1].opclass = "text_ops(x = 1)";
  index.on[1].prefix = 3;
  index.on[2].expression = Expr{"lower(c)", ""};
  index.unique = index.nulls_not_distinct = true;
  index.method = "gin";
  index.where = Expr{"a > 0", ""};
  index.include = {column_of("t", "c")};
  index.options = {{"lists", "100"}};
  index.comment = "c";
  index.renamed_from = "r";
  c.objects[key(Kind::index, "ix", "t")] = index;
  Trigger trigger;
  trigger.timing = "instead of";
  trigger.events = {"update", "delete"};
  trigger.update_of = {column_of("t", "a")};
  trigger.level = "row";
  trigger.when = Expr{"new.a > 0", ""};
  trigger.old_table = "o";
  trigger.new_table = "n";
  trigger.constraint = trigger.deferrable = trigger.initially_deferred = true;
  trigger.from_table = Ref{key(Kind::table, "u")};
  trigger.execute = "app.touch()";
  trigger.body = Expr{"begin\n  select 1;\nend", ""};
  trigger.enabled = "replica";
  trigger.comment = "c";
  trigger.renamed_from = "r";
  trigger.depends_on = needs;
  c.objects[key(Kind::trigger, "tr", "t")] = trigger;
  View view{
      Expr{"select a\nfrom t", ""}, {"x"}, {{"check_option", "local"}}, {{"x", "why"}}, "c", "r", needs};
  c.objects[key(Kind::view, "v")] = view;
  Trigger on_view;
  on_view.timing = "instead of";
  on_view.events = {"insert"};
  c.objects[key(Kind::trigger, "tr", "v")] = on_view;
  MaterializedView mv;
  mv.query = Expr{"select 1 as x", ""};
  mv.options = {{"fillfactor", "70"}};
  mv.no_data = true;
  mv.column_comments = {{"x", "why"}};
  mv.comment = "c", mv.renamed_from = "r", mv.depends_on = needs;
  c.objects[key(Kind::materialized_view, "m")] = mv;
  Index on_view_index;
  on_view_index.on = {part_of("m", "x")};
  c.objects[key(Kind::index, "m_idx", "m")] = on_view_index;
  c.objects[key(Kind::virtual_table, "vt")] = VirtualTable{Expr{"fts5(a, b)", ""}, "r"};
  Row row;
  row.key = {"a", "b"};
  row.values = {{"a", {"number", "1.50"}}, {"b", {"text", "true"}}, {"c", {"null", ""}}};
  row.on_removed = "delete";
  c.objects[key(Kind::row, row_name(row.key, row.values), "t")] = row;
  Row other;
  other.key = {"a"};
  other.values = {{"a", {"text", "1"}},
                  {"b", {"json", "{\"x\":[1,2.50]}"}},
                  {"c", {"sql", "now()"}},
                  {"d", {"bool", "true"}}};
  other.on_removed = "keep";
  c.objects[key(Kind::row, row_name(other.key, other.values), "t")] = other;
  c.unmodelled = {{"policy app.t.x", "abc"}, {"rule \"odd\n\"", "012"}};
  check_round_trip(c);
}

TEST_CASE("short strings where they say everything") {
  Catalog c = small_catalog();
  c.objects[{Kind::name_space, "", "", "app", ""}] = Namespace{};
  auto column = [&](const std::string& name) -> Column& {
    return std::get<Column>(c.objects[key(Kind::column, name, "t")]);
  };
  column("a").identity = Identity{"by default", {}};
  column("a").not_null = true;
  column("b").default_value = Expr{"0", ""};
  column("c").type.text = "numeric(10,2)";
  c.objects[key(Kind::primary_key, "t_pkey", "t")] =
      PrimaryKey{{part_of("t", "a")}, {}, false, false, {}, "", ""};
  c.objects[key(Kind::unique, "t_b_key", "t")] =
      Unique{{part_of("t", "b")}, {}, false, false, false, {}, "", ""};
  c.objects[key(Kind::check, "t_c_check", "t")] = Check{Expr{"c > 0", ""}, false, false, false, {}, "", ""};
  ForeignKey fk;
  fk.columns = {column_of("t", "c")};
  fk.ref_table = Ref{key(Kind::table, "u")};
  fk.ref_columns = {column_of("u", "a")};
  fk.on_delete = "cascade";
  c.objects[key(Kind::foreign_key, "t_c_fkey", "t")] = fk;
  Index index;
  index.on = {part_of("t", "b"), part_of("t", "c")};
  index.on[1].order = "desc";
  c.objects[key(Kind::index, "t_b_c_idx", "t")] = index;
  c.objects[key(Kind::view, "v")] = View{Expr{"SELECT a\n  FROM t", ""}, {}, {}, {}, "", "", {}};
  CHECK(to_yaml(c, TestDialect()) == R"(engines: [testbase]
namespace: app
namespaces:
  app: {}
tables:
  t:
    columns:
      a: integer identity not null primary key
      b: integer default 0 unique
      c: numeric(10,2) check (c > 0) references u(a) on delete cascade
    indexes:
      t_b_c_idx: [b, c desc]
  u:
    columns:
      a: integer
      b: integer
      c: integer
views:
  v:
    query: |-
      SELECT a
        FROM t
)");
  check_round_trip(c);
}

TEST_CASE("a name that is not the conventional one is written out") {
  Catalog c = small_catalog();
  c.objects[key(Kind::unique, "t_b_key", "t")] =
      Unique{{part_of("t", "c")}, {}, false, false, false, {}, "", ""};
  c.objects[key(Kind::unique, "t_c_key", "t")] =
      Unique{{part_of("t", "c")}, {}, false, false, false, {}, "", ""};
  c.objects[key(Kind::index, "t_b_key", "u")] =
      Index{{part_of("u", "b")}, false, "", {}, {}, false, {}, "", ""};
  c.objects[key(Kind::check, "t_check", "t")] = Check{Expr{"a > b", ""}, false, false, false, {}, "", ""};
  c.objects[key(Kind::check, "t_a_check", "t")] = Check{Expr{"b > 1", ""}, false, false, false, {}, "", ""};
  check_round_trip(c);
}

TEST_CASE("odd names and texts come back") {
  Catalog c;
  c.objects[{Kind::name_space, "", "", "app", ""}] = Namespace{};
  for (const auto& name : odd) {
    c.objects[key(Kind::table, name)] = table_of(name, name);
    std::int64_t position = 0;
    for (const auto& column : odd) {
      Column body = column_of_type("text", ++position);
      if (position % 3 == 0) body.comment = name;
      if (position % 5 == 0) body.default_value = Expr{"'" + name + "'", ""};
      c.objects[key(Kind::column, column, name)] = body;
    }
    c.objects[key(Kind::enum_type, name)] = EnumType{odd, name, "", {}};
    c.objects[key(Kind::extension, name, "", "")] = Extension{name, name, ""};
    c.objects[key(Kind::sequence, "s" + name)] = Sequence{};
    c.objects[key(Kind::sequence_owner, "s" + name)] =
        SequenceOwner{Ref{key(Kind::sequence, "s" + name)}, column_of(name, name)};
    Index index;
    for (const auto& column : odd) {
      index.on.push_back(part_of(name, column));
      if (index.on.size() % 2 == 0) index.on.back().order = "desc";
    }
    index.where = Expr{name + "x", ""};
    index.options = {{name, name}};
    c.objects[key(Kind::index, "i" + name, name)] = index;
    ForeignKey fk;
    fk.columns = {column_of(name, name)};
    fk.ref_table = Ref{key(Kind::table, odd.front())};
    fk.ref_columns = {column_of(odd.front(), name)};
    c.objects[key(Kind::foreign_key, "f" + name, name)] = fk;
    std::swap(fk.columns.front(), fk.ref_columns.front());
    fk.ref_table = Ref{key(Kind::table, name)};
    c.objects[key(Kind::foreign_key, "g" + name, odd.front())] = fk;
    Function f;
    f.arguments = "integer";
    f.body = Expr{name + "x", ""};
    f.returns = name;
    c.objects[{Kind::function, "app", "", name, "integer"}] = f;
    c.objects[key(Kind::view, "v" + name)] = View{Expr{"x" + name, ""}, {}, {}, {{name, name}}, "", "", {}};
    Row row;
    row.key = {name};
    for (const auto& column : odd) row.values[column] = {"text", name};
    c.objects[key(Kind::row, row_name(row.key, row.values), name)] = row;
    std::get<Row>(c.objects[key(Kind::row, row_name(row.key, row.values), name)]).on_removed = "keep";
    c.unmodelled[name] = name;
  }
  check_round_trip(c);
}

TEST_CASE("namespaces: the most used one is the file's, others are written out") {
  Catalog c = small_catalog();
  c.objects[key(Kind::table, "x", "", "other")] = Table{};
  c.objects[key(Kind::column, "a", "x", "other")] = column_of_type("int", 1);
  c.objects[key(Kind::table, "b", "", "a.\"b")] = Table{};
  ForeignKey fk;
  fk.columns = {column_of("x", "a", "other")};
  fk.ref_table = Ref{key(Kind::table, "t")};
  fk.ref_columns = {column_of("t", "a")};
  c.objects[key(Kind::foreign_key, "x_a_fkey", "x", "other")] = fk;
  check_round_trip(c);
  CHECK(to_yaml(c, TestDialect()).find("\n  other.x:\n    columns:\n      a: int references app.t(a)\n") !=
        std::string::npos);
}

TEST_CASE("objects without a namespace leave the file without one") {
  Catalog c;
  c.objects[key(Kind::table, "t", "", "")] = Table{};
  c.objects[key(Kind::column, "a", "t", "")] = column_of_type("", 1);
  c.objects[key(Kind::column, "b", "t", "")] = column_of_type("int", 5);
  check_round_trip(c, TestDialect("testbase", {}, false));
}

TEST_CASE("the inventory ends the file as comments") {
  Catalog c = small_catalog();
  c.inventory = {{"table app.t", Standing::managed, ""},
                 {"function f()", Standing::extension_member, "pgcrypto"},
                 {"policy app.t.\nx", Standing::unmodelled, "abc"},
                 {"table app.p", Standing::unmodelled, "def (a period)"}};
  const std::string text = to_yaml(c, TestDialect());
  CHECK(
      text.ends_with("\n# Inventory\n# managed: 1\n# owned by an extension: 1\n#   pgcrypto: 1\n"
                     "# unmodelled: 2\n#   policy app.t. x\n#   table app.p (a period)\n"));
  check_round_trip(c);
}

TEST_CASE("random catalogs come back from YAML") {
  const TestDialect dialect;
  for (unsigned seed = 0; seed < 60; ++seed) {
    std::mt19937 random(seed);
    auto pick = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    auto name = [&] { return odd[pick(odd.size())]; };
    auto maybe = [&] { return pick(3) == 0; };
    Catalog c;
    for (std::size_t t = pick(4) + 1; t > 0; --t) {
      const std::string table = name();
      if (c.contains(key(Kind::table, table))) continue;
      c.objects[key(Kind::table, table)] = table_of(maybe() ? name() : "", maybe() ? name() : "");
      for (std::size_t n = pick(5) + 1; n > 0; --n) {
        Column column =
            column_of_type(maybe() ? "numeric(10,2)[]" : "double precision", static_cast<std::int64_t>(n));
        column.not_null = maybe();
        if (maybe())
          column.default_value = Expr{maybe() ? "now()" : "1 is not null", ""};
        else if (maybe())
          column.identity = Identity{maybe() ? "always" : "by default", {}};
        if (column.identity && maybe()) column.identity->options.increment = -5;
        if (maybe()) column.collation = "C";
        if (maybe()) column.options["autoincrement"] = maybe() ? "true" : "false";
        if (maybe()) column.comment = name();
        c.objects[key(Kind::column, name(), table)] = column;
      }
      const auto columns = c.columns(key(Kind::table, table));
      auto any = [&] { return Ref{columns[pick(columns.size())]}; };
      if (maybe())
        c.objects[key(Kind::primary_key, maybe() ? "t_pkey" : name(), table)] = [&] {
          PrimaryKey k;
          k.on.emplace_back().column = any();
          return k;
        }();
      for (std::size_t n = pick(3); n > 0; --n) {
        Index index;
        for (std::size_t p = pick(3) + 1; p > 0; --p) {
          IndexPart& part = index.on.emplace_back();
          if (maybe())
            part.expression = Expr{maybe() ? "lower(x)" : "a + b desc", ""};
          else
            part.column = any();
          if (maybe()) part.order = "desc";
          if (maybe()) part.nulls = maybe() ? "first" : "last";
          if (maybe()) part.opclass = "text_ops";
        }
        c.objects[key(Kind::index, name() + std::to_string(n), table)] = index;
      }
    }
    CAPTURE(seed);
    check_round_trip(c, dialect);
  }
}
