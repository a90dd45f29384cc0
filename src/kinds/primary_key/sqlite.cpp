#include "engine/sqlite/constraint.hpp"
#include "engine/sqlite/handlers.hpp"
#include "engine/sqlite/lexer.hpp"

namespace trueup::sqlite {
namespace {
class PrimaryKeyHandler final : public ConstraintHandler {
 public:
  void normalize(const ObjectKey& key, ObjectBody& body, const Catalog& catalog,
                 std::vector<Diagnostic>& found) const override {
    auto& k = std::get<PrimaryKey>(body);
    k.comment.clear();  // nowhere to keep it
    if (!k.include.empty())
      report(catalog, key, found, "SQLite keys carry no further columns", "drop include for this engine");
    if (k.deferrable || k.initially_deferred)
      report(catalog, key, found, "SQLite checks keys at once", "drop deferrable for this engine");
    for (auto& part : k.on) {
      part.nulls.clear();
      part.opclass.clear();
    }
  }

  void settle(ObjectBody& desired, const ObjectBody& current) const override {
    auto& d = std::get<PrimaryKey>(desired);
    const auto& c = std::get<PrimaryKey>(current);
    for (std::size_t i = 0; i < d.on.size() && i < c.on.size(); ++i)
      if (same_name(d.on[i].collation, c.on[i].collation)) d.on[i].collation = c.on[i].collation;
  }
};
}  // namespace

const KindHandler& primary_key_handler() {
  static const PrimaryKeyHandler handler;
  return handler;
}

}  // namespace trueup::sqlite
