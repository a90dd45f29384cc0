#include "base/text.hpp"
#include "engine/sqlite/constraint.hpp"
#include "engine/sqlite/handlers.hpp"

namespace trueup::sqlite {
namespace {
class ForeignKeyHandler final : public ConstraintHandler {
 public:
  void normalize(const ObjectKey& key, ObjectBody& body, const Catalog& catalog,
                 std::vector<Diagnostic>& found) const override {
    auto& fk = std::get<ForeignKey>(body);
    fk.comment.clear();  // nowhere to keep it
    for (auto* action : {&fk.on_delete, &fk.on_update}) {
      *action = lower(*action);
      if (*action == "no action") action->clear();
    }
    fk.match = lower(fk.match);
    if (fk.match == "simple") fk.match.clear();
    if (!fk.on_delete_columns.empty())
      report(catalog, key, found, "SQLite sets all referring columns on delete",
             "drop the column list for this engine");
    fk.not_valid = false;  // references are looked at when rows change, never all at once
    if (fk.not_enforced)
      report(catalog, key, found, "SQLite cannot keep a reference unenforced",
             "drop not_enforced for this engine");
  }
};
}  // namespace

const KindHandler& foreign_key_handler() {
  static const ForeignKeyHandler handler;
  return handler;
}

}  // namespace trueup::sqlite
