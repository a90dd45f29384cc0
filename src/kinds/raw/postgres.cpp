#include "base/text.hpp"
#include "engine/postgres/dialect.hpp"
#include "engine/postgres/handlers.hpp"
#include "engine/raw_objects.hpp"

namespace trueup {
namespace {

class Handler final : public RawObjects {
 public:
  using RawObjects::RawObjects;
  void normalize(const ObjectKey& key, ObjectBody& body, const Catalog&,
                 std::vector<Diagnostic>& found) const override {
    auto& r = std::get<Raw>(body);
    r.create.text = trim(r.create.text);
    r.drop = trim(r.drop);
    while (r.create.text.ends_with(';')) r.create.text.pop_back();
    while (r.drop.ends_with(';')) r.drop.pop_back();
    if (r.create.text.empty())
      found.push_back({{}, to_string(key) + ": no SQL to create it", "add `create:`", {}});
  }
};
}  // namespace

const KindHandler& postgres_raw_handler() {
  static const Handler handler(postgres_dialect(), "SELECT 1");
  return handler;
}

}  // namespace trueup
