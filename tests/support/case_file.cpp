#include "support/case_file.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "base/text.hpp"
#include "migration/allowed.hpp"
#include "migration/check.hpp"
#include "source/source.hpp"
#include "support/server.hpp"

namespace trueup::test {
namespace fs = std::filesystem;
namespace {
constexpr std::string_view opening = "-- ", closing = " --";

bool is_heading(const std::string& line) {
  if (!line.starts_with(opening) || !line.ends_with(closing) || line.size() < 8) return false;
  const std::string name = line.substr(3, line.size() - 6);
  return name.find(' ') == std::string::npos && name.find('.') != std::string::npos;
}

bool known_section(const CaseFile& c, const std::string& name) {
  if (name == "current.yaml" || name == "desired.yaml" || name == "rows.sql" || name == "kept.sql")
    return true;
  return std::any_of(c.engines.begin(), c.engines.end(), [&](const std::string& e) {
    return name == "rows." + e + ".sql" || name == "up." + e + ".sql" || name == "refused." + e ||
           name == "one_way." + e;
  });
}

std::string without_blank_end(std::string text) {
  while (text.ends_with("\n\n")) text.pop_back();
  return text == "\n" ? std::string() : text;
}
}  // namespace

const std::string* CaseFile::section(const std::string& wanted) const {
  for (const auto& [name_, text] : sections)
    if (name_ == wanted) return &text;
  return nullptr;
}

std::string CaseFile::setting(const std::string& key) const {
  std::istringstream in(header);
  const std::string start = "# " + key + ":";
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(start)) return std::string(trim(std::string_view(line).substr(start.size())));
  return {};
}

void CaseFile::set(const std::string& section_name, const std::string& text) {
  const auto it =
      std::find_if(sections.begin(), sections.end(), [&](const auto& s) { return s.first == section_name; });
  if (it != sections.end() && text.empty())
    sections.erase(it);
  else if (it != sections.end())
    it->second = text;
  else if (!text.empty())
    sections.emplace_back(section_name, text);
}

std::string CaseFile::text() const {
  std::string out = header;
  for (const auto& [name_, text] : sections)
    out += std::string(opening) + name_ + std::string(closing) + "\n" + text;
  return out;
}

CaseFile parse_case(const std::string& path, const std::string& text) {
  CaseFile out;
  out.path = path;
  const fs::path p(path);
  out.name = (p.parent_path().filename() / p.stem()).string();
  std::istringstream in(text);
  std::string* body = &out.header;
  INFO(path);
  for (std::string line; std::getline(in, line);) {
    if (is_heading(line)) {
      if (out.sections.empty())
        for (const auto& e : split(out.setting("engines"), ',')) out.engines.emplace_back(trim(e));
      const std::string name = line.substr(3, line.size() - 6);
      REQUIRE_MESSAGE(known_section(out, name), ("unknown section " + name));
      REQUIRE_MESSAGE(out.section(name) == nullptr, ("two sections " + name));
      out.sections.emplace_back(name, "");
      body = &out.sections.back().second;
      continue;
    }
    if (out.sections.empty()) REQUIRE_MESSAGE(line.starts_with("#"), ("no comment line: " + line));
    *body += line + "\n";
  }
  for (auto& [name, body_text] : out.sections) body_text = without_blank_end(std::move(body_text));
  REQUIRE_MESSAGE(!out.engines.empty(), "no `# engines:` line");
  REQUIRE(out.section("current.yaml") != nullptr);
  REQUIRE(out.section("desired.yaml") != nullptr);
  return out;
}

std::vector<CaseFile> all_cases() {
  const char* only = std::getenv("TRUEUP_CASES");
  std::vector<CaseFile> out;
  for (const auto& entry : fs::recursive_directory_iterator(TRUEUP_SOURCE_DIR "/tests/cases")) {
    if (entry.path().extension() != ".test") continue;
    CaseFile c = parse_case(entry.path().string(), read_text(entry.path().string()));
    if (only == nullptr || c.name.find(only) != std::string::npos) out.push_back(std::move(c));
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return out;
}

namespace {
/// What a plan is that looks at nothing but what the change touches.
std::string planned_in_a_slice(const Plan& plan, const Catalog& before, const EngineDialect& dialect) {
  std::set<ObjectKey> touched;
  for (const auto& change : plan.changes) touched.insert(key_of(change));
  for (const auto& entry : before.objects)
    if (!plan.from.contains(entry.first)) touched.insert(entry.first);
  Slice states = slice(before, plan.to, touched);
  const Plan part = make_plan(std::move(states.from), std::move(states.to), dialect);
  check_plan(part, part.from, part.to, dialect);
  return to_script(render(part, dialect), dialect);
}
}  // namespace

CaseOutcome judge_offline(const CaseFile& c, const EngineDialect& dialect) {
  CaseOutcome out;
  const auto state = [&](const std::string& name) {
    State s;
    s.catalog = load_yaml_text(*c.section(name), name, dialect);
    s.origin = Origin::authored;
    s.label = name;
    prepare(s, dialect);
    return s;
  };
  try {
    State from = state("current.yaml");
    const Catalog before = from.catalog;
    CompareOptions options;
    if (c.setting("namespaces") == "*") options.namespaces = every_namespace();
    const Comparison done = compare(std::move(from), state("desired.yaml"), dialect, options);
    out.script = to_script(done.statements, dialect);
    out.loses_data = !done.plan.losses.empty();
    check_plan(done.plan, before, done.plan.to, dialect);
    if (done.plan.renames.empty()) {
      out.whole = to_script(render(done.plan, dialect), dialect);
      out.sliced = planned_in_a_slice(done.plan, before, dialect);
    }
    try {
      out.back = render(make_down_plan(done.plan, {before, done.plan.to}, dialect), dialect);
    } catch (const RefusedError& e) {
      out.one_way = e.what();
    }
  } catch (const InputError& e) {
    out.refusal = e.what();
  } catch (const RefusedError& e) {
    out.refusal = e.what();
  }
  return out;
}

std::vector<std::string> missing_lines(const std::string& expected, const std::string& text) {
  std::vector<std::string> out;
  for (const auto& line : split(expected, '\n'))
    if (!trim(line).empty() && text.find(trim(line)) == std::string::npos) out.emplace_back(line);
  return out;
}

}  // namespace trueup::test
