#include "source/snapshot.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/text.hpp"
#include "diff/diff.hpp"
#include "kinds/json_codec.hpp"
#include "support/fake_dialect.hpp"

using namespace trueup;
using namespace trueup::testing;
namespace fs = std::filesystem;

namespace {
struct Folder {
  fs::path path = fs::temp_directory_path() / fmt::format("trueup-snapshot-{}", ::getpid());
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  std::string put(const std::string& name, const std::string& text) const {
    std::ofstream(path / name, std::ios::binary) << text;
    return (path / name).string();
  }
};

SnapshotHead head_of(std::int64_t version, const Catalog& from, const Catalog& to) {
  return {"fake", version, "step", state_hash(from), state_hash(to), version == 1};
}

std::string text_of(std::int64_t version, const Catalog& from, const Catalog& to) {
  return write_snapshot(make_snapshot(head_of(version, from, to), from, to));
}

/// The error's text, or nothing.
std::string error_of(const std::string& text) {
  try {
    read_snapshot(text, "x.json");
    return "";
  } catch (const InputError& e) {
    return e.what();
  }
}

Catalog small() {
  Catalog c;
  c.namespaces = {"app"};
  const ObjectKey table{Kind::table, "app", "", "t \"1\"\n", ""};
  c.objects[table] = Table{};
  Column id;
  id.type.text = "integer";
  id.default_value = Expr{"now ()", "now()"};
  c.objects[{Kind::column, "app", table.name, "id", ""}] = id;
  Row row;
  row.key = {"id"};
  row.values["id"] = {"number", "1"};
  c.objects[{Kind::row, "app", table.name, "[1]", ""}] = row;
  c.unmodelled["policy app.t.p"] = "abc";
  return c;
}
}  // namespace

TEST_CASE("a snapshot read back gives the same catalog and the same bytes") {
  std::mt19937 random(7);
  for (int i = 0; i < 50; ++i) {
    const Catalog c = RandomCatalog(random).make();
    const std::string text = text_of(1, {}, c);
    const Snapshot back = read_snapshot(text, "x.json");
    CHECK(state_hash(back.catalog) == state_hash(c));
    CHECK(back.catalog.uses == c.uses);
    CHECK(write_snapshot(back) == text);
  }
  const Catalog c = small();
  const Snapshot back = read_snapshot(text_of(1, {}, c), "x.json");
  CHECK(back.catalog.namespaces == c.namespaces);
  CHECK(back.catalog.unmodelled == c.unmodelled);
  CHECK(state_hash(back.catalog) == state_hash(c));
  const ObjectKey id{Kind::column, "app", "t \"1\"\n", "id", ""};
  CHECK(back.catalog.find<Column>(id)->default_value->text == "now ()");
}

TEST_CASE("lines and state hashes are those that were written before, whatever the text holds") {
  const ObjectKey key{Kind::check, "s", "t", "c", ""};
  for (const std::string text : {"a", "say \"hi\"", "back\\slash", "two\nlines\ttab", "\x01\x1f\x7f",
                                 "\xc3\xa9\xf0\x9f\x98\x80", "</script>"}) {
    CAPTURE(text);
    Catalog catalog;
    Check check;
    check.expression.text = text;
    catalog.objects.emplace(key, check);
    const nlohmann::ordered_json line{{"object", "check s.t.c"}, {"expression", text}};
    CHECK(object_line(catalog, key) == line.dump());
    const nlohmann::ordered_json body{{"expression", text}};
    CHECK(state_hash(catalog) == sha256("check s.t.c " + body.dump() + "\n"));
  }
}

