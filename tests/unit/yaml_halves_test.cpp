// A big file is parsed in two halves; nobody may notice.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "source/source.hpp"
#include "source/yaml_reader.hpp"
#include "support/test_dialect.hpp"

using namespace trueup;
using testing::TestDialect;

namespace {
constexpr int tables = 2000;

/// A schema of several sections; `line` replaces one of its lines, counted from 1.
std::string schema(int number = 0, const std::string& line = {}) {
  std::string out = "engines: [test]\nmixins:\n  stamps:\n    created_at: text not null\ntables:\n";
  for (int i = 0; i < tables; ++i)
    out += fmt::format(
        "  table_{0}:  # {0}\n    include: [stamps]\n    columns:\n      id: integer primary key\n      "
        "note: "
        "\"text, 'quoted'\"\n",
        i);
  out += "views:\n  all_of_them:\n    query: |\n      select id\n      from table_0\n";
  if (number == 0) return out;
  std::size_t at = 0;
  for (int i = 1; i < number; ++i) at = out.find('\n', at) + 1;
  return out.replace(at, out.find('\n', at) - at, line);
}
constexpr int lines_before = 5, lines_each = 5;
int line_of(int table) {
  return lines_before + 1 + table * lines_each;
}

void dump(const YamlNode& node, std::string& out) {
  out += fmt::format("{}:{} {} {}\n", node.line, node.column, node.plain, node.text);
  for (const auto& item : node.items) dump(item, out);
  for (const auto& entry : node.entries) {
    dump(entry.key, out);
    dump(entry.value, out);
  }
}
std::string read(const std::string& text, std::size_t in_one_piece) {
  const YamlSource source("s.yaml", text);
  YamlLimits limits;
  limits.in_one_piece = in_one_piece;
  std::string out;
  try {
    dump(parse_yaml(source, limits), out);
  } catch (const InputError& e) {
    out = e.what();
  }
  return out;
}
void check_same(const std::string& text) {
  const std::string whole = read(text, text.size());
  CHECK(read(text, 0) == whole);
}
}  // namespace

TEST_CASE("a big file parsed in halves has the same values and places") {
  const std::string text = schema();
  REQUIRE(text.size() > YamlLimits{}.in_one_piece);
  check_same(text);
  CHECK(read(text, 0).find(fmt::format("{}:3 true table_{}\n", line_of(tables - 1), tables - 1)) !=
        std::string::npos);
  std::string with_returns;
  for (const char c : text) with_returns += c == '\n' ? std::string("\r\n") : std::string(1, c);
  check_same(with_returns);
}

TEST_CASE("what only the whole of a big file tells is told as ever") {
  const int last = line_of(tables - 1), middle = line_of(tables / 2);
  check_same(schema(last, "  table_0:"));  // a name of the first half
  CHECK(read(schema(last, "  table_0:"), 0).find("duplicate key") != std::string::npos);
  check_same(schema(last + 3, "      id: [integer"));  // never closed
  check_same(schema(middle - 1, "      note: \"never closed"));
  check_same(schema(middle, "  table_1000: {"));
  check_same(schema(middle, "---"));
  check_same(schema(middle, "tables:"));
  check_same(schema(line_of(1), "  table_1: &one") + "more: *one\n");  // an anchor and its alias
  check_same(schema(lines_before, "tables: # all"));
  check_same(schema(lines_before, "\"tables\":"));
  check_same(schema(lines_before, "tables: |"));
  check_same(schema(1, "text: |\n  never\n"));
  check_same(schema(2, "mixins: {"));
}
