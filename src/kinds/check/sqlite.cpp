#include "engine/sqlite/constraint.hpp"
#include "engine/sqlite/handlers.hpp"
#include "engine/sqlite/lexer.hpp"

namespace trueup::sqlite {
namespace {
class CheckHandler final : public ConstraintHandler {
 public:
  void normalize(const ObjectKey& key, ObjectBody& body, const Catalog& catalog,
                 std::vector<Diagnostic>& found) const override {
    auto& c = std::get<Check>(body);
    c.comment.clear();     // nowhere to keep it
    c.no_inherit = false;  // nothing inherits
    if (c.not_valid || c.not_enforced)
      report(catalog, key, found, "SQLite checks every row of a new check",
             "drop not_valid and not_enforced for this engine");
  }
};
}  // namespace

const KindHandler& check_handler() {
  static const CheckHandler handler;
  return handler;
}

}  // namespace trueup::sqlite
