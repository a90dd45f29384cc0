#include "base/findings.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace trueup {

void Findings::collect(std::string_view name, const std::function<void()>& work) {
  try {
    work();
  } catch (const InputError& e) {
    for (const auto& each : e.diagnostics()) add(name, {{}, each, false});
  } catch (const RefusedError& e) {
    for (const auto& each : e.reasons()) add(name, {each.object, {{}, each.message, each.remedy, {}}, true});
  } catch (const WorldError&) {
    if (!failure_) failure_ = std::current_exception();
  }
}

void Findings::add(std::string_view name, Found found) {
  const auto same = std::find_if(found_.begin(), found_.end(), [&](const Found& other) {
    return other.refused == found.refused && other.object == found.object &&
           other.what.place == found.what.place && other.what.message == found.what.message &&
           other.what.remedy == found.what.remedy;
  });
  Found& kept = same == found_.end() ? found_.emplace_back(std::move(found)) : *same;
  if (kept.names.empty() || kept.names.back() != name) kept.names.emplace_back(name);
}

std::string Findings::message(const Found& found) const {
  if (found.names.size() == all_.size()) return found.what.message;
  return fmt::format("{} ({})", found.what.message, join(found.names, ", "));
}

void Findings::raise() const {
  if (found_.empty() && failure_) std::rethrow_exception(failure_);
  if (found_.empty()) return;
  std::vector<RefusedError::Reason> refused;
  std::vector<Diagnostic> wrong;
  for (const auto& each : found_) {
    refused.push_back({each.object, message(each), each.what.remedy});
    wrong.push_back(each.what);
    wrong.back().message = each.object.empty() ? message(each) : each.object + ": " + message(each);
  }
  if (std::all_of(found_.begin(), found_.end(), [](const Found& each) { return each.refused; }))
    throw RefusedError(std::move(refused));
  throw InputError(std::move(wrong));
}

}  // namespace trueup