TEST_CASE("one object a line, only what changed, and the chain adds up") {
  Folder folder;
  std::mt19937 random(11);
  Catalog before;
  std::vector<std::string> files;
  std::vector<Catalog> states;
  for (int i = 1; i <= 8; ++i) {
    const Catalog now = i == 5 ? before : RandomCatalog(random).make();
    const std::string text = text_of(i, before, now);
    files.push_back(folder.put(fmt::format("{}.json", i), text));
    states.push_back(now);
    before = now;
  }
  CHECK(read_snapshot(read_file(files[4]), files[4]).catalog.objects.empty());
  for (std::size_t n = 1; n <= files.size(); ++n) {
    const Catalog c = load_snapshot_chain({files.begin(), files.begin() + static_cast<std::ptrdiff_t>(n)});
    CHECK(diff(c, states[n - 1]).empty());
    CHECK(c.uses == states[n - 1].uses);
  }
  auto gap = files;
  gap.erase(gap.begin() + 3);
  CHECK_THROWS_WITH_AS(load_snapshot_chain(gap), doctest::Contains("parent state"), InputError);
  CHECK_THROWS_WITH_AS(load_snapshot_chain({files[1]}), doctest::Contains("not a full one"), InputError);
  // A changed object whose line was lost in a merge does not go unnoticed.
  std::string text = read_file(files[0]);
  const auto line = text.find("\n{\"object\"");
  text.erase(line, text.find('\n', line + 1) - line);
  folder.put("1.json", text);
  CHECK_THROWS_WITH_AS(load_snapshot_chain({files[0]}), doctest::Contains("do not add up"), InputError);
}

TEST_CASE("a snapshot cut off at any byte is refused with its file and a line") {
  const std::string text = text_of(1, {}, small());
  for (std::size_t n = 0; n + 1 < text.size(); ++n) {  // the last byte is the line end
    const std::string error = error_of(text.substr(0, n));
    REQUIRE_MESSAGE(error.starts_with("x.json:"), n);
  }
  CHECK(error_of(text) == "");
}

TEST_CASE("what a snapshot must not hold is named with its line") {
  const std::string good = text_of(1, {}, small());
  const auto with = [&](const std::string& from, const std::string& to) {
    const auto at = good.find(from);
    REQUIRE(at != std::string::npos);
    return error_of(std::string(good).replace(at, from.size(), to));
  };
  CHECK(with("\"format\": 1", "\"format\": 2").find("newer") != std::string::npos);
  CHECK(with("\"format\": 1", "\"format\": \"1\"").find("whole number") != std::string::npos);
  CHECK(with("\"full\": true", "\"full\": 1").find("x.json:7: 'full'") != std::string::npos);
  CHECK(with("\"full\": true", "\"full\": true, \"extra\": 0").find("'extra': unknown key") !=
        std::string::npos);
  CHECK(with("\"engine\": \"fake\",", "").find("'engine': missing") != std::string::npos);
  CHECK(with("\"state\": \"", "\"state\": \"zz").find("hexadecimal") != std::string::npos);
  CHECK(with("\"objects\": [", "\"objects\": [7,").find("'objects'") != std::string::npos);
  CHECK(with("\"type\":\"integer\"", "\"type\":7").find("field 'type'") != std::string::npos);
  CHECK(with("\"type\":\"integer\"", "\"typo\":\"integer\"").find("typo") != std::string::npos);
  CHECK(with("{\"object\":\"column ", "{\"object\":\"colour ").find("unknown kind") != std::string::npos);
  CHECK(with("{\"object\":\"column ", "{\"subject\":\"column ").find("begins with") != std::string::npos);
  const auto row = good.find("{\"object\":\"row ");
  REQUIRE(row != std::string::npos);
  const std::string line = good.substr(row, good.find('\n', row) - row);
  CHECK(with(line, line + ",\n" + line).find("listed twice") != std::string::npos);
  CHECK(error_of("[]").find("expected a JSON object") != std::string::npos);
  CHECK(error_of("") != "");
  CHECK(error_of("<<<<<<< HEAD\n" + good).starts_with("x.json:1:"));
  CHECK(error_of(std::string(100'000, '[')) != "");
}

TEST_CASE("the head is read without the objects") {
  const std::string text = text_of(1, {}, small());
  const SnapshotHead head = read_snapshot_head(text, "x.json");
  CHECK(head.engine == "fake");
  CHECK(head.version == 1);
  CHECK(head.full);
  CHECK(head.state == state_hash(small()));
}
