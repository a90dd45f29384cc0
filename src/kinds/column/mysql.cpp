#include <fmt/format.h>

#include "engine/mysql/handlers.hpp"
#include "engine/mysql/lexer.hpp"
#include "engine/mysql/part_handler.hpp"
#include "engine/mysql/type_change.hpp"

namespace trueup::mysql {
namespace {
class ColumnHandler final : public PartHandler {
 public:
  std::string loses_data(const Altered& a, const Catalog& from, const Catalog& to) const override {
    const auto* x = from.find<Column>(a.key);
    const auto* y = to.find<Column>(a.key);
    if (x == nullptr || y == nullptr || x->generated || x->type == y->type) return {};
    if (y->generated) return "its values are replaced by computed ones";
    return type_loss(x->type.text, y->type.text);
  }

 protected:
  std::string rename_clause(const Step& step) const override {
    return "RENAME COLUMN " + backquoted(step.old_key->name) + " TO " + backquoted(step.key.name);
  }
};
}  // namespace

const KindHandler& column_handler() {
  static const ColumnHandler handler;
  return handler;
}

}  // namespace trueup::mysql
