#include <doctest/doctest.h>

#include "engine/postgres/dialect.hpp"
#include "engine/postgres/types.hpp"

using namespace trueup;
using namespace trueup::postgres;

namespace {
std::string canonical(std::string_view written) {
  return postgres_dialect().canonical_type(written);
}
TypeChange change(std::string_view from, std::string_view to) {
  return type_change(DataType{std::string(from), {}, {}}, DataType{std::string(to), {}, {}});
}
}  // namespace

TEST_CASE("postgres types have the server's spelling") {
  for (const auto& [written, spelled] : std::vector<std::pair<std::string, std::string>>{
           {"int4", "integer"},
           {"INT", "integer"},
           {"int2", "smallint"},
           {"int8", "bigint"},
           {"bool", "boolean"},
           {"varchar(20)", "character varying(20)"},
           {"character varying (20)", "character varying(20)"},
           {"char", "character(1)"},
           {"bpchar", "bpchar"},
           {"bpchar(3)", "character(3)"},
           {"\"char\"", "\"char\""},
           {"decimal(10,2)", "numeric(10,2)"},
           {"numeric(10)", "numeric(10,0)"},
           {"float", "double precision"},
           {"float(10)", "real"},
           {"float8", "double precision"},
           {"double", "double precision"},
           {"timestamptz", "timestamp with time zone"},
           {"timestamptz(3)", "timestamp(3) with time zone"},
           {"timestamp", "timestamp without time zone"},
           {"timestamp(3)", "timestamp(3) without time zone"},
           {"timestamp(0) with time zone", "timestamp(0) with time zone"},
           {"timetz", "time with time zone"},
           {"interval day to second(3)", "interval day to second(3)"},
           {"interval(2)", "interval(2)"},
           {"bit", "bit(1)"},
           {"bit varying(5)", "bit varying(5)"},
           {"varbit", "bit varying"},
           {"text[]", "text[]"},
           {"text ARRAY", "text[]"},
           {"int4[][]", "integer[]"},
           {"integer[3]", "integer[]"},
           {"pg_catalog.int4", "integer"},
           {"public.vector(3)", "vector(3)"},
           {"extensions.vector(3)", "extensions.vector(3)"},
           {"citext", "citext"},
           {"\"Odd Type\"", "\"Odd Type\""},
           {"longtext", "text"},
           {"datetime", "timestamp without time zone"},
           {"geometry(Point,4326)", "geometry(Point,4326)"}}) {
    CHECK(canonical(written) == spelled);
    CHECK(canonical(spelled) == spelled);
  }
}

TEST_CASE("postgres types that the catalog declares become references") {
  Catalog c;
  c.objects.emplace(ObjectKey{Kind::enum_type, "app", {}, "mood", {}}, EnumType{});
  DataType type{"mood[]", {}, {}};
  resolve_type(c, type, "app");
  REQUIRE(type.user.has_value());
  CHECK(type.user->to.ns == "app");
  CHECK(type.suffix == "[]");
  CHECK(postgres_dialect().type_sql(type) == "app.mood[]");
  DataType from_elsewhere{"mood", {}, {}};
  resolve_type(c, from_elsewhere, "other");
  CHECK(from_elsewhere.user.has_value());
}

TEST_CASE("postgres type changes: what is lost, what rewrites, what needs USING") {
  CHECK(change("character varying(10)", "character varying(20)").rewrites == false);
  CHECK(change("character varying(20)", "character varying(10)").loses != "");
  CHECK(change("character varying(20)", "text").loses == "");
  CHECK(change("text", "character varying(20)").loses != "");
  CHECK(change("integer", "bigint").loses == "");
  CHECK(change("integer", "bigint").rewrites);
  CHECK(change("bigint", "integer").loses != "");
  CHECK(change("integer", "text").assignable);
  CHECK_FALSE(change("text", "integer").assignable);
  CHECK_FALSE(change("boolean", "integer").assignable);
  CHECK(change("numeric(10,2)", "numeric(12,2)").rewrites == false);
  CHECK(change("numeric(10,2)", "numeric(12,2)").loses == "");
  CHECK(change("numeric(10,2)", "numeric(12,4)").rewrites);
  CHECK(change("numeric(10,2)", "numeric(8,2)").loses != "");
  CHECK(change("timestamp without time zone", "date").loses != "");
  CHECK(change("date", "timestamp with time zone").loses == "");
  CHECK(change("json", "jsonb").assignable);
  CHECK(change("text", "text[]").assignable == false);
}

TEST_CASE("postgres serial columns are taken apart") {
  Catalog c;
  c.objects.emplace(ObjectKey{Kind::table, "", {}, "t", {}}, Table{});
  Column column;
  column.type.text = "bigserial";
  c.objects.emplace(ObjectKey{Kind::column, "", "t", "id", {}}, column);
  std::vector<Diagnostic> found;
  postgres_dialect().normalize(c, found);
  CHECK(found.empty());
  const auto* id = c.find<Column>(ObjectKey{Kind::column, "public", "t", "id", {}});
  REQUIRE(id != nullptr);
  CHECK(id->type.text == "bigint");
  CHECK(id->not_null);
  REQUIRE(id->default_value.has_value());
  CHECK(id->default_value->text == "nextval('public.t_id_seq'::regclass)");
  CHECK(c.contains(ObjectKey{Kind::sequence, "public", {}, "t_id_seq", {}}));
  CHECK(c.contains(ObjectKey{Kind::sequence_owner, "public", {}, "t_id_seq", {}}));
  const auto before = c.objects.size();
  postgres_dialect().normalize(c, found);
  CHECK(c.objects.size() == before);
  postgres_dialect().infer_uses(c);
  const ObjectKey key{Kind::column, "public", "t", "id", {}};
  CHECK(c.uses[key].hard.contains(ObjectKey{Kind::sequence, "public", {}, "t_id_seq", {}}));
}

TEST_CASE("postgres refuses vector indexes beyond their dimensions before any server does") {
  Catalog c;
  const ObjectKey table{Kind::table, "public", {}, "t", {}};
  c.objects.emplace(table, Table{});
  const ObjectKey key{Kind::column, "public", "t", "embedding", {}};
  Column column;
  column.type.text = "vector(3072)";
  c.objects.emplace(key, column);
  Index index;
  index.method = "ivfflat";
  IndexPart part;
  part.column = Ref{key};
  index.on.push_back(part);
  c.objects.emplace(ObjectKey{Kind::index, "public", "t", "i", {}}, index);
  std::vector<Diagnostic> found;
  postgres_dialect().precheck(c, found);
  REQUIRE(found.size() == 1);
  CHECK(found[0].message.find("2000") != std::string::npos);
  CHECK(found[0].remedy.find("halfvec for up to 4,000") != std::string::npos);
}

TEST_CASE("postgres: a virtual column that becomes a plain one shows nothing any more") {
  using namespace trueup;
  const ObjectKey key{Kind::column, "public", "t", "a", {}};
  Column computed, plain;
  computed.generated = Expr{"id + 1", {}};
  computed.generated_kind = "virtual";
  Catalog before, after;
  before.objects.emplace(key, computed);
  after.objects.emplace(key, plain);
  const KindHandler& columns = *dialect("postgres")->handler(Kind::column);
  const Altered change{key, {"generated", "generated_kind"}};
  CHECK_FALSE(columns.loses_data(change, before, after).empty());
  CHECK_FALSE(columns.loses_data(change, after, before).empty());
  std::get<Column>(before.objects.at(key)).generated_kind = "stored";
  CHECK(columns.loses_data(change, before, after).empty());
}
