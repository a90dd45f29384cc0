#pragma once
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace trueup {

/// A place in a file that a person wrote. Line and column start at 1; 0 means unknown.
struct Place {
  std::string file;
  int line = 0;
  int column = 0;
  bool operator==(const Place&) const = default;
};

/// One finding about user input: what is wrong, where, and what to do about it.
struct Diagnostic {
  Place place;
  std::string message;
  std::string remedy;   ///< what to do; may be empty when the message says it
  std::string excerpt;  ///< the source line, for the caret; may be empty
};

/// Wrong user input (YAML, SQL, snapshot, URL, flags). Collected, so that all findings are reported at once.
class InputError : public std::runtime_error {
 public:
  explicit InputError(std::vector<Diagnostic> found);
  explicit InputError(std::string message, std::string remedy = {}, Place place = {});
  const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }

 private:
  std::vector<Diagnostic> diagnostics_;
};

/// A plan that cannot be made or must not be made: unsupported change, cycle, data loss not allowed by name.
class RefusedError : public std::runtime_error {
 public:
  struct Reason {
    std::string object;   ///< display name of the object, e.g. `column app.users.email`
    std::string message;  ///< why
    std::string remedy;   ///< the flag or YAML line that settles it
  };
  explicit RefusedError(std::vector<Reason> reasons);
  const std::vector<Reason>& reasons() const { return reasons_; }

 private:
  std::vector<Reason> reasons_;
};

/// The world failed: a server, a file, the network. Facts can be asked for; none of them holds a password.
class WorldError : public std::runtime_error {
 public:
  struct Facts {
    std::string statement;  ///< the SQL that failed, if any
    std::string object;     ///< the object it was about, if known
    std::string code;       ///< SQLSTATE or the vendor's code
    std::string remedy;     ///< what to try
    Place place;            ///< file and line of the statement, if it came from a file
  };
  explicit WorldError(const std::string& message) : std::runtime_error(message) {}
  WorldError(const std::string& message, Facts facts)
      : std::runtime_error(message), facts_(std::move(facts)) {}
  const Facts& facts() const { return facts_; }

 private:
  Facts facts_;
};

/// `file:line:col: message`, the source line and a caret, then the remedy; one block a diagnostic.
std::string render(const Diagnostic& d);

}  // namespace trueup
