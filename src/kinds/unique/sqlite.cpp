#include "engine/sqlite/constraint.hpp"
#include "engine/sqlite/handlers.hpp"
#include "engine/sqlite/lexer.hpp"

namespace trueup::sqlite {
namespace {
class UniqueHandler final : public ConstraintHandler {
 public:
  void normalize(const ObjectKey& key, ObjectBody& body, const Catalog& catalog,
                 std::vector<Diagnostic>& found) const override {
    auto& k = std::get<Unique>(body);
    k.comment.clear();  // nowhere to keep it
    if (!k.include.empty())
      report(catalog, key, found, "SQLite keys carry no further columns", "drop include for this engine");
    if (k.deferrable || k.initially_deferred)
      report(catalog, key, found, "SQLite checks keys at once", "drop deferrable for this engine");
    if (k.nulls_not_distinct)
      report(catalog, key, found, "SQLite takes nulls for distinct",
             "drop nulls_not_distinct for this engine");
    for (auto& part : k.on) {
      part.nulls.clear();
      part.opclass.clear();
    }
  }

  void settle(ObjectBody& desired, const ObjectBody& current) const override {
    auto& d = std::get<Unique>(desired);
    const auto& c = std::get<Unique>(current);
    for (std::size_t i = 0; i < d.on.size() && i < c.on.size(); ++i)
      if (same_name(d.on[i].collation, c.on[i].collation)) d.on[i].collation = c.on[i].collation;
  }
};
}  // namespace

const KindHandler& unique_handler() {
  static const UniqueHandler handler;
  return handler;
}

}  // namespace trueup::sqlite
