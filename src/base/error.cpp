#include "base/error.hpp"

#include <fmt/format.h>

namespace trueup {
namespace {
std::string join_diagnostics(const std::vector<Diagnostic>& found) {
  std::string out;
  for (const auto& d : found) {
    if (!out.empty()) out += '\n';
    out += render(d);
  }
  return out;
}
std::string join_reasons(const std::vector<RefusedError::Reason>& reasons) {
  std::string out;
  for (const auto& r : reasons) {
    if (!out.empty()) out += '\n';
    out += r.object.empty() ? r.message : fmt::format("{}: {}", r.object, r.message);
    if (!r.remedy.empty()) out += fmt::format("\n  {}", r.remedy);
  }
  return out;
}
}  // namespace

InputError::InputError(std::vector<Diagnostic> found)
    : std::runtime_error(join_diagnostics(found)), diagnostics_(std::move(found)) {}
InputError::InputError(std::string message, std::string remedy, Place place)
    : InputError(std::vector<Diagnostic>{{std::move(place), std::move(message), std::move(remedy), {}}}) {}
RefusedError::RefusedError(std::vector<Reason> reasons)
    : std::runtime_error(join_reasons(reasons)), reasons_(std::move(reasons)) {}

std::string render(const Diagnostic& d) {
  std::string out;
  if (!d.place.file.empty()) out += d.place.file + ":";
  if (d.place.line > 0) out += fmt::format("{}:", d.place.line);
  if (d.place.line > 0 && d.place.column > 0) out += fmt::format("{}:", d.place.column);
  if (!out.empty()) out += ' ';
  out += d.message;
  if (!d.excerpt.empty()) {
    out += fmt::format("\n  {}", d.excerpt);
    if (d.place.column > 0) out += fmt::format("\n  {:>{}}", "^", d.place.column);
  }
  if (!d.remedy.empty()) out += fmt::format("\n  {}", d.remedy);
  return out;
}

}  // namespace trueup
