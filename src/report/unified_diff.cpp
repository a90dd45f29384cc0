#include <fmt/format.h>

#include <dtl/dtl.hpp>
#include <sstream>

#include "base/text.hpp"
#include "report/report.hpp"
#include "source/source.hpp"

namespace trueup {
namespace {
std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out = split(text, '\n');
  if (!out.empty() && out.back().empty()) out.pop_back();
  return out;
}

Tone tone_of(std::string_view line) {
  if (line.starts_with("---") || line.starts_with("+++")) return Tone::strong;
  if (line.starts_with("@@")) return Tone::faint;
  if (line.starts_with('+')) return Tone::good;
  if (line.starts_with('-')) return Tone::bad;
  return Tone::plain;
}

/// The text of an expression says how its author wrote it; what is compared is the canonical form.
std::string canonical_yaml(Catalog catalog, const EngineDialect& dialect) {
  for (auto& [key, body] : catalog.objects)
    for_each_expr(body, [](Expr& expr) { expr.text = expr.comparable(); });
  catalog.inventory.clear();
  return to_yaml(catalog, dialect);
}
}  // namespace

std::string unified_diff(const std::string& before, const std::string& after, std::string_view before_label,
                         std::string_view after_label, Colour colour) {
  if (before == after) return {};
  dtl::Diff<std::string, std::vector<std::string>> diff(lines_of(before), lines_of(after));
  diff.onHuge();
  diff.compose();
  diff.composeUnifiedHunks();
  std::ostringstream hunks;
  diff.printUnifiedFormat(hunks);
  std::string out = paint(fmt::format("--- {}", before_label), Tone::strong, colour) + "\n" +
                    paint(fmt::format("+++ {}", after_label), Tone::strong, colour) + "\n";
  for (const auto& line : lines_of(hunks.str())) out += paint(line, tone_of(line), colour) + "\n";
  return out;
}

std::string state_diff(const Plan& plan, const EngineDialect& dialect, std::string_view before_label,
                       std::string_view after_label, Colour colour) {
  return unified_diff(canonical_yaml(plan.from, dialect), canonical_yaml(plan.to, dialect), before_label,
                      after_label, colour);
}

}  // namespace trueup
