#include "engine/mysql/handlers.hpp"
#include "engine/mysql/part_handler.hpp"

namespace trueup::mysql {
namespace {
class ForeignKeyHandler final : public PartHandler {
 public:
  RenameMeans rename_means(const ObjectKey&, const ObjectKey&, const Catalog&) const override {
    return RenameMeans::unsupported;
  }
};
}  // namespace

const KindHandler& foreign_key_handler() {
  static const ForeignKeyHandler handler;
  return handler;
}

}  // namespace trueup::mysql
