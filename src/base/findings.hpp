#pragma once
#include <exception>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace trueup {

/// What the same work finds when it is done for several (engines): all of it is told at once.
class Findings {
 public:
  /// `all`: the names of those that the work is done for.
  explicit Findings(std::vector<std::string> all) : all_(std::move(all)) {}
  /// Does the work for `name`; InputError, RefusedError and WorldError are kept, other errors fly on.
  void collect(std::string_view name, const std::function<void()>& work);
  bool empty() const { return found_.empty() && !failure_; }
  /// Throws what was kept, if anything: a finding that several share once, with their names behind it unless
  /// it is of all. RefusedError when everything was refused, InputError when anything was wrong; the first
  /// failure of the world only where nothing was found.
  void raise() const;

 private:
  struct Found {
    std::string object;  ///< of a refusal
    Diagnostic what;
    bool refused = false;
    std::vector<std::string> names{};
  };
  void add(std::string_view name, Found found);
  std::string message(const Found& found) const;
  std::vector<std::string> all_;
  std::vector<Found> found_;
  std::exception_ptr failure_;
};

}  // namespace trueup
